"""`PipelineStep` as sentry-kube calls it, and the functions beside it."""

import importlib
import importlib.metadata
import json
import math
import os
import subprocess
import sys
import warnings
from collections import OrderedDict
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from conftest import cases

import sentry_streams_k8s_wasm as macro
from sentry_streams_k8s_wasm import api
from sentry_streams_k8s_wasm.component import Plugin
from sentry_streams_k8s_wasm.pipeline_step import PipelineStep


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The functions of the component that are called."""
    calls: list[str] = []
    call = Plugin.call

    def record(self: Plugin, function: str, *arguments: str) -> tuple[bool, str]:
        calls.append(function)
        return call(self, function, *arguments)

    monkeypatch.setattr(Plugin, "call", record)
    return calls


def render_external(name: str, context: dict[str, Any]) -> Any:
    """The macro of sentry-kube; without sentry-infra-tools, what it does."""
    try:
        from libsentrykube.ext import RenderExternal  # noqa: PLC0415
    except ImportError:
        module, _, cls = name.rpartition(".")
        step = getattr(importlib.import_module(module), cls)
        step.validate_context(context)
        return step().run(context)
    RenderExternal.install("render_external")
    return RenderExternal().run(name, context)


STEP = "sentry_streams_k8s_wasm.pipeline_step.PipelineStep"


def test_sentry_kube_calls_it(context: dict[str, Any]) -> None:
    manifests = render_external(STEP, context)
    assert list(manifests) == ["deployment", "configmap"]
    assert manifests.deployment["metadata"]["name"] == "my-service-pipeline-profiles-0"
    assert manifests == macro.render(context)
    assert render_external("sentry_streams_k8s_wasm.PipelineStep", context) == manifests


def test_validate_and_run_render_once(context: dict[str, Any], calls: list[str]) -> None:
    first = render_external(STEP, context)
    assert calls == ["render"]
    second = render_external(STEP, context)
    assert calls == ["render", "render"]
    assert first == second
    assert first is not second


def test_run_alone_renders(context: dict[str, Any], calls: list[str]) -> None:
    PipelineStep.validate_context(context)
    assert PipelineStep().run(context) == PipelineStep().run(context)
    assert calls == ["render", "render"]


def test_a_context_changed_after_validation_is_rendered_as_it_is_now(context: dict[str, Any]) -> None:
    PipelineStep.validate_context(context)
    context["pipeline_config"]["env"]["changed"] = True
    text = PipelineStep().run(context).configmap["data"]["pipeline_config.yaml"]
    assert json.loads(text)["env"] == {"changed": True}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        (1, True),
        (1, 1.0),
        (None, math.nan),
        ({1: 2}, {1: 3}),
        (OrderedDict(a=1), OrderedDict(a=2)),
    ],
)
def test_whatever_changed_is_noticed(context: dict[str, Any], calls: list[str], before: Any, after: Any) -> None:
    environment = context["pipeline_config"]["env"]
    environment["value"] = before
    PipelineStep.validate_context(context)
    environment["value"] = after
    with suppress(macro.ContextError):
        PipelineStep().run(context)
    assert calls == ["render", "render"]


@pytest.mark.parametrize("value", [1, 10**30, ("a",), {1: 2}, OrderedDict(a=1)])
def test_what_did_not_change_is_rendered_once(context: dict[str, Any], calls: list[str], value: Any) -> None:
    context["pipeline_config"]["env"]["value"] = value
    render_external(STEP, context)
    assert calls == ["render"]


def test_the_context_is_left_alone(context: dict[str, Any]) -> None:
    before = json.dumps(context)
    render_external(STEP, context)
    assert json.dumps(context) == before


def test_what_is_suspicious_is_warned_of_once(context: dict[str, Any]) -> None:
    context["cpu_per_process"] = 0
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        render_external(STEP, context)
    problems = [w.message.problem for w in caught if isinstance(w.message, macro.ContextWarning)]
    assert [(problem.code, problem.path) for problem in problems] == [("cpu-zero", "cpu_per_process")]
    assert macro.validate(context) == problems


def test_a_context_that_is_right_has_no_warnings(context: dict[str, Any]) -> None:
    assert macro.validate(context) == []


def test_missing_fields_are_told_together() -> None:
    with pytest.raises(AssertionError) as caught:
        render_external(STEP, {})
    assert isinstance(caught.value, macro.MissingFieldError)
    paths = [problem.path for problem in caught.value.problems]
    assert len(paths) == 10
    assert paths[0] == "deployment_template"
    for path in paths:
        assert path in str(caught.value)


@pytest.mark.parametrize("function", [macro.render, macro.validate])
def test_a_config_violation_is_jsonschemas_error(context: dict[str, Any], function: Any) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    context["pipeline_config"]["pipeline"]["segments"] = {}
    with pytest.raises(jsonschema.ValidationError) as caught:
        function(context)
    assert isinstance(caught.value, macro.ConfigError)
    assert caught.value.problems[0].path == "pipeline_config.pipeline.segments"


def test_lines_count_in_the_callers_text_and_nowhere_else(context: dict[str, Any]) -> None:
    context["deployment_template"] = "spec:\n  replicas: [\n"
    context["container_template"] = {"resources": 5}
    context["log_level"] = "loud"
    with pytest.raises(macro.ContextError) as caught:
        macro.render(context)
    problems = {problem.code: problem for problem in caught.value.problems}
    assert problems["invalid-yaml"].path.startswith("deployment_template")
    assert problems["invalid-yaml"].line is not None
    for problem in caught.value.problems:
        if not problem.path.startswith("deployment_template"):
            assert problem.line is None
    with pytest.raises(macro.ContextError) as caught:
        macro.render(json.dumps(context, indent=1))
    assert all(problem.line is not None for problem in caught.value.problems)


def test_a_context_may_be_text(context: dict[str, Any]) -> None:
    assert macro.render(json.dumps(context)) == macro.render(context)


def test_markup_and_tuples_are_text_and_lists(context: dict[str, Any]) -> None:
    markup = pytest.importorskip("markupsafe").Markup
    expected = macro.render({**context, "container_template": {"args": ["a", "b"]}, "container_name": "c"})
    assert macro.render({**context, "container_template": markup("args: [a, b]"), "container_name": markup("c")}) == (
        expected
    )
    assert macro.render({**context, "container_template": {"args": ("a", "b")}, "container_name": "c"}) == expected


def test_dates_mean_the_same_as_objects_and_as_text(context: dict[str, Any]) -> None:
    yaml = pytest.importorskip("yaml")
    text = "metadata: {annotations: {since: 2024-01-31}}"
    outcomes = []
    for template in (text, yaml.safe_load(text)):
        try:
            outcomes.append(macro.render({**context, "deployment_template": template}))
        except macro.ContextError as error:
            outcomes.append([(problem.code, problem.path, problem.message) for problem in error.problems])
    assert outcomes[0] == outcomes[1]


@pytest.mark.parametrize("key", [9, 1.5, True, None])
def test_keys_that_are_not_strings_mean_the_same_as_objects_and_as_text(context: dict[str, Any], key: Any) -> None:
    yaml = pytest.importorskip("yaml")
    config = {**context["pipeline_config"], "extra": {"nested": {key: 1}, "more": {10: 1, 9: 2}}}
    by_object = macro.render({**context, "pipeline_config": config}).configmap
    assert macro.render({**context, "pipeline_config": yaml.safe_dump(config, sort_keys=False)}).configmap == by_object


def test_the_schema_of_the_installed_sentry_streams_is_used(
    context: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = {"type": "object", "required": ["no_pipeline_has_this"]}
    monkeypatch.setattr(api, "installed_config_schema", lambda: json.dumps(strict))
    with pytest.raises(macro.ConfigError, match="no_pipeline_has_this"):
        macro.render(context)
    context[5] = "a context that goes as YAML"  # type: ignore[index]
    with pytest.raises(macro.ConfigError, match="no_pipeline_has_this"):
        macro.render(context)
    del context[5]  # type: ignore[arg-type]
    assert macro.render({**context, "pipeline_config_schema": {"type": "object"}})


def test_the_schema_is_found_without_importing_its_package(tmp_path: Path) -> None:
    package = tmp_path / "sentry_streams"
    package.mkdir()
    package.joinpath("__init__.py").write_text("")
    package.joinpath("config.json").write_text('{"type":  "object"}')
    program = (
        "import sys; from sentry_streams_k8s_wasm.api import installed_config_schema as schema; "
        "print(schema(), 'sentry_streams' in sys.modules)"
    )
    command, environment = [sys.executable, "-c", program], {**os.environ, "PYTHONPATH": str(tmp_path)}
    output = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    assert output == '{"type": "object"} False\n'


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ((), "pipeline"),
        (("env",), []),
        (("pipeline",), {}),
        (("pipeline", "segments"), {}),
        (("pipeline", "segments"), [1]),
        (("pipeline", "segments"), []),
        (("pipeline", "segments"), [{"steps_config": {"step": {"dlq": {"bootstrap_servers": []}}}}]),
        (("pipeline", "segments"), [{"steps_config": {"step": {"dlq": {"bootstrap_servers": ["a"], "topic": ""}}}}]),
        (("pipeline", "adapter_config"), {"arroyo": {"write_healthcheck": "yes"}}),
        (("metrics",), {"type": "datadog", "host": "a", "port": 1.5}),
        (("metrics",), {"type": "log", "period_sec": 0.01, "tags": {}}),
        (("metrics",), {"type": "log", "period_sec": 0.1, "tags": {}}),
        (("metrics",), {"type": "none"}),
        (("sentry_sdk_config",), {}),
        (("other",), {"a": 1}),
    ],
)
def test_the_schema_that_is_not_sent_says_what_ours_says(
    context: dict[str, Any], place: tuple[str, ...], value: Any
) -> None:
    spec = find_spec("sentry_streams")
    if spec is None or spec.submodule_search_locations is None:
        pytest.skip("sentry-streams is not installed")
    assert api.installed_config_schema() is None
    theirs = json.loads(Path(spec.submodule_search_locations[0], "config.json").read_bytes())
    holder: Any = context
    for key in ("pipeline_config", *place)[:-1]:
        holder = holder[key]
    holder[("pipeline_config", *place)[-1]] = value

    def verdict(**schema: Any) -> list[str]:
        try:
            macro.render({**context, **schema})
        except macro.ContextError as error:
            return sorted(f"{problem.code} {problem.path}" for problem in error.problems)
        return []

    assert verdict() == verdict(pipeline_config_schema=theirs)


def test_the_schema_describes_a_context(context: dict[str, Any]) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.validate(context, macro.schema())
    del context["image_name"]
    with pytest.raises(jsonschema.ValidationError, match="image_name"):
        jsonschema.validate(context, macro.schema())


def test_the_version_is_the_packages() -> None:
    assert macro.version() == importlib.metadata.version("sentry-streams-k8s-wasm")


def test_importing_the_package_imports_neither_wasmtime_nor_sentry_kube() -> None:
    program = (
        "import sys, sentry_streams_k8s_wasm; print([m for m in ('wasmtime', 'libsentrykube') if m in sys.modules])"
    )
    output = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert output == "[]\n"


def test_the_package_has_no_such_thing() -> None:
    with pytest.raises(AttributeError, match="no attribute 'explode'"):
        _ = macro.explode  # type: ignore[attr-defined]


@pytest.mark.filterwarnings("ignore::sentry_streams_k8s_wasm.ContextWarning")
@pytest.mark.parametrize("case", cases())
def test_recorded_case(case: dict[str, Any]) -> None:
    """What the reference answered, or what we do where `DEVIATIONS.md` says that we differ on purpose."""
    try:
        answer: Any = render_external(STEP, case["context"])
    except macro.ContextError as error:
        answer = error
    if "problems" in case["expected"]:
        found = [(problem.code, problem.path) for problem in answer.problems]
        assert found == [(problem["code"], problem["path"]) for problem in case["expected"]["problems"]]
    elif "manifests" in case["expected"]:
        assert json.dumps(answer) == json.dumps(case["expected"]["manifests"])
    else:
        assert isinstance(answer, macro.ContextError)
        names = {cls.__name__ for cls in type(answer).__mro__}
        raised = case["peer"]["error"]["type"]
        if raised == "ValidationError" and find_spec("jsonschema") is None:
            raised = "ConfigError"
        if raised in {"ConfigError", "AssertionError", "ValidationError", "ScalarOverwriteError", "TypeMismatchError"}:
            assert raised in names


def test_explain_says_where_fields_come_from(context: dict[str, Any]) -> None:
    assert "deployment_template" in json.dumps(macro.explain(context))
    with pytest.raises(macro.MissingFieldError):
        macro.explain({})
