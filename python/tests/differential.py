"""This package beside the reference implementation, on contexts that hypothesis makes up.

    python differential.py --contexts 20000 --seed 1

Every difference must be one that `DEVIATIONS.md` names; the table this prints counts them by its rules. Needs
`sentry-streams-k8s` 0.0.10, sentry-infra-tools and PyYAML: the environment of `make test-python-reference`.
"""

import argparse
import copy
import datetime
import json
import math
import re
import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from markupsafe import Markup
from sentry_streams_k8s.pipeline_step import PipelineStep as Reference

import sentry_streams_k8s_wasm as macro

REPOSITORY = Path(__file__).parents[2]

# --- Contexts ---------------------------------------------------------------------------------------------------------

TRICKY = [
    "",
    "yes",
    "No",
    "null",
    "~",
    "1e5",
    "22:22",
    "0123",
    "2024-01-31",
    "a: b",
    "# c",
    "- d",
    "line 1\nline 2\n",
    "C:\\temp\\new",
    "both ' and \"",
    "\U0001f600 é",
    "\x7f\x85\u2028",
    " spaces ",
    "{{ x }}",
    "\\ud83d\\ude00",
]

text = st.one_of(st.sampled_from(TRICKY), st.text(max_size=8), st.from_regex(r"[a-z][a-z0-9-]{0,10}", fullmatch=True))
word = st.from_regex(r"[a-z]([a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True)
number = st.one_of(st.integers(-3, 70000), st.integers(), st.floats(width=64), st.sampled_from([1e16, 1e-5, 0.5, 1.0]))
scalar = st.one_of(text, number, st.booleans(), st.none())
value = st.recursive(
    scalar,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(text, inner, max_size=3)),
    max_leaves=6,
)
plain = st.recursive(
    st.one_of(text, st.integers(-9, 9), st.booleans()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(word, inner, max_size=3)),
    max_leaves=6,
)
# What PyYAML and Jinja can put into a context, and JSON cannot say.
python_value = st.one_of(
    st.dates(datetime.date(1970, 1, 1), datetime.date(2100, 1, 1)),
    st.datetimes(datetime.datetime(1970, 1, 1), datetime.datetime(2100, 1, 1)),
    st.dictionaries(st.one_of(st.integers(0, 20), st.booleans(), st.none(), st.floats(0, 9)), scalar, max_size=3),
    st.tuples(text, text),
    text.map(Markup),
)
labels = st.dictionaries(word, word, max_size=3)
resources = st.fixed_dictionaries(
    {},
    optional={
        "requests": st.fixed_dictionaries({}, optional={"ephemeral-storage": st.just("1Gi")}),
        "limits": st.fixed_dictionaries({}, optional={"cpu": st.sampled_from(["4", "8000m"])}),
    },
)
variables = st.lists(
    st.one_of(
        st.fixed_dictionaries({"name": word, "value": text}),
        st.fixed_dictionaries(
            {"name": word, "valueFrom": st.just({"fieldRef": {"fieldPath": "metadata.name"}})},
        ),
    ),
    max_size=4,
)
mounts = st.lists(st.fixed_dictionaries({"name": word, "mountPath": word.map("/{}".format)}), max_size=1)
container = st.fixed_dictionaries(
    {},
    optional={
        "securityContext": st.fixed_dictionaries({}, optional={"runAsUser": st.integers(0, 9)}),
        "env": variables,
        "ports": st.lists(st.fixed_dictionaries({"containerPort": st.integers(1, 65535)}), max_size=2),
        "resources": resources,
        "command": st.lists(text, max_size=2),
        "args": st.lists(text, max_size=2),
        "imagePullPolicy": st.sampled_from(["Always", "IfNotPresent"]),
        "workingDir": text,
        "lifecycle": st.just({"preStop": {"exec": {"command": ["sleep", "5"]}}}),
        "readinessProbe": st.just({"exec": {"command": ["true"]}, "periodSeconds": 5}),
        "tty": st.booleans(),
    },
)
sidecar = st.builds(lambda name, image, rest: {"name": name, "image": image, **rest}, word, word, container)
volume = st.fixed_dictionaries({"name": word}, optional={"emptyDir": st.just({})})
pod = st.fixed_dictionaries(
    {},
    optional={
        "serviceAccountName": word,
        "nodeSelector": labels,
        "containers": st.lists(sidecar, max_size=2),
        "initContainers": st.lists(sidecar, max_size=1),
        "volumes": st.lists(volume, max_size=2),
        "tolerations": st.just([{"key": "a", "operator": "Exists"}]),
        "restartPolicy": st.just("Always"),
        "terminationGracePeriodSeconds": st.integers(0, 90),
        "securityContext": st.just({"fsGroup": 1000}),
        "priorityClassName": word,
        "hostNetwork": st.booleans(),
    },
)
deployment = st.fixed_dictionaries(
    {},
    optional={
        "metadata": st.fixed_dictionaries(
            {},
            optional={
                "namespace": st.one_of(word, st.none()),
                "labels": labels,
                "annotations": st.dictionaries(word, text, max_size=3),
            },
        ),
        "spec": st.fixed_dictionaries(
            {},
            optional={
                "strategy": st.just({"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%"}}),
                "minReadySeconds": st.integers(0, 9),
                "template": st.fixed_dictionaries(
                    {},
                    optional={
                        "metadata": st.fixed_dictionaries(
                            {}, optional={"labels": labels, "annotations": st.dictionaries(word, text, max_size=2)}
                        ),
                        "spec": pod,
                    },
                ),
            },
        ),
        "kind": st.just("Deployment"),
    },
)
step = st.fixed_dictionaries(
    {},
    optional={
        "bootstrap_servers": st.lists(word, min_size=1, max_size=2),
        "parallelism": st.fixed_dictionaries(
            {}, optional={"multi_process": st.fixed_dictionaries({}, optional={"processes": st.integers(0, 4)})}
        ),
        "dlq": st.fixed_dictionaries({"topic": word, "bootstrap_servers": st.lists(word, min_size=1, max_size=2)}),
        "extra": value,
    },
)
segment = st.fixed_dictionaries({"steps_config": st.dictionaries(word, step, max_size=3)})
config = st.fixed_dictionaries(
    {"pipeline": st.fixed_dictionaries({"segments": st.lists(segment, max_size=2)}, optional={"extra": value})},
    optional={
        "env": st.dictionaries(word, value, max_size=2),
        "metrics": st.one_of(
            st.just({"type": "dummy"}),
            st.fixed_dictionaries({"type": st.just("log"), "period_sec": st.floats(0.1, 1e18)}),
            st.fixed_dictionaries(
                {"type": st.just("datadog"), "host": word, "port": st.sampled_from([8125, 8125.0])},
                optional={"tags": labels},
            ),
        ),
        "sentry_sdk_config": st.fixed_dictionaries({"dsn": text}),
        "anything": value,
    },
)
figure = st.one_of(st.integers(1, 9000), st.integers(0, 99000), st.sampled_from([500, 500, 500, 2.0, "500"]))
name = st.one_of(word, st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,20}[A-Za-z0-9])?", fullmatch=True))
odd_name = st.one_of(text, st.from_regex(r"[A-Za-z0-9._-]{1,300}", fullmatch=True))
required = {
    "service_name": name,
    "pipeline_name": name,
    "deployment_template": deployment,
    "container_template": container,
    "pipeline_config": config,
    "pipeline_module": name,
    "image_name": word.map("registry.example/{}:1.0".format),
    "cpu_per_process": figure,
    "memory_per_process": figure,
    "segment_id": st.one_of(st.integers(0, 2), st.sampled_from(["0", "1", 7])),
}
optional = {
    "log_level": st.sampled_from(["DEBUG", "INFO", "WARNING", "ERROR"]),
    "replicas": st.integers(0, 5),
    "emergency_patch": deployment,
    "enable_liveness_probe": st.booleans(),
    "container_name": word,
    "with_canary": st.booleans(),
}
# One field in some contexts, of a value that is not what it should be.
odd = {
    "service_name": odd_name,
    "pipeline_name": odd_name,
    "pipeline_module": odd_name,
    "container_name": st.one_of(odd_name, word.map(Markup)),
    "image_name": odd_name,
    "cpu_per_process": scalar,
    "memory_per_process": scalar,
    "segment_id": scalar,
    "replicas": scalar,
    "log_level": scalar,
    "with_canary": scalar,
    "enable_liveness_probe": scalar,
    "emergency_patch": st.one_of(scalar, value),
    "deployment_template": st.one_of(scalar, value, st.just({"spec": {"replicas": 5}})),
    "container_template": st.one_of(scalar, value, st.just({"livenessProbe": {"periodSeconds": 5}})),
    "pipeline_config": st.one_of(scalar, value),
}


