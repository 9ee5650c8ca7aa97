"""What is done with a component that misbehaves, and that the next call works all the same."""

import math
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from wasmtime import Config, wat2wasm

import sentry_streams_k8s_wasm as macro
from sentry_streams_k8s_wasm import Limits, clock, sandbox, set_limits, shortcuts
from sentry_streams_k8s_wasm.component import Plugin

# What it does depends on the first letter of the context: spin, take memory, give much, break down, recurse, read
# outside of its memory, or answer with the context.
GUEST = """
(component
  (core module $module
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 64))
    (func $realloc (export "realloc") (param i32 i32 i32 i32) (result i32)
      (local $start i32)
      (local.set $start (global.get $next))
      (global.set $next (i32.and (i32.add (i32.add (local.get $start) (local.get 3)) (i32.const 7)) (i32.const -8)))
      (block $done (loop $more
        (br_if $done (i32.le_u (global.get $next) (i32.mul (memory.size) (i32.const 65536))))
        (if (i32.eq (memory.grow (i32.const 16)) (i32.const -1)) (then (unreachable)))
        (br $more)))
      (local.get $start))
    (func $recurse (call $recurse))
    (func (export "render") (param $context i32) (param $length i32) (result i32)
      (local $letter i32)
      (local.set $letter (i32.load8_u (local.get $context)))
      (if (i32.eq (local.get $letter) (i32.const 115)) (then (loop $forever (br $forever))))
      (if (i32.eq (local.get $letter) (i32.const 109)) (then (loop $forever
        (drop (call $realloc (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 1000000)))
        (br $forever))))
      (if (i32.eq (local.get $letter) (i32.const 103)) (then
        (local.set $length (i32.const 2000000))
        (local.set $context (call $realloc (i32.const 0) (i32.const 0) (i32.const 1) (local.get $length)))))
      (if (i32.eq (local.get $letter) (i32.const 98)) (then (drop (i32.div_u (i32.const 1) (i32.const 0)))))
      (if (i32.eq (local.get $letter) (i32.const 114)) (then (call $recurse)))
      (if (i32.eq (local.get $letter) (i32.const 111)) (then (drop (i32.load (i32.const -4)))))
      (i32.store (i32.const 4) (local.get $context))
      (i32.store (i32.const 8) (local.get $length))
      (i32.const 0)))
  (core instance $instance (instantiate $module))
  (alias core export $instance "memory" (core memory $memory))
  (alias core export $instance "realloc" (core func $realloc))
  (alias core export $instance "render" (core func $core))
  (func $render (param "context" string) (result (result string (error string)))
    (canon lift (core func $core) (memory $memory) (realloc $realloc)))
  (instance $interface (export "render" (func $render)))
  (export "sentry:streams-k8s/consumer-macro-json@0.1.0" (instance $interface)))
"""


@pytest.fixture(scope="module")
def guest() -> Plugin:
    return Plugin(bytes(wat2wasm(GUEST)))


