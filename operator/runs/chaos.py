#!/usr/bin/env python3
"""Two replicas of the operator on a control plane where everything goes wrong; afterwards nothing may be.

    tests/cluster/cluster with operator/runs/chaos.py --ours PROGRAM --render PROGRAM [--seconds 60]

Pipelines are created, changed, renamed and deleted; some of their objects are edited by others. Meanwhile connections
are cut, freeze, lose answers; the server refuses, is late, is restarted, its store restarted and compacted; rights are
taken away; the leader is killed, or stopped for longer than its lease. At the end, whatever happened, the cluster holds
what the pipelines say, in time, and nobody wrote who did not lead.
"""

import argparse
import contextlib
import json
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

from cluster import (
    ACCOUNT,
    STATE,
    Api,
    Audit,
    Json,
    Refused,
    deployments_path,
    in_parallel,
    install,
    is_settled,
    pipeline,
    pipelines_path,
    wait_until,
)
from faults import Chaos, Replicas

NAMESPACE = "chaos"
OWNER = "pipeline.streams.sentry.io/owner-uid"
USER = f"system:serviceaccount:{ACCOUNT}:{ACCOUNT}"
# Where objects are is the operator's choice; those in lists do not say what they are.
NOT_COMPARED = (".apiVersion", ".kind", ".metadata.namespace")
# In so many seconds after the last fault everything is as the pipelines say. A back-off may have to end first.
CALM = 30


class World:
    """The pipelines, and the bystanders that nobody may touch."""

    def __init__(self, api: Api, count: int, seed: int, render: str) -> None:
        self.api, self.random, self.render = api, random.Random(seed), render
        self.names = [f"p{number}" for number in range(count)]
        self.done: Counter[str] = Counter()
        self.bystanders: dict[str, str] = {}

    def begin(self) -> None:
        self.api.make_namespace(NAMESPACE)
        in_parallel(self.create, self.names)
        for name in ("bystander-a", "bystander-b"):
            body = {"metadata": {"name": name}, "data": {"a": "b"}}
            path = f"/api/v1/namespaces/{NAMESPACE}/configmaps"
            made = self.api.request("POST", path, body)
            self.bystanders[f"{path}/{name}"] = made["metadata"]["resourceVersion"]

    def create(self, name: str) -> None:
        self.api.request("POST", pipelines_path(NAMESPACE), pipeline(name))

    def copy(self) -> None:
        """Somebody copies an object of a pipeline, label and all: that copy is theirs."""
        path = f"/api/v1/namespaces/{NAMESPACE}/configmaps"
        original = next(item for item in self.api.items(path) if OWNER in labels(item))
        metadata = {"name": "copy-by-hand", "labels": labels(original)}
        made = self.api.request("POST", path, {"metadata": metadata, "data": original["data"]})
        self.bystanders[f"{path}/copy-by-hand"] = made["metadata"]["resourceVersion"]

    def edit(self) -> None:
        """One random edit; of twenty, one is by somebody else, of what is not theirs."""
        if self.random.random() < 0.05:
            self.damage()
            return
        name = self.random.choice(self.names)
        if self.random.random() < 0.03:
            self.api.request("DELETE", pipelines_path(NAMESPACE, name))
            self.done["deleted"] += 1
            return
        change = self.random.choice(
            [
                {"image_name": f"example.com/image:{self.random.randrange(1000)}"},
                {"replicas": self.random.randrange(1, 4)},
                {"with_canary": self.random.random() < 0.5},
                {"pipeline_name": f"{name}-{self.random.randrange(3)}"},
                {"log_level": self.random.choice(["DEBUG", "INFO", "WARNING"])},
            ]
        )
        try:
            self.api.request("PATCH", pipelines_path(NAMESPACE, name), {"spec": change})
            self.done["changed"] += 1
        except Refused as error:
            if error.code != 404:
                raise
            self.create(name)
            self.done["created"] += 1

    def damage(self) -> None:
        kind = self.random.choice(["deployments", "configmaps"])
        path = deployments_path(NAMESPACE) if kind == "deployments" else f"/api/v1/namespaces/{NAMESPACE}/configmaps"
        ours = [item for item in self.api.items(path) if self.is_touchable(item)]
        if not ours:
            return
        place = f"{path}/{self.random.choice(ours)['metadata']['name']}"
        content = {"spec": {"replicas": 7}} if kind == "deployments" else {"data": {"x": "damage"}}
        damages: list[Json | None] = [
            None,
            content,
            {"metadata": {"labels": {OWNER: None}}},
            {"metadata": {"labels": {"service": "damaged"}}},
            {"metadata": {"annotations": None}},
        ]
        damage = self.random.choice(damages)
        # It may be gone by now.
        with contextlib.suppress(Refused):
            if damage is None:
                self.api.request("DELETE", place)
            else:
                self.api.request("PATCH", place, damage)
            self.done["damaged"] += 1

    def is_touchable(self, item: Json) -> bool:
        return OWNER in labels(item) and item["metadata"]["name"] != "copy-by-hand"

    def expected(self) -> dict[tuple[str, str], Json]:
        """What `streams-k8s render` prints of every pipeline."""
        objects: dict[tuple[str, str], Json] = {}
        directory = STATE / "chaos"
        directory.mkdir(exist_ok=True)
        files = []
        for item in self.api.items(pipelines_path(NAMESPACE)):
            name = item["metadata"]["name"]
            path = directory / f"{name}.json"
            path.write_text(json.dumps({**pipeline(name), "spec": item["spec"]}))
            files.append(str(path))
        command = [self.render, "render", "--output", "json", *files]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        decoder, text = json.JSONDecoder(), done.stdout
        while text := text.lstrip():
            value, end = decoder.raw_decode(text)
            text = text[end:]
            for rendered in value.get("items", [value]):
                objects[rendered["kind"], rendered["metadata"]["name"]] = rendered
        return objects

    def differences(self, expected: dict[tuple[str, str], Json]) -> list[str]:
        """How the cluster is not what the pipelines say."""
        found = []
        standing: dict[tuple[str, str], Json] = {}
        for kind, path in (
            ("Deployment", deployments_path(NAMESPACE)),
            ("ConfigMap", f"/api/v1/namespaces/{NAMESPACE}/configmaps"),
        ):
            for item in self.api.items(path):
                if OWNER in labels(item) and item["metadata"]["name"] != "copy-by-hand":
                    standing[kind, item["metadata"]["name"]] = item
        found += [f"orphan: {key}" for key in standing.keys() - expected.keys()]
        found += [f"missing: {key}" for key in expected.keys() - standing.keys()]
        for key in standing.keys() & expected.keys():
            found += [f"lost: {key} {place}" for place in lost(expected[key], standing[key], "")]
        pipelines = self.api.items(pipelines_path(NAMESPACE))
        for item in pipelines:
            name = item["metadata"]["name"]
            if item["metadata"].get("deletionTimestamp"):
                found.append(f"stuck: {name}")
            elif not is_settled(item):
                found.append(f"not ready: {name}: {item.get('status', {}).get('conditions')}")
        return found

    def touched(self) -> list[str]:
        return [
            path
            for path, version in self.bystanders.items()
            if self.api.get(path)["metadata"]["resourceVersion"] != version
        ]


