"""`python -m sentry_streams_k8s_wasm`: the macro for people without the command-line tool."""

import argparse
import sys
import warnings
from pathlib import Path

from . import api
from .manifests import dumps
from .problems import ContextError


def main(arguments: list[str] | None = None) -> int:
    """Runs the command. Returns 1 for a context that is not right."""
    options = _parser().parse_args(arguments)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = lambda message, *_: print(f"warning: {message}", file=sys.stderr)
        try:
            source = sys.stdin.buffer.read() if options.context == "-" else Path(options.context).read_bytes()
            context = source.decode("utf-8-sig")
            if options.command == "validate":
                for problem in api.validate(context):
                    print(f"warning: {problem}", file=sys.stderr)
            else:
                for manifest in api.render(context).values():
                    print("---", dumps(manifest, indent=2), sep="\n")
        except ContextError as error:
            for problem in error.problems:
                print(f"error: {problem}", file=sys.stderr)
            return 1
        except (OSError, UnicodeDecodeError) as error:
            print(f"error: {options.context}: {error}", file=sys.stderr)
            return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sentry_streams_k8s_wasm",
        description="Renders the Kubernetes manifests of one step of a Sentry Streams pipeline.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("render", help="print the manifests as YAML documents")
    commands.add_parser("validate", help="say whether they would render")
    for command in commands.choices.values():
        command.add_argument("context", help="a file of JSON or YAML; - reads standard input")
    return parser


if __name__ == "__main__":
    sys.exit(main())
