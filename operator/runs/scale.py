#!/usr/bin/env python3
"""Ten thousand pipelines, and how long things take.

    tests/cluster/cluster with operator/runs/scale.py --ours PROGRAM [--pipelines 10000]

Times are those of the API server's audit log: from a change that it has taken to the write that follows from it.
Prints a table in Markdown. The pipelines have no pods unless --replicas asks for some: those are Kubernetes' work.
"""

import argparse
import copy
import http.client
import json
import os
import random
import re
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from cluster import (
    ACCOUNT,
    ROOT,
    STATE,
    Api,
    Audit,
    Json,
    Operator,
    deployment_of,
    deployments_path,
    in_parallel,
    install,
    is_settled,
    kubectl,
    percentile,
    pipeline,
    pipelines_path,
    start_ours,
    wait_until,
)

NAMESPACE = "scale"
USER = f"system:serviceaccount:{ACCOUNT}:{ACCOUNT}"


def when(event: Json) -> float:
    return datetime.fromisoformat(event["stageTimestamp"]).timestamp()


class Scale:
    """The run, part by part; each adds rows to the table."""

    def __init__(self, api: Api, options: argparse.Namespace) -> None:
        self.api, self.options = api, options
        self.random = random.Random(options.seed)
        self.names = [f"p{number}" for number in range(options.pipelines)]
        self.rows: list[tuple[str, str, str]] = []
        self.starts = 0
        self.operators: list[Operator] = []
        self.images = 1

    def row(self, figure: str, goal: str, seen: str) -> None:
        self.rows.append((figure, goal, seen))
        print(f"{figure}: {seen} (goal: {goal})", file=sys.stderr, flush=True)

    def start(self, *options: str) -> Operator:
        self.starts += 1
        operator = start_ours(self.options.ours, f"scale-{self.starts}", *options)
        self.operators.append(operator)
        return operator

    def end(self) -> None:
        for operator in self.operators:
            if operator.process.poll() is None:
                operator.end()

    def cold_start(self) -> Operator:
        self.api.make_namespace(NAMESPACE)
        path, replicas = pipelines_path(NAMESPACE), self.options.replicas
        in_parallel(lambda name: self.api.request("POST", path, pipeline(name, replicas)), self.names)
        begin, operator = time.monotonic(), self.start()
        deployments = deployments_path(NAMESPACE)
        wait_until("all", lambda: self.api.count(deployments) >= len(self.names), 3600, 0.5)
        self.row(
            f"cold start, {len(self.names)} pipelines, nothing there → all written",
            "180 s",
            f"{time.monotonic() - begin:.0f} s",
        )
        self.until_all_settled()
        self.row(
            "processor time of that",
            "",
            f"{operator.processor_seconds():.0f} s, {self.share(operator):.0%} of it all",
        )
        return operator

    def share(self, operator: Operator) -> float:
        """What part of all processor time since the start the operator took, beside the control plane."""
        ticks = os.sysconf("SC_CLK_TCK")
        everything = operator.processor_seconds()
        for path in STATE.glob("*.pid"):
            stat = Path(f"/proc/{path.read_text().strip()}/stat").read_text()
            fields = stat.rsplit(") ", 1)[1].split()
            everything += (int(fields[11]) + int(fields[12])) / ticks
        return operator.processor_seconds() / everything

    def until_all_settled(self) -> None:
        path = pipelines_path(NAMESPACE)
        wait_until("all ready", lambda: all(map(is_settled, self.api.items(path))), 3600, 5)

    def rest(self, operator: Operator) -> None:
        # Deployments still tell of themselves.
        time.sleep(20)
        audit, processor = Audit(), operator.processor_seconds()
        time.sleep(self.options.rest)
        calls = sum(audit.requests(USER).values())
        used = 100 * (operator.processor_seconds() - processor) / self.options.rest
        seconds = f"{self.options.rest:.0f} s"
        self.row("API calls at rest, but for lease and watches", "0", f"{calls} in {seconds}")
        self.row("processor at rest", "", f"{used:.2f} % of a core")
        self.row(
            f"memory at {len(self.names)} pipelines",
            "150 MB",
            f"{operator.memory():.0f} MB; at most, while they were created, {operator.memory('VmHWM'):.0f} MB",
        )

    def restart(self, *options: str) -> Operator:
        audit, begin = Audit(), time.monotonic()
        operator = self.start(*options)
        wait_until("ready", lambda: "200 OK" in get(operator, "/readyz"), 600, 0.05)
        self.row("restart with all in place → ready", "15 s", f"{time.monotonic() - begin:.1f} s")
        counter = 'streams_operator_reconciles_total{result="ok"}'
        wait_until("all looked at", lambda: metric(operator, counter) >= len(self.names), 600, 0.2)
        writes = [key for key in audit.requests(USER) if not key.startswith(("get", "list"))]
        self.row("→ all looked at; writes", "0", f"{time.monotonic() - begin:.1f} s; {len(writes)}")
        return operator

    def change(self, names: list[str]) -> list[float]:
        """Changes one after the other; says how long each took to be written to the Deployment."""
        return self.timed(
            names,
            lambda name, number: self.api.request(
                "PATCH",
                pipelines_path(NAMESPACE, name),
                {"spec": {"image_name": f"example.com/image:{number}"}},
            ),
            "streamingpipelines",
        )

    def damage(self, names: list[str]) -> list[float]:
        return self.timed(
            names,
            lambda name, number: self.api.request(
                "PATCH",
                deployments_path(NAMESPACE, deployment_of(name)),
                {"spec": {"minReadySeconds": None, "paused": None, "replicas": 3 + number % 9}},
            ),
            "deployments",
        )

    def timed(self, names: list[str], act: Callable[[str, int], Json], resource: str) -> list[float]:
        audit = Audit()
        for name in names:
            self.images += 1
            act(name, self.images)
            time.sleep(self.options.pause)
        took: list[float] = []

        def has_followed() -> bool:
            took[:] = times(audit, names, resource)
            return len(took) == len(names)

        wait_until("what follows", has_followed, 60, 2)
        return took

    def at_once(self, count: int) -> None:
        names = self.random.sample(self.names, min(count, len(self.names)))
        self.images += 1
        patch = {"spec": {"image_name": f"example.com/image:{self.images}"}}
        audit = Audit()
        in_parallel(lambda name: self.api.request("PATCH", pipelines_path(NAMESPACE, name), patch), names)
        deployments = {deployment_of(name) for name in names}

        def written() -> dict[str, float]:
            return {
                event["objectRef"]["name"]: when(event)
                for event in audit.events()
                if is_write(event) and event["objectRef"]["name"] in deployments
            }

        wait_until("all", lambda: len(written()) == len(names), 600, 1)
        asked = [
            when(event)
            for event in audit.events()
            if event["verb"] == "patch"
            and event["objectRef"].get("resource") == "streamingpipelines"
            and event["user"]["username"] != USER
        ]
        took = max(written().values()) - min(asked)
        asking = max(asked) - min(asked)
        self.row(
            f"{len(names)} pipelines changed at once → all written",
            "15 s",
            f"{took:.1f} s, of which the changes themselves took {asking:.1f} s",
        )

    def leader_killed(self, leader: Operator) -> None:
        self.start()
        time.sleep(5)
        audit, name = Audit(), self.names[0]
        leader.kill()
        begin = time.time()
        self.images += 1
        patch = {"spec": {"image_name": f"example.com/image:{self.images}"}}
        self.api.request("PATCH", pipelines_path(NAMESPACE, name), patch)

        def written() -> list[float]:
            wanted = deployment_of(name)
            return [when(event) for event in audit.events() if is_write(event) and event["objectRef"]["name"] == wanted]

        wait_until("the other", lambda: bool(written()), 120, 0.5)
        self.row("leader killed → another works", "20 s", f"{written()[0] - begin:.1f} s")

    def reviews(self, operator: Operator, authority: str) -> None:
        """Asks for reviews as the API server does: one connection, a request at a time."""
        # What was changed before still rolls out, with both processors.
        self.until_all_settled()
        address = saying(operator, "reviews")
        host, _, port = address.rpartition(":")
        connection = http.client.HTTPSConnection(host, int(port), context=ssl.create_default_context(cafile=authority))
        took = []
        for number in range(self.options.reviews):
            old = self.api.get(pipelines_path(NAMESPACE, self.random.choice(self.names)))
            new = copy.deepcopy(old)
            new["spec"]["image_name"] = f"example.com/image:{number}"
            request = {"uid": str(number), "namespace": NAMESPACE, "object": new, "oldObject": old}
            body = json.dumps({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request})

            begin = time.monotonic()
            connection.request("POST", "/review", body, {"Content-Type": "application/json"})
            answer = json.loads(connection.getresponse().read())
            took.append(time.monotonic() - begin)
            if not answer["response"]["allowed"]:
                raise RuntimeError(f"refused: {answer}")
        self.row(
            "review of a changed pipeline",
            "p99 10 ms",
            f"p50 {percentile(took, 0.5) * 1000:.1f} ms, p99 {percentile(took, 0.99) * 1000:.1f} ms",
        )

    def growth(self, operator: Operator) -> None:
        seconds = self.options.growth
        before, begin = operator.memory(), time.monotonic()
        while time.monotonic() - begin < seconds:
            self.change([self.random.choice(self.names)])
        grown = operator.memory() - before
        self.row(
            "memory under changes one after the other",
            "< 1 % an hour",
            f"{before:.0f} MB, after {seconds / 60:.0f} min {grown:+.1f} MB",
        )


