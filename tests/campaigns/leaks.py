"""Puts secrets into contexts at random places, and looks for them in all that is said of these contexts.

    python leaks.py --contexts 10000 target/debug/streams-k8s

A secret stands where a name says that it is one: as the value of an environment variable or a key, below one, behind an
argument, beside a comment, in a text in the context. Most contexts are wrong at it or near it: another type, an unknown
key, YAML or JSON that cannot be read, a damaged character. They go through the command line in every form, and through
the Python package; the same contexts are written for the hosts that have tests of their own.
Prints how many were looked at; returns 1 where any secret was shown.
"""

import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

import sentry_streams_k8s_wasm as macro

HEAD = """service_name: uptime
pipeline_name: results
pipeline_module: m.py
image_name: x:1
segment_id: 0
cpu_per_process: 1
memory_per_process: 1
"""
NAMES = ["DB_PASSWORD", "API_TOKEN", "SENTRY_DSN", "privateKey", "client-secret", "aws_credentials", "AUTH", "apiKey"]
SECRET = re.compile(r"hunter2x\d+")
BATCH = 250
"""Contexts that one process is given."""


class Maker:
    """Makes one context."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.secret = f"hunter2x{seed}"
        self.name = self.chance.choice(NAMES)

    def pick(self, *options: str) -> str:
        return self.chance.choice(options)

    def scalar(self) -> str:
        """The secret as YAML writes it: rightly or not."""
        s = self.secret
        return self.pick(
            s, s, s, f'"{s}"', f"'{s}'", f"{s} # note", f'"a {s} b"',
            f"@{s}", f"%{s}", f"*{s}", f"&{s}", f"!{s} x", f"!!{s} x", f"!x {s}", f"{s}: x",
            f'"{s}', f"'{s}", f'"{s}\\q"',
            f'"{s}" x', f"[{s}", f"[{s}, 1]", f"{{{s}: 1}}", f"{{a: {s}}}", f"`{s}", f"|{s}",
            f"{s}\x01", f"- {s}", f"? {s}", f"&a {s}",
        )  # fmt: skip

    def below(self, column: int) -> str:
        """The secret in the lines below its key."""
        at, s = " " * (column + 2), self.secret
        return self.pick(
            f"\n{at}{self.scalar()}", f"\n{at}{s}:", f"\n{at}- {self.scalar()}", f" |\n{at}a\n{at}{s}",
            f" >\n{at}{s}\n{at} b", f' "a\n{at}{s}\n{at}b"', f"\n{at}a:\n{at}  b: {s}", f"\n{at}{s}: 1",
            f" |\n\t{s}", f"\n{at}a: 1\n{at}a: {s}",
            f"\n{at}{{a: 1,\n{at} {s}: 2}}", f"\n{at}# {s}\n{at}[]",
        )  # fmt: skip

    def value(self, column: int) -> str:
        return " " + self.scalar() if self.chance.random() < 0.5 else self.below(column)

    def other(self, at: str) -> str:
        """Lines beside it, right or wrong."""
        return self.pick(
            "", "", f"{at}x: 1\n", f"{at}replicas: x\n", f"{at}image: 5\n", f"{at}a: b: c\n", f"{at}- 1\n", f"{at}\ty\n"
        )

    def container(self) -> str:
        """A container's lines, at no column."""
        kind = self.chance.randrange(9)
        name, s = self.name, self.secret
        if kind == 0:
            key = self.pick("value", "value", "vaule", "text", "valueFrom")
            return f"env:\n- name: {name}\n  {key}:{self.value(2)}\n" + self.other("  ")
        if kind == 1:
            return f"env:\n- value:{self.value(2)}\n  name: {name}\n" + self.other("  ")
        if kind == 2:
            return f"env: [{{name: {name},\n    value: {self.scalar()}}}, {self.pick('5', '{name: A}', '{nme: B}')}]\n"
        if kind == 3:
            return f"{self.pick('args', 'command')}:\n- --{name}\n- {self.scalar()}\n- {self.pick('5', 'x', '{}')}\n"
        if kind == 4:
            argument = self.pick("--", "export ") + f"{name}={s}"
            return f"{self.pick('args', 'command')}: [{argument}, {self.pick('5', 'x', '[]')}]\n"
        if kind == 5:
            return f"env:\n# {name} is {s}\n{self.pick('5', '- 5', '- nme: 1', '- name: A')}\n"
        if kind == 6:
            return f"{name}:{self.value(0)}\n" + self.other("")
        if kind == 7:
            return f"lifecycle:\n  postStart:\n    httpGet:\n      {name}:{self.value(6)}\n      port: {{}}\n"
        return f"envFrom: &a\n- {s}\nenv: [{{name: {name}, value: *a}}]\n"

    def deployment(self) -> str:
        name = self.name
        return self.pick(
            f"metadata:\n  annotations:\n    {name}:{self.value(4)}\n" + self.other("    "),
            f"spec:\n  template:\n    metadata:\n      labels:\n        {name}:{self.value(8)}\n",
            f"spec:\n  {name}:{self.value(2)}\n" + self.other("  "),
            f"spec:\n  template:\n    spec:\n      volumes:\n      - name: a\n        {name}:{self.value(8)}\n",
        )

    def config(self) -> str:
        name = self.name
        return self.pick(
            f"pipeline: {{segments: []}}\nsentry_sdk_config:\n  dsn:{self.value(2)}\n" + self.other("  "),
            f"pipeline:\n  segments:\n  - steps_config:\n      a:\n        {name}:{self.value(8)}\n",
            f"pipeline: {{segments: []}}\n{name}:{self.value(0)}\n" + self.other(""),
            f"pipeline: {{segments: x}}\nmetrics:\n  type: datadogg\n  {name}:{self.value(2)}\n",
        )

    def field(self, name: str, text: str) -> str:
        """A field of the context: as YAML, or as text in it."""
        indented = "".join(f"  {line}\n" if line else "\n" for line in text.split("\n")[:-1])
        kind = self.chance.random()
        if kind < 0.7:
            return f"{name}:\n{indented}"
        if kind < 0.9:
            return f"{name}: |\n{indented}"
        return f"{name}: {json.dumps(text)}\n"

    def context(self) -> str:
        place = self.chance.randrange(5)
        fields = {
            "deployment_template": "deployment_template: {}\n",
            "container_template": "container_template: {}\n",
            "pipeline_config": "pipeline_config: {pipeline: {segments: []}}\n",
        }
        if place == 0:
            fields["deployment_template"] = self.field("deployment_template", self.deployment())
        elif place == 1:
            fields["pipeline_config"] = self.field("pipeline_config", self.config())
        elif place == 2:
            text = self.pick(
                self.deployment(),
                "spec:\n  template:\n    spec:\n      containers:\n      - name: x\n        "
                + self.container().replace("\n", "\n        ").rstrip(" "),
            )
            fields["emergency_patch"] = self.field("emergency_patch", text)
        elif place == 3 and self.chance.random() < 0.3:
            fields["more"] = f"{self.name}:{self.value(0)}\n"
        else:
            fields["container_template"] = self.field("container_template", self.container())
        parts = list(fields.values())
        self.chance.shuffle(parts)
        text = HEAD.replace("segment_id: 0", self.pick("segment_id: 0", "segment_id: x", "segment: 0")) + "".join(parts)
        if self.chance.random() < 0.15:
            text = self.as_json(text)
        return self.damaged(text) if self.chance.random() < 0.5 else text

    def as_json(self, text: str) -> str:
        """The same kind of context as JSON, on one line or on many."""
        value = {
            "service_name": 5,
            "container_template": {
                "env": [{"name": self.name, "value": self.secret, "x": "y" * self.chance.choice([1, 300])}]
            },
        }
        dumped = json.dumps(value, indent=self.chance.choice([None, 1]))
        return dumped.replace(
            f'"{self.secret}"',
            self.pick(
                f'"{self.secret}"',
                f'"{self.secret}\\x"',
                f'{{"{self.secret}": 1}}',
                f'["{self.secret}"]',
                f'"{self.secret}',
            ),
        )

    def damaged(self, text: str) -> str:
        """With a character too many or too few, but not in the secret nor in its name, which must stay known."""
        kept = [
            match.span() for word in (self.secret, self.name, "dsn") for match in re.finditer(re.escape(word), text)
        ]
        places = [at for at in range(1, len(text)) if not any(start < at + 1 and at < end + 1 for start, end in kept)]
        near = [at for at in places if abs(at - text.find(self.secret)) < 60]
        at = self.chance.choice(near or places)
        if self.chance.random() < 0.3:
            return text[:at] + text[at + 1 :]
        return text[:at] + self.chance.choice("\t :-&*!|>'\"%@`{}[],?\\\n") + text[at:]


