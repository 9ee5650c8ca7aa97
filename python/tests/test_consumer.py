"""The consumer reads what we render: sentry-streams itself loads the ConfigMap and parses the container's arguments."""

from pathlib import Path
from typing import Any

import pytest

import sentry_streams_k8s_wasm as macro

runner = pytest.importorskip("sentry_streams.runner")
load_config = pytest.importorskip("sentry_streams.pipeline.config").load_config


def loaded(manifests: macro.Manifests, tmp_path: Path) -> Any:
    file = tmp_path / "pipeline_config.yaml"
    file.write_text(manifests.configmap["data"]["pipeline_config.yaml"], "utf-8")
    return load_config(str(file))


def same(left: Any, right: Any) -> bool:
    """Equality with types: 1 is not True, and 1.0 is not 1."""
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    return type(left) is type(right) and left == right


def test_the_consumer_reads_the_values_that_were_written(
    context: dict[str, Any], tricky: dict[str, Any], tmp_path: Path
) -> None:
    look_alikes = ["22:22", "0123", "0x1F", "on", "No", "~", "null", "1_000", ".inf", "2024-01-31", "=", "<<", "1e5"]
    config = context["pipeline_config"]
    config["tricky"] = tricky
    config["look-alikes"] = {key: key for key in look_alikes}
    config["metrics"] = {"type": "log", "period_sec": 1e16, "tags": {"smile": "\U0001f600"}}
    assert same(loaded(macro.render(context), tmp_path), config)


def test_the_consumer_reads_what_was_written_as_yaml(context: dict[str, Any], tmp_path: Path) -> None:
    yaml = pytest.importorskip("yaml")
    text = """
        env: {}
        time: 22:22
        octal: 0123
        big: 12345678901234567890123
        small: 1.0e-5
        text: "\\U0001F600 \\x7F"
        pipeline: {segments: [{steps_config: {source: {starts_segment: yes}}}]}
    """
    assert same(loaded(macro.render({**context, "pipeline_config": text}), tmp_path), yaml.safe_load(text))


@pytest.mark.parametrize("changes", [{}, {"log_level": "DEBUG", "segment_id": 3, "pipeline_name": "a.b_c"}])
@pytest.mark.filterwarnings("ignore::sentry_streams_k8s_wasm.ContextWarning")
def test_the_runner_accepts_the_containers_arguments(
    context: dict[str, Any], changes: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    context.update(changes)
    container = macro.render(context).deployment["spec"]["template"]["spec"]["containers"][0]
    assert container["command"] == ["python", "-m", "sentry_streams.runner"]
    received = []
    monkeypatch.setattr(runner, "run_with_config_file", lambda *arguments: received.append(arguments))
    runner.main.main(args=container["args"], standalone_mode=False)
    ((name, log_level, adapter, config, segment_id, application),) = received
    assert name == context["pipeline_name"]
    assert log_level == context.get("log_level", "INFO")
    assert adapter == "rust_arroyo"
    assert int(segment_id) == context["segment_id"]
    assert application == context["pipeline_module"]
    mounts = {mount["mountPath"] for mount in container["volumeMounts"]}
    assert str(Path(config).parent) in mounts