def is_write(event: Json) -> bool:
    is_ours = event["user"]["username"] == USER and event["verb"] == "patch"
    return is_ours and event["objectRef"].get("resource") == "deployments"


def times(audit: Audit, names: list[str], resource: str) -> list[float]:
    """From each change by somebody else to the operator's first write of the Deployment after it, if there was one."""
    name_of = {deployment_of(name): name for name in names}
    asked: dict[str, float] = {}
    took = []
    for event in sorted(audit.events(), key=when):
        place = event.get("objectRef", {})
        if event["verb"] != "patch" or place.get("namespace") != NAMESPACE:
            continue
        is_ours = event["user"]["username"] == USER
        name = name_of.get(place["name"], place["name"])
        if not is_ours and place["resource"] == resource and not place.get("subresource"):
            asked[name] = when(event)
        elif is_write(event) and name in asked:
            took.append(when(event) - asked.pop(name))
    return took


def saying(operator: Operator, what: str) -> str:
    """What its log says of an address; nothing as long as it has not said it."""
    found = re.search(rf'"{what}":"([^"]+)"', operator.log.read_text())
    return found[1] if found else ""


def get(operator: Operator, path: str) -> str:
    address = saying(operator, "address")
    if not address:
        return ""
    command = ["curl", "-sS", "-i", f"http://{address}{path}"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def metric(operator: Operator, name: str) -> float:
    found = re.search(re.escape(name) + r" ([0-9.e+-]+)", get(operator, "/metrics"))
    return float(found[1]) if found else 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--ours", default="target/release/streams-k8s-operator")
    parser.add_argument("--pipelines", type=int, default=10_000)
    parser.add_argument("--replicas", type=int, default=0)
    parser.add_argument("--changes", type=int, default=200)
    parser.add_argument("--repairs", type=int, default=100)
    parser.add_argument("--at-once", type=int, default=1000)
    parser.add_argument("--reviews", type=int, default=1000)
    parser.add_argument("--pause", type=float, default=0.2, help="seconds between changes")
    parser.add_argument("--rest", type=float, default=120, help="seconds to listen at rest")
    parser.add_argument("--growth", type=float, default=120, help="seconds of changes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()

    install()
    scale = Scale(Api(), options)
    try:
        operator = scale.cold_start()
        scale.rest(operator)
        operator.end()
        subprocess.run([ROOT / "tests/cluster/cluster", "certificate", STATE], check=True, capture_output=True)
        certificate, key = str(STATE / "tls.crt"), str(STATE / "tls.key")
        operator = scale.restart(
            "--admission-address", "127.0.0.1:0", "--tls-certificate", certificate, "--tls-key", key
        )
        changes = scale.change(scale.random.sample(scale.names, options.changes))
        scale.row(
            "change of one pipeline → Deployment written",
            "p50 30 ms, p99 250 ms",
            f"p50 {percentile(changes, 0.5) * 1000:.0f} ms, p99 {percentile(changes, 0.99) * 1000:.0f} ms",
        )
        repairs = scale.damage(scale.random.sample(scale.names, options.repairs))
        scale.row("drift repaired", "p99 1 s", f"p99 {percentile(repairs, 0.99) * 1000:.0f} ms")
        scale.at_once(options.at_once)
        scale.reviews(operator, certificate)
        scale.growth(operator)
        scale.leader_killed(operator)
    finally:
        scale.end()
    lines = ["| figure | goal | seen |", "|---|---|---|"]
    lines += [f"| {figure} | {goal} | {seen} |" for figure, goal, seen in scale.rows]
    text = "\n".join(lines)
    print(text)
    if options.output:
        options.output.write_text(text + "\n")
    print(kubectl("version", "-o", "json"), file=sys.stderr)


if __name__ == "__main__":
    main()
