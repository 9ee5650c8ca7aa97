"""Runs all benchmarks and writes what they say: one table on the terminal, the same with the measurements in a page.

    python bench/report.py docs/internals/bench.md target/bench/figures.json

`make bench` builds what this needs and runs it. It takes some minutes and wants a machine that does nothing else.
"""

import gzip
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import contexts
import python_side_by_side

ROOT = Path(__file__).parents[1]
COMPONENT = ROOT / "target/component/sentry_streams_k8s.wasm"
TOOL = ROOT / "target/release/streams-k8s"
SIZES = {"small": "small", "large": "large", "large-yaml": "large, as YAML text"}


HOSTS = {
    "reference": "the reference, dicts",
    "python": "Python, dicts",
    "go objects": "Go, text to objects",
    "go text": "Go, text to text",
    "js objects": "JavaScript, object to objects",
    "js text": "JavaScript, text to text",
    "typed": "Rust, text to records",
    "text": "Rust, text to text",
    "native": "native, text to text",
}
"""What is timed, in the order of the table."""
OTHERS = {"kustomize": "kustomize build", "helm": "helm template"}


class Row(NamedTuple):
    """A line of the table."""

    what: str
    measured: str
    target: str
    is_reached: bool


def criterion(name: str) -> float:
    """Milliseconds of one iteration of a Rust benchmark, the least of its samples."""
    samples = json.loads((ROOT / "target/criterion" / name / "new/sample.json").read_bytes())
    return min(time / count for time, count in zip(samples["times"], samples["iters"], strict=True)) / 1e6


def growth(kind: str, counts: tuple[int, ...]) -> dict[str, float]:
    """Microseconds for one more element, between each size and the next."""
    took = [criterion(f"calls/text/{kind}-{count}") for count in counts]
    pairs = zip(zip(counts, took, strict=True), zip(counts[1:], took[1:], strict=True), strict=False)
    return {f"{low} to {high}": (after - before) / (high - low) * 1000 for (low, before), (high, after) in pairs}


def output(*command: str | Path) -> str:
    """What a command prints."""
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def each(figures: dict[str, float]) -> float:
    """Seconds an object."""
    return figures["seconds"] / figures["objects"]


def go() -> dict[str, dict[str, float]]:
    """Milliseconds of Go's calls, by what comes out and by context; nothing without Go."""
    if not shutil.which("go"):
        return {}
    command = ["go", "test", "-run", "^$", "-bench", "^BenchmarkCall$", "-benchtime", "0.5s", "-count", "5", "."]
    times: dict[str, dict[str, float]] = {"text": {}, "objects": {}}
    text = subprocess.run(command, cwd=ROOT / "go", capture_output=True, text=True, check=True).stdout
    for how, size, nanoseconds in re.findall(
        r"^BenchmarkCall/(\w+)/([\w-]+?)(?:-\d+)?\s+\d+\s+([\d.]+) ns/op", text, re.M
    ):
        times[how][size] = min(times[how].get(size, float("inf")), float(nanoseconds) / 1e6)
    return times


def javascript() -> dict[str, dict[str, float]]:
    """Milliseconds of JavaScript's calls, in the same way; nothing without Node."""
    if not shutil.which("node"):
        return {}
    figures = json.loads(output("node", ROOT / "js/scripts/bench.js", "--json"))
    return {how: figures[how] for how in ("text", "objects")}


def measure() -> dict[str, Any]:
    """Runs everything. Takes minutes."""
    directory = ROOT / "target/bench/contexts"
    contexts.write(directory)
    subprocess.run(
        ["cargo", "bench", "--quiet", "--locked", "--bench", "calls", "--bench", "load"], cwd=ROOT, check=True
    )
    python = python_side_by_side.calls(seconds=3.0)
    calls = {how: {size: criterion(f"calls/{how}/{size}") for size in SIZES} for how in ("typed", "text", "native")}
    calls |= {f"go {how}": took for how, took in go().items()} | {
        f"js {how}": took for how, took in javascript().items()
    }
    calls |= {
        "reference": {size: python[size]["reference"] for size in SIZES},
        "python": {size: python[size]["ours"] for size in SIZES},
    }
    component = COMPONENT.read_bytes()
    return {
        "calls": {how: calls[how] for how in HOSTS if how in calls},
        "starts": python_side_by_side.starts(),
        "wasmtime_import": python_side_by_side.wasmtime_import(),
        "instance": criterion("calls/instance"),
        "load": {how: criterion(f"load/{how}") for how in ("compiled", "cached")},
        "growth": {
            "steps": growth("steps", contexts.STEPS),
            "environment variables": growth("variables", contexts.VARIABLES),
        },
        # In a process of its own: what it measures begins with the memory of the process that starts it.
        "command_line": json.loads(output(sys.executable, ROOT / "bench/fleet.py", TOOL, directory)),
        "size": {"bytes": len(component), "gzip": len(gzip.compress(component, 9))},
    }


