"""Renders a fleet of contexts with the command-line tool, and has kustomize and Helm print the same objects.

    python bench/fleet.py STREAMS-K8S CONTEXTS

prints what each took, as JSON. kustomize and Helm are given finished objects and only have to read and print them: the
least they can do. They get those of a part of the fleet, because kustomize takes minutes for all of them. They are
looked for in `target/tools`, where `scripts/test-deploy-tools` puts them.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

RUNS = 3
PART = 100
"""Contexts whose objects kustomize and Helm get."""
TOOLS = Path(__file__).parents[1] / "target" / "tools"


def run(*command: str | Path) -> dict[str, Any]:
    """Seconds, seconds of processor and the most memory (MB) that a command takes; of some runs the fastest."""
    measured = []
    for _ in range(RUNS):
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
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


def count(documents: str) -> int:
    """How many YAML documents it is."""
    return documents.count("\n---\n") + 1


def main(tool: str, directory: str) -> dict[str, Any]:
    """Measures all of them."""
    files = sorted(Path(directory).glob("*.json"))
    one = run(tool, "render", files[0])
    figures: dict[str, Any] = {"contexts": len(files), "one": one, "fleet": run(tool, "render", *files)}
    figures["fleet"]["objects"] = count(objects(tool, files))
    part = objects(tool, files[:PART])
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        work.joinpath("objects.yaml").write_text(part, "utf-8")
        work.joinpath("kustomization.yaml").write_text("resources: [objects.yaml]\n", "utf-8")
        if (kustomize := TOOLS / "kustomize").exists():
            figures["kustomize"] = {**run(kustomize, "build", work), "objects": count(part)}
        chart = work / "chart" / "templates"
        chart.mkdir(parents=True)
        work.joinpath("chart", "Chart.yaml").write_text("apiVersion: v2\nname: fleet\nversion: 1.0.0\n", "utf-8")
        chart.joinpath("objects.yaml").write_text(part, "utf-8")
        if (helm := TOOLS / "helm").exists():
            figures["helm"] = {**run(helm, "template", work / "chart"), "objects": count(part)}
    return figures


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:]), indent=2))
