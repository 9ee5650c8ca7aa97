"""The limit of time.

Compiled code looks at its engine's epoch at every loop and call. Counting instructions instead (fuel) would stop at the
same place every time, but takes an eighth of every call; and what a limit should bound is the time somebody waits.
"""

import sys
import warnings
from collections.abc import Callable
from importlib import import_module
from types import BuiltinFunctionType
from typing import Any

from wasmtime import Engine

_TICK = 0.02
_LINGERS = 50
"""Ticks without a call before the thread ends: who calls often does not start it each time."""


def _python_s_own(module: str, name: str) -> Any:
    """The function as Python has it: gevent's in its place would run only while the component does not."""
    gevent = sys.modules.get("gevent.monkey")
    return gevent.get_original(module, name) if gevent else getattr(import_module(module), name)


_sleep = _python_s_own("time", "sleep")
_start_thread = _python_s_own("_thread", "start_new_thread")
_new_lock = _python_s_own("_thread", "allocate_lock")
if not isinstance(_start_thread, BuiltinFunctionType):
    warnings.warn(
        "threads are replaced by something that is not gevent: the time limit of sentry_streams_k8s_wasm may not hold",
        RuntimeWarning,
        stacklevel=2,
    )


class Clock:
    """Moves an engine's epoch on while calls run."""

    def __init__(self, engine: Engine, is_idle: Callable[[], bool]) -> None:
        self._engine = engine
        self._is_idle = is_idle
        self._ticking = _new_lock()

    @staticmethod
    def ticks(seconds: float) -> int:
        """How many ticks a call may take: never fewer than the time says."""
        return int(min(seconds / _TICK, 1 << 60)) + 2

    def wake(self) -> None:
        """Sees to it that the clock goes until nothing runs any more; to be called while something does."""
        if self._ticking.locked():
            return
        try:
            _start_thread(self._run, ())
        except RuntimeError as refused:  # No thread is left, or the interpreter ends and starts none any more.
            warnings.warn(f"this call has no time limit: {refused}", RuntimeWarning, stacklevel=4)

    def _run(self) -> None:
        # Of several that were started at once, the first holds the lock and the others end.
        while self._ticking.acquire(blocking=False):
            idle = 0
            while idle <= _LINGERS:
                _sleep(_TICK)
                self._engine.increment_epoch()
                idle = idle + 1 if self._is_idle() else 0
            self._ticking.release()
            # Whoever began before the release relies on this clock.
            if self._is_idle():
                return
