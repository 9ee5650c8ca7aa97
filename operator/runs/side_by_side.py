#!/usr/bin/env python3
"""This operator and the reference's on one control plane, one after the other for each number of pipelines, so that
ratios hold on a machine that does other things too.

    tests/cluster/cluster with operator/runs/side_by_side.py --ours PROGRAM --reference PROGRAM

Both put their objects into a workload namespace, which is the only way of the reference's. Prints a table in Markdown.
"""

import argparse
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cluster import (
    ACCOUNT,
    STATE,
    Api,
    Audit,
    Operator,
    account_config,
    condition,
    deployment_of,
    deployments_path,
    image_of,
    in_parallel,
    install,
    kubectl,
    pipeline,
    pipelines_path,
    start_ours,
    wait_until,
)

# The reference's operator looks at each pipeline so often, in seconds.
CYCLE = 60


@dataclass
class Figures:
    """What was seen of one operator at one number of pipelines."""

    created_after: float = 0
    calls_to_create: float = 0
    calls_at_rest: float = 0
    processor_at_rest: float = 0
    processor_to_create: float = 0
    memory: float = 0
    memory_at_most: float = 0
    changes: list[float] = field(default_factory=list)
    calls_to_change: float = 0
    repairs: list[float] = field(default_factory=list)


class Run:
    """One operator at one number of pipelines."""

    def __init__(self, api: Api, operator: Operator, user: str, count: int, place: str) -> None:
        self.api, self.operator, self.user, self.count = api, operator, user, count
        self.pipelines, self.workloads = place, f"{place}-w"
        self.names = [f"p{number}" for number in range(count)]
        self.figures = Figures()

    def measure(self, rest: float, changes: int, repairs: int) -> Figures:
        self.create()
        self.rest(rest)
        self.change(changes)
        for number in range(repairs):
            self.figures.repairs.append(self.repair(self.names[number % self.count]))
        self.figures.memory_at_most = self.operator.memory("VmHWM")
        return self.figures

    def create(self) -> None:
        audit, begin = Audit(), time.monotonic()
        processor = self.operator.processor_seconds()
        path = pipelines_path(self.pipelines)
        in_parallel(lambda name: self.api.request("POST", path, pipeline(name)), self.names)
        deployments = deployments_path(self.workloads)
        wait_until("deployments", lambda: self.api.count(deployments) >= self.count, 1800, 0.1)
        self.figures.created_after = time.monotonic() - begin
        wait_until("the statuses", self.is_applied, 1800, 2)
        self.figures.processor_to_create = self.operator.processor_seconds() - processor
        self.figures.calls_to_create = total(audit.requests(self.user)) / self.count

    def is_applied(self) -> bool:
        items = self.api.items(pipelines_path(self.pipelines))
        return all(condition(item, "Applied").get("status") == "True" for item in items)

    def is_available(self) -> bool:
        items = self.api.items(deployments_path(self.workloads))
        return all(item["status"].get("availableReplicas", 0) == item["spec"]["replicas"] for item in items)

    def rest(self, seconds: float) -> None:
        # What the pods that become ready make it do is not rest.
        wait_until("the pods", self.is_available, 1800, 2)
        time.sleep(15)
        audit, processor, begin = Audit(), self.operator.processor_seconds(), time.monotonic()
        time.sleep(seconds)
        passed = time.monotonic() - begin
        share = self.operator.processor_seconds() - processor
        self.figures.processor_at_rest = 100 * share / passed
        self.figures.calls_at_rest = total(audit.requests(self.user)) / self.count / passed * 60
        self.figures.memory = self.operator.memory()

    def change(self, count: int) -> None:
        audit, begin = Audit(), time.monotonic()
        for number in range(count):
            name, image = self.names[number % self.count], f"example.com/image:{number + 2}"
            self.figures.changes.append(self.change_image(name, image))
        time.sleep(3)
        # Less what it asks anyway.
        anyway = self.figures.calls_at_rest * self.count / 60 * (time.monotonic() - begin)
        calls = total(audit.requests(self.user)) - anyway
        self.figures.calls_to_change = max(0.0, calls) / count

    def change_image(self, name: str, image: str) -> float:
        path, patch = pipelines_path(self.pipelines, name), {"spec": {"image_name": image}}
        return self.until_standing(
            name,
            lambda: self.api.request("PATCH", path, patch),
            lambda deployment: image_of(deployment) == image,
        )

    def repair(self, name: str) -> float:
        path = deployments_path(self.workloads, deployment_of(name))
        damage = {"spec": {"template": {"spec": {"terminationGracePeriodSeconds": 7}}}}

        def is_right(deployment: dict) -> bool:
            seconds = deployment["spec"]["template"]["spec"]["terminationGracePeriodSeconds"]
            return bool(seconds != 7)

        return self.until_standing(name, lambda: self.api.request("PATCH", path, damage), is_right)

    def until_standing(self, name: str, act: Callable[[], object], is_so: Callable[[dict], bool]) -> float:
        """Acts, and says how many seconds later its Deployment is so."""
        path = deployments_path(self.workloads, deployment_of(name))
        act()
        begin = time.monotonic()
        wait_until(name, lambda: is_so(self.api.get(path)), 3 * CYCLE, 0.002)
        return time.monotonic() - begin

    def clear(self) -> None:
        # The operator lets its pipelines go.
        self.api.request("DELETE", pipelines_path(self.pipelines))
        path = pipelines_path(self.pipelines)
        wait_until("the pipelines to be gone", lambda: self.api.count(path) == 0, 1800, 1)


