"""Records what the reference answers to the contexts of tests/cases.

    python tests/reference/record.py             rewrites `stage` and `peer` in each tests/cases/*.json
    python tests/reference/record.py --check     writes nothing, and fails if an answer is not the recorded one
    … [CASE…]                                    only these cases, by name

Runs in the environment of python/requirements/reference.txt, which `make record-reference` and `make check-reference`
make. A new case needs `name`, `about` and `context`; README.md beside this file says what the other members are.
"""

import argparse
import copy
import difflib
import json
import math
import sys
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jsonschema.exceptions import ValidationError
from sentry_streams_k8s.pipeline_step import PipelineStep

CASES = Path(__file__).resolve().parents[1] / "cases"
REFERENCE = "0.0.10"
# Members that are no answer of the reference's, in the order in which a case has them, before and after the answer.
BEFORE, AFTER = ("name", "about", "context"), ("k8s",)


def python_value(value: Any, text: str | None = None) -> dict[str, str]:
    """Stands for a value that JSON has no form for."""
    return {"$py": type(value).__name__, "repr": repr(value) if text is None else text}


def as_json(value: Any, parents: tuple[int, ...] = ()) -> tuple[Any, bool]:
    """A value in JSON's types, and whether it is the same value there."""
    if value is None or isinstance(value, (bool, int, str)) or (isinstance(value, float) and math.isfinite(value)):
        return value, True
    if id(value) in parents:
        return {"$py": "cycle", "repr": "reference to a container that contains it"}, False

    inside = (*parents, id(value))
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        members = {key: as_json(item, inside) for key, item in value.items()}
        return {key: item for key, (item, _) in members.items()}, all(same for _, same in members.values())
    if isinstance(value, list):
        items = [as_json(item, inside) for item in value]
        return [item for item, _ in items], all(same for _, same in items)

    # A set has another order in every process.
    text = "{" + ", ".join(sorted(map(repr, value))) + "}" if isinstance(value, set) and value else None
    return python_value(value, text), False


def as_error(error: Exception) -> dict[str, Any]:
    """What an exception says, without what depends on the machine."""
    kind = type(error)
    described: dict[str, Any] = {
        "type": kind.__name__,
        "module": kind.__module__,
        "message": str(error),
        "mro": [base.__name__ for base in kind.__mro__[1:] if base not in (BaseException, object)],
    }
    if isinstance(error, ValidationError):
        described |= {"short": error.message, "json_path": error.json_path, "validator": error.validator}
    return described


def answer(context: dict[str, Any]) -> dict[str, Any]:
    """What the reference makes of a context, as sentry-kube calls it: `validate_context`, then `run`."""
    stage = "validate"
    try:
        PipelineStep.validate_context(copy.deepcopy(context))
        stage = "run"
        result = PipelineStep().run(copy.deepcopy(context))
    except Exception as error:  # whatever it raises is its answer
        return {"stage": stage, "peer": {"error": as_error(error)}}

    manifests, same = as_json(result)
    return {"stage": "done", "peer": {"ok": manifests}} | ({} if same else {"non_json": True})


def recorded(case: dict[str, Any]) -> str:
    """A case's text, with the reference's answer of today."""
    now = answer(case["context"])
    not_json = {"non_json": now.pop("non_json")} if "non_json" in now else {}
    members = {key: case[key] for key in BEFORE} | now | {key: case[key] for key in AFTER if key in case} | not_json
    return json.dumps(members, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def main() -> int:
    """Records or compares the cases that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only compare")
    parser.add_argument("cases", metavar="CASE", nargs="*", help="names of cases; all if there are none")
    arguments = parser.parse_args()

    if (installed := version("sentry-streams-k8s")) != REFERENCE:
        sys.exit(f"sentry-streams-k8s {installed} is installed; the recorded answers are those of {REFERENCE}")
    # The reference's dependencies warn of their own old parts.
    warnings.simplefilter("ignore")

    files = [CASES / f"{name}.json" for name in arguments.cases] or sorted(CASES.glob("*.json"))
    changed = 0
    for file in files:
        before = file.read_text("utf-8")
        after = recorded(json.loads(before))
        if after == before:
            continue

        changed += 1
        names = (f"{file.name}, as recorded", f"{file.name}, as the reference answers")
        print("\n".join(difflib.unified_diff(before.splitlines(), after.splitlines(), *names, n=1, lineterm="")))
        if not arguments.check:
            file.write_text(after, "utf-8", newline="\n")

    print(f"{len(files)} cases, {changed} {'differ' if arguments.check else 'rewritten'}")
    return 1 if changed and arguments.check else 0


if __name__ == "__main__":
    sys.exit(main())