def table(figures: dict[str, Any]) -> list[Row]:
    """What was aimed at, and what came of it."""
    rows = []

    def at_least(what: str, value: float, target: float) -> None:
        rows.append(Row(what, f"{value:.1f}×", f"≥ {target:g}×", value >= target))

    def at_most(what: str, value: float, target: float, unit: str) -> None:
        digits = 0 if value >= 100 else 2 if value < 10 else 1
        rows.append(Row(what, f"{value:.{digits}f} {unit}", f"≤ {target:g} {unit}", value <= target))

    calls, starts, command_line = figures["calls"], figures["starts"], figures["command_line"]
    rust = calls["text"]
    for host, small, large in (("go", 0.25, 4), ("js", 0.2, 2.5)):
        for how in ("objects", "text"):
            if took := calls.get(f"{host} {how}"):
                at_most(f"{HOSTS[f'{host} {how}']}, small", took["small"], small, "ms")
                at_most(
                    f"{HOSTS[f'{host} {how}']}, large: times the Rust host", took["large"] / rust["large"], large, "×"
                )
    at_most("Python: new process to first result", starts["ours"][1], 55, "ms")
    at_most("Python, dicts, large", calls["python"]["large"], 1.1, "ms")
    at_most("command line, small: whole process", command_line["one"]["seconds"] * 1000, 12, "ms")
    at_most("memory for it", command_line["one"]["megabytes"], 40, "MB")
    for (size, name), target in zip(SIZES.items(), (1.8, 1.5, 1.4), strict=True):
        at_most(f"component in wasmtime, {name}: times native", rust[size] / calls["native"][size], target, "×")
    at_most("Rust, large, as YAML text", rust["large-yaml"], 2.2, "ms")
    at_most("Rust, small: a call with an instance of its own", rust["small"] * 1000, 100, "µs")
    at_most("of it, the instance and its limits", figures["instance"] * 1000, 25, "µs")
    at_most("first compilation", figures["load"]["compiled"], 500, "ms")
    at_most("load from the cache", figures["load"]["cached"], 5, "ms")
    at_most("component", figures["size"]["bytes"] / 1000, 560, "KB")
    for kind, took in figures["growth"].items():
        spread = (max(took.values()) / min(took.values()) - 1) * 100
        at_most(f"growth with {kind}: time for one more, spread", spread, 20, "%")
    fleet, larger = command_line["fleets"]
    at_most(f"command line, {fleet['contexts']} contexts", fleet["seconds"] * 1000, 250, "ms")
    at_most("memory for it", fleet["megabytes"], 80, "MB")
    growing = (larger["seconds"] / larger["contexts"]) / (fleet["seconds"] / fleet["contexts"])
    at_most(f"time for a context where there are {larger['contexts']}: times as long", growing, 1.2, "×")
    at_most("memory for them", larger["megabytes"], 80, "MB")
    for other in ("kustomize", "helm"):
        if other in command_line:
            at_least(f"command line: times faster than {other}, per object", each(command_line[other]) / each(fleet), 1)
    return rows


