"""The result is plain data that is right however it is printed."""

import copy
import json
import pickle
from typing import Any

import pytest
from conftest import outcome

from sentry_streams_k8s_wasm.manifests import Manifests, decode, dumps, printable

yaml = pytest.importorskip("yaml")


@pytest.fixture
def manifests(tricky: dict[str, Any]) -> Manifests:
    answer = decode(json.dumps({"deployment": tricky, "configmap": {"data": tricky}}))
    return Manifests({role: printable(manifest) for role, manifest in answer.items()})


def dumpers() -> list[Any]:
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


@pytest.mark.parametrize("dumper", dumpers())
def test_pyyaml_dumps_it_as_plain_data(manifests: Manifests, tricky: dict[str, Any], dumper: Any) -> None:
    plain = {"deployment": tricky, "configmap": {"data": copy.deepcopy(tricky)}}
    assert yaml.dump(manifests, Dumper=dumper) == yaml.dump(plain, Dumper=dumper)
    assert yaml.safe_load(yaml.dump(manifests, Dumper=dumper)) == plain


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


def test_dumps_takes_the_options_of_json() -> None:
    assert dumps({"b": 1, "a": [1e16]}, sort_keys=True, indent=1) == '{\n "a": [\n  1.0e+16\n ],\n "b": 1\n}'
