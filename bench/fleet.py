"""Renders one context and fleets of them with the command-line tool, and has kustomize and Helm print the same objects.

    python bench/fleet.py STREAMS-K8S CONTEXTS

CONTEXTS is where `bench/contexts.py` wrote them. It prints what each took, as JSON. kustomize and Helm are given
finished objects and only have to read and print them: the least they can do. They get those of a part of the fleet,
because kustomize takes minutes for all of them. They are looked for in `target/tools`, where
`scripts/test-deploy-tools` puts them.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import contexts

RUNS = 3
PART = 100
"""Contexts whose objects kustomize and Helm get."""
TOOLS = Path(__file__).parents[1] / "target" / "tools"


def run(*command: str | Path, runs: int = RUNS, directory: Path | None = None) -> dict[str, Any]:
    """Seconds, seconds of processor and the most memory (MB) that a command takes; of some runs the fastest."""
    measured = []
    for _ in range(runs):
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=directory)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        if status != 0:
            raise SystemExit(f"{command[0]} ended with {status}")
        cpu = usage.ru_utime + usage.ru_stime
        measured.append({"seconds": seconds, "cpu_seconds": cpu, "megabytes": usage.ru_maxrss / 1000})
    return min(measured, key=lambda figures: figures["seconds"])


def objects(tool: str, files: list[Path]) -> str:
    """What the command-line tool renders."""
    return subprocess.run([tool, "render", *files], check=True, capture_output=True, text=True).stdout


def count(documents: Iterable[str]) -> int:
    """How many YAML documents the lines are."""
    return sum(line.rstrip() == "---" for line in documents) + 1


def fleet(tool: str, directory: Path) -> dict[str, Any]:
    """What all files of a directory take."""
    # By short names: a command line has an end.
    files = sorted(path.name for path in directory.glob("*.json"))
    figures = run(tool, "render", *files, directory=directory)
    # Line by line: a process begins with the memory of the one that starts it.
    with subprocess.Popen([tool, "render", *files], stdout=subprocess.PIPE, text=True, cwd=directory) as process:
        number = count(process.stdout or ())
    return {**figures, "contexts": len(files), "objects": number}


def main(tool: str, directory: str) -> dict[str, Any]:
    """Measures all of them."""
    fleets = {count: Path(directory, f"fleet-{count}") for count in contexts.FLEETS}
    figures: dict[str, Any] = {
        "one": run(tool, "render", Path(directory, "small.json"), runs=20),
        "fleets": [fleet(tool, fleets[count]) for count in contexts.FLEETS],
    }
    files = sorted(fleets[contexts.FLEETS[0]].glob("*.json"))
    part = objects(tool, files[:PART])
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        work.joinpath("objects.yaml").write_text(part, "utf-8")
        work.joinpath("kustomization.yaml").write_text("resources: [objects.yaml]\n", "utf-8")
        if (kustomize := TOOLS / "kustomize").exists():
            figures["kustomize"] = {**run(kustomize, "build", work), "objects": count(part.splitlines())}
        chart = work / "chart" / "templates"
        chart.mkdir(parents=True)
        work.joinpath("chart", "Chart.yaml").write_text("apiVersion: v2\nname: fleet\nversion: 1.0.0\n", "utf-8")
        chart.joinpath("objects.yaml").write_text(part, "utf-8")
        if (helm := TOOLS / "helm").exists():
            figures["helm"] = {**run(helm, "template", work / "chart"), "objects": count(part.splitlines())}
    return figures


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:]), indent=2))
