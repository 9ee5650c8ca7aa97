"""The component: compiled once, run in a fresh sandbox for every call."""

import platform
from contextlib import suppress
from functools import cache as once
from hashlib import sha256
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import Any

from wasmtime import Config, Engine, Store, Trap, WasmtimeError
from wasmtime import _ffi as c_api
from wasmtime.component import Component, Linker, Variant

from . import cache, limits, shortcuts
from .clock import Clock
from .limits import Limits
from .problems import ComponentError, MemoryLimitError, OutputLimitError, TimeLimitError

_INTERFACE = "sentry:streams-k8s/consumer-macro-json@0.1.0"


class Plugin:
    """A compiled component. It may be called from many threads."""

    def __init__(self, wasm: bytes) -> None:
        config = Config()
        config.epoch_interruption = True
        shortcuts.keep_memory(config)
        self._engine = Engine(config)
        self._clock = Clock(self._engine)
        self._slots = BoundedSemaphore(shortcuts.SLOTS)
        self._component = _compile(self._engine, wasm)
        # It imports nothing, so there is nothing to link.
        self._linker = Linker(self._engine)
        interface = self._component.get_export_index(_INTERFACE)
        self._exports = once(lambda function: self._component.get_export_index(function, interface))
        self._signatures = shortcuts.Signatures()

    def call(self, function: str, *arguments: str) -> tuple[bool, str]:
        """Calls a function of the text interface: whether it went well, and the text it gives."""
        exported = self._exports(function)
        if exported is None:
            raise ComponentError(f"this component has no function `{function}`")
        held_to = limits.current
        # A trap leaves a store unusable, and memory that is never used twice leaks nothing.
        with self._slots, Store(self._engine) as store, self._clock:
            store.set_limits(memory_size=held_to.memory)
            store.set_epoch_deadline(Clock.ticks(held_to.seconds))
            try:
                instance = self._linker.instantiate(store, self._component)
                called: Any = instance.get_func(store, exported)
                self._signatures.tell(function, called, store)
                answer = called(store, *arguments)
            except (Trap, WasmtimeError) as trap:
                raise _stopped(str(trap), held_to) from None
        ok, text = (answer.tag == "ok", str(answer.payload)) if isinstance(answer, Variant) else (True, str(answer))
        if len(text) > held_to.output:
            raise OutputLimitError(f"the component's result is larger than {held_to.output} characters")
        return ok, text


def _stopped(cause: str, held_to: Limits) -> ComponentError:
    """The error for what ended a call. wasmtime says it in words only; a test holds them."""
    if "wasm trap: interrupt" in cause:
        return TimeLimitError(f"the component did not finish in {held_to.seconds} s")
    if "wasm `unreachable` instruction executed" in cause or "exceeds memory limits" in cause:
        return MemoryLimitError(
            f"the component broke down, as it does when it needs more than {held_to.memory} bytes of memory"
        )
    return ComponentError(f"the component failed: {cause.rpartition('Caused by:')[2].strip()}")


def _compile(engine: Engine, wasm: bytes) -> Component:
    # An engine refuses what another version or another processor compiled; the key only keeps them apart. Versions by
    # the size of their library: to ask for a package's version takes longer than to load what was compiled.
    size = Path(c_api.filename).stat().st_size
    key = f"{sha256(wasm).hexdigest()}-{size}-{platform.machine()}"
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


_lock = Lock()


@once
def _plugin() -> Plugin:
    return Plugin(Path(__file__).with_name("sentry_streams_k8s.wasm").read_bytes())


def plugin() -> Plugin:
    """The component of this package, loaded at the first call."""
    with _lock:
        return _plugin()
