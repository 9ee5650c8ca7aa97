import dataclasses
import json
import pickle
import sys
import types
from typing import Any
from unittest.mock import MagicMock

import pytest
from conftest import REPOSITORY

from sentry_streams_k8s_wasm import (
    ConfigError,
    ContextError,
    Edit,
    Fix,
    MissingFieldError,
    Position,
    Problem,
    ScalarOverwriteError,
    TypeMismatchError,
)
from sentry_streams_k8s_wasm.problems import error


def problem(code: str) -> Problem:
    return Problem(code, "a.b", f"is {code}", "mend it", 3, 4)


@pytest.mark.parametrize(
    ("codes", "cls", "foreign"),
    [
        (["missing-field"], MissingFieldError, AssertionError),
        (["unknown-field", "invalid-config", "missing-field"], MissingFieldError, AssertionError),
        (["invalid-config", "invalid-yaml"], ContextError, ValueError),
        (["wrong-type", "invalid-config"], ConfigError, ValueError),
        (["wrong-type", "invalid-processes"], ConfigError, ValueError),
        (["type-mismatch", "scalar-overwrite"], TypeMismatchError, TypeError),
        (["wrong-type", "scalar-overwrite"], TypeMismatchError, TypeError),
        (["scalar-overwrite", "type-mismatch"], ScalarOverwriteError, ValueError),
        (["duplicate-name", "type-mismatch"], ContextError, ValueError),
        (["a-code-of-the-future"], ContextError, ValueError),
    ],
)
def test_the_class_is_that_of_the_references_first_failure(
    codes: list[str], cls: type[ContextError], foreign: type[Exception]
) -> None:
    found = error(map(problem, codes))
    assert isinstance(found, cls)
    assert isinstance(found, foreign)
    assert isinstance(found, ContextError)
    assert isinstance(found, ValueError)
    others = {MissingFieldError, ConfigError, ScalarOverwriteError, TypeMismatchError} - {cls}
    assert not isinstance(found, tuple(others))
    assert [p.code for p in found.problems] == codes


def test_a_config_error_is_jsonschemas_too() -> None:
    validation_error = pytest.importorskip("jsonschema").ValidationError
    found = error([problem("unknown-field"), problem("invalid-config")])
    with pytest.raises(validation_error) as caught:
        raise found
    assert caught.value is found
    assert found.message == "is invalid-config"  # type: ignore[attr-defined]
    assert str(found).startswith("2 problems:\n- a.b")


