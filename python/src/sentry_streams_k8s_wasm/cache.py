"""Compiled components, kept between processes in the user's cache directory.

A compiled component is machine code: to load it is to run it. So it is loaded only from a plain file that belongs to
this user and that nobody else may write, in such a directory, and that holds what its header says: what was compiled of
this component, for this engine, to the byte. Whatever goes wrong here costs time, never the result.
"""

import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from platformdirs import user_cache_path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_MAGIC = b"streams-k8s code"
_DIGEST_BYTES = sha256().digest_size
_MAX_BYTES = 64 << 20
"""More than any component compiles to; a larger file is not ours, and is not read."""
_PATIENCE = 30.0
"""Seconds to wait for another process, which may be stopped for good."""
_FAILURES = (OSError, RuntimeError, ValueError)
"""Of the file system; of a user without a home; of a path that is none."""


def load(key: str) -> bytes | None:
    """What was stored under this key, where it can be trusted."""
    header = _header(key)
    try:
        path = _path(key)
        with open(path, "rb", buffering=0, opener=_open_at_once) as file:
            status = os.fstat(file.fileno())
            if not (stat.S_ISREG(status.st_mode) and _is_private(status) and _is_private(path.parent.stat())):
                return None
            if not len(header) + _DIGEST_BYTES <= status.st_size <= _MAX_BYTES:
                return None
            # Each where it stays: to copy megabytes takes as long as to read them.
            head, content = file.read(len(header) + _DIGEST_BYTES), file.read(_MAX_BYTES)
    except _FAILURES:
        return None
    return content if head == header + _digest(header, content) else None


def store(key: str, content: bytes | bytearray) -> None:
    """Keeps it under this key. A reader sees all of it or nothing."""
    # Half of what a start would take otherwise, and needed only after a compilation.
    import tempfile  # noqa: PLC0415

    header = _header(key)
    try:
        path = _path(key)
        if not _is_private(path.parent.stat()):
            return
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
        try:
            with open(descriptor, "wb") as file:
                file.write(header)
                file.write(_digest(header, content))
                file.write(content)
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
    except _FAILURES:
        pass


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Makes other processes wait for what this one is about to store, as long as that may take and no longer."""
    descriptor = None
    try:
        with suppress(*_FAILURES):
            descriptor = _locked_directory()
        yield
    finally:
        if descriptor is not None:
            # Closing alone would leave it locked where a fork has the same descriptor.
            fcntl.flock(descriptor, fcntl.LOCK_UN)
            os.close(descriptor)


def _locked_directory() -> int | None:
    directory = _path("").parent
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    if fcntl is None or not _is_private(directory.stat()):
        return None
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _lock(descriptor, time.monotonic() + _PATIENCE)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _lock(descriptor: int, deadline: float) -> None:
    while time.monotonic() < deadline:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.02)
    return None


def _path(key: str) -> Path:
    directory = user_cache_path("sentry-streams-k8s-wasm", appauthor=False)
    if not directory.is_absolute():
        raise ValueError("a cache in the working directory would be that of whoever owns it")
    return directory / f"{key}.cwasm"


def _header(key: str) -> bytes:
    return _MAGIC + sha256(key.encode()).digest()


def _digest(header: bytes, content: bytes | bytearray) -> bytes:
    digest = sha256(header)
    digest.update(content)
    return digest.digest()


def _open_at_once(path: str, flags: int) -> int:
    # Neither through a link, nor waiting for the other end of a pipe.
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))


def _is_private(status: os.stat_result) -> bool:
    if not hasattr(os, "geteuid"):  # Windows: the user's cache directory is the user's by its access list.
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
