"""Times this package and the reference implementation in one process, on the same contexts.

    python bench/python_side_by_side.py [--json FILE]

Needs both installed: `make bench-python`. Every figure is for what sentry-kube's `render_external` does, which is
`validate_context` and `run`.
"""

import argparse
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml


def small() -> dict[str, Any]:
    """A step with nothing special: about 500 bytes."""
    return {
        "service_name": "my-service",
        "pipeline_name": "profiles",
        "deployment_template": {"metadata": {"namespace": "default"}},
        "container_template": {"securityContext": {"runAsUser": 1000}},
        "pipeline_config": {
            "env": {},
            "pipeline": {"segments": [{"steps_config": {"source": {"bootstrap_servers": ["127.0.0.1:9092"]}}}]},
        },
        "pipeline_module": "sbc/profiles.py",
        "image_name": "registry.example/consumer:1.0",
        "segment_id": 0,
        "cpu_per_process": 1000,
        "memory_per_process": 512,
        "replicas": 3,
        "with_canary": True,
    }


def large() -> dict[str, Any]:
    """Ten sidecars, fifty variables, two hundred steps: about 50 KB."""
    sidecars = [
        {
            "name": f"sidecar-{number}",
            "image": f"registry.example/sidecar-{number}:1.0",
            "args": [f"--flag-{flag}=value-{flag}" for flag in range(20)],
            "env": [{"name": f"VARIABLE_{variable}", "value": f"value {variable}"} for variable in range(20)],
            "resources": {"requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"memory": "64Mi"}},
        }
        for number in range(10)
    ]
    steps = {
        f"step_{number}": {
            "bootstrap_servers": [f"kafka-{number}.example:9092"],
            "parallelism": {"threads": {"count": 2}},
            "override_params": {"queue.buffering.max.ms": "100"},
        }
        for number in range(200)
    }
    return {
        **small(),
        "deployment_template": {
            "metadata": {"namespace": "default", "labels": {"component": "consumer"}},
            "spec": {"template": {"spec": {"containers": sidecars, "nodeSelector": {"class": "general"}}}},
        },
        "container_template": {
            "env": [{"name": f"SETTING_{number}", "value": f"value {number}"} for number in range(50)],
        },
        "pipeline_config": {"env": {}, "pipeline": {"segments": [{"steps_config": steps}]}},
    }


def as_yaml(context: dict[str, Any]) -> dict[str, Any]:
    """The same with templates and configuration as YAML text, as Jinja's macros give them."""
    fields = ("deployment_template", "container_template", "pipeline_config")
    return {**context, **{field: yaml.safe_dump(context[field], sort_keys=False) for field in fields}}


def times(work: Callable[[], object], seconds: float = 4.0) -> list[float]:
    """Seconds a call takes, call by call, for so many seconds and at least twenty calls."""
    taken: list[float] = []
    end = time.perf_counter() + seconds
    while len(taken) < 20 or time.perf_counter() < end:
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return taken


def first_result(package: str, cache: str, runs: int = 5) -> tuple[float, float]:
    """Seconds in a new process for the import, and from its start to the first result; the best of some runs."""
    program = f"""if True:
        import json, sys, time
        start = time.perf_counter()
        from {package}.pipeline_step import PipelineStep
        imported = time.perf_counter()
        context = json.loads(sys.argv[1])
        PipelineStep.validate_context(context)
        PipelineStep().run(context)
        print(imported - start, time.perf_counter() - start)
    """
    best = (float("inf"), float("inf"))
    for _ in range(runs):
        output = subprocess.run(
            [sys.executable, "-c", program, json.dumps(small())],
            env={"XDG_CACHE_HOME": cache, "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        best = min(best, tuple(map(float, output.split())), key=lambda pair: pair[1])  # type: ignore[assignment]
    return best


def main() -> None:
    """Runs every case and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="also write the figures here")
    parser.add_argument("--seconds", type=float, default=4.0, help="how long each case runs")
    options = parser.parse_args()

    # Not before the arguments are read: the reference takes seconds to import.
    from sentry_streams_k8s.pipeline_step import PipelineStep as Reference  # noqa: PLC0415

    from sentry_streams_k8s_wasm import PipelineStep as Ours  # noqa: PLC0415

    contexts = {
        "small, dicts": small(),
        "small, YAML text": as_yaml(small()),
        "large, dicts": large(),
        "large, YAML text": as_yaml(large()),
    }
    warnings.simplefilter("ignore")
    print(f"Python {platform.python_version()}, {platform.machine()}; milliseconds, median (least)")
    print(f"{'case':<20}{'bytes':>8}{'reference':>20}{'this package':>20}{'times faster':>14}")
    figures: dict[str, Any] = {}
    for name, context in contexts.items():

        def render(step: Any, context: dict[str, Any] = context) -> Any:
            step.validate_context(context)
            return step().run(context)

        if render(Reference) != render(Ours):
            raise SystemExit(f"{name}: the results differ, so there is nothing to compare")
        reference = times(lambda: render(Reference), options.seconds)
        ours = times(lambda: render(Ours), options.seconds)
        medians = [statistics.median(taken) * 1000 for taken in (reference, ours)]
        least = [min(taken) * 1000 for taken in (reference, ours)]
        cells = [f"{median:.3f} ({low:.3f})" for median, low in zip(medians, least, strict=True)]
        size = len(json.dumps(context))
        print(f"{name:<20}{size:>8}{cells[0]:>20}{cells[1]:>20}{medians[0] / medians[1]:>14.1f}")
        figures[name] = {"bytes": size, "reference_ms": medians[0], "ours_ms": medians[1]}

    with tempfile.TemporaryDirectory() as empty:
        cold = first_result("sentry_streams_k8s_wasm", empty, runs=1)
        warm = first_result("sentry_streams_k8s_wasm", empty)
        reference_first = first_result("sentry_streams_k8s", empty)
    rows = {"reference": reference_first, "this package": warm, "this package, nothing compiled yet": cold}
    print(f"\n{'in a new process, milliseconds':<40}{'import':>12}{'to the first result':>22}")
    for name, (imported, first) in rows.items():
        print(f"{name:<40}{imported * 1000:>12.1f}{first * 1000:>22.1f}")
        figures[name] = {"import_ms": imported * 1000, "first_result_ms": first * 1000}
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