def containers(node: Any) -> Iterator[Any]:
    """Every list and mapping of a value, itself included."""
    if isinstance(node, (dict, list)):
        yield node
        for child in node.values() if isinstance(node, dict) else node:
            yield from containers(child)


@st.composite
def contexts(draw: st.DrawFn) -> dict[str, Any]:
    """Contexts: most of them right, some disturbed in one place or two, some large, some partly YAML text."""
    context: dict[str, Any] = copy.deepcopy(draw(st.fixed_dictionaries(required, optional=optional)))
    if rarely(draw, 6):
        field = draw(st.sampled_from(list(odd)))
        context[field] = draw(odd[field])
    for _ in range(draw(st.sampled_from([0, 0, 0, 0, 0, 1, 2]))):
        disturb(draw, context)
    if rarely(draw, 50):
        enlarge(draw, context)
    for field in ("deployment_template", "container_template", "pipeline_config", "emergency_patch"):
        if isinstance(context.get(field), (dict, list)) and rarely(draw, 3):
            context[field] = yaml.safe_dump(
                without_subclasses(context[field]),
                sort_keys=draw(st.booleans()),
                allow_unicode=draw(st.booleans()),
                default_flow_style=draw(st.sampled_from([None, False, True])),
                width=draw(st.sampled_from([20, 80, 1000])),
            )
            if rarely(draw, 20):
                context[field] = Markup(context[field])
    return context


