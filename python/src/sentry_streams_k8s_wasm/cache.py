"""Compiled components, kept between processes in the user's cache directory.

A compiled component is machine code: it is loaded only from a file that belongs to this user, that nobody else may
write, and whose digest is right. Whatever goes wrong here costs time, never the result.
"""

import os
import stat
import tempfile
from hashlib import sha256
from pathlib import Path

from platformdirs import user_cache_path

_DIGEST_BYTES = sha256().digest_size


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
    try:
        path = _path(key)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
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
