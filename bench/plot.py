"""Draws what `report.py` measured.

python bench/plot.py target/bench/figures.json docs/internals/bench.svg
"""

import json
import sys
from pathlib import Path

import matplotlib as mpl

mpl.use("svg")
# Text stays text, and the same figures give the same file.
mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "bench", "font.size": 9})

from matplotlib import pyplot  # noqa: E402


def main(raw: str, picture: str) -> None:
    """Bars for a call, lines for growth."""
    figures = json.loads(Path(raw).read_bytes())
    sizes = figures["sizes"]
    figure, (bars, lines) = pyplot.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
    series = {
        "reference": [figures["calls"][size]["reference"] for size in sizes],
        "Python package": [figures["calls"][size]["ours"] for size in sizes],
        "component, from Rust": [figures["rust"]["text"][size] for size in sizes],
        "native": [figures["rust"]["native"][size] for size in sizes],
    }
    for position, (name, values) in enumerate(series.items()):
        bars.bar([index + (position - 1.5) * 0.2 for index in range(len(sizes))], values, 0.2, label=name)
    bars.set(yscale="log", title="milliseconds of a call", xticks=range(len(sizes)), xticklabels=sizes.values())
    bars.legend()
    for kind, took in figures["growth"].items():
        lines.plot([step.split()[-1] for step in took], list(took.values()), "o-", label=kind)
    lines.set(title="microseconds for one more element", xlabel="up to so many", ylim=0)
    lines.legend()
    figure.savefig(picture, metadata={"Date": None})


if __name__ == "__main__":
    main(*sys.argv[1:])