def rarely(draw: st.DrawFn, times: int) -> bool:
    """True once in so many times; not by 0, which hypothesis likes."""
    return draw(st.integers(1, times)) == times


def disturb(draw: st.DrawFn, context: dict[str, Any]) -> None:
    place = draw(st.sampled_from(list(containers(context))))
    if isinstance(place, list):
        place.insert(draw(st.integers(0, len(place))), draw(st.one_of(value, plain, python_value)))
        return
    match draw(st.sampled_from(["add", "replace", "replace", "remove"])):
        case "add":
            place[draw(st.one_of(text, st.integers(0, 9)))] = draw(st.one_of(value, plain, python_value))
        case "replace" if place:
            place[draw(st.sampled_from(list(place)))] = draw(st.one_of(value, plain, python_value))
        case "remove" if place:
            del place[draw(st.sampled_from(list(place)))]


def enlarge(draw: st.DrawFn, context: dict[str, Any]) -> None:
    """Up to some 100 KB."""
    count = draw(st.integers(1, 1500))
    if isinstance(context.get("pipeline_config"), dict):
        one = draw(value)
        context["pipeline_config"]["many"] = [copy.deepcopy(one) for _ in range(count)]
    if isinstance(context.get("container_template"), dict):
        context["container_template"]["env"] = [
            {"name": f"N{number}", "value": f"value {number}"} for number in range(count)
        ]


def without_subclasses(node: Any) -> Any:
    """The same for PyYAML, which dumps neither Markup nor, as a list, a tuple."""
    if isinstance(node, dict):
        return {key: without_subclasses(child) for key, child in node.items()}
    if isinstance(node, (list, tuple)):
        return [without_subclasses(child) for child in node]
    return str.__str__(node) if isinstance(node, str) else node


# --- Differences ------------------------------------------------------------------------------------------------------

CONFIG_TEXT = ("configmap", "data", "pipeline_config.yaml")


def outcome(step: Any, context: dict[str, Any]) -> Any:
    """What is rendered, or the exception."""
    try:
        step.validate_context(context)
        return step().run(context)
    except Exception as error:
        return error


def explain(context: dict[str, Any]) -> str:
    """Compares. Returns "same", "both fail", or the rule that names the difference; raises where there is none."""
    theirs = outcome(Reference, copy.deepcopy(context))
    ours = outcome(macro.PipelineStep, context)
    if isinstance(ours, Exception):
        if not isinstance(ours, macro.ContextError):
            raise AssertionError("neither manifests nor problems") from ours
        if not isinstance(theirs, Exception):
            return refused(context, ours)
        return both_fail(theirs, ours)
    if isinstance(theirs, Exception):
        return rendered_where_the_reference_fails(context, theirs)
    return rendered_by_both(context, theirs, ours)


def fail(reason: str, *details: object) -> str:
    raise AssertionError("\n".join([reason, *map(repr, details)]))


