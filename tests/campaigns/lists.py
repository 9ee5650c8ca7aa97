"""Expands random lists of objects with `streams-k8s krm`, and looks at what comes out.

    python lists.py --lists 5000 target/debug/streams-k8s

A list is written in one of many ways: block or flow, any indentation, comments, anchors, tags, line ends, with and
without pipelines, results and a configuration; some are damaged by a character. Whatever it is, `krm` either refuses it
and prints nothing, or prints YAML that PyYAML reads, if it read what went in, and in which every object that is no
pipeline has its very bytes.
Prints how many ended how; returns 1 where any came out wrong, and keeps that one as `wrong-SEED.yaml`.
"""

import argparse
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import yaml

GROUP = "streams.sentry.io/"
SCALARS = [
    "1", "0x1f", "1_000", "012", "1.5", ".inf", "null", "~", "yes", "No", "on", "=", "2024-01-31", "12:30:45",
    "plain", "'single ''quoted'''", '"double \\"quoted\\" \\u00e9 \\n"', "a # b", "a#b", '"# no comment"', "'- x'",
    '"{{ .Values.x }}"', "ünï ☃", '"\U0001f600"', '"\\t"', "!!str 1", '!!binary "aGk="', "a: b".replace(": ", ":"),
    '""', "''", "&x", "x y  z", "http://a/b?c=d&e", "'[a'", '"a, b"', "-1", "-a", "?a", "a]", "100%",
]  # fmt: skip
BLOCKS = ["|", "|-", "|+", ">", ">-", ">+", "|2", ">1-"]
"""How a text of several lines may begin."""


