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

COLORS = {
    "reference": "#b9b4ac",
    "python": "#3b75af",
    "go": "#48a9a6",
    "js": "#e0a82e",
    "typed": "#c8553d",
    "text": "#c8553d",
    "native": "#4a4e69",
}
"""By the host."""


def main(raw: str, picture: str) -> None:
    """Bars for a call in every host, lines for growth."""
    figures = json.loads(Path(raw).read_bytes())
    calls, names, sizes = (figures[key] for key in ("calls", "hosts", "sizes"))
    hosts = [host for host in names if host in calls][::-1]
    figure, panels = pyplot.subplots(1, len(sizes) + 1, figsize=(13, 3.6), layout="constrained")

    *bars, lines = panels
    for panel, (size, name) in zip(bars, sizes.items(), strict=True):
        took = [calls[host][size] for host in hosts]
        drawn = panel.barh(range(len(hosts)), took, color=[COLORS[host.split()[0]] for host in hosts])
        panel.bar_label(drawn, [f"{time:.2g}" if time < 1 else f"{time:.3g}" for time in took], padding=3)
        panel.set(xscale="log", title=f"{name}: ms a call", xlim=(min(took) / 2, max(took) * 4))
        panel.set_yticks(range(len(hosts)), [names[host] for host in hosts] if panel is bars[0] else [])
        panel.tick_params(left=False)
        panel.spines[["top", "right", "left"]].set_visible(False)

    for kind, took in figures["growth"].items():
        lines.plot([int(step.split()[-1]) for step in took], list(took.values()), "o-", label=kind)
    most = max(time for took in figures["growth"].values() for time in took.values())
    lines.set(title="µs for one more element", xlabel="up to so many", xscale="log", ylim=(0, most * 1.3))
    lines.spines[["top", "right"]].set_visible(False)
    lines.legend(frameon=False)
    figure.savefig(picture, metadata={"Date": None})


if __name__ == "__main__":
    main(*sys.argv[1:])