def as_pipeline(text: str) -> str:
    spec = "".join(f"  {line}\n" for line in text.splitlines())
    return f"apiVersion: streams.sentry.io/v1alpha1\nkind: StreamingPipeline\nmetadata: {{name: p}}\nspec:\n{spec}"


class Looked:
    """What was looked at, and what was shown."""

    def __init__(self) -> None:
        self.texts: Counter[str] = Counter()
        self.shown: dict[str, dict[int, str]] = {}

    def at(self, form: str, texts: int, said: str) -> None:
        self.texts[form] += texts
        for line in said.splitlines():
            for found in SECRET.findall(line):
                seed = int(found.removeprefix("hunter2x"))
                self.shown.setdefault(form, {}).setdefault(seed, line.strip()[:300])


def command_line(tool: Path, contexts: dict[int, str], folder: Path, every: int, looked: Looked) -> None:
    def run(*arguments: str, stdin: str | None = None) -> tuple[str, str]:
        done = subprocess.run(
            [tool, *arguments],
            cwd=folder,
            input=None if stdin is None else stdin.encode(),
            capture_output=True,
            check=False,
        )
        return done.stdout.decode(), done.stderr.decode()

    for seed, text in contexts.items():
        (folder / f"{seed}.yaml").write_text(text, newline="")
        (folder / f"{seed}.stream").write_text(as_pipeline(text), newline="")
    (folder / "right.yaml").write_text(
        HEAD + "deployment_template: {}\ncontainer_template: {}\npipeline_config: {pipeline: {segments: []}}\n"
    )

    files = [f"{seed}.yaml" for seed in contexts]
    for form in (["validate"], ["validate", "--format", "json"], ["validate", "--set", "replicas=x"]):
        looked.at(" ".join(form), len(files), "".join(run(*form, *files)))
    # What is rendered holds secrets: only what is said beside it is looked at.
    looked.at("render", len(files), run("render", *files)[1])
    looked.at("expand", len(files), run("expand", *(f"{seed}.stream" for seed in contexts))[1])
    for seed, text in list(contexts.items())[::every]:
        file = f"{seed}.yaml"
        looked.at("explain", 1, run("explain", file)[1])
        for old, new in (("right.yaml", file), (file, "right.yaml")):
            looked.at("diff", 1, "".join(run("diff", old, new, "-o", ("text", "json", "markdown")[seed % 3])))
        (folder / "template.yaml").write_text(text[text.find("container_template:") + len("container_template:") :])
        looked.at(
            "validate --set-file",
            1,
            "".join(run("validate", "right.yaml", "--set-file", "container_template=template.yaml")),
        )
        item = "- " + as_pipeline(text).replace("\n", "\n  ").rstrip(" ")
        out, said = run("krm", stdin=f"apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n{item}")
        looked.at("krm", 1, said + "\n".join(line for line in out.splitlines() if line.startswith("results:")))


