"""What one call of the component may use."""

from dataclasses import dataclass

__all__ = ["Limits", "set_limits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one call may use: room for every context a person would write, and an end to what no person would."""

    seconds: float = 10.0
    """Time, to some hundredths of a second and never less. Compiling the component is not part of a call."""
    memory: int = 512 << 20
    """Bytes of memory in the sandbox."""
    output: int = 64 << 20
    """Characters of the answer."""


current = Limits()


def set_limits(limits: Limits) -> Limits:
    """Holds every call that begins from now on, in all threads, to these limits. Returns those before."""
    global current
    previous, current = current, limits
    return previous
