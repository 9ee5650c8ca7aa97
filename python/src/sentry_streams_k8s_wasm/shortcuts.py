"""Settings of the engine for which wasmtime's Python package has no setter: they are asked of its C library.

Each may be missing in another version of the package. Then calls are slower, or share signals with others, and no more.
"""

import ctypes
import mmap
from contextlib import suppress

from wasmtime import Config
from wasmtime import _ffi as c_api

from .problems import ComponentError

SLOTS = 32
"""Calls that may run at once."""
_RESERVED = 5 << 30
"""More than the addresses that the engine reserves for a memory."""
_LEAST = 160 << 20
"""Addresses to compile with, and to run a small context."""
_POOL = {
    "total_memories": SLOTS,
    "total_component_instances": SLOTS,
    # Of calls that wait for something, which none does; each stack takes two of the mappings that a process may have.
    "total_stacks": SLOTS,
    "linear_memory_keep_resident": 4 << 20,
    "table_keep_resident": 1 << 16,
}
_NOT_THERE = (AttributeError, ctypes.ArgumentError, OSError, TypeError)


def use_no_signals(config: Config) -> None:
    """Has compiled code look for itself where it would else run into a signal, for a seventh of a call's time.

    Whoever handles signals after the engine was made (`faulthandler.enable()`, a crash reporter) takes those that the
    engine needs: what should be an error of one call would be the end of the process.
    """
    with suppress(*_NOT_THERE):
        _set(config, "signals_based_traps", ctypes.c_bool, False)


def keep_memory(config: Config) -> str:
    """Has the engine use memory again, wiped, in place of asking the system for it in every call.

    Where a limit of addresses forbids to reserve so many at once, the engine reserves none. Returns what it does, since
    that is part of what it compiles.

    Raises:
        ComponentError: where it would end the process for want of addresses.
    """
    with suppress(*_NOT_THERE):
        # The engine would end the process where it cannot have them.
        if not _can_reserve((SLOTS + 1) * _RESERVED):
            if not _can_reserve(_LEAST):
                raise ComponentError("too few addresses are left to run the component; is there a limit (ulimit -v)?")
            for setting in ("memory_reservation", "memory_guard_size", "memory_reservation_for_growth"):
                _set(config, setting, ctypes.c_uint64, 0)
            return "small"

        pool = c_api.wasmtime_pooling_allocation_config_new()
        try:
            for setting, value in _POOL.items():
                getattr(c_api, f"wasmtime_pooling_allocation_config_{setting}_set")(pool, value)
            c_api.wasmtime_pooling_allocation_strategy_set(config.ptr(), pool)
        finally:
            c_api.wasmtime_pooling_allocation_config_delete(pool)
        return "pool"
    return "plain"


def _can_reserve(size: int) -> bool:
    try:
        mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=0).close()
    except OSError:
        return False
    return True


def _set(config: Config, setting: str, kind: type, value: object) -> None:
    setter = c_api.dll[f"wasmtime_config_{setting}_set"]
    setter.argtypes, setter.restype = [ctypes.POINTER(c_api.wasm_config_t), kind], None
    setter(config.ptr(), value)
