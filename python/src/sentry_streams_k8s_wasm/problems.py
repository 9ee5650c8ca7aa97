"""What is wrong with a context: problems as data, and the exceptions and warnings that carry them."""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self


def visible(text: str) -> str:
    """The text as one line, with what would steer a terminal or turn its direction written as escapes."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode() for character in text
    )


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a text."""

    line: int
    """The line, from 1."""
    column: int
    """The column in that line, in characters, from 1."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One change to a text. An empty range is an insertion, an empty text a removal."""

    start: Position
    """The first character of the range."""
    end: Position
    """What follows the range's last character."""
    text: str
    """What to write there."""


@dataclass(frozen=True, slots=True)
class Fix:
    """Changes to a text that fix a problem without changing anything else."""

    title: str
    """What it does, in a few words."""
    edits: tuple[Edit, ...]
    """The changes, in the order of the text; none overlaps another. They count as the problem's line and column do."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, or suspicious, with its place and its cure.

    Where the context is a mapping, only what is in a field that is YAML text has a line: the rest is in no text that
    the caller has.
    """

    code: str
    """What kind it is: stable, kebab-case, for programs."""
    path: str
    """The place, from the context's root; empty for the context as a whole."""
    message: str
    """What is wrong, in one sentence."""
    help: str | None = None
    """What to do about it."""
    line: int | None = None
    """The line of the place, from 1, in the text that `source` says."""
    column: int | None = None
    """The column of the place in that line, from 1."""
    source: str | None = None
    """The field whose own YAML text line and column count in; None where they count in the text of the context."""
    end: Position | None = None
    """What follows the place's last character."""
    fix: Fix | None = None
    """A change of that text that fixes it, where one is sure to."""

    @classmethod
    def from_json(cls, problem: Mapping[str, Any]) -> Self:
        """Reads a problem as the component writes it."""
        end, fix = problem.get("end"), problem.get("fix")
        return cls(
            code=problem["code"],
            path=problem["path"],
            message=problem["message"],
            help=problem.get("help"),
            line=problem.get("line"),
            column=problem.get("column"),
            source=problem.get("source"),
            end=end and _position(end),
            fix=fix and Fix(fix["title"], tuple(map(_edit, fix["edits"]))),
        )

    def without_place(self) -> Self:
        """The same, with its path only."""
        return replace(self, line=None, column=None, end=None, fix=None)

    def __str__(self) -> str:
        place = self.path
        if self.line is not None:
            source = f" of {self.source}" if self.source else ""
            place += f" (line {self.line}, column {self.column}{source})"
        text = f"{place}: {self.message}" if place else self.message
        return visible(text) + (f"\n  help: {visible(self.help)}" if self.help else "")


def _position(position: Mapping[str, Any]) -> Position:
    return Position(position["line"], position["column"])


def _edit(edit: Mapping[str, Any]) -> Edit:
    return Edit(_position(edit["start"]), _position(edit["end"]), edit["text"])


class ContextError(ValueError):
    """A context that cannot be rendered, with everything found wrong in it."""

    problems: tuple[Problem, ...]
    """At least one."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        # Not by the next class: for an error that is jsonschema's too that is another one from Python 3.14 on.
        self.args = (self.problems,)

    def __str__(self) -> str:
        if len(self.problems) == 1:
            return str(self.problems[0])
        lines = "\n".join(f"- {problem}".replace("\n", "\n  ") for problem in self.problems)
        return f"{len(self.problems)} problems:\n{lines}"

    def __reduce__(self) -> tuple[Any, ...]:
        # The class may be one made at run time, which pickle cannot find.
        return error, (self.problems,)


class MissingFieldError(ContextError, AssertionError):
    """A required field is missing."""


class ConfigError(ContextError):
    """`pipeline_config` is not what its schema asks for.

    Where jsonschema is installed, what is raised is also a `jsonschema.ValidationError`.
    """


class ScalarOverwriteError(ContextError):
    """A template sets a value that the macro sets itself."""


class TypeMismatchError(ContextError, TypeError):
    """A value is of a type that does not fit: where it stands, or where it is merged."""


class ComponentError(RuntimeError):
    """The component was stopped: at one of the `Limits`, or because it has a defect."""


class TimeLimitError(ComponentError):
    """A call took longer than `Limits.seconds`."""


class MemoryLimitError(ComponentError):
    """A call wanted more than `Limits.memory`, or met a defect of the component: it breaks down in the same way."""


class OutputLimitError(ComponentError):
    """An answer was larger than `Limits.output`."""


class ContextWarning(UserWarning):
    """Something in a context that is legal but suspicious."""

    problem: Problem

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


# The reference's checks in its order: it stops at the first that fails, and callers catch that one's exception.
_CHECKS: tuple[tuple[str, type[ContextError]], ...] = (
    ("missing-field", MissingFieldError),
    ("invalid-yaml", ContextError),
    ("invalid-config", ConfigError),
    ("invalid-processes", ConfigError),
)
_VALUES: dict[str, type[ContextError]] = {
    "wrong-type": TypeMismatchError,
    "type-mismatch": TypeMismatchError,
    "scalar-overwrite": ScalarOverwriteError,
}


def error(problems: Iterable[Problem], context: object = None) -> ContextError:
    """The exception for these problems, of the class the reference would have raised for the first it finds.

    The context is there for those that name values of it.
    """
    problems = tuple(problems)
    codes = [problem.code for problem in problems]
    checked = (cls for code, cls in _CHECKS if code in codes)
    cls = next(checked, None) or _VALUES.get(codes[0], ContextError)
    if cls is ConfigError:
        return _config_error(problems, context)
    # Where the reference is loaded too, what it raises is what callers catch.
    reference = getattr(sys.modules.get("sentry_streams_k8s.merge"), cls.__name__, None)
    if isinstance(reference, type) and issubclass(reference, Exception):
        cls = type(cls.__name__, (cls, reference), {})
    return cls(problems)


def _config_error(problems: tuple[Problem, ...], context: object) -> ConfigError:
    try:
        # Only now: importing it takes longer than a hundred renders.
        import jsonschema  # noqa: F401, PLC0415

        from .validation import ConfigValidationError  # noqa: PLC0415
    except (ImportError, TypeError):  # It is not there, or something else goes by its name.
        return ConfigError(problems)
    return ConfigValidationError(problems, context)
