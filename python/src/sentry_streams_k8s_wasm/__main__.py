"""`python -m sentry_streams_k8s_wasm`: the macro for people without the command-line tool."""

import argparse
import os
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from . import api, limits
from .manifests import dumps
from .problems import ComponentError, ContextError, ContextWarning, Problem, visible

RIGHT, WRONG, FAILED, STOPPED = range(4)
"""What the command returns: the worst of its contexts. FAILED is a file that cannot be read or written, STOPPED a
context of which nothing can be said, because it met one of the limits."""


def main(arguments: list[str] | None = None) -> int:
    """Runs the command. Returns 1 for a context that is not right, 2 and 3 where there is no saying."""
    options = _parser().parse_args(arguments)
    output = _Output()
    worst = max(_one(name, _WORK[options.command], output) for name in options.context)
    return max(worst, FAILED) if output.failed else worst


def _one(name: str, work: Callable[[str], str], output: "_Output") -> int:
    """Does the work for a file, and writes what it gives when all of it is there."""
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = lambda message, *_: _report_warning(message, name)
        try:
            output.write(work(_read(name)))
        except ContextError as error:
            for problem in error.problems:
                _report_problem("error", problem, name)
            return WRONG
        except ComponentError as error:
            _report(f"error: {visible(name)}: {visible(str(error))}")
            return STOPPED
        except (OSError, ValueError) as error:
            _report(f"error: {visible(name)}: {visible(str(error))}")
            return FAILED
    return RIGHT


def _read(name: str) -> str:
    if name != "-":
        with Path(name).open("rb") as file:
            source = file.read(limits.current.memory + 1)
    elif sys.stdin is None:
        raise OSError("standard input is closed")
    else:
        source = sys.stdin.buffer.read(limits.current.memory + 1)
    if len(source) > limits.current.memory:
        raise ValueError(f"it is larger than {limits.current.memory} bytes")
    return source.decode("utf-8-sig")


def _render(context: str) -> str:
    return "".join(f"---\n{dumps(manifest, indent=2)}\n" for manifest in api.render(context).values())


def _validate(context: str) -> str:
    for problem in api.validate(context):
        warnings.warn(ContextWarning(problem), stacklevel=2)
    return ""


def _explain(context: str) -> str:
    return f"---\n{dumps(api.explain(context), indent=2)}\n"


_WORK = {"render": _render, "validate": _validate, "explain": _explain}


class _Output:
    """Standard output, in UTF-8 whatever the locale says: what reads YAML reads that."""

    def __init__(self) -> None:
        self.failed = False
        self._is_closed = False

    def write(self, text: str) -> None:
        if not text or self._is_closed:
            return
        try:
            _write(sys.stdout, text)
        except BrokenPipeError:  # Whoever reads has read enough; the other contexts still count.
            self._close()
        except OSError as error:
            self._close()
            self.failed = True
            _report(f"error: standard output: {visible(str(error))}")

    def _close(self) -> None:
        self._is_closed = True
        # What is left in the buffer would be written at the end of the process, and fail again.
        if sys.stdout is not None:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _write(stream: TextIO | None, text: str) -> None:
    if stream is None:
        raise OSError("it is closed")
    stream.flush()
    if hasattr(stream, "buffer"):
        stream.buffer.write(text.encode())
        stream.buffer.flush()
    else:
        stream.write(text)


def _report_warning(message: object, name: str) -> None:
    if isinstance(message, ContextWarning):
        _report_problem("warning", message.problem, name)
    else:
        _report(f"warning: {visible(str(message))}")


def _report_problem(kind: str, problem: Problem, name: str) -> None:
    first, *more = str(problem).split("\n")
    # An editor goes where this points; what counts in a field's own text is told by its words only.
    place = f":{problem.line}:{problem.column}" if problem.line and not problem.source else ""
    _report("\n".join([f"{kind}: {first}", f"  --> {visible(name)}{place}", *more]))


def _report(text: str) -> None:
    # Where nobody listens, the output and what is returned are right all the same.
    with suppress(OSError):
        _write(sys.stderr, f"{text}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m sentry_streams_k8s_wasm",
        description="Renders the Kubernetes manifests of one step of a Sentry Streams pipeline.",
        epilog="Returns 1 where a context is not right, 2 where a file cannot be read or written, 3 where a context "
        "meets a limit.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and end")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("render", help="print the manifests as YAML documents")
    commands.add_parser("validate", help="say whether they would render")
    commands.add_parser("explain", help="print where every field of the manifests comes from, as YAML documents")
    for command in commands.choices.values():
        command.add_argument("context", nargs="+", help="files of JSON or YAML; - reads standard input")
    return parser


class _Parser(argparse.ArgumentParser):
    """A help that could not be printed is no success."""

    def print_help(self, file: object = None) -> None:
        _answer(self, self.format_help())


class _Version(argparse.Action):
    """Asks the component only when somebody wants to know."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        _answer(parser, f"sentry-streams-k8s-wasm {api.version()}\n")


def _answer(parser: argparse.ArgumentParser, text: str) -> None:
    """Prints all that was asked for, and ends."""
    output = _Output()
    output.write(text)
    parser.exit(FAILED if output.failed else RIGHT)


if __name__ == "__main__":
    sys.exit(main())
