"""Interrupts calls by exceptions from a signal handler, in many processes, and looks at what is left of each.

    python interrupt.py --processes 1000

Every process renders in a loop and is interrupted again and again, at any bytecode. Then no slot may be missing, the
clock must stop a call that takes too long, and as many calls as there are slots must run at once. Prints how many
processes ended how; returns 1 unless all ended well.
"""

import argparse
import os
import random
import signal
import sys
import time
import traceback
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import FrameType

import sentry_streams_k8s_wasm as macro
from sentry_streams_k8s_wasm import component, sandbox, shortcuts

CONTEXT = {
    "service_name": "my-service",
    "pipeline_name": "profiles",
    "deployment_template": {},
    "container_template": {},
    "pipeline_config": {"pipeline": {"segments": [{"steps_config": {}}]}},
    "pipeline_module": "sbc.profiles",
    "image_name": "my-image:1.0",
    "cpu_per_process": 1000,
    "memory_per_process": 512,
    "segment_id": 0,
}
LARGE = {**CONTEXT, "container_template": {"env": [{"name": f"N{number}", "value": "x"} for number in range(250_000)]}}
ENDS = {0: "well", 1: "an unexpected exception", 3: "the exception was lost", 4: "a slot was lost"}


class Interrupted(Exception):
    """What the handler raises."""


fired: list[bool] = []


def handle(number: int, frame: FrameType | None) -> None:
    fired.append(True)
    raise Interrupted


def child(interrupts: int, choose: random.Random) -> int:
    """What a process does; returns its exit code."""
    patient = macro.Limits(seconds=300)
    macro.set_limits(patient)
    signal.signal(signal.SIGALRM, handle)
    for _ in range(interrupts):
        fired.clear()
        try:
            render_until_it_fires(choose.uniform(0.0001, 0.003))
            return 3
        except Interrupted:
            pass
        if not machine().is_idle():
            return 4

    macro.set_limits(macro.Limits(seconds=0.02))
    try:
        macro.render(LARGE)
        return 1
    except macro.TimeLimitError:
        macro.set_limits(patient)
    all_at_once()
    return 0


def render_until_it_fires(seconds: float) -> None:
    # A function of its own: in some versions of Python, no handler covers the jump of a loop to its beginning.
    signal.setitimer(signal.ITIMER_REAL, seconds)
    while not fired:
        macro.render(CONTEXT)


def machine() -> "component._Machine":
    found = component.plugin()._machine
    assert found
    return found


def all_at_once() -> None:
    """As many calls as there are slots, each with an instance before the first ends."""
    barrier, function = Barrier(shortcuts.SLOTS, timeout=30), sandbox._function

    def instantiate(*arguments: object) -> object:
        found = function(*arguments)  # type: ignore[arg-type]
        barrier.wait()
        return found

    sandbox._function = instantiate
    with ThreadPoolExecutor(shortcuts.SLOTS) as pool:
        list(pool.map(macro.render, [CONTEXT] * shortcuts.SLOTS))
    sandbox._function = function


def run(processes: int, interrupts: int, seed: int) -> Counter[str]:
    """Counts how many processes ended how."""
    macro.render(CONTEXT)
    ends: Counter[str] = Counter()
    for number in range(processes):
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                code = child(interrupts, random.Random(seed + number))
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(code)
        ends[end(pid)] += 1
    return ends


def end(pid: int, patience: float = 60) -> str:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            code = os.waitstatus_to_exitcode(status)
            return ENDS.get(code, f"by signal {-code}")
        time.sleep(0.002)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return "not at all"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=1000)
    parser.add_argument("--interrupts", type=int, default=20, help="in each process")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    ends = run(options.processes, options.interrupts, options.seed)
    for name, number in ends.most_common():
        print(f"{number:>6}  ended {name}")
    return ends["well"] != options.processes


if __name__ == "__main__":
    sys.exit(main())