def labels(item: Json) -> Json:
    found: Json = item["metadata"].get("labels", {})
    return found


def lost(expected: object, standing: object, place: str) -> list[str]:
    """Places where what is rendered does not stand. Others may add, and the API server has defaults."""
    if isinstance(expected, dict) and isinstance(standing, dict):
        return [
            found
            for key, value in expected.items()
            if f"{place}.{key}" not in NOT_COMPARED
            for found in lost(value, standing.get(key), f"{place}.{key}")
        ]
    if isinstance(expected, list) and isinstance(standing, list) and len(expected) == len(standing):
        pairs = enumerate(zip(expected, standing, strict=True))
        return [found for n, (a, b) in pairs for found in lost(a, b, f"{place}[{n}]")]
    is_quantity = ".resources." in place
    return [] if expected == standing or is_quantity else [f"{place}: {standing!r}"]


def writes_without_lease(audit: Audit) -> list[str]:
    """Writes that arrived when another replica had written the lease last."""
    holder, found = "", []
    events = [
        event
        for event in audit.events()
        if event["user"]["username"] == USER and event["verb"] not in ("get", "list", "watch")
    ]
    # The log has requests in the order in which they ended.
    events.sort(key=lambda event: event["requestReceivedTimestamp"])
    for event in events:
        who = event["userAgent"].rpartition("(")[2].rstrip(")")
        code = event.get("responseStatus", {}).get("code", 0)
        if event["objectRef"].get("resource") == "leases":
            holder = who if code < 300 else holder
        elif who != holder and code < 300:
            found.append(f"{who} while {holder} led: {event['verb']} {event['requestURI']}")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--ours", default="target/debug/streams-k8s-operator")
    parser.add_argument("--render", default="target/debug/streams-k8s")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--pipelines", type=int, default=30)
    parser.add_argument("--rate", type=float, default=5, help="edits a second")
    parser.add_argument("--pause", type=float, default=3, help="seconds between faults")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    install()
    api, audit = Api(), Audit()
    world = World(api, options.pipelines, options.seed, str(Path(options.render)))
    replicas = Replicas(options.ours, api, options.seed)
    try:
        world.begin()
        wait_until("the first objects", lambda: not world.differences(world.expected()), look=1)
        world.copy()
        faults = run(options, world, Chaos(replicas))
        expected = world.expected()
        left: list[str] = []

        def is_calm() -> bool:
            left[:] = world.differences(expected)
            return not left

        calm = None
        with contextlib.suppress(TimeoutError):
            calm = wait_until("calm", is_calm, 10 * CALM, 0.5)
        touched, strangers = world.touched(), writes_without_lease(audit)
    finally:
        replicas.end()

    print(f"{dict(world.done)}; {faults}")
    after = "never" if calm is None else f"after {calm:.1f} s"
    print(f"as the pipelines say {after}; differences: {len(left)} {left[:10]}")
    print(f"bystanders touched: {len(touched)} {touched}")
    print(f"writes by who did not lead: {len(strangers)} {strangers[:5]}")
    if calm is None or calm > CALM or touched or strangers:
        sys.exit(1)


def run(options: argparse.Namespace, world: World, chaos: Chaos) -> str:
    """Edits at the rate asked for in a thread, and faults one after the other; says which there were."""
    end = time.monotonic() + options.seconds
    failures: list[BaseException] = []

    def edits() -> None:
        while time.monotonic() < end:
            begin = time.monotonic()
            try:
                world.edit()
            except Refused as error:
                # The server starts, or is starting.
                if error.code not in (404, 409, 429, 500, 503, 504):
                    failures.append(error)
            except OSError:
                # It is being restarted.
                pass
            time.sleep(max(0.0, 1 / options.rate - (time.monotonic() - begin)))

    editor = threading.Thread(target=edits, daemon=True)
    editor.start()
    seen: Counter[str] = Counter()
    number = 0
    while time.monotonic() < end:
        kind = chaos.kinds[number % len(chaos.kinds)]
        kind()
        seen[kind.__name__] += 1
        number += 1
        time.sleep(options.pause)
    editor.join()
    if failures:
        raise failures[0]
    return ", ".join(f"{name} {count}" for name, count in seen.items())


if __name__ == "__main__":
    main()
