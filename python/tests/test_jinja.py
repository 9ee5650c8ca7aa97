"""`tojson` in sentry-kube: right for our results, and as it ever was for everybody else's values."""

import json
from typing import Any

import pytest

import sentry_streams_k8s_wasm as macro

jinja2 = pytest.importorskip("jinja2")
yaml = pytest.importorskip("yaml")

EXTENSION = "sentry_streams_k8s_wasm.jinja.YamlSafeJson"
OTHERS: list[Any] = [
    {"t": 1e-05, "n": "\U0001f600", "html": "<&'>"},
    [1e16, {"b": "\ud83d", "a": [None, True]}],
    "\U0001f600",
    1e-05,
    (1, (2.5e-7,)),
    {1: {None: 1e100}},
    {},
    None,
]


def tojson(value: Any, extensions: list[str], indent: str = "", **policies: Any) -> str:
    environment = jinja2.Environment(extensions=extensions)
    environment.policies.update(policies)
    return str(environment.from_string(f"{{{{ v | tojson{indent} }}}}").render(v=value))


@pytest.mark.parametrize("value", OTHERS, ids=repr)
@pytest.mark.parametrize("indent", ["", "(indent=2)"])
def test_other_values_are_written_as_without_us(value: Any, indent: str) -> None:
    assert tojson(value, [EXTENSION], indent) == tojson(value, [], indent)
    unsorted = {"json.dumps_kwargs": {"sort_keys": False, "separators": (",", ":")}}
    assert tojson(value, [EXTENSION], indent, **unsorted) == tojson(value, [], indent, **unsorted)


def test_what_others_do_to_tojson_stays() -> None:
    class Theirs(jinja2.ext.Extension):  # type: ignore[misc]
        def __init__(self, environment: Any) -> None:
            super().__init__(environment)
            environment.policies["json.dumps_function"] = lambda value, **_: "theirs"

    environment = jinja2.Environment(extensions=[Theirs, EXTENSION])
    assert environment.from_string("{{ [1] | tojson }}").render() == "theirs"


@pytest.mark.parametrize("value", [object(), {1, 2}, {(1, 2): 3}])
def test_what_has_no_json_is_refused_as_without_us(value: Any) -> None:
    with pytest.raises(TypeError) as ours:
        tojson(value, [EXTENSION])
    with pytest.raises(TypeError) as theirs:
        tojson(value, [])
    assert str(ours.value) == str(theirs.value)


def test_a_value_that_holds_itself_is_refused() -> None:
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(ValueError, match="Circular"):
        tojson(loop, [EXTENSION])


def test_our_results_are_written_as_yaml_reads_them(context: dict[str, Any], tricky: dict[str, Any]) -> None:
    context["deployment_template"]["metadata"]["annotations"] = {"emoji": "\U0001f600"}
    manifests = macro.render(context)
    for value in (manifests, manifests.deployment, {"holds": [manifests.deployment]}):
        text = tojson(value, [EXTENSION])
        assert yaml.safe_load(text) == json.loads(text) == value
