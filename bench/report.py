"""Runs all benchmarks and writes what they say: one table on the terminal, the same with the measurements in a page.

    python bench/report.py docs/internals/bench.md target/bench/figures.json

`make bench` builds what this needs and runs it. It takes some minutes and wants a machine that does nothing else.
"""

import gzip
import json
import os
import platform
import re
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


def measure() -> dict[str, Any]:
    """Runs everything. Takes minutes."""
    directory = ROOT / "target/bench/contexts"
    contexts.write(directory)
    subprocess.run(["cargo", "bench", "--quiet", "--package", "sentry-streams-k8s-bench"], cwd=ROOT, check=True)
    component = COMPONENT.read_bytes()
    return {
        "calls": python_side_by_side.calls(seconds=3.0),
        "starts": python_side_by_side.starts(),
        "rust": {
            how: {size: criterion(f"calls/{how}/{size}") for size in SIZES} for how in ("native", "text", "typed")
        },
        "instance": criterion("calls/instance"),
        "load": {how: criterion(f"load/{how}") for how in ("compiled", "cached")},
        "growth": {
            "steps": growth("steps", contexts.STEPS),
            "environment variables": growth("variables", contexts.VARIABLES),
        },
        # In a process of its own: what it measures begins with the memory of the process that starts it.
        "fleet": json.loads(output(sys.executable, ROOT / "bench/fleet.py", TOOL, directory / "fleet")),
        "size": {"bytes": len(component), "gzip": len(gzip.compress(component, 9))},
    }


def table(figures: dict[str, Any]) -> list[Row]:
    """What was aimed at, and what came of it."""
    rows = []

    def at_least(what: str, value: float, target: float) -> None:
        rows.append(Row(what, f"{value:.1f}×", f"≥ {target:g}×", value >= target))

    def at_most(what: str, value: float, target: float, unit: str) -> None:
        digits = 0 if value >= 100 else 1
        rows.append(Row(what, f"{value:.{digits}f} {unit}", f"≤ {target:g} {unit}", value <= target))

    for case, target in (("small", 40), ("large", 25), ("large-yaml", 150)):
        took = figures["calls"][case]
        at_least(f"Python, {SIZES[case]}: times faster than the reference", took["reference"] / took["ours"], target)
    starts = figures["starts"]
    at_most(
        "Python: new process to first result (target: the reference's)",
        starts["ours"][1],
        round(starts["reference"][1], 1),
        "ms",
    )
    rust = figures["rust"]
    for size, name in SIZES.items():
        at_most(
            f"component in wasmtime, {name}: times as long as native",
            rust["text"][size] / rust["native"][size],
            1.8,
            "×",
        )
    at_most("Rust, small: a call with an instance of its own", rust["typed"]["small"] * 1000, 100, "µs")
    at_most("of it, the instance and its limits", figures["instance"] * 1000, 25, "µs")
    at_most("first compilation", figures["load"]["compiled"], 500, "ms")
    at_most("load from the cache", figures["load"]["cached"], 5, "ms")
    at_most("component", figures["size"]["bytes"] / 1000, 450, "KB")
    at_most("component, gzip", figures["size"]["gzip"] / 1000, 190, "KB")
    for kind, took in figures["growth"].items():
        spread = (max(took.values()) / min(took.values()) - 1) * 100
        at_most(f"growth with {kind}: time for one more, spread", spread, 20, "%")
    all_of_it = figures["fleet"]
    at_most(f"command line, {all_of_it['contexts']} contexts", all_of_it["fleet"]["seconds"] * 1000, 1000, "ms")
    at_most("memory for it", all_of_it["fleet"]["megabytes"], 150, "MB")
    for other in ("kustomize", "helm"):
        if other in all_of_it:
            ratio = each(all_of_it[other]) / each(all_of_it["fleet"])
            at_least(f"command line: times faster than {other}, per object", ratio, 1)
    return rows


def markdown(figures: dict[str, Any], rows: list[Row]) -> str:
    """The page."""
    calls, rust, starts, all_of_it = (figures[key] for key in ("calls", "rust", "starts", "fleet"))
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench`, which runs all of it. What was changed and why: [performance.md](performance.md).",
        "",
        f"{machine()}. Calls are in time of the processor, all else is on the clock; the least of many.",
        "",
        *markdown_table(
            ["", "measured", "target", "reached"], [[*row[:3], "yes" if row[3] else "**no**"] for row in rows]
        ),
        "",
        "![Time of a call, and of one more element](bench.svg)",
        "",
        "## A call, in milliseconds",
        "",
        "The reference and the package: `validate_context` and `run`, as sentry-kube calls them. Rust: one call with",
        "an instance of its own; native is the same code without WebAssembly.",
        "",
        *markdown_table(
            ["context", "reference", "Python package", "Rust, JSON text", "Rust, typed", "native"],
            [
                [name]
                + [f"{calls[size][side]:.3f}" for side in ("reference", "ours")]
                + [f"{rust[how][size]:.3f}" for how in ("text", "typed", "native")]
                for size, name in SIZES.items()
            ],
        ),
        "",
        "## A new Python process, in milliseconds, without libsentrykube",
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
        f"## A fleet of {all_of_it['contexts']} contexts",
        "",
        "kustomize and Helm are given finished objects and only read and print them; of a part of the fleet, because",
        "kustomize's time for an object grows with their number.",
        "",
        *markdown_table(
            ["", "objects", "seconds", "seconds of processor", "MB", "µs an object"],
            [
                [
                    name,
                    str(all_of_it[key]["objects"]),
                    f"{all_of_it[key]['seconds']:.2f}",
                    f"{all_of_it[key]['cpu_seconds']:.2f}",
                    f"{all_of_it[key]['megabytes']:.0f}",
                    f"{each(all_of_it[key]) * 1e6:.0f}",
                ]
                for key, name in (
                    ("fleet", "`streams-k8s render`"),
                    ("kustomize", "`kustomize build`"),
                    ("helm", "`helm template`"),
                )
                if key in all_of_it
            ],
        ),
        "",
    ]
    return "\n".join(lines)


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
    Path(raw).write_text(json.dumps({"sizes": SIZES, **figures}, indent=2) + "\n", "utf-8")
    rows = table(figures)
    width = max(len(row.what) for row in rows)
    for row in rows:
        print(f"{row.what:<{width}} {row.measured:>10} {row.target:>10}  {'reached' if row.is_reached else 'MISSED'}")
    Path(page).write_text(markdown(figures, rows), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