class Writer:
    """Writes one list, in a way that chance chooses."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.anchors: list[str] = []
        self.pipelines = 0

    def often(self, share: float) -> bool:
        return self.chance.random() < share

    def scalar(self) -> str:
        if self.anchors and self.often(0.03):
            return "*" + self.chance.choice(self.anchors)
        text = self.chance.choice(SCALARS)
        if text == "&x":
            self.anchors.append(f"a{len(self.anchors)}")
            return f"&{self.anchors[-1]} anchored"
        return text

    def comment(self, column: int) -> Iterator[str]:
        if self.often(0.1):
            yield " " * self.chance.choice([0, column, column + 1]) + self.chance.choice(
                ["# note", "#", "# - a: 1", "#é☃"]
            )
        if self.often(0.05):
            yield ""

    def value(self, column: int, depth: int) -> tuple[str, list[str]]:
        """What follows a key or dash on its line, and the lines below."""
        kind = self.chance.random()
        if depth > 3 or kind < 0.5:
            return self.scalar() + ("  # why" if self.often(0.05) else ""), []
        if kind < 0.58:
            header = self.chance.choice(BLOCKS)
            indentation = int(header[1]) if header[1:2].isdigit() else self.chance.choice([1, 2, 4])
            lines = [
                " " * (column + indentation) + line
                for line in self.chance.choices(["x", "- y: 1", "# z", " a", "---b"], k=3)
            ]
            lines[0] = " " * (column + indentation) + "first"
            return header, lines + [""] * self.chance.choice([0, 0, 1, 2])
        if kind < 0.7:
            return self.flow(depth), []
        width = self.chance.choice([1, 2, 2, 2, 4])
        if kind < 0.88:
            return "", self.mapping(column + width, depth + 1)
        return "", self.sequence(column + width, depth + 1)

    def flow(self, depth: int) -> str:
        inside = [
            self.flow_scalar() if depth > 3 or self.often(0.7) else self.flow(depth + 1)
            for _ in range(self.chance.randrange(4))
        ]
        comma = self.chance.choice([", ", ",", " , "])
        end = "," if inside and self.often(0.1) else ""
        if self.often(0.5):
            return "[" + comma.join(inside) + end + "]"
        return "{" + comma.join(f"k{number}: {text}" for number, text in enumerate(inside)) + end + "}"

    def flow_scalar(self) -> str:
        return self.chance.choice(["1", "a", '"b c"', "'d'", "null", '"\\u2028"', "~", "1e3", "é"])

    def mapping(self, column: int, depth: int) -> list[str]:
        lines: list[str] = []
        for number in range(self.chance.randrange(1, 4)):
            lines += self.comment(column)
            key = self.chance.choice([f"k{number}", f'"k{number}"', f"'k {number}'", f"k-{number}", f"{number}"])
            first, below = self.value(column, depth)
            lines += [f"{' ' * column}{key}:{' ' + first if first else ''}", *below]
        return lines

    def sequence(self, column: int, depth: int) -> list[str]:
        lines: list[str] = []
        for _ in range(self.chance.randrange(1, 4)):
            lines += self.comment(column)
            lines += self.item(column, " " * self.chance.choice([1, 1, 1, 3]), depth)
        return lines

    def item(self, column: int, gap: str, depth: int) -> list[str]:
        inner = column + 1 + len(gap)
        if self.often(0.6):
            return self.after_dash(column, gap, self.mapping(inner, depth))
        first, below = self.value(column, depth + 1)
        return [f"{' ' * column}-{gap}{first}", *below] if first else [" " * column + "-", *below]

    def after_dash(self, column: int, gap: str, lines: list[str]) -> list[str]:
        """A block whose first line goes behind the dash, unless that is a comment."""
        inner = column + 1 + len(gap)
        if lines[0].startswith(" " * inner) and not lines[0].lstrip().startswith("#"):
            return [f"{' ' * column}-{gap}{lines[0][inner:]}", *lines[1:]]
        return [" " * column + "-", *lines]

    def pipeline(self, column: int) -> list[str]:
        """A pipeline's lines; now and then one that is refused."""
        self.pipelines += 1
        name = f"p{self.pipelines}"
        memory = "-1" if self.often(0.05) else "512"
        if self.often(0.2):
            spec = (
                "{service_name: s, pipeline_module: m.py, image_name: 'x:1', cpu_per_process: 1, "
                f"memory_per_process: {memory}, deployment_template: {{}}, container_template: {{}}, "
                "pipeline_config: {pipeline: {segments: [{steps_config: {}}]}}}"
            )
            lines = [f"spec: {spec}"]
        else:
            lines = [
                "spec:" + self.chance.choice(["", "  # what"]),
                "  service_name: s", "  pipeline_module: m.py", "  image_name: x:1", "  cpu_per_process: 1",
                f"  memory_per_process: {memory}", "  deployment_template: {}",
                *self.chance.choice([["  container_template: {}"], ["  container_template: |", "    env: []"]]),
                "  pipeline_config:", "    pipeline: {segments: [{steps_config: {}}]}",
            ]  # fmt: skip
        metadata = [f"metadata: {{name: {name}}}"] if self.often(0.5) else ["metadata:", f"  name: {name}"]
        parts = [["apiVersion: streams.sentry.io/v1alpha1"], ["kind: StreamingPipeline"], metadata, lines]
        if self.often(0.2):
            self.chance.shuffle(parts)
        text = [line for part in parts for line in part]
        if self.often(0.1):
            text.insert(self.chance.randrange(1, len(text)), "# of the pipeline")
        return [" " * column + line for line in text]

    def items(self, column: int) -> list[str]:
        lines: list[str] = []
        for _ in range(self.chance.randrange(1, 5)):
            gap = self.chance.choice([" ", " ", " ", "   ", "\t"] if self.often(0.3) else [" "])
            lines += self.comment(column)
            if self.often(0.45):
                inner = column + 1 + len(gap)
                block = self.pipeline(inner)
                if self.often(0.1):
                    lines += [" " * column + "-", *block]
                elif self.often(0.05):
                    lines += [f"{' ' * column}-{gap}&p", *block]
                else:
                    lines += self.after_dash(column, gap, block)
            else:
                lines += self.item(column, gap, 0)
        return lines

    def document(self) -> str:
        column = self.chance.choice([0, 0, 2, 2, 4])
        parts = [
            ["apiVersion: config.kubernetes.io/v1"],
            [self.chance.choice(["kind: ResourceList", '"kind": "ResourceList"'])],
        ]
        key = self.chance.choice(["items:", "items:", '"items":', "items:  # all", "items: &all"])
        items = (
            [key, *self.items(column)]
            if self.often(0.95)
            else [self.chance.choice(["items: []", "items:", "items: null"])]
        )
        parts.append(items)
        if self.often(0.15):
            parts.append(["functionConfig:", *self.pipeline(2)])
        if self.often(0.15):
            parts.append(
                self.chance.choice([["results: []"], ["results:", "- message: old"], ['results: [{"message": "old"}]']])
            )
        if self.often(0.15):
            parts.append(["other: " + self.flow(0)])
        if self.often(0.3):
            self.chance.shuffle(parts)

        lines = [line for part in parts for line in part]
        if self.often(0.1):
            lines.insert(0, self.chance.choice(["---", "--- # start", "# first", "%YAML 1.1\n---"]))
        if self.often(0.05):
            lines.append(self.chance.choice(["...", "# last", "---"]))
        end = self.chance.choice(["\n"] * 8 + ["\r\n", "\r"])
        text = end.join(lines) + (end if self.often(0.9) else "")
        return ("\ufeff" if self.often(0.05) else "") + text


