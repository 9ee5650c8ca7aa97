"""The contexts of all benchmarks, in Rust and in Python: what they are and where they lie.

    python bench/contexts.py DIRECTORY

writes each as one JSON file.
"""

import copy
import json
import sys
from pathlib import Path
from typing import Any

import yaml

STEPS = (10, 100, 1000, 10000)
"""So many steps of the pipeline have settings."""
VARIABLES = (1, 100, 300, 1000)
"""So many environment variables has the container. Of fewer than a hundred more, the time would be lost in that of the
call."""
FLEETS = (2000, 20000)
"""Contexts in a fleet."""


def small() -> dict[str, Any]:
    """A step with nothing special: about 500 bytes."""
    return {
        "service_name": "my-service",
        "pipeline_name": "profiles",
        "deployment_template": {"metadata": {"namespace": "default"}},
        "container_template": {"securityContext": {"runAsUser": 1000}},
        "pipeline_config": {
            "env": {},
            "pipeline": {"segments": [{"steps_config": {"source": {"bootstrap_servers": ["127.0.0.1:9092"]}}}]},
        },
        "pipeline_module": "sbc/profiles.py",
        "image_name": "registry.example/consumer:1.0",
        "segment_id": 0,
        "cpu_per_process": 1000,
        "memory_per_process": 512,
        "replicas": 3,
        "with_canary": True,
    }


def large() -> dict[str, Any]:
    """Ten sidecars, fifty variables, two hundred steps: about 50 KB."""
    sidecars = [
        {
            "name": f"sidecar-{number}",
            "image": f"registry.example/sidecar-{number}:1.0",
            "args": [f"--flag-{flag}=value-{flag}" for flag in range(20)],
            "env": [{"name": f"VARIABLE_{variable}", "value": f"value {variable}"} for variable in range(20)],
            "resources": {"requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"memory": "64Mi"}},
        }
        for number in range(10)
    ]
    steps = {
        f"step_{number}": {
            "bootstrap_servers": [f"kafka-{number}.example:9092"],
            "parallelism": {"threads": {"count": 2}},
            "override_params": {"queue.buffering.max.ms": "100"},
        }
        for number in range(200)
    }
    return {
        **small(),
        "deployment_template": {
            "metadata": {"namespace": "default", "labels": {"component": "consumer"}},
            "spec": {"template": {"spec": {"containers": sidecars, "nodeSelector": {"class": "general"}}}},
        },
        "container_template": {"env": _variables(50)},
        "pipeline_config": _steps(steps),
    }


def as_yaml(context: dict[str, Any]) -> dict[str, Any]:
    """The same with templates and configuration as YAML text, as Jinja's macros give them."""
    fields = ("deployment_template", "container_template", "pipeline_config")
    return {**context, **{field: yaml.safe_dump(context[field], sort_keys=False) for field in fields}}


def with_steps(count: int) -> dict[str, Any]:
    """The small one with settings for so many steps, short enough for a ConfigMap, which has a limit of 1 MiB."""
    steps = {f"step_{number:05}": {"bootstrap_servers": [f"kafka-{number:05}.example:9092"]} for number in range(count)}
    return {**small(), "pipeline_config": _steps(steps)}


def with_variables(count: int) -> dict[str, Any]:
    """The small one with so many environment variables."""
    return {**small(), "container_template": {"env": _variables(count)}}


def fleet(count: int) -> list[dict[str, Any]]:
    """Small contexts that differ in what they are called."""
    contexts = []
    for number in range(count):
        context = copy.deepcopy(small())
        context["pipeline_name"] = f"profiles-{number}"
        contexts.append(context)
    return contexts


def named() -> dict[str, dict[str, Any]]:
    """All but the fleets, by the name of their file."""
    return {
        "small": small(),
        "small-yaml": as_yaml(small()),
        "large": large(),
        "large-yaml": as_yaml(large()),
        **{f"steps-{count}": with_steps(count) for count in STEPS},
        **{f"variables-{count}": with_variables(count) for count in VARIABLES},
    }


def write(directory: Path) -> None:
    """Writes each to `NAME.json`, and the fleets to `fleet-COUNT/`."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, context in named().items():
        directory.joinpath(f"{name}.json").write_text(json.dumps(context), "utf-8")
    for count in FLEETS:
        fleet_directory = directory / f"fleet-{count}"
        fleet_directory.mkdir(exist_ok=True)
        files = {
            fleet_directory / f"{number:05}.json": json.dumps(context, indent=1)
            for number, context in enumerate(fleet(count))
        }
        # They are written in order: where the last is there, all are.
        last, text = next(reversed(files.items()))
        if not last.exists() or last.read_text("utf-8") != text:
            for path, text in files.items():
                path.write_text(text, "utf-8")


def _variables(count: int) -> list[dict[str, Any]]:
    return [{"name": f"SETTING_{number:04}", "value": f"value {number:04}"} for number in range(count)]


def _steps(steps: dict[str, Any]) -> dict[str, Any]:
    return {"env": {}, "pipeline": {"segments": [{"steps_config": steps}]}}


if __name__ == "__main__":
    write(Path(sys.argv[1]))