def markdown(figures: dict[str, Any], rows: list[Row]) -> str:
    """The page."""
    calls, starts, command_line = (figures[key] for key in ("calls", "starts", "command_line"))
    tools = {
        **{f"`streams-k8s render`, {fleet['contexts']} contexts": fleet for fleet in command_line["fleets"]},
        **{f"`{command}`": command_line.get(name) for name, command in OTHERS.items()},
    }
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench`, which runs all of it. What was changed and why: [performance.md](performance.md).",
        "",
        f"{machine()}.",
        "",
        "Calls of Rust and Python are in time of the processor, all else is on the clock; the least of many.",
        "",
        *markdown_table(
            ["", "measured", "target", "reached"], [[*row[:3], "yes" if row[3] else "**no**"] for row in rows]
        ),
        "",
        f"The component has {figures['size']['gzip'] / 1000:.0f} KB where it is compressed.",
        "",
        "![A call in every host, and one more element](bench.svg)",
        "",
        "## A call in every host",
        "",
        "Milliseconds, and how many times as long as from Rust, text to text, and as native code. The reference and",
        "Python: `validate_context` and `run`, as sentry-kube calls them. Every call in a host has an instance of its",
        "own; native is the same code without WebAssembly.",
        "",
        *markdown_table(
            ["", *(cell for name in SIZES.values() for cell in (name, "Rust", "native"))],
            [[HOSTS[how], *(cell for size in SIZES for cell in compared(calls, how, size))] for how in calls],
        ),
        "",
        "## A new Python process, in milliseconds, without libsentrykube",
        "",
        f"Of the first result, {figures['wasmtime_import']:.0f} ms are the import of wasmtime's own package.",
        "",
        *markdown_table(
            ["", "import", "first result"],
            [[name, *(f"{time:.0f}" for time in starts[name])] for name in starts],
        ),
        "",
        "## One more element, in microseconds",
        "",
        *markdown_table(
            ["", "from … to", "each"],
            [[kind, step, f"{time:.2f}"] for kind, took in figures["growth"].items() for step, time in took.items()],
        ),
        "",
        "## A fleet",
        "",
        "kustomize and Helm are given finished objects and only read and print them; of a part of the fleet, because",
        "kustomize's time for an object grows with their number.",
        "",
        *markdown_table(
            ["", "objects", "seconds", "seconds of processor", "MB", "µs an object"],
            [
                [
                    name,
                    str(took["objects"]),
                    f"{took['seconds']:.2f}",
                    f"{took['cpu_seconds']:.2f}",
                    f"{took['megabytes']:.0f}",
                    f"{each(took) * 1e6:.0f}",
                ]
                for name, took in tools.items()
                if took
            ],
        ),
        "",
    ]
    return "\n".join(lines)


def compared(calls: dict[str, dict[str, float]], how: str, size: str) -> list[str]:
    """What a call takes, beside the Rust host and native."""
    took = calls[how][size]
    return [f"{took:.3f}", *(f"{took / calls[other][size]:.1f}×" for other in ("text", "native"))]


def markdown_table(head: list[str], rows: list[list[str]]) -> list[str]:
    """The first column is text, the others are figures."""
    return [f"| {' | '.join(cells)} |" for cells in (head, ["---", *["--:"] * (len(head) - 1)], *rows)]


def machine() -> str:
    """What it was measured on, and with."""
    cpu = re.search(r"^model name\s*: (.*)", Path("/proc/cpuinfo").read_text("utf-8"), re.MULTILINE)
    versions = {
        "Python": platform.python_version(),
        "wasmtime-py": version("wasmtime"),
        "orjson": version("orjson"),
        "the reference": version("sentry-streams-k8s"),
        "Rust": output("rustc", "--version").split()[1],
    }
    names = ", ".join(f"{name} {number}" for name, number in versions.items())
    return f"{cpu.group(1) if cpu else platform.machine()}, {os.cpu_count()} processors, {platform.system()}; {names}"


def main(page: str, raw: str) -> None:
    """Measures, prints and writes."""
    figures = measure()
    Path(raw).write_text(json.dumps({"sizes": SIZES, "hosts": HOSTS, **figures}, indent=2) + "\n", "utf-8")
    rows = table(figures)
    width = max(len(row.what) for row in rows)
    for row in rows:
        print(f"{row.what:<{width}} {row.measured:>10} {row.target:>10}  {'reached' if row.is_reached else 'MISSED'}")
    Path(page).write_text(markdown(figures, rows), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