@pytest.fixture(autouse=True)
def low_limits(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    call = sandbox.call

    def patient(machine: Any, exported: Any, arguments: list[bytes], *, memory: int, ticks: int) -> tuple[bool, str]:
        """Only what never ends has little time: what has an answer gives it also on a busy machine."""
        ticks = ticks if arguments == [b"spin"] else 1 << 40
        return call(machine, exported, arguments, memory=memory, ticks=ticks)

    monkeypatch.setattr(sandbox, "call", patient)
    before = set_limits(Limits(seconds=0.2, memory=8 << 20, output=1_000_000))
    yield
    set_limits(before)


@pytest.mark.parametrize(
    ("context", "error", "message"),
    [
        ("spin", macro.TimeLimitError, r"the component did not finish in 0.2 s"),
        ("memory", macro.MemoryLimitError, r"needs more than 8388608 bytes of memory"),
        ("x" * 9_000_000, macro.MemoryLimitError, r"needs more than 8388608 bytes of memory"),
        ("give", macro.OutputLimitError, r"the component's result is larger than 1000000 characters"),
        ("break", macro.ComponentError, r"the component failed: wasm trap: integer divide by zero"),
        ("recurse", macro.ComponentError, r"the component failed: wasm trap: call stack exhausted"),
        ("outside", macro.ComponentError, r"the component failed: (.|\n)*wasm trap: out of bounds memory access"),
    ],
)
def test_a_call_is_stopped_and_the_next_works(guest: Plugin, context: str, error: Any, message: str) -> None:
    for _ in range(2):
        with pytest.raises(error, match=message) as caught:
            guest.call("render", context)
        assert type(caught.value) is error
        assert isinstance(caught.value, macro.ComponentError)
        assert guest.call("render", "fine") == (True, "fine")


def test_more_is_allowed_by_larger_limits(guest: Plugin) -> None:
    set_limits(Limits(output=2_000_000))
    assert guest.call("render", "give") == (True, "\0" * 2_000_000)


def test_setting_limits_returns_those_before() -> None:
    limits = Limits(seconds=1)
    before = set_limits(limits)
    assert before.seconds == 0.2
    assert set_limits(before) is limits


@pytest.mark.parametrize(
    ("limits", "error"),
    [
        (Limits(memory=65536), macro.MemoryLimitError),  # Not even enough to begin with.
        (Limits(memory=4_000_000), macro.MemoryLimitError),
        (Limits(output=100), macro.OutputLimitError),
    ],
)
def test_the_macro_is_held_to_them(context: dict[str, Any], limits: Limits, error: Any) -> None:
    context["pipeline_config"]["text"] = "x" * 5_000_000
    before = set_limits(limits)
    with pytest.raises(error):
        macro.render(context)
    set_limits(before)
    del context["pipeline_config"]["text"]
    assert macro.render(context)


def test_a_call_has_its_time(guest: Plugin) -> None:
    for seconds in (0.001, 0.1, 0.3):
        set_limits(Limits(seconds=seconds))
        start = time.perf_counter()
        with pytest.raises(macro.TimeLimitError):
            guest.call("render", "spin")
        assert seconds <= time.perf_counter() - start < seconds + 60


def test_the_clock_stops_after_the_last_call_and_starts_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_LINGERS", 1)
    guest = Plugin(bytes(wat2wasm(GUEST)))
    assert guest._machine
    ticking = guest._machine.clock._ticking
    for _ in range(2):
        guest.call("render", "fine")
        assert stops(ticking)
        with pytest.raises(macro.TimeLimitError):
            guest.call("render", "spin")


def stops(ticking: Any) -> bool:
    deadline = time.monotonic() + 30
    while ticking.locked() and time.monotonic() < deadline:
        time.sleep(0.01)
    return not ticking.locked()


def test_there_is_one_clock_however_many_are_started(guest: Plugin) -> None:
    assert guest._machine
    the_clock = guest._machine.clock
    guest.call("render", "fine")
    for _ in range(5):
        the_clock._run()  # Returns at once, as another one goes.


def test_many_threads_may_spin(guest: Plugin, monkeypatch: pytest.MonkeyPatch) -> None:
    def call(number: int) -> str:
        try:
            return guest.call("render", "spin" if number % 10 == 0 else str(number))[1]
        except macro.TimeLimitError:
            return "stopped"

    with ThreadPoolExecutor(64) as pool:
        answers = list(pool.map(call, range(640)))
    assert answers == ["stopped" if number % 10 == 0 else str(number) for number in range(640)]


def stopped_or_answered(guest: Plugin) -> None:
    with pytest.raises(macro.TimeLimitError):
        guest.call("render", "spin")
    assert guest.call("render", "fine") == (True, "fine")


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_limits_hold_after_a_fork(guest: Plugin) -> None:
    stopped_or_answered(guest)
    children = [
        multiprocessing.get_context("fork").Process(target=stopped_or_answered, args=(guest,)) for _ in range(4)
    ]
    for child in children:
        child.start()
    stopped_or_answered(guest)
    for child in children:
        child.join(30)
        assert child.exitcode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows reserves addresses another way")
def test_wasmtime_has_what_the_pool_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shortcuts, "_NOT_THERE", ())
    config = Config()
    shortcuts.use_no_signals(config)
    assert shortcuts.keep_memory(config) == "pool"
    monkeypatch.setattr(shortcuts, "_RESERVED", 1 << 50)
    assert shortcuts.keep_memory(Config()) == "small"


