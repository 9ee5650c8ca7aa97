"""The shared cases as every host reads them: `scripts/conformance compare` compares the answers byte for byte."""

import shutil

import pytest
from conftest import REPOSITORY

from sentry_streams_k8s_wasm.component import plugin

WORK = REPOSITORY / "target" / "conformance"
INPUTS = sorted((WORK / "inputs").glob("*.json"))


@pytest.mark.skipif(not INPUTS, reason="run `scripts/conformance inputs` first")
def test_answers_are_left_to_be_compared() -> None:
    answers = WORK / "python"
    shutil.rmtree(answers, ignore_errors=True)
    answers.mkdir()
    for file in INPUTS:
        ok, text = plugin().call("render", file.read_bytes().decode())
        (answers / f"{file.stem}.{'ok' if ok else 'err'}.json").write_bytes(text.encode())
    assert len(list(answers.iterdir())) == len(INPUTS)
