"""Compiled components, kept between processes in the user's cache directory.

A compiled component is machine code: it is loaded only from a file that belongs to this user, that nobody else may
write, and whose digest is right. Whatever goes wrong here costs time, never the result.
"""

import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from platformdirs import user_cache_path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_DIGEST_BYTES = sha256().digest_size
_PATIENCE = 30.0
"""Seconds to wait for another process, which may be stopped for good."""


def load(key: str) -> bytes | None:
    """What was stored under this key, where it can be trusted."""
    try:
        with open(_path(key), "rb", opener=_open_without_links) as file:
            if not _is_private(os.fstat(file.fileno())):
                return None
            digest = file.read(_DIGEST_BYTES)
            content = file.read()
    except (OSError, RuntimeError):
        return None
    return content if sha256(content).digest() == digest else None


def store(key: str, content: bytes | bytearray) -> None:
    """Keeps it under this key. A reader sees all of it or nothing."""
    # Half of what a start would take otherwise, and needed only after a compilation.
    import tempfile  # noqa: PLC0415

    try:
        path = _path(key)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
        try:
            with open(descriptor, "wb") as file:
                file.write(sha256(content).digest())
                file.write(content)
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
    except (OSError, RuntimeError):
        pass


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Makes other processes wait for what this one is about to store, as long as that may take and no longer."""
    descriptor = None
    try:
        directory = _path("").parent
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if fcntl is not None:
            descriptor = os.open(directory, os.O_RDONLY)
            _lock(descriptor, time.monotonic() + _PATIENCE)
    except (OSError, RuntimeError):
        pass
    try:
        yield
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _lock(descriptor: int, deadline: float) -> None:
    while time.monotonic() < deadline:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.02)
    return None


def _path(key: str) -> Path:
    return user_cache_path("sentry-streams-k8s-wasm", appauthor=False) / f"{key}.cwasm"


def _open_without_links(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0))


def _is_private(status: os.stat_result) -> bool:
    if not stat.S_ISREG(status.st_mode):
        return False
    if not hasattr(os, "geteuid"):  # Windows: the user's cache directory is the user's by its access list.
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
