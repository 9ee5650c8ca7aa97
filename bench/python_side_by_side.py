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

import contexts

CASES = {
    "small": "small, dicts",
    "small-yaml": "small, YAML text",
    "large": "large, dicts",
    "large-yaml": "large, YAML text",
}


def times(work: Callable[[], object], seconds: float) -> list[float]:
    """Milliseconds of processor that a call takes, call by call, for so many seconds and at least twenty calls."""
    taken: list[float] = []
    end = time.perf_counter() + seconds
    while len(taken) < 20 or time.perf_counter() < end:
        start = time.thread_time()
        work()
        taken.append((time.thread_time() - start) * 1000)
    return taken


def first_result(package: str, cache: str, runs: int = 10) -> tuple[float, float]:
    """Milliseconds in a new process for the import, and from its start to the first result; the best of some runs.

    Without libsentrykube, whose base class both want: it takes five times as long as all the rest.
    """
    program = f"""if True:
        import sys, time, types
        sys.modules["libsentrykube"] = types.ModuleType("libsentrykube")
        sys.modules["libsentrykube.ext"] = types.ModuleType("libsentrykube.ext")
        sys.modules["libsentrykube.ext"].ExternalMacro = object
        start = time.perf_counter()
        from {package}.pipeline_step import PipelineStep
        imported = time.perf_counter()
        import json
        context = json.loads(sys.argv[1])
        PipelineStep.validate_context(context)
        PipelineStep().run(context)
        print((imported - start) * 1000, (time.perf_counter() - start) * 1000)
    """
    best = (float("inf"), float("inf"))
    for _ in range(runs):
        output = subprocess.run(
            [sys.executable, "-c", program, json.dumps(contexts.small())],
            env={"XDG_CACHE_HOME": cache, "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        imported, first = map(float, output.split())
        best = min(best, (imported, first), key=lambda pair: pair[1])
    return best


def wasmtime_import(runs: int = 10) -> float:
    """Milliseconds that wasmtime's Python package takes to be imported, after what ours imports before it."""
    program = """if True:
        import time
        import sentry_streams_k8s_wasm
        start = time.perf_counter()
        import wasmtime.component
        print((time.perf_counter() - start) * 1000)
    """
    command = [sys.executable, "-c", program]
    return min(float(subprocess.run(command, capture_output=True, check=True).stdout) for _ in range(runs))


def calls(seconds: float) -> dict[str, dict[str, float]]:
    """Every case with the reference's and our times, least and median."""
    # Not before the arguments are read: the reference takes seconds to import.
    from sentry_streams_k8s.pipeline_step import PipelineStep as Reference  # noqa: PLC0415

    from sentry_streams_k8s_wasm import PipelineStep as Ours  # noqa: PLC0415

    def render(step: Any, context: dict[str, Any]) -> Any:
        step.validate_context(context)
        return step().run(context)

    figures = {}
    for case, name in CASES.items():
        context = contexts.named()[case]
        if render(Reference, context) != render(Ours, context):
            raise SystemExit(f"{name}: the results differ, so there is nothing to compare")
        reference = times(lambda context=context: render(Reference, context), seconds)  # type: ignore[misc]
        ours = times(lambda context=context: render(Ours, context), seconds)  # type: ignore[misc]
        figures[case] = {
            "bytes": len(json.dumps(context)),
            "reference": min(reference),
            "reference_median": statistics.median(reference),
            "ours": min(ours),
            "ours_median": statistics.median(ours),
        }
    return figures


def starts() -> dict[str, tuple[float, float]]:
    """The import and the first result in a new process."""
    with tempfile.TemporaryDirectory() as empty:
        cold = first_result("sentry_streams_k8s_wasm", empty, runs=1)
        warm = first_result("sentry_streams_k8s_wasm", empty)
        return {"reference": first_result("sentry_streams_k8s", empty), "ours": warm, "ours, nothing compiled": cold}


def main() -> None:
    """Runs every case and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="also write the figures here")
    parser.add_argument("--seconds", type=float, default=4.0, help="how long each case runs")
    options = parser.parse_args()

    warnings.simplefilter("ignore")
    figures = {"calls": calls(options.seconds), "starts": starts()}
    print(f"Python {platform.python_version()}, {platform.machine()}; milliseconds of processor, least (median)")
    print(f"{'case':<20}{'bytes':>8}{'reference':>20}{'this package':>20}{'times faster':>14}")
    for case, took in figures["calls"].items():
        cells = [f"{took[side]:.3f} ({took[f'{side}_median']:.3f})" for side in ("reference", "ours")]
        ratio = took["reference"] / took["ours"]
        print(f"{CASES[case]:<20}{took['bytes']:>8}{cells[0]:>20}{cells[1]:>20}{ratio:>14.1f}")
    print(f"\n{'in a new process, milliseconds':<40}{'import':>12}{'to the first result':>22}")
    for name, (imported, first) in figures["starts"].items():
        print(f"{name:<40}{imported:>12.1f}{first:>22.1f}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