def total(requests: Counter[str]) -> int:
    return sum(requests.values())


def start_reference(program: str, workloads: str) -> Operator:
    config = account_config("reference", "reference", "reference")
    environment = {"KUBECONFIG": str(config), "WORKLOAD_NAMESPACE": workloads}
    return Operator("reference", [program], environment, STATE / "reference.log")


def prepare_reference() -> None:
    account = {"apiVersion": "v1", "kind": "ServiceAccount"}
    account["metadata"] = {"name": "reference", "namespace": "reference"}
    api = Api()
    api.make_namespace("reference")
    api.request("POST", "/api/v1/namespaces/reference/serviceaccounts", account)
    bind = ["create", "clusterrolebinding", "reference", "--clusterrole=cluster-admin"]
    kubectl(*bind, "--serviceaccount=reference:reference")


# Each row, and how it is made of what was seen and of the number of pipelines.
ROWS: list[tuple[str, Callable[[Figures, int], str]]] = [
    ("created at once: the last Deployment is there after, s", lambda f, _: f"{f.created_after:.1f}"),
    ("API calls to create one", lambda f, _: f"{f.calls_to_create:.1f}"),
    ("processor time to create one, ms", lambda f, n: f"{f.processor_to_create / n * 1000:.0f}"),
    ("API calls a minute at rest, for one", lambda f, _: f"{f.calls_at_rest:.1f}"),
    ("processor at rest, % of a core", lambda f, _: f"{f.processor_at_rest:.1f}"),
    ("change → Deployment, median, ms", lambda f, _: f"{statistics.median(f.changes) * 1000:.0f}"),
    ("change → Deployment, longest, ms", lambda f, _: f"{max(f.changes) * 1000:.0f}"),
    ("API calls for a change", lambda f, _: f"{f.calls_to_change:.1f}"),
    ("drift repaired after, longest, s", lambda f, _: f"{max(f.repairs):.2f}"),
    ("memory at rest, MB", lambda f, _: f"{f.memory:.0f}"),
    ("memory at most, MB", lambda f, _: f"{f.memory_at_most:.0f}"),
]


def table(seen: dict[int, dict[str, Figures]]) -> str:
    lines = ["| pipelines | | this operator | the reference's |", "|--:|---|--:|--:|"]
    for count, figures in seen.items():
        for number, (name, show) in enumerate(ROWS):
            shown = [show(figures[who], count) for who in ("ours", "reference")]
            lines.append(f"| {count if number == 0 else ''} | {name} | {' | '.join(shown)} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--ours", default="target/release/streams-k8s-operator")
    parser.add_argument("--reference", required=True, help="the reference's streams-k8s-operator")
    parser.add_argument("--pipelines", default="1,50,200,1000")
    parser.add_argument("--rest", type=float, default=2 * CYCLE, help="seconds to listen at rest")
    parser.add_argument("--changes", type=int, default=10)
    parser.add_argument("--repairs", type=int, default=3)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()

    install()
    prepare_reference()
    api = Api()
    seen: dict[int, dict[str, Figures]] = {}
    for count in map(int, options.pipelines.split(",")):
        for who in ("ours", "reference"):
            place = f"side-{count}-{who}"
            api.make_namespace(place)
            api.make_namespace(f"{place}-w")
            if who == "ours":
                mode = ["--workload-namespace", f"{place}-w"]
                operator = start_ours(options.ours, "ours", *mode)
                user = f"system:serviceaccount:{ACCOUNT}:{ACCOUNT}"
            else:
                operator = start_reference(options.reference, f"{place}-w")
                user = "system:serviceaccount:reference:reference"
            time.sleep(8)
            run = Run(api, operator, user, count, place)
            try:
                figures = run.measure(options.rest, options.changes, options.repairs)
                print(f"{count} {who}: {figures}", file=sys.stderr, flush=True)
                run.clear()
            finally:
                operator.end()
            seen.setdefault(count, {})[who] = figures
    text = table(seen)
    print(text)
    if options.output:
        options.output.write_text(text + "\n")


if __name__ == "__main__":
    main()
