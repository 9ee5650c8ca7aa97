"""Whatever is asked for ends in an answer, or in an error that says what is wrong."""

import json
import sys
import types
from typing import Any
from unittest.mock import MagicMock

import pytest

import sentry_streams_k8s_wasm as macro
from sentry_streams_k8s_wasm import ContextError, api, component

CALLS = [macro.render, macro.validate, macro.explain]


def problems(call: Any, context: Any) -> list[tuple[str, str]]:
    with pytest.raises(ContextError) as caught:
        call(context)
    return [(problem.code, problem.path) for problem in caught.value.problems]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("value", [10**5000, -(10**5000), 10**4301], ids=["5001", "minus", "4302"])
def test_an_integer_of_too_many_digits_is_a_problem_at_its_place(
    context: dict[str, Any], call: Any, value: int
) -> None:
    context["pipeline_config"]["big"] = {"x": [value]}
    assert problems(call, context) == [("too-large", "pipeline_config.big.x[0]")]


@pytest.mark.filterwarnings("ignore")
def test_an_integer_of_more_digits_than_this_python_reads_is_a_problem(
    context: dict[str, Any], restore_digits: None
) -> None:
    context["deployment_template"]["spec"] = {"minReadySeconds": 1, "x": 10**2000}
    context["allow_unknown_fields"] = True
    assert macro.render(context)
    sys.set_int_max_str_digits(1000)
    assert problems(macro.render, context) == [("too-large", "")]


@pytest.fixture
def restore_digits() -> Any:
    before = sys.get_int_max_str_digits()
    yield
    sys.set_int_max_str_digits(before)


def nested(depth: int, make: Any) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = make(value)
    return value


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("make", [lambda value: [value], lambda value: {"a": value}, lambda value: [{"a": value}]])
@pytest.mark.parametrize("depth", [100, 220, 430, 440, 450, 1000, 100_000])
@pytest.mark.filterwarnings("ignore")
def test_deep_nesting_is_rendered_or_a_problem(context: dict[str, Any], call: Any, make: Any, depth: int) -> None:
    context["deployment_template"]["spec"] = {"x": nested(depth, make)}
    context["allow_unknown_fields"] = True
    if depth <= 220:
        assert call(context) is not None
        return
    assert outcome(lambda: call(context)) in (True, ["too-deep"])


def outcome(work: Any) -> object:
    """Whether it returns something, or the codes of the problems."""
    try:
        return work() is not None
    except ContextError as error:
        return [problem.code for problem in error.problems]


def test_it_does_not_matter_how_deep_the_caller_is(context: dict[str, Any]) -> None:
    context["deployment_template"]["spec"] = {"x": nested(400, lambda value: [value])}
    context["allow_unknown_fields"] = True

    def deeper(levels: int) -> object:
        return deeper(levels - 1) if levels else outcome(lambda: macro.validate(context))

    assert deeper(sys.getrecursionlimit() - 400) in (True, ["too-deep"])


@pytest.mark.parametrize("call", CALLS)
def test_half_a_character_in_a_text_is_a_problem_at_its_place(call: Any) -> None:
    with pytest.raises(ContextError) as caught:
        call('{"a": 1,\n "é": "\ud83d"}')
    (problem,) = caught.value.problems
    assert (problem.code, problem.line, problem.column) == ("invalid-text", 2, 8)


@pytest.mark.parametrize("stand_in", [types.ModuleType("sentry_streams"), MagicMock(), None])
def test_sentry_streams_may_be_replaced_by_something_else(
    context: dict[str, Any], stand_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = macro.render(context)
    monkeypatch.setitem(sys.modules, "sentry_streams", stand_in)
    api.installed_config_schema.cache_clear()
    try:
        assert macro.render(context) == expected
    finally:
        api.installed_config_schema.cache_clear()


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("context", [None, 5, 1.5, True, b"{}", [], (), {}, "", "[]", "5", object()])
def test_what_is_no_context_is_a_problem(call: Any, context: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "installed_config_schema", lambda: "{}")
    assert problems(call, context)


@pytest.mark.parametrize("call", CALLS)
def test_a_refusal_without_a_problem_is_no_success(
    context: dict[str, Any], call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(component.Plugin, "call", lambda *_: (False, '{"problems": [], "warnings": []}'))
    with pytest.raises(macro.ComponentError, match="did not say why"):
        call(context)


def applied(fix: macro.Fix | None, text: str) -> str:
    assert fix
    lines = text.splitlines(keepends=True)
    for edit in reversed(fix.edits):
        assert edit.start.line == edit.end.line
        line = lines[edit.start.line - 1]
        lines[edit.start.line - 1] = line[: edit.start.column - 1] + edit.text + line[edit.end.column - 1 :]
    return "".join(lines)


def problem_of(context: Any) -> macro.Problem:
    with pytest.raises(ContextError) as caught:
        macro.render(context)
    (problem,) = caught.value.problems
    return problem


def test_the_place_of_a_problem_counts_in_the_text_that_its_source_names(context: dict[str, Any]) -> None:
    own = context | {"container_template": "env:\n- name: A\n  valu: b\n"}
    for asked in (own, json.dumps(own, indent=1)):
        problem = problem_of(asked)
        assert (problem.source, problem.line, problem.column) == ("container_template", 3, 3)
        assert problem.end == macro.Position(3, 7)
        assert applied(problem.fix, own["container_template"]) == "env:\n- name: A\n  value: b\n"


def test_the_place_of_a_problem_counts_in_the_contexts_text(context: dict[str, Any]) -> None:
    text = json.dumps(context | {"replica": 3}, indent=1)
    problem = problem_of(text)
    assert problem.source is None
    assert problem.line == len(text.splitlines()) - 1
    assert macro.render(applied(problem.fix, text)).deployment["spec"]["replicas"] == 3


def test_a_mapping_has_no_text_to_count_in(context: dict[str, Any]) -> None:
    problem = problem_of(context | {"replica": 3})
    assert (problem.source, problem.line, problem.column, problem.end, problem.fix) == (None,) * 5
    assert problem.help == "did you mean `replicas`?"
