"""The result is plain data that is right however it is printed."""

import copy
import json
import operator
import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from conftest import outcome

from sentry_streams_k8s_wasm.manifests import JsonDict, JsonList, Manifests, decode, dumps, printable

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


def opened(value: Any) -> Any:
    """The same with its own class all the way down."""
    if isinstance(value, dict):
        return JsonDict({key: opened(item) for key, item in value.items()})
    if isinstance(value, list):
        return JsonList([opened(item) for item in value])
    return value


INSIDE: list[Callable[[Any], Any]] = [
    lambda value: value["a"],
    lambda value: value.get("a"),
    lambda value: next(iter(value.items()))[1],
    lambda value: next(iter(value.values())),
    lambda value: value.pop("a"),
    lambda value: value.popitem()[1],
    lambda value: value.setdefault("a", 1),
    lambda value: value.copy()["a"],
    lambda value: (value | {})["a"],
    lambda value: ({} | value)["a"],
    lambda value: {**value}["a"],
    lambda value: dict(value)["a"],
    lambda value: copy.copy(value)["a"],
    lambda value: copy.deepcopy(value)["a"],
    lambda value: pickle.loads(pickle.dumps(value))["a"],
    lambda value: next(value[key] for key in reversed(value)),
]
INSIDE_LIST: list[Callable[[Any], Any]] = [
    lambda value: value[0],
    lambda value: value[:1][0],
    lambda value: next(iter(value)),
    lambda value: next(reversed(value)),
    lambda value: operator.itemgetter(0)([*value]),
    lambda value: operator.itemgetter(0)(list(value)),
    lambda value: sorted(value, key=str)[0],
    lambda value: value.pop(),
    lambda value: value.copy()[0],
    lambda value: operator.add(value, [])[0],
    lambda value: operator.add([], value)[0],
    lambda value: (value * 2)[1],
    lambda value: (2 * value)[1],
    lambda value: copy.copy(value)[0],
    lambda value: copy.deepcopy(value)[0],
    lambda value: pickle.loads(pickle.dumps(value))[0],
]


@pytest.mark.parametrize("child", [{"b": [None]}, [None, {"b": None}]])
@pytest.mark.parametrize("look", INSIDE)
def test_what_is_inside_a_dict_prints_as_json_however_it_is_got(look: Any, child: Any) -> None:
    assert str(look(printable(copy.deepcopy({"a": child})))) == json.dumps(child)


@pytest.mark.parametrize("child", [{"b": [None]}, [None, {"b": None}]])
@pytest.mark.parametrize("look", INSIDE_LIST)
def test_what_is_inside_a_list_prints_as_json_however_it_is_got(look: Any, child: Any) -> None:
    assert str(look(printable({"a": [copy.deepcopy(child)]})["a"])) == json.dumps(child)


def test_what_is_inside_is_always_the_same_object() -> None:
    value = printable({"a": {"b": [{}]}})
    copied = dict(value)
    copied["a"]["b"][0]["c"] = 1
    assert value["a"] is copied["a"]
    assert value == {"a": {"b": [{"c": 1}]}}


@pytest.mark.parametrize("look", [str, repr, len, bool, lambda value: value == {}, lambda value: "a" in value])
def test_a_look_from_outside_opens_nothing(look: Any) -> None:
    value = printable({"a": {"b": 1}})
    look(value)
    assert type(value) is not JsonDict


def test_what_is_put_in_stays_what_it_is() -> None:
    mine: dict[str, Any] = {"b": [1]}
    changes: list[Callable[[Any], Any]] = [
        lambda value: value.__setitem__("new", mine),
        lambda value: value.update(new=mine),
        lambda value: value.setdefault("new", mine),
        lambda value: value.__ior__({"new": mine}),
    ]
    for change in changes:
        value = printable({"a": {}})
        change(value)
        assert value["new"] is mine
    for change_list in (
        lambda value: value.append(mine),
        lambda value: value.insert(1, mine),
        lambda v: v.extend([mine]),
    ):
        value = printable({"a": [{}]})
        change_list(value["a"])
        assert value["a"][1] is mine


def test_threads_that_open_it_at_once_see_the_same(tricky: dict[str, Any]) -> None:
    for _ in range(200):
        value = printable({"a": {str(number): {} for number in range(50)}})
        with ThreadPoolExecutor(4) as pool:
            looks = list(pool.map(lambda _: list(value["a"].values()), range(4)))  # noqa: B023
        assert len({tuple(map(id, look)) for look in looks}) == 1


def test_an_open_one_is_what_it_says() -> None:
    plain = {"a": {"b": [{"c": [None]}]}}
    value = printable(copy.deepcopy(plain))
    assert opened(value) == plain
    inner = value["a"]["b"][0]["c"]
    assert (type(value), type(value["a"]), type(value["a"]["b"])) == (JsonDict, JsonDict, JsonList)
    assert inner == [None]


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
