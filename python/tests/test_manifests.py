"""The result is plain data that is right however it is printed."""

import ast
import copy
import io
import json
import pickle
import subprocess
import sys
import types
from typing import Any
from unittest.mock import MagicMock

import pytest
from conftest import outcome

from sentry_streams_k8s_wasm import dumpers
from sentry_streams_k8s_wasm.manifests import (
    JsonDict,
    JsonList,
    Manifests,
    decode,
    dumps,
    holds_result,
    printable,
)

yaml = pytest.importorskip("yaml")


@pytest.fixture
def manifests(tricky: dict[str, Any]) -> Manifests:
    answer = decode(json.dumps({"deployment": tricky, "configmap": {"data": tricky}}))
    return Manifests({role: printable(manifest) for role, manifest in answer.items()})


def yaml_dumpers() -> list[Any]:
    names = ["SafeDumper", "Dumper", "CSafeDumper", "CDumper"]
    return [getattr(yaml, name) for name in names if hasattr(yaml, name)]


def test_it_is_plain_data(manifests: Manifests, tricky: dict[str, Any]) -> None:
    plain = {"deployment": tricky, "configmap": {"data": tricky}}
    assert isinstance(manifests, dict)
    assert manifests == plain
    assert plain == manifests
    assert json.loads(json.dumps(manifests)) == plain
    assert manifests.deployment is manifests["deployment"]
    assert manifests.configmap is manifests["configmap"]
    assert manifests.canary_deployment is None


@pytest.mark.parametrize("print_it", [str, repr, format, "{}".format, "%s".__mod__])
def test_it_prints_as_text_that_json_and_yaml_read_alike(manifests: Manifests, print_it: Any) -> None:
    parts = [manifests, manifests.deployment, manifests.deployment["nested"], manifests.deployment["nested"][0][0]]
    for part in parts:
        assert yaml.safe_load(print_it(part)) == part
        assert json.loads(print_it(part)) == part
    assert yaml.safe_load(str([manifests.deployment])) == [manifests.deployment]


def test_what_is_inside_prints_as_json_too() -> None:
    plain = {"a": {"b": [{"c": [None]}, [None], None]}}
    value = printable(copy.deepcopy(plain))
    assert value == plain
    assert str(value["a"]["b"][0]) == '{"c": [null]}'
    assert str(value["a"]["b"][1]) == "[null]"
    assert str(value["a"]["b"][0]["c"]) == "[null]"


@pytest.mark.parametrize("innermost", [{"a": 1}, [1]])
def test_it_may_be_nested_as_deep_as_json_may(innermost: Any) -> None:
    value: Any = innermost
    for number in range(10_000):
        value = [value] if number % 2 else {"b": value}
    found: Any = printable({"a": value})["a"]
    while isinstance(found, (dict, list)):
        assert type(found) in (JsonDict, JsonList)
        (found,) = found.values() if isinstance(found, dict) else found
    assert found == 1


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 18446744073709551616, "b": -9223372036854775809}',
        '{"a": [1234567890123456789, 12345678901234567890, 123456789012345678901234567890]}',
        '{"a": 1.0e-05, "b": 1e16, "c": -0.0, "d": -0, "e": 1e400, "f": -1e400}',
        '{"a": "\\ud83d\\ude00\\u00e9", "b": "\\ud83d", "c": "é😀", "d": "1234567890123456789012"}',
        '{"a": NaN, "b": Infinity}',
        '{"a": 1, "a": 2}',
        '{"a": 0.1234567890123456789012345, "b": 123456789012345678901234.5}',
        "[" * 2000 + "]" * 2000,
    ],
)
def test_json_is_read_as_python_reads_it(text: str) -> None:
    assert outcome(lambda: decode(text)) == outcome(lambda: json.loads(text))


@pytest.mark.parametrize("dumper", yaml_dumpers())
def test_pyyaml_dumps_it_as_plain_data(manifests: Manifests, tricky: dict[str, Any], dumper: Any) -> None:
    plain = {"deployment": tricky, "configmap": {"data": copy.deepcopy(tricky)}}
    assert yaml.dump(manifests, Dumper=dumper) == yaml.dump(plain, Dumper=dumper)
    assert yaml.safe_load(yaml.dump(manifests, Dumper=dumper)) == plain


@pytest.mark.parametrize("kind", ["rt", "safe", "full"])
@pytest.mark.parametrize("pure", [True, False])
def test_ruamel_dumps_it_as_plain_data(manifests: Manifests, kind: str, pure: bool) -> None:
    ruamel = pytest.importorskip("ruamel.yaml")
    plain = json.loads(json.dumps(manifests))
    ours, theirs = io.StringIO(), io.StringIO()
    ruamel.YAML(typ=kind, pure=pure).dump(manifests, ours)
    ruamel.YAML(typ=kind, pure=pure).dump(plain, theirs)
    assert ours.getvalue() == theirs.getvalue() != ""


