"""Measures how often each warning is told, on the manifests of public repositories.

    python rates.py REPOSITORY…

Each Deployment, StatefulSet and DaemonSet in the newest commit of these git directories becomes a context as somebody
would write it who moves there: its first container is the pipeline's, its image the `image_name`, all else the
template. Fields of which the macro has a problem are left out one after the other. Prints for each code how many of the
contexts that render have it, and where.
"""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import yaml

import sentry_streams_k8s_wasm as macro

KINDS = {"Deployment", "StatefulSet", "DaemonSet"}
MOST_REPAIRS = 40


def texts(repository: str) -> Iterator[str]:
    """The YAML files of a repository."""

    def git(*arguments: str) -> bytes:
        return subprocess.run(["git", "-C", repository, *arguments], capture_output=True, check=True).stdout

    for line in git("ls-tree", "-r", "-z", "HEAD").decode().split("\0"):
        entry, _, name = line.partition("\t")
        if name.endswith((".yaml", ".yml")) and "/templates/" not in name:
            try:
                yield git("cat-file", "blob", entry.split()[2]).decode()
            except (UnicodeDecodeError, subprocess.CalledProcessError):
                continue


def workloads(text: str) -> Iterator[dict[str, Any]]:
    try:
        documents = list(yaml.load_all(text, yaml.CSafeLoader))
    except (yaml.YAMLError, ValueError):
        return
    for document in documents:
        items = document.get("items") if isinstance(document, dict) and document.get("kind") == "List" else [document]
        for item in items if isinstance(items, list) else []:
            if isinstance(item, dict) and item.get("kind") in KINDS:
                yield item


def context_of(workload: dict[str, Any]) -> dict[str, Any] | None:
    """The context of a workload; none where it has no pod to speak of."""
    try:
        template = workload["spec"]["template"]
        pod = dict(template["spec"])
        first, *others = pod.pop("containers")
        container = dict(first)
        image = container.pop("image")
    except (KeyError, TypeError, ValueError):
        return None
    container.pop("name", None)
    container.pop("resources", None)
    pod["containers"] = others
    return {
        "service_name": "service",
        "pipeline_name": "pipeline",
        "pipeline_module": "module.py",
        "image_name": image,
        "segment_id": 0,
        "cpu_per_process": 500,
        "memory_per_process": 512,
        "pipeline_config": {"pipeline": {"segments": [{"steps_config": {}}]}},
        "container_template": container,
        "deployment_template": {
            "spec": {"template": {"metadata": dict(template.get("metadata") or {}), "spec": pod}},
        },
    }


def warnings_of(context: dict[str, Any]) -> list[macro.Problem] | None:
    """What is warned of; none where it cannot be rendered even without what problems name."""
    for _ in range(MOST_REPAIRS):
        try:
            return list(macro.validate(context))
        except macro.ContextError as error:
            if not any(removed(context, problem.path) for problem in error.problems):
                return None
        except macro.ComponentError:
            return None
    return None


def removed(context: dict[str, Any], path: str) -> bool:
    """Removes a field of a template."""
    node: Any = context
    steps = path.replace("[", ".[").split(".")
    if steps[0] not in ("container_template", "deployment_template") or len(steps) < 2:
        return False
    for step in steps[:-1]:
        node = at(node, step)
        if node is None:
            return False
    last = steps[-1]
    if isinstance(node, dict) and last in node:
        del node[last]
        return True
    if isinstance(node, list) and last.startswith("[") and last[1:-1].isdigit() and int(last[1:-1]) < len(node):
        del node[int(last[1:-1])]
        return True
    return False


def at(node: Any, step: str) -> Any:
    if isinstance(node, list) and step.startswith("[") and step[1:-1].isdigit() and int(step[1:-1]) < len(node):
        return node[int(step[1:-1])]
    return node.get(step) if isinstance(node, dict) else None


def main() -> int:
    found: Counter[str] = Counter()
    places: dict[str, Counter[str]] = {}
    seen: set[str] = set()
    tried = rendered = warned = 0
    for repository in sys.argv[1:]:
        for text in texts(repository):
            for workload in workloads(text):
                context = context_of(workload)
                key = repr(context)
                if context is None or key in seen:
                    continue
                seen.add(key)
                tried += 1
                told = warnings_of(context)
                if told is None:
                    continue
                rendered += 1
                codes = {problem.code for problem in told}
                warned += bool(codes)
                found.update(codes)
                for problem in told:
                    place = "".join(c for c in problem.path if not c.isdigit()).replace(
                        "deployment_template.spec.template.", ""
                    )
                    places.setdefault(problem.code, Counter())[f"{place}: {problem.message[:70]}"] += 1

    print(f"{tried} workloads, {rendered} render, {warned} of them with a warning")
    for code, count in found.most_common():
        print(f"{count:>6}  {code}")
        for place, times in places[code].most_common(5):
            print(f"        {times:>5}  {place}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
