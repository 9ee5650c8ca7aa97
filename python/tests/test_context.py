"""What Python holds arrives in the component as the same values: PyYAML is the judge of the text."""

import datetime
import enum
import functools
import json
import math
import uuid
from array import array
from collections import OrderedDict
from types import MappingProxyType
from typing import Any

import pytest
from conftest import outcome

from sentry_streams_k8s_wasm import ContextError, context
from sentry_streams_k8s_wasm.context import fingerprint

yaml = pytest.importorskip("yaml")


def encode(value: Any) -> str:
    return context.encode(value).text


def read(text: str) -> Any:
    return yaml.safe_load(text) if text.startswith("---") else json.loads(text)


class Color(enum.StrEnum):
    RED = "red"


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"a": [1, 2.5, True, None, "x"], "é": "\U0001f600"},
        {"big": 10**400, "minus": -(10**19)},
        {"text": "a\nb\t\"'\\ \x00 \x7f"},
    ],
)
def test_what_json_can_say_goes_as_json(value: Any) -> None:
    assert json.loads(encode(value)) == value


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a": (1, (2,))}, {"a": [1, [2]]}),
        (OrderedDict(a=1), {"a": 1}),
        ({"a": Color.RED}, {"a": "red"}),
    ],
)
def test_kinds_of_dict_list_and_text_go_as_json(value: Any, expected: Any) -> None:
    assert json.loads(encode(value)) == expected


class Shade(enum.Enum):
    GREY = "grey"


@pytest.mark.parametrize(
    "value",
    [
        {"null": None, "text": "null", "floats": [1e16, -0.0, 5e-324, 0.1, 1e300, 1.0], "nested": [[], {}, [{"": ""}]]},
        {"integers": [2**63, 2**64 - 1, 2**64, -(2**63), -(2**63) - 1, 10**400]},
        {"text": '\x00\x7f\x85\u2028\ufeff\U0001f600\\"é'},
        {"tuple": (1, (None,)), "empty": ()},
        {"nan": math.nan, "null": None},
        {"infinite": [math.inf]},
        {"half": "\ud83d", "null": None},
        {"bytes": b"a", "array": bytearray(b"a")},
        {"set": {1}, "frozen": frozenset({1})},
        {"other": [1j, ..., StopIteration]},
        {"value": Shade.GREY},
        {"id": uuid.UUID(int=1)},
        {"keys": {1: 2}},
        {"keys": {None: 2}},
        {Color.RED: Color.RED},
        {"deep": functools.reduce(lambda inner, _: [inner], range(300), 1)},
        [1, 2],
        None,
    ],
)
def test_orjson_changes_nothing(value: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("orjson")
    fast = outcome(lambda: read(encode(value)))
    monkeypatch.setattr(context, "orjson", None)
    slow = outcome(lambda: read(encode(value)))
    assert fast == slow


def test_orjson_writes_what_is_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("orjson")
    monkeypatch.setattr(context, "_is_json", None)
    assert json.loads(encode({"a": [None, 1, {"b": "null"}]})) == {"a": [None, 1, {"b": "null"}]}


def test_a_fingerprint_is_that_of_equal_values_only() -> None:
    value = {"a": [1, "x", None, 1.0], "b": {}}
    assert fingerprint(value) == fingerprint({"a": [1, "x", None, 1.0], "b": {}})
    others: list[Any] = [
        {"b": {}, "a": [1, "x", None, 1.0]},
        {"a": [True, "x", None, 1.0], "b": {}},
        {"a": [1.0, "x", None, 1.0], "b": {}},
        {"a": [1, "x", math.nan, 1.0], "b": {}},
        {"a": [1, "x", None, 1], "b": {}},
        {"a": (1, "x", None, 1.0), "b": {}},
        {"a": [1, "x", None, 1.0], "b": []},
    ]
    assert fingerprint(value) not in map(fingerprint, others)
    assert fingerprint(0.0) != fingerprint(-0.0)


@pytest.mark.parametrize("value", [Color.RED, Shade.GREY, OrderedDict(), datetime.date(2024, 1, 31), object()])
def test_what_is_not_pythons_own_has_no_fingerprint(value: Any) -> None:
    assert fingerprint({"a": [value]}) is None


def test_markup_is_text() -> None:
    markup = pytest.importorskip("markupsafe").Markup
    assert json.loads(encode({"a": markup("<b>'")})) == {"a": "<b>'"}
    assert yaml.safe_load(encode({"a": markup("<b>'\""), 1: 1})) == {"a": "<b>'\"", 1: 1}


@pytest.mark.parametrize(
    "value",
    [
        {1: "a", 10: "b", 9.5: "c", True if False else "t": "d"},
        {None: 1, False: 2, -1.5: 3, 1e16: 4},
        {"a": {"b": [{"c": {5: 6}}]}},
        {"a": datetime.date(2024, 1, 31), "b": datetime.datetime(2024, 1, 31, 10, 0, 1, 250000)},
        {"a": datetime.datetime(2024, 1, 31, 10, 0, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=2)))},
        {datetime.date(2024, 1, 31): 1},
        {"a": [math.inf, -math.inf]},
        {"a": b"\x00\xff bytes"},
        {"a": {"x", "y", 3}},
        {"k" * 2000: 1, 1: 1},
        {1: ["", " ", "a\nb\t\"'\\ \x00 \x7f \x85\u2028\ufeff \U0001f600 é", "yes", "1", "~", "- a", "a: b", "# c"]},
        {1: [1e16, 1e-05, 1.5e300, -0.0, 0.1, 10**400, -5, True, None]},
        {1: {}, 2: [], 3: {"a": {}}, 4: [[]]},
    ],
)
def test_what_json_cannot_say_goes_as_yaml(value: Any) -> None:
    text = encode(value)
    with pytest.raises(ValueError, match="Expecting value"):
        json.loads(text)
    assert yaml.safe_load(text) == value