def test_it_is_dumped_as_dicts_and_lists_are_by_that_dumper(manifests: Manifests) -> None:
    class Custom(yaml.SafeDumper):
        pass

    Custom.add_representer(dict, lambda dumper, value: dumper.represent_str(f"{len(value)} entries"))
    assert yaml.dump(manifests, Dumper=Custom) == yaml.dump(dict(manifests), Dumper=Custom)


@pytest.mark.parametrize("stand_in", [types.ModuleType("yaml"), MagicMock(), None])
@pytest.mark.parametrize("name", ["yaml", "yaml.representer", "ruamel.yaml", "ruamel.yaml.representer", "orjson"])
def test_a_library_may_be_replaced_by_something_else(name: str, stand_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, name, stand_in)
    monkeypatch.setattr(sys, "meta_path", sys.meta_path.copy())
    dumpers.teach([(JsonDict, dict)])


@pytest.mark.parametrize("library", ["yaml", "ruamel.yaml"])
@pytest.mark.parametrize("is_first", [True, False])
def test_a_library_may_be_imported_before_and_after(library: str, is_first: bool) -> None:
    pytest.importorskip(library)
    imports = [f"import {library}", "from sentry_streams_k8s_wasm.manifests import JsonDict, JsonList"]
    program = f"""if True:
        import io, sys
        {"; ".join(imports if is_first else imports[::-1])}
        text = io.StringIO()
        value = JsonDict(a=JsonList([1]))
        if "{library}" == "yaml":
            yaml.safe_dump(value, text)
        else:
            ruamel.yaml.YAML(typ="safe").dump(value, text)
        print(repr(text.getvalue()))
    """
    output = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert yaml.safe_load(ast.literal_eval(output)) == {"a": [1]}


def test_no_library_is_imported_for_it() -> None:
    program = "import sys, sentry_streams_k8s_wasm as m; m.version(); print(*sys.modules)"
    output = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert not {"yaml", "ruamel.yaml"} & set(output.split())


def test_pyyaml_dumps_it_with_a_dumper_that_has_representers_of_its_own(manifests: Manifests) -> None:
    class Custom(yaml.SafeDumper):
        pass

    Custom.add_representer(complex, lambda dumper, value: dumper.represent_str(str(value)))
    assert yaml.safe_load(yaml.dump(manifests, Dumper=Custom)) == manifests


@pytest.mark.parametrize("clone", [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))])
def test_copies_are_of_the_same_kind(manifests: Manifests, clone: Any) -> None:
    twin = clone(manifests)
    assert type(twin) is Manifests
    assert twin == manifests
    assert str(twin.deployment) == str(manifests.deployment)
    assert type(twin.deployment["floats"]) is type(manifests.deployment["floats"])


def test_a_deep_copy_is_independent(manifests: Manifests) -> None:
    twin = copy.deepcopy(manifests)
    twin.deployment["nested"][0].append(1)
    assert manifests.deployment["nested"] != twin.deployment["nested"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("\U0001f600", '"\U0001f600"'),
        ("\\ud83d\\ude00", '"\\\\ud83d\\\\ude00"'),
        ("\\\U0001f600\U0001f601", '"\\\\\U0001f600\U0001f601"'),
        ("é", '"\\u00e9"'),
        (1e16, "1.0e+16"),
        (-1e-05, "-1.0e-05"),
        (1.5e-07, "1.5e-07"),
        ('1e5 \\" 1e5', '"1e5 \\\\\\" 1e5"'),
        ({"1e5": [1e22]}, '{"1e5": [1.0e+22]}'),
    ],
)
def test_dumps_writes_json_for_yaml(value: Any, text: str) -> None:
    assert dumps(value) == text
    assert yaml.safe_load(text) == value
    assert json.loads(text) == value


def test_it_is_known_wherever_it_is() -> None:
    manifest = printable({"a": [{"b": [1]}]})
    for value in (manifest, manifest["a"], manifest["a"][0]["b"], [manifest], {"x": (0, manifest)}):
        assert holds_result(value)
    for value in (1, "a", None, {}, [], {"a": [{"b": [1]}]}, {"a"}, manifest["a"][0]["b"][0]):
        assert not holds_result(value)


def test_dumps_takes_the_options_of_json() -> None:
    assert dumps({"b": 1, "a": [1e16]}, sort_keys=True, indent=1) == '{\n "a": [\n  1.0e+16\n ],\n "b": 1\n}'