def both_fail(theirs: Exception, ours: macro.ContextError) -> str:
    """Callers of the reference catch our exception where it failed for something that we found too."""
    code = {"AssertionError": "missing-field", "ScalarOverwriteError": "scalar-overwrite"}.get(type(theirs).__name__)
    if code and ours.problems[0].code == code and not isinstance(ours, type(theirs)):
        return fail("an exception of another class", theirs, ours)
    if isinstance(theirs, AssertionError) and not isinstance(ours, AssertionError):
        return fail("a missing field is no AssertionError", theirs, ours)
    return "both fail"


def table(file: str, pattern: str) -> dict[str, str]:
    """The entries of `DEVIATIONS.md` that a table of the component's sources names, by what they explain."""
    text = (REPOSITORY / "src" / file).read_text("utf-8")
    found = dict(re.findall(pattern, text))
    if len(found) < 5:
        raise ValueError(f"there is no such table in src/{file} any more")
    return found


# The same two tables that the command line's `migrate-check` explains differences by.
CODES = table("problem/code.rs", r'\w+, "([a-z-]+)", \w+, \w+,(?:\s*"(?:[^"\\]|\\.)*",){2} Some\("(D\d+)"\);')
FIELDS = table("context/fields.rs", r'(?:required|optional)\("(\w+)", .*Some\("(D\d+)"\)')


def refused(context: dict[str, Any], ours: macro.ContextError) -> str:
    """The rules that the problems fall under."""
    rules = set()
    for problem in ours.problems:
        rule = FIELDS.get(problem.path) or CODES.get(problem.code)
        if problem.code == "unknown-field" and problem.path.isidentifier():
            rule = "D15"
        if rule is None:
            return fail(f"refused without a rule: {problem.code} at {problem.path}", problem)
        rules.add(rule)
    return "+".join(sorted(rules))


def rendered_where_the_reference_fails(context: dict[str, Any], theirs: Exception) -> str:
    patch = list(nodes(parsed(context.get("emergency_patch"))))
    name, message = type(theirs).__name__, str(theirs)
    if message.startswith("Multi-processing configuration can only"):
        return "D2"
    if name == "TypeMismatchError" and None in patch:
        return "D3"
    if name == "TypeMismatchError" and patch[1:]:
        return "D4"
    if message.startswith("sequence item"):
        return "D5"
    if name == "TypeMismatchError" and "Markup" in message:
        return "D22"
    if name == "ValidationError" and tuple in map(type, nodes(context)):
        return "D22"
    if name in {"AttributeError", "TypeError"} and not isinstance(outcome(Reference, alone(context)), Exception):
        return "D2"
    return fail(f"rendered where the reference fails: {name}", theirs)


def nodes(node: Any) -> Iterator[Any]:
    """Every value in a value, itself included."""
    yield node
    if isinstance(node, (dict, list, tuple)):
        for child in node.values() if isinstance(node, dict) else node:
            yield from nodes(child)


def processes(segments: Any) -> Any:
    """The multi-process setting that the reference finds first."""
    for one in segments:
        for settings_ in one.get("steps_config", {}).values():
            parallelism = settings_.get("parallelism")
            if isinstance(parallelism, dict) and (parallelism.get("multi_process") or {}).get("processes") is not None:
                return parallelism["multi_process"]["processes"]
    return None


def has_another_segments_processes(context: dict[str, Any]) -> bool:
    segments = parsed(context["pipeline_config"])["pipeline"]["segments"]
    try:
        own = segments[int(context["segment_id"])]
    except (IndexError, ValueError, TypeError):
        return False
    return bool(processes(segments) != processes([own]))


def alone(context: dict[str, Any]) -> dict[str, Any]:
    """The context with nothing in the segments that are not its own, where it has one."""
    config = copy.deepcopy(parsed(context["pipeline_config"]))
    segments = config["pipeline"]["segments"]
    for index in range(len(segments)):
        if str(index) != str(context["segment_id"]) and str(context["segment_id"]) in map(str, range(len(segments))):
            segments[index] = {}
    return {**context, "pipeline_config": config}


def has_figure_of_text(context: dict[str, Any]) -> bool:
    return any(isinstance(context[field], str) for field in ("cpu_per_process", "memory_per_process"))