def as_flow(text: str, chance: random.Random) -> str:
    """The same list, as JSON or in brackets, where it can be read."""
    try:
        value = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):
        return text
    width = chance.choice([40, 80, 10_000])
    return yaml.safe_dump(
        value, default_flow_style=True, width=width, sort_keys=False, allow_unicode=chance.random() < 0.5
    )


def damaged(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text))
    return chance.choice(
        [
            text[:at] + text[at + 1 :],
            text[:at] + chance.choice("\t :-#&*!|>'\"%@`{}[],?\u2028\x85\n") + text[at:],
            text[:at] + text[at : at + 30] + text[at:],
        ]
    )


def make(seed: int) -> str:
    chance = random.Random(seed)
    text = Writer(chance).document()
    kind = chance.random()
    if kind < 0.1:
        text = as_flow(text, chance)
    elif kind < 0.4:
        text = damaged(text, chance)
    return text


def items_of(text: str, loader: type, name: str = "items") -> list[yaml.Node]:
    root = yaml.compose(text, Loader=loader)
    if not isinstance(root, yaml.MappingNode):
        raise ValueError("no mapping")
    for key, value in root.value:
        if key.value == name and isinstance(value, yaml.SequenceNode):
            return value.value
    return []


def is_pipeline(node: yaml.Node) -> bool:
    if not isinstance(node, yaml.MappingNode):
        return False
    fields = {key.value: value.value for key, value in node.value if isinstance(key.value, str)}
    version, kind = fields.get("apiVersion"), fields.get("kind")
    return isinstance(version, str) and version.startswith(GROUP) and isinstance(kind, str) and kind != "Expand"


def reader_of(text: str) -> type | None:
    """PyYAML's own reader, or else libyaml's, which takes a little more."""
    for loader in (yaml.SafeLoader, yaml.CSafeLoader):
        with suppress(yaml.YAMLError, ValueError):
            items_of(text, loader)
            return loader
    return None


def written(node: yaml.Node, text: str) -> str:
    return text[node.start_mark.index : node.end_mark.index].rstrip()


def wrong(before: str, after: str, loader: type) -> str | None:
    """What is wrong with what came out."""
    went_in = items_of(before, loader)
    try:
        list(yaml.compose_all(after, Loader=loader))
        came_out = items_of(after, loader)
    except (yaml.YAMLError, ValueError) as error:
        return f"it cannot be read: {error}"

    others = [written(item, before) for item in went_in if not is_pipeline(item)]
    left = [written(item, after) for item in came_out]
    for other in others:
        if other not in left:
            return f"an object is gone: {other!r}"
        del left[: left.index(other) + 1]

    def has_odd_results(text: str) -> bool:
        return any(not isinstance(result, yaml.MappingNode) for result in items_of(text, loader, "results"))

    return "its results are no results" if has_odd_results(after) and not has_odd_results(before) else None


def run(tool: str, seed: int) -> tuple[int, str, str | None]:
    text = make(seed)
    done = subprocess.run([tool, "krm"], input=text.encode(), capture_output=True, check=False)
    after, said = done.stdout.decode(), done.stderr.decode()
    if done.returncode not in (0, 1, 2) or "panicked" in said:
        return seed, "broken down", said
    if done.returncode == 2:
        return seed, "refused: the list", "it printed something" if after else None
    before, after = text.removeprefix("\ufeff"), after.removeprefix("\ufeff")
    loader = reader_of(before)
    if loader is None:
        return seed, "as it was: YAML 1.2 only", None
    end = "expanded" if done.returncode == 0 else "refused: a pipeline"
    return seed, end, wrong(before, after, loader)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tool", help="streams-k8s")
    parser.add_argument("--lists", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    ends: Counter[str] = Counter()
    seeds = range(options.seed, options.seed + options.lists)
    with ThreadPoolExecutor(4) as pool:
        for seed, end, fault in pool.map(lambda seed: run(options.tool, seed), seeds):
            ends[end if fault is None else "WRONG"] += 1
            if fault is not None:
                Path(f"wrong-{seed}.yaml").write_text(make(seed), newline="")
                print(f"seed {seed}: {fault}")
    for end, number in ends.most_common():
        print(f"{number:>6}  {end}")
    return "WRONG" in ends


if __name__ == "__main__":
    sys.exit(main())
