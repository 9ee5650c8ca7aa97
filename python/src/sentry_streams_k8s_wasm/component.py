"""The component: compiled once, run in a fresh sandbox for every call."""

import platform
from contextlib import suppress
from functools import cache as once
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from threading import Lock

from wasmtime import Config, Engine, Store, Trap, WasmtimeError
from wasmtime.component import Component, Linker, Variant

from . import cache
from .problems import ComponentError

MEMORY_LIMIT = 1 << 29
"""The most memory a call may use, in bytes."""
FUEL_LIMIT = 20_000_000_000
"""The most a call may compute: some ten seconds. Counted in instructions, so that it never depends on the machine."""

_INTERFACE = "sentry:streams-k8s/consumer-macro-json@0.1.0"


class Plugin:
    """A compiled component. It may be called from many threads."""

    def __init__(self, wasm: bytes) -> None:
        config = Config()
        config.consume_fuel = True
        self._engine = Engine(config)
        self._component = _compile(self._engine, wasm)
        # It imports nothing, so there is nothing to link.
        self._linker = Linker(self._engine)
        interface = self._component.get_export_index(_INTERFACE)
        self._exports = once(lambda function: self._component.get_export_index(function, interface))

    def call(self, function: str, *arguments: str) -> tuple[bool, str]:
        """Calls a function of the text interface: whether it went well, and the text it gives."""
        exported = self._exports(function)
        if exported is None:
            raise ComponentError(f"this component has no function `{function}`")
        # A trap leaves a store unusable, and memory that is never used twice leaks nothing.
        store = Store(self._engine)
        store.set_limits(memory_size=MEMORY_LIMIT)
        store.set_fuel(FUEL_LIMIT)
        try:
            instance = self._linker.instantiate(store, self._component)
            answer = instance.get_func(store, exported)(store, *arguments)  # type: ignore[misc]
        except (Trap, WasmtimeError) as trap:
            cause = str(trap).rpartition("Caused by:")[2].strip()
            limits = f"limits are {MEMORY_LIMIT >> 20} MiB of memory and {FUEL_LIMIT} instructions"
            raise ComponentError(f"the component was stopped in `{function}`: {cause}; {limits}") from None
        if isinstance(answer, Variant):
            return answer.tag == "ok", str(answer.payload)
        return True, str(answer)


def _compile(engine: Engine, wasm: bytes) -> Component:
    # An engine refuses what another version or another processor compiled; the key only keeps them apart.
    key = "-".join((sha256(wasm).hexdigest(), version("wasmtime"), platform.machine()))
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
