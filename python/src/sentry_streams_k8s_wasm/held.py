"""What must be given back exactly once, whatever a signal handler raises in between.

Python runs signal handlers between bytecodes. A handler that raises (Ctrl-C, a timeout by SIGALRM) can so come between
the taking of a thing and the note that it is taken, or between the giving back and the note of that: then the thing is
lost, or given back twice. Inside one call of a function written in C no handler runs.
"""

from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

__all__ = ["Held"]


class Held:
    """Things taken, to be given back by `give_back`, best as the only statement of a `finally`."""

    __slots__ = ("_things", "give_back")

    give_back: Callable[[], object]
    """Gives back what is taken and not yet given back. The iterator moves on with each, so none is given twice."""

    def __init__(self, give: Callable[[Any], object]) -> None:
        self._things: list[Any] = []
        self.give_back = partial(deque, map(give, iter(self._things)), 0)

    def take(self, make: Callable[..., Any], *arguments: Any) -> Any:
        """Takes what `make`, a function written in C, returns."""
        self._things.extend(map(make, *zip(arguments)))
        return self._things[-1]