def test_without_a_pool_it_works_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shortcuts, "_RESERVED", 1 << 50)
    stopped_or_answered(Plugin(bytes(wat2wasm(GUEST))))


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere mappings have no limit")
def test_a_component_takes_few_of_the_mappings_that_a_process_may_have() -> None:
    """Of 65,530, as Linux has it: a component for each of many forks, or tests, has to fit."""
    program = """if True:
        from test_limits import GUEST
        from wasmtime import wat2wasm
        from sentry_streams_k8s_wasm.component import Plugin
        guests = [Plugin(bytes(wat2wasm(GUEST))) for _ in range(50)]
        print({guest.call("render", "fine")[1] for guest in guests})
    """
    command = [sys.executable, "-c", program]
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parent)
    assert result.stdout == "{'fine'}\n", result.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere addresses have no limit")
@pytest.mark.parametrize("kibibytes", [40_000_000, 5_000_000, 2_000_000])
def test_a_limit_of_addresses_costs_time_only(kibibytes: int) -> None:
    """An engine that cannot reserve its pool would end the process."""
    program = "import sentry_streams_k8s_wasm as macro; print(macro.version())"
    command = ["bash", "-c", f'ulimit -v {kibibytes} && exec "$@"', "bash", sys.executable, "-c", program]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == macro.version() + "\n"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere addresses have no limit")
@pytest.mark.parametrize("kibibytes", [120_000, 160_000, 200_000, 240_000, 300_000])
def test_too_few_addresses_are_an_error_that_says_so(kibibytes: int) -> None:
    program = "import sentry_streams_k8s_wasm as macro; print(macro.version())"
    command = ["bash", "-c", f'ulimit -v {kibibytes} && exec "$@"', "bash", sys.executable, "-c", program]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        last = result.stderr.strip().splitlines()[-1]
        assert last.endswith(
            "ComponentError: too few addresses are left to run the component; is there a limit (ulimit -v)?"
        )
    else:
        assert result.stdout == macro.version() + "\n"


@pytest.mark.parametrize("seconds", [0, -1, -0.001, math.nan, -math.inf])
def test_no_time_is_no_limit_of_time(seconds: float) -> None:
    with pytest.raises(ValueError, match="seconds must be more than 0"):
        Limits(seconds=seconds)


@pytest.mark.parametrize("name", ["memory", "output"])
@pytest.mark.parametrize("value", [0, -1, 1 << 63, 1.5, "1", None])
def test_nothing_is_no_limit_of_memory_or_output(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"{name} must be an integer of more than 0"):
        Limits(**{name: value})


def test_only_limits_are_limits() -> None:
    with pytest.raises(TypeError, match="expected Limits"):
        set_limits(None)  # type: ignore[arg-type]


@pytest.mark.skipif(sys.platform != "linux", reason="the size of a process is read from /proc")
def test_calls_leak_nothing(guest: Plugin) -> None:
    def pages() -> int:
        return int(Path("/proc/self/statm").read_text("ascii").split()[1])

    for text in ("fine", "break"):
        for _ in range(500):
            with suppress(macro.ComponentError):
                guest.call("render", text)
        before = pages()
        for _ in range(10_000):
            with suppress(macro.ComponentError):
                guest.call("render", text)
        assert (pages() - before) * os.sysconf("SC_PAGE_SIZE") < 10_000 * 24