def differences(left: Any, right: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(left, dict) and isinstance(right, dict) and list(left) == list(right):
        for key in left:
            yield from differences(left[key], right[key], (*path, key))
    elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        for index, (one, other) in enumerate(zip(left, right, strict=True)):
            yield from differences(one, other, (*path, index))
    elif (
        type(left) is not type(right) and not (isinstance(left, (str, dict, list)) and isinstance(right, type(left)))
    ) or left != right:
        yield path


def rendered_by_both(context: dict[str, Any], theirs: Any, ours: Any) -> str:
    rules = set()
    for path in differences(json_like(theirs), ours):
        if path == CONFIG_TEXT:
            rules.add("D11")
            meant = parsed(context["pipeline_config"])
            read = yaml.safe_load(ours["configmap"]["data"]["pipeline_config.yaml"])
            if not same(json_like(meant), json_like(read)):
                return fail("the consumer reads other values", meant, read)
        elif has_null_in_patch(context) and same(
            *(without_nulls(at(json_like(side), path)) for side in (theirs, ours))
        ):
            rules.add("D3")
        elif path[0] in {"deployment", "canary_deployment"} and has_another_segments_processes(context):
            rules.add("D2")
        elif path[0] in {"deployment", "canary_deployment"} and any(
            isinstance(node, list) and node for node in nodes(parsed(context.get("emergency_patch")))
        ):
            rules.add("D4")
        elif path[-2:-1] in {("requests",), ("limits",)} and has_figure_of_text(context):
            rules.add("D9")
        else:
            return fail(f"different values: {path[0]}", path, theirs, ours)
    return "+".join(sorted(rules)) or "same"


def at(node: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        node = node[step]
    return node


def has_null_in_patch(context: dict[str, Any]) -> bool:
    return any(node is None for node in nodes(parsed(context.get("emergency_patch"))))


def without_nulls(node: Any) -> Any:
    """A value without the keys that hold null, and without mappings that hold nothing else."""
    if isinstance(node, list):
        return [without_nulls(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {key: without_nulls(child) for key, child in node.items() if child is not None}
    return {key: child for key, child in kept.items() if child != {} or node[key] == {}}


def parsed(field: Any) -> Any:
    return (yaml.safe_load(field) if isinstance(field, str) else field) or {}


def json_like(node: Any) -> Any:
    """A value as JSON says it: text without subclasses, keys as text, tuples as lists, halves of characters joined."""
    if isinstance(node, dict):
        return {json_key(key): json_like(child) for key, child in node.items()}
    if isinstance(node, (list, tuple)):
        return [json_like(child) for child in node]
    if isinstance(node, (datetime.date, datetime.datetime)):
        return str(node)
    if isinstance(node, str):
        return str.__str__(node).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return node


def json_key(key: Any) -> Any:
    return json_like(key) if isinstance(key, str) else json.loads(json.dumps({key: 0}).rpartition(":")[0][1:])


def same(left: Any, right: Any) -> bool:
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, float) and isinstance(right, float):
        return math.copysign(1, left) == math.copysign(1, right) and (left == right or left != left != right)
    return type(left) is type(right) and left == right


# --- The command ------------------------------------------------------------------------------------------------------


BATCH = 200
"""Contexts of one seed: hypothesis varies what it made before, so many seeds see more than one."""


def run(count: int, start: int) -> tuple[Counter[str], dict[str, str]]:
    """Compares so many different contexts: how many fall under which rule, and an example of what none explains."""
    rules: Counter[str] = Counter()
    unexplained: dict[str, str] = {}
    seen: set[str] = set()

    def compare(context: dict[str, Any]) -> None:
        if len(seen) == count or (text := repr(context)) in seen:
            return
        seen.add(text)
        try:
            rules[explain(context)] += 1
        except AssertionError as difference:
            reason = str(difference).partition("\n")[0]
            rules[reason] += 1
            unexplained.setdefault(reason, f"{difference}\n{text}")

    number = start
    while len(seen) < count:
        batch = settings(
            max_examples=BATCH,
            phases=[Phase.generate],
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        seed(number)(batch(given(contexts())(compare)))()
        number += 1
    rules["contexts"], rules["largest"] = len(seen), max(map(len, seen))
    return rules, unexplained


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contexts", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=5, help="how many unexplained differences to print")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    began = time.monotonic()
    rules, unexplained = run(options.contexts, options.seed)
    print(
        f"{rules.pop('contexts')} contexts of up to {rules.pop('largest')} characters, seeds from {options.seed},",
        end=" ",
    )
    print(f"{time.monotonic() - began:.0f} s, component {macro.version()}")
    for rule, number in rules.most_common():
        print(f"{number:>8}  {rule}")
    print(f"{sum(rules[reason] for reason in unexplained):>8}  unexplained")
    for difference in list(unexplained.values())[: options.show]:
        print(difference, file=sys.stderr)
    return bool(unexplained)


if __name__ == "__main__":
    sys.exit(main())
