import json
import os
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


def test_explain_prints_yaml_documents(file: Path, capsys: Captured) -> None:
    yaml = pytest.importorskip("yaml")
    assert main(["explain", str(file), str(file)]) == 0
    assert list(yaml.safe_load_all(capsys.readouterr().out)) == [macro.explain(file.read_text("utf-8"))] * 2


def test_it_is_installed_as_a_command() -> None:
    script = Path(sys.executable).with_name("sentry-streams-k8s-wasm")
    result = subprocess.run([script, "--version"], capture_output=True, text=True, check=True)
    assert result.stdout == f"sentry-streams-k8s-wasm {macro.version()}\n"


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


def command(*arguments: str, **options: Any) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-m", "sentry_streams_k8s_wasm", *arguments], check=False, capture_output=True, **options
    )


def shell(script: str, *arguments: object) -> tuple[int, str, str]:
    """Runs `"$@"`, which is the command with these arguments, in a script."""
    words = [sys.executable, "-m", "sentry_streams_k8s_wasm", *map(str, arguments)]
    result = subprocess.run(["bash", "-c", script, "bash", *words], check=False, capture_output=True, encoding="utf-8")
    return result.returncode, result.stdout, result.stderr


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    file = tmp_path / "wrong.yaml"
    file.write_text("{segment_id: 0", "utf-8")
    return file


def test_several_files_are_rendered_and_each_problem_names_its_file(file: Path, wrong: Path, capsys: Captured) -> None:
    assert main(["render", str(file), str(wrong), str(file)]) == 1
    output, errors = capsys.readouterr()
    assert output.count("\n---\n") + 1 == 4
    assert errors.count("error: ") == errors.count(f"--> {wrong}") == 1
    assert str(file) not in errors


def test_warnings_name_their_file(tmp_path: Path, context: dict[str, Any], capsys: Captured) -> None:
    file = tmp_path / "warned.json"
    file.write_text(json.dumps({**context, "cpu_per_process": 0}), "utf-8")
    assert main(["validate", str(file)]) == 0
    assert f"--> {file}" in capsys.readouterr().err


def test_the_version_is_the_components(capsys: Captured) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"sentry-streams-k8s-wasm {macro.version()}\n"


def test_a_limit_is_not_the_contexts_fault(file: Path, wrong: Path, capsys: Captured) -> None:
    before = macro.set_limits(macro.Limits(memory=65536))
    try:
        assert main(["render", str(file), str(wrong)]) == 3
    finally:
        macro.set_limits(before)
    errors = capsys.readouterr().err
    assert errors.count(f"error: {file}: the component broke down") == 1
    assert "Traceback" not in errors


def test_a_file_that_never_ends_is_not_read_to_its_end(capsys: Captured) -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("there is no such file")
    before = macro.set_limits(macro.Limits(memory=1 << 20))
    try:
        assert main(["render", "/dev/zero"]) == 2
    finally:
        macro.set_limits(before)
    assert "larger than 1048576 bytes" in capsys.readouterr().err


def test_the_names_of_files_steer_no_terminal(capsys: Captured) -> None:
    assert main(["render", "no\x1b[31m\nfile"]) == 2
    errors = capsys.readouterr().err
    assert "\x1b" not in errors
    assert errors.count("\n") == 1


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8", "utf-16"])
def test_the_output_is_utf_8_wherever_it_goes(file: Path, context: dict[str, Any], encoding: str) -> None:
    yaml = pytest.importorskip("yaml")
    context["container_template"] = {"env": [{"name": "A", "value": "\U0001f600é"}]}
    file.write_text(json.dumps(context), "utf-8")
    result = command("render", str(file), env={**os.environ, "PYTHONIOENCODING": encoding})
    assert (result.returncode, result.stderr) == (0, b"")
    assert list(yaml.safe_load_all(result.stdout.decode())) == list(macro.render(context).values())


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_problems_may_hold_any_character(wrong: Path, encoding: str) -> None:
    wrong.write_text('{"\U0001f600": 1}', "utf-8")
    result = command("validate", str(wrong), env={**os.environ, "PYTHONIOENCODING": encoding})
    assert result.returncode == 1
    assert b"Traceback" not in result.stderr


needs_bash = pytest.mark.skipif(sys.platform == "win32", reason="there is no bash")


@needs_bash
@pytest.mark.parametrize("command", ["render", "validate"])
def test_a_closed_pipe_is_nobodys_fault_and_hides_none(file: Path, wrong: Path, command: str) -> None:
    script = 'set -o pipefail; "$@" | true'
    assert shell(script, command, *[file] * 50) == (0, "", "")
    code, _, errors = shell(script, command, *[file] * 50, wrong)
    assert code == 1
    assert str(wrong) in errors
    assert "Broken pipe" not in errors


@needs_bash
def test_a_full_disk_is_said_and_is_not_the_contexts_fault(file: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no such file")
    code, _, errors = shell('"$@" > /dev/full', "render", file, file)
    assert code == 2
    assert errors == "error: standard output: [Errno 28] No space left on device\n"


@needs_bash
@pytest.mark.parametrize("command", [["--help"], ["render", "-h"], ["--version"], ["explain", "FILE"]])
@pytest.mark.parametrize(("output", "reason"), [("/dev/full", "No space left"), ("&-", "it is closed")])
def test_what_is_asked_for_and_not_printed_is_a_failure(
    file: Path, command: list[str], output: str, reason: str
) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no such file")
    arguments = [str(file) if argument == "FILE" else argument for argument in command]
    code, _, errors = shell(f'"$@" >{output}', *arguments)
    assert (code, errors.count("\n")) == (2, 1), errors
    assert errors.startswith("error: standard output: ")
    assert reason in errors


@needs_bash
def test_closed_streams_are_said_or_do_not_matter(file: Path, wrong: Path) -> None:
    assert shell('"$@" <&-', "render", "-") == (2, "", "error: -: standard input is closed\n")
    assert shell('"$@" >&-', "render", file) == (2, "", "error: standard output: it is closed\n")
    assert shell('"$@" >&-', "validate", file) == (0, "", "")
    assert shell('"$@" 2>&-', "validate", wrong)[:2] == (1, "")
    code, output, _ = shell('"$@" 2>&-', "render", wrong, file)
    assert (code, output.count("---\n")) == (1, 2)
    assert shell('set -o pipefail; "$@" 2>&1 >/dev/null | true', "render", *[wrong] * 50)[0] == 1


def test_it_reads_standard_input(context: dict[str, Any]) -> None:
    command = [sys.executable, "-m", "sentry_streams_k8s_wasm", "render", "-"]
    result = subprocess.run(command, input=json.dumps(context), capture_output=True, encoding="utf-8", check=True)
    assert result.stdout.startswith("---\n{")