def python_package(contexts: dict[int, str], looked: Looked) -> None:
    for text in contexts.values():
        for context in given(text):
            for function in (macro.render, macro.validate, macro.explain):
                with warnings.catch_warnings(record=True) as told:
                    warnings.simplefilter("always")
                    try:
                        function(context)
                        said = ""
                    except macro.ContextError as error:
                        said = f"{error}\n{error!r}\n{error.problems}"
                said += "\n".join(str(warning.message) for warning in told)
                looked.at(f"python {function.__name__}", 1, said)


def given(text: str) -> Iterator[Any]:
    """The context as text, and as Python's values where it can be read."""
    yield text
    try:
        value = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):
        return
    if isinstance(value, dict):
        yield value


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tool", type=Path, help="streams-k8s")
    parser.add_argument("--contexts", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", type=int, default=5, help="of how many contexts one has processes of its own")
    parser.add_argument("--write", type=Path, help="a file for the contexts, as a JSON list of texts")
    options = parser.parse_args()

    seeds = list(range(options.seed, options.seed + options.contexts))
    contexts = {seed: Maker(seed).context() for seed in seeds}
    if options.write:
        options.write.parent.mkdir(parents=True, exist_ok=True)
        options.write.write_text(json.dumps(list(contexts.values())))

    looked = Looked()
    for start in range(0, len(seeds), BATCH):
        part = {seed: contexts[seed] for seed in seeds[start : start + BATCH]}
        with tempfile.TemporaryDirectory() as folder:
            command_line(options.tool.resolve(), part, Path(folder), options.every, looked)
        python_package(part, looked)

    for form, shown in looked.shown.items():
        for seed, line in shown.items():
            print(f"{form}: seed {seed}: {line}")
    for form, texts in looked.texts.items():
        print(f"{texts:>7}  {form}: {len(looked.shown.get(form, ()))} shown")
    return bool(looked.shown)


if __name__ == "__main__":
    sys.exit(main())
