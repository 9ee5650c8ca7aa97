import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import sentry_streams_k8s_wasm as macro
from sentry_streams_k8s_wasm.__main__ import main

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def file(tmp_path: Path, context: dict[str, Any]) -> Path:
    file = tmp_path / "context.json"
    file.write_text(json.dumps(context), "utf-8")
    return file


def test_render_prints_yaml_documents(file: Path, context: dict[str, Any], capsys: Captured) -> None:
    yaml = pytest.importorskip("yaml")
    assert main(["render", str(file)]) == 0
    output, errors = capsys.readouterr()
    assert list(yaml.safe_load_all(output)) == list(macro.render(context).values())
    assert errors == ""


def test_validate_is_silent_where_nothing_is_wrong(file: Path, capsys: Captured) -> None:
    assert main(["validate", str(file)]) == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("command", ["render", "validate"])
def test_problems_go_to_standard_error(tmp_path: Path, command: str, capsys: Captured) -> None:
    file = tmp_path / "empty.yaml"
    file.write_text("{}", "utf-8")
    assert main([command, str(file)]) == 1
    output, errors = capsys.readouterr()
    assert output == ""
    assert errors.count("error: ") == 10
    assert "missing required field `segment_id`" in errors


@pytest.mark.parametrize("command", ["render", "validate"])
def test_warnings_go_to_standard_error(tmp_path: Path, context: dict[str, Any], command: str, capsys: Captured) -> None:
    file = tmp_path / "context.json"
    file.write_text(json.dumps({**context, "cpu_per_process": 0}), "utf-8")
    assert main([command, str(file)]) == 0
    assert capsys.readouterr().err.startswith("warning: cpu_per_process")


def test_a_file_that_cannot_be_read_is_a_usage_error(tmp_path: Path, capsys: Captured) -> None:
    assert main(["render", str(tmp_path / "absent")]) == 2
    assert "absent" in capsys.readouterr().err
    file = tmp_path / "binary"
    file.write_bytes(b"\xff\xff")
    assert main(["render", str(file)]) == 2


def test_it_reads_standard_input(context: dict[str, Any]) -> None:
    command = [sys.executable, "-m", "sentry_streams_k8s_wasm", "render", "-"]
    result = subprocess.run(command, input=json.dumps(context), capture_output=True, encoding="utf-8", check=True)
    assert result.stdout.startswith("---\n{")