def test_a_config_error_needs_no_jsonschema(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jsonschema", None)
    assert type(error([problem("invalid-config")])) is ConfigError


@pytest.mark.parametrize(
    ("code", "name", "base"),
    [("type-mismatch", "TypeMismatchError", TypeError), ("scalar-overwrite", "ScalarOverwriteError", ValueError)],
)
def test_a_merge_error_is_the_references_where_that_is_loaded(
    monkeypatch: pytest.MonkeyPatch, code: str, name: str, base: type
) -> None:
    reference = types.ModuleType("sentry_streams_k8s.merge")
    cls = type(name, (base,), {})
    setattr(reference, name, cls)
    monkeypatch.setitem(sys.modules, "sentry_streams_k8s.merge", reference)
    assert isinstance(error([problem(code)]), cls)
    assert isinstance(error([problem(code)]), ContextError)


def test_the_message_lists_everything() -> None:
    assert str(error([problem("wrong-type")])) == "a.b (line 3, column 4): is wrong-type\n  help: mend it"
    assert str(error([problem("wrong-type"), Problem("too-deep", "", "the context is nested too deeply")])) == (
        "2 problems:\n- a.b (line 3, column 4): is wrong-type\n    help: mend it\n- the context is nested too deeply"
    )


@pytest.mark.parametrize("code", ["missing-field", "invalid-config", "type-mismatch", "other"])
def test_an_error_survives_pickle(code: str) -> None:
    found = error([problem(code)])
    twin = pickle.loads(pickle.dumps(found))
    assert twin.problems == found.problems
    assert str(twin) == str(found)
    assert type(twin).__name__ == type(found).__name__


def test_a_problem_may_say_more_than_we_know() -> None:
    text = {"code": "c", "path": "p", "message": "m", "since": "1.31"}
    assert Problem.from_json(text) == Problem("c", "p", "m")


@pytest.mark.parametrize(
    ("path", "steps", "json_path"),
    [
        ("pipeline_config", [], "$"),
        ("pipeline_config.metrics.port", ["metrics", "port"], "$.metrics.port"),
        ("pipeline_config.segments[0].a-b", ["segments", 0, "a-b"], None),
        ('pipeline_config["a\\"b.c"]["é.x"][10]', ['a"b.c', "é.x", 10], None),
        ('pipeline_config["]"].x', ["]", "x"], None),
    ],
)
def test_a_config_error_says_its_place_as_jsonschemas_do(path: str, steps: list[object], json_path: str | None) -> None:
    pytest.importorskip("jsonschema")
    found: Any = error([problem("unknown-field"), Problem("invalid-config", path, "is wrong")])
    assert list(found.path) == list(found.absolute_path) == steps
    assert json_path is None or found.json_path == json_path


def config_error(config: object) -> Any:
    validation_error = pytest.importorskip("jsonschema").ValidationError
    found = error([Problem("invalid-config", "pipeline_config.metrics.port", "is wrong")], {"pipeline_config": config})
    assert isinstance(found, validation_error)
    return found


def test_a_config_error_has_the_value_at_its_place() -> None:
    found = config_error({"metrics": {"type": "datadog", "host": "h", "port": "8125"}})
    assert found.instance == "8125"
    for config in ({"metrics": []}, {"metrics": {}}, {}, "metrics: {port: x}", None, 7):
        assert repr(config_error(config).instance) == "<unset>"


def test_a_config_error_has_what_jsonschema_says_by_the_installed_schema() -> None:
    pytest.importorskip("sentry_streams")
    config = {"metrics": {"type": "datadog", "host": "h", "port": "8125"}, "pipeline": {"segments": []}}
    found = config_error(config)
    assert (found.validator, found.validator_value, found.instance) == ("type", "integer", "8125")
    own = {"pipeline_config": config, "pipeline_config_schema": {}}
    found = error([Problem("invalid-config", "pipeline_config.metrics.port", "is wrong")], own)
    assert repr(found.validator) == "<unset>"


@pytest.mark.parametrize("stand_in", [types.ModuleType("x"), MagicMock(), None])
@pytest.mark.parametrize("name", ["jsonschema", "sentry_streams_k8s.merge", "sentry_streams", "jinja2"])
@pytest.mark.parametrize("code", ["invalid-config", "type-mismatch", "scalar-overwrite"])
def test_another_package_may_be_replaced_by_something_else(
    monkeypatch: pytest.MonkeyPatch, name: str, stand_in: Any, code: str
) -> None:
    monkeypatch.setitem(sys.modules, name, stand_in)
    assert isinstance(error([problem(code)], {"pipeline_config": {}}), ContextError)


def test_a_problem_has_all_that_the_component_says() -> None:
    text: dict[str, Any] = {
        "code": "unknown-field",
        "path": "container_template.envv",
        "message": "m",
        "help": "h",
        "source": "container_template",
        "line": 2,
        "column": 1,
        "end": {"line": 2, "column": 5},
        "fix": {
            "title": "rename to `env`",
            "edits": [{"start": {"line": 2, "column": 1}, "end": {"line": 2, "column": 5}, "text": "env"}],
        },
    }
    found = Problem.from_json(text)
    assert found.end == Position(2, 5)
    assert found.fix == Fix("rename to `env`", (Edit(Position(2, 1), Position(2, 5), "env"),))
    assert dataclasses.asdict(found) == text | {"fix": text["fix"] | {"edits": tuple(text["fix"]["edits"])}}
    assert str(found).startswith("container_template.envv (line 2, column 1 of container_template): m")
    assert pickle.loads(pickle.dumps(error([found]))).problems == (found,)


def test_a_problem_has_every_field_of_the_contract() -> None:
    schema = json.loads((REPOSITORY / "wit/failure.schema.json").read_text("utf-8"))["definitions"]
    for cls in (Problem, Position, Fix, Edit):
        assert {field.name for field in dataclasses.fields(cls)} == set(schema[cls.__name__.lower()]["properties"])


def test_nothing_that_steers_a_terminal_is_in_the_message() -> None:
    hostile = "a\x1b[31m\x07\nwarning: \u2028\u2068\u202e\x9b é\U0001f600"
    text = str(Problem("c", hostile, hostile, hostile))
    assert [line.strip() for line in text.splitlines()][1].startswith("help: a")
    assert len(text.splitlines()) == 2
    assert text.replace("\n", "").isprintable()
    assert text.count("\\x1b[31m") == 3
    assert text.count("é\U0001f600") == 3