def test_nan_goes_as_yaml() -> None:
    assert math.isnan(yaml.safe_load(encode({"a": math.nan}))["a"])


def test_tuples_and_mappings_are_lists_and_dicts_in_yaml_too() -> None:
    value = {"a": (1, MappingProxyType({"b": (2,)})), 1: frozenset({3})}
    assert yaml.safe_load(encode(value)) == {"a": [1, {"b": [2]}], 1: {3}}


def test_the_two_halves_that_pyyaml_makes_of_an_emoji_are_one_character() -> None:
    halves = yaml.safe_load(r'"\ud83d\ude00"')
    assert len(halves) == 2
    assert yaml.safe_load(encode({"a": halves})) == {"a": "\U0001f600"}


def problems(value: Any) -> list[tuple[str, str]]:
    with pytest.raises(ContextError) as caught:
        encode(value)
    return [(problem.code, problem.path) for problem in caught.value.problems]


def test_half_a_character_is_a_problem() -> None:
    assert problems({"a": ["\ud83d"]}) == [("invalid-text", "a[0]")]


def test_what_is_not_data_is_a_problem_at_its_place() -> None:
    value = {"image_name": object(), "a": {"b.c": [1, print]}, "d": datetime.time(1), "e": {(1, 2): {3: object}}}
    assert problems(value) == [
        ("wrong-type", "image_name"),
        ("wrong-type", 'a["b.c"][1]'),
        ("wrong-type", "d"),
        ("wrong-type", "e[[1, 2]][3]"),
    ]


def test_what_jinja_left_undefined_is_a_problem_that_names_field_and_variable() -> None:
    jinja2 = pytest.importorskip("jinja2")
    for kind in (jinja2.StrictUndefined, jinja2.Undefined, jinja2.ChainableUndefined):
        with pytest.raises(ContextError) as caught:
            encode({"image_name": kind(name="nope")})
        (problem,) = caught.value.problems
        assert (problem.code, problem.path) == ("undefined-value", "image_name")
        assert "undefined" in problem.message
    with pytest.raises(ContextError, match="image_name: 'nope' is undefined"):
        encode({"image_name": jinja2.StrictUndefined(name="nope")})


def test_a_value_that_holds_itself_is_a_problem() -> None:
    loop: dict[str, Any] = {}
    loop["a"] = [loop]
    assert problems(loop) == [("too-large", "")]
    assert problems({"a": loop, 1: 2})[0][0] in {"too-large", "too-deep"}


def test_aliases_of_aliases_are_a_problem() -> None:
    bomb: Any = "x"
    for _ in range(30):
        bomb = [bomb] * 10
    assert problems({"a": bomb}) == [("too-large", "")]


@pytest.mark.parametrize("innermost", [{"a": 1}, {1: 1}])
def test_endless_nesting_is_a_problem(innermost: Any) -> None:
    value: Any = innermost
    for _ in range(100_000):
        value = {"a": value}
    assert problems(value) == [("too-deep", "")]


def test_an_integer_of_more_digits_than_python_writes_is_the_components_to_judge() -> None:
    for value in (10**5000, -(10**5000)):
        assert yaml.safe_load(encode({"a": [value]})) == {"a": [value]}
        assert yaml.safe_load(encode({value: 1})) == {value: 1}
    assert problems({10**5000: object()}) == [("wrong-type", "[a int]")]


def test_what_is_no_data_is_named_even_where_it_can_be_read_as_bytes() -> None:
    """Such an object's class holds more than any context does."""
    assert problems({"a": array("i", [1])}) == [("wrong-type", "a")]


def test_problems_are_bounded() -> None:
    assert len(problems({"a": [object()] * 10_000})) == 100
    ((_, path),) = problems({"k" * 1_000_000: {"a b" * 1_000_000: object()}})
    assert len(path) < 1000
    with pytest.raises(ContextError) as caught:
        encode({"a": type("k" * 1_000_000, (), {})()})
    assert len(str(caught.value)) < 1000


def test_a_list_may_not_hold_more_values_than_a_context() -> None:
    for value in {"a": [0] * 1_000_001}, {"a": [0] * 1_000_001, 1: 2}:
        assert problems(value) == [("too-large", "")]
