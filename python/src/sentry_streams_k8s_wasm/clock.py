"""The limit of time.

Compiled code looks at its engine's epoch at every loop and call. Counting instructions instead (fuel) would stop at the
same place every time, but takes an eighth of every call; and what a limit should bound is the time somebody waits.
"""

import os
import threading
import time

from wasmtime import Engine

_TICK = 0.02
_LINGERS = 50
"""Ticks without a call before the thread ends: who calls often does not start it each time."""


class Clock:
    """Moves an engine's epoch on while calls run. Used as a context, it goes at least until that ends."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._start_anew()

    def _start_anew(self) -> None:
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._running = 0
        self._idle = 0
        self._thread: threading.Thread | None = None

    @staticmethod
    def ticks(seconds: float) -> int:
        """How many ticks a call may take: never fewer than the time says."""
        return int(min(seconds / _TICK, 1 << 60)) + 2

    def __enter__(self) -> None:
        if self._process != os.getpid():  # A fork has this thread only.
            self._start_anew()
        with self._lock:
            self._running += 1
            self._idle = 0
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="consumer-macro-clock", daemon=True)
                self._thread.start()

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._running -= 1

    def _run(self) -> None:
        while True:
            time.sleep(_TICK)
            self._engine.increment_epoch()
            with self._lock:
                self._idle = 0 if self._running else self._idle + 1
                if self._idle > _LINGERS:
                    self._thread = None
                    return
