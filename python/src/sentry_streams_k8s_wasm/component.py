"""The component: compiled once, run in a fresh sandbox for every call."""

import os
import platform
from _queue import SimpleQueue  # gevent puts its own into `queue`, for one thread only.
from contextlib import suppress
from functools import cache as once
from functools import partial
from hashlib import sha256
from pathlib import Path
from threading import RLock
from weakref import WeakSet

from wasmtime import Config, Engine, WasmtimeError
from wasmtime import _ffi as c_api
from wasmtime.component import Component, ExportIndex, Linker

from . import cache, limits, sandbox, shortcuts
from .clock import Clock
from .held import Held
from .limits import Limits
from .problems import ComponentError, MemoryLimitError, OutputLimitError, TimeLimitError

_INTERFACE = "sentry:streams-k8s/consumer-macro-json@0.1.0"


class Plugin:
    """A compiled component. It may be called from many threads, and after a fork."""

    def __init__(self, wasm: bytes) -> None:
        self._wasm = wasm
        self._lock = RLock()
        self._machine: _Machine | None = _Machine(wasm)
        _plugins.add(self)

    def call(self, function: str, *arguments: str) -> tuple[bool, str]:
        """Calls a function of the text interface: whether it went well, and the text it gives."""
        machine = self._machine or self._new_machine()
        exported = machine.export(function)
        if exported is None:
            raise ComponentError(f"this component has no function `{function}`")

        encoded = [argument.encode() for argument in arguments]
        held_to = limits.current
        slot = Held(machine.slots.put)
        try:
            slot.take(machine.slots.get, True)
            machine.clock.wake()
            ok, text = sandbox.call(
                machine, exported, encoded, memory=held_to.memory, ticks=Clock.ticks(held_to.seconds)
            )
        except sandbox.Stopped as stopped:
            raise _error(str(stopped), held_to) from None
        finally:
            slot.give_back()

        if len(text) > held_to.output:
            raise OutputLimitError(f"the component's result is larger than {held_to.output} characters")
        return ok, text

    def after_fork(self) -> None:
        """A fork has this thread only: what the others hold there is never given back."""
        self._lock = RLock()
        if self._machine and self._machine.is_idle():
            self._machine.start_anew()
        else:
            self._machine = None

    def _new_machine(self) -> "_Machine":
        with self._lock:
            machine = self._machine = self._machine or _Machine(self._wasm)
            return machine


class _Machine:
    """An engine with the component, as many slots as calls may run in it at once, and its clock."""

    def __init__(self, wasm: bytes) -> None:
        config = Config()
        config.epoch_interruption = True
        shortcuts.use_no_signals(config)
        memory = shortcuts.keep_memory(config)
        if _is_fork or memory == "small":
            # The threads that share the work were those of the process before; or each wants addresses of its own.
            config.parallel_compilation = False

        self.engine = Engine(config)
        self.component = _compile(self.engine, wasm, memory)
        # It imports nothing, so there is nothing to link.
        self.linker = Linker(self.engine)
        self._interface = self.component.get_export_index(_INTERFACE)
        self._exports: dict[str, ExportIndex | None] = {}
        self.start_anew()

    def start_anew(self) -> None:
        """New slots, all free, and a new clock."""
        self.slots: SimpleQueue[None] = SimpleQueue()
        for _ in range(shortcuts.SLOTS):
            self.slots.put(None)
        # Not a method of this object: what refers to itself waits for the garbage collector, with all its addresses.
        self.is_idle = partial(_are_free, self.slots)
        self.clock = Clock(self.engine, self.is_idle)

    def export(self, function: str) -> ExportIndex | None:
        """Where to find a function of the text interface, if it is there."""
        if function not in self._exports:
            self._exports[function] = self.component.get_export_index(function, self._interface)
        return self._exports[function]


def _are_free(slots: "SimpleQueue[None]") -> bool:
    return slots.qsize() == shortcuts.SLOTS


def _error(cause: str, held_to: Limits) -> ComponentError:
    """The error for what ended a call. wasmtime says it in words only; a test holds them."""
    if "wasm trap: interrupt" in cause:
        return TimeLimitError(f"the component did not finish in {held_to.seconds} s")
    if "wasm `unreachable` instruction executed" in cause or "exceeds memory limits" in cause:
        return MemoryLimitError(
            f"the component broke down, as it does when it needs more than {held_to.memory} bytes of memory"
        )
    return ComponentError(f"the component failed: {cause.rpartition('Caused by:')[2].strip()}")


def _compile(engine: Engine, wasm: bytes, memory: str) -> Component:
    # An engine refuses what another version or another processor compiled; the key only keeps them apart. Versions by
    # the file of their library: to ask for a package's version takes longer than to load what was compiled.
    library = Path(c_api.filename).stat()
    key = f"{sha256(wasm).hexdigest()}-{library.st_size}-{library.st_mtime_ns}-{platform.machine()}-{memory}"
    if component := _compiled(engine, key):
        return component
    with cache.one_at_a_time():
        if component := _compiled(engine, key):
            return component
        component = Component(engine, wasm)
        cache.store(key, component.serialize())
        return component


def _compiled(engine: Engine, key: str) -> Component | None:
    compiled = cache.load(key)
    if compiled is not None:
        with suppress(WasmtimeError):
            return Component.deserialize(engine, compiled)
    return None


_lock = RLock()
_plugins: WeakSet[Plugin] = WeakSet()
_is_fork = False


@once
def _plugin() -> Plugin:
    return Plugin(Path(__file__).with_name("sentry_streams_k8s.wasm").read_bytes())


def plugin() -> Plugin:
    """The component of this package, loaded at the first call."""
    with _lock:
        return _plugin()


def _after_fork() -> None:
    global _lock, _is_fork
    _lock, _is_fork = RLock(), True
    for known in _plugins:
        known.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
