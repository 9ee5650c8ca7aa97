import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="session", autouse=True)
def private_cache(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """No test reads or writes the cache of the person who runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def context() -> dict[str, Any]:
    """A context that is right."""
    return {
        "service_name": "my-service",
        "pipeline_name": "profiles",
        "deployment_template": {"metadata": {"namespace": "default"}},
        "container_template": {},
        "pipeline_config": {
            "env": {},
            "pipeline": {"segments": [{"steps_config": {"myinput": {"starts_segment": True}}}]},
        },
        "pipeline_module": "sbc.profiles",
        "image_name": "us-central1-docker.pkg.dev/my-project/my-image:1.0",
        "cpu_per_process": 1000,
        "memory_per_process": 512,
        "segment_id": 0,
    }


@pytest.fixture
def tricky() -> dict[str, Any]:
    """Values that a template language, JSON and YAML 1.1 are known to read differently."""
    return {
        "null": None,
        "quotes": "both ' and \"",
        "newline": "line 1\nline 2\n",
        "backslash": "C:\\temp\\new \\ud83d\\ude00",
        "emoji": "\U0001f600 é \x7f \x85 \u2028 \ufeff",
        "yes": "yes",
        "colon: #": "a: b # c",
        "number": "1e3",
        "floats": [1e16, 1e-05, 1.5e-07, -0.0, 1.0],
        "integers": [10**30, -1, 0],
        "nested": [[{"a": [True, False, {}, []]}]],
        "template": "{{ x }} <&'>",
    }


def outcome(work: Callable[[], Any]) -> str:
    """What it returns, types and order included, or raises: to be compared."""
    try:
        return repr(work())
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def cases() -> list[Any]:
    """The recorded cases, each with what is expected of us."""
    folder = REPOSITORY / "tests" / "cases"
    found = []
    for file in sorted(folder.glob("*.json")):
        case = json.loads(file.read_text("utf-8"))
        ours = folder / "ours" / file.name
        case["expected"] = json.loads(ours.read_text("utf-8")) if ours.exists() else {}
        if not ours.exists() and "ok" in case["peer"]:
            case["expected"] = {"manifests": case["peer"]["ok"]}
        found.append(pytest.param(case, id=file.stem))
    return found
