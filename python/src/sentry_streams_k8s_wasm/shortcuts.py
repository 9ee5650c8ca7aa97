"""Ways into wasmtime that its Python package does not promise, and that take a third off a call.

Each may find nothing in another version of the package. Then calls are slower, and no more.
"""

import ctypes
import mmap
from contextlib import suppress
from typing import Any, NamedTuple

from wasmtime import Config, Store
from wasmtime import _ffi as c_api
from wasmtime.component import ResultType, ValType

SLOTS = 32
"""Calls that may run at once."""
_RESERVED = 5 << 30
"""More than the addresses that the engine reserves for a memory."""
_POOL = {
    "total_memories": SLOTS,
    "total_component_instances": SLOTS,
    "linear_memory_keep_resident": 4 << 20,
    "table_keep_resident": 1 << 16,
}
_NOT_THERE = (AttributeError, ctypes.ArgumentError, OSError, TypeError)


def keep_memory(config: Config) -> None:
    """Has the engine use memory again, wiped, in place of asking the system for it in every call.

    The package has no setter for it, so this asks wasmtime's C library.
    """
    with suppress(*_NOT_THERE):
        # The engine ends the process where a limit of addresses forbids to reserve so many at once.
        mmap.mmap(-1, (SLOTS + 1) * _RESERVED, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=0).close()
        pool = c_api.wasmtime_pooling_allocation_config_new()
        try:
            for setting, value in _POOL.items():
                getattr(c_api, f"wasmtime_pooling_allocation_config_{setting}_set")(pool, value)
            c_api.wasmtime_pooling_allocation_strategy_set(config.ptr(), pool)
        finally:
            c_api.wasmtime_pooling_allocation_config_delete(pool)


class _Signature(NamedTuple):
    """What the package wants to know of a function's type."""

    params: list[tuple[str, ValType]]
    result: ValType | None


class Signatures:
    """The types of the component's functions, which the package asks the engine for, and builds anew, in every call."""

    def __init__(self) -> None:
        self._known: dict[str, _Signature] = {}

    def tell(self, name: str, function: Any, store: Store) -> None:
        """Tells a function its type."""
        with suppress(*_NOT_THERE):
            if name not in self._known:
                self._known[name] = _signature(function, store)
            signature = self._known[name]
            function.type = lambda _: signature


def _signature(function: Any, store: Store) -> _Signature:
    type_ = function.type(store)
    result = type_.result
    if isinstance(result, ResultType):
        cases, is_tagged = result._cases(), result._tagged()
        result._cases, result._tagged = lambda: cases, lambda: is_tagged  # type: ignore[method-assign]
    return _Signature(type_.params, result)
