"""What one call of the component may use."""

from dataclasses import dataclass

__all__ = ["Limits", "set_limits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one call may use: room for every context a person would write, and an end to what no person would.

    Each is more than nothing: a `ValueError` says which is not.
    """

    seconds: float = 10.0
    """Time, to some hundredths of a second and never less. Compiling the component is not part of a call."""
    memory: int = 256 << 20
    """Bytes of memory in the sandbox."""
    output: int = 64 << 20
    """Characters of the answer."""

    def __post_init__(self) -> None:
        if not self.seconds > 0:  # Neither is NaN.
            raise ValueError(f"seconds must be more than 0, not {self.seconds!r}")
        for name in ("memory", "output"):
            value = getattr(self, name)
            if not isinstance(value, int) or not 0 < value < 1 << 63:
                raise ValueError(f"{name} must be an integer of more than 0, not {value!r}")


current = Limits()


def set_limits(limits: Limits) -> Limits:
    """Holds every call that begins from now on, in all threads, to these limits. Returns those before."""
    global current
    if not isinstance(limits, Limits):
        raise TypeError(f"expected Limits, not {limits!r}")
    previous, current = current, limits
    return previous
