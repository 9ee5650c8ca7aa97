"""The macro as functions: a context in, manifests out.

A context is a mapping, or a document of JSON or YAML text. Its fields are those of the reference implementation;
`schema` gives them as a JSON Schema.
"""

import json
import warnings
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from .context import Request, encode, too_deep
from .manifests import Manifests, decode, printable
from .problems import ComponentError, ContextWarning, Problem, error

if TYPE_CHECKING:
    from .component import Plugin

Context: TypeAlias = Mapping[str, Any] | str


def render(context: Context) -> Manifests:
    """Renders the Kubernetes objects of a context.

    What is legal but suspicious is told as a `ContextWarning`.

    Raises:
        ContextError: with everything found wrong in the context.
        ComponentError: when the component ran into a limit.
    """
    return manifests(context, request(context))


def validate(context: Context) -> list[Problem]:
    """Says whether `render` would succeed, and returns what is legal but suspicious.

    Raises: as `render` does.
    """
    answer = _call("validate", context, request(context))
    return [_placed(Problem.from_json(warning), context) for warning in answer["warnings"]]


def explain(context: Context) -> dict[str, Any]:
    """Tells where every field of the rendered objects comes from: its layer, what it replaced, its place.

    Raises: as `render` does.
    """
    return printable(_call("explain", context, request(context)))


def schema() -> dict[str, Any]:
    """The JSON Schema of a context."""
    _, text = _plugin().call("schema")
    return json.loads(text)  # type: ignore[no-any-return]


def version() -> str:
    """The version of the component, which is that of this package."""
    _, text = _plugin().call("version")
    return text


def request(context: Context) -> Request:
    """A context as the component is asked with it."""
    if isinstance(context, str):
        return Request(_whole(context))
    request = encode(context)
    config_schema = installed_config_schema()
    if config_schema is None or not isinstance(context, Mapping) or not context or _SCHEMA_FIELD in context:
        return request
    return request._replace(text=f'{request.text[:-1]}, "{_SCHEMA_FIELD}": {config_schema}}}')


def _whole(text: str) -> str:
    """The text, of which every character is one."""
    try:
        text.encode()
    except UnicodeEncodeError as half:
        before = text[: half.start]
        line, column = before.count("\n") + 1, half.start - before.rfind("\n")
        message = "the text holds half of a surrogate pair, which is no character"
        raise error([Problem("invalid-text", "", message, line=line, column=column)]) from None
    return text


def manifests(context: Context, request: Request, stack_level: int = 3) -> Manifests:
    """Renders a request; the context is only there to be named in problems."""
    answer = _call("render", context, request)
    for warning in answer["warnings"]:
        warnings.warn(ContextWarning(_placed(Problem.from_json(warning), context)), stacklevel=stack_level)
    return Manifests({role: printable(manifest) for role, manifest in answer["manifests"].items()})


# Of the schema of sentry-streams 0.0.69, which says what the component's own says; `scripts/test-with-sentry-streams`
# compares the two. To send it would only cost the time to read it.
_SCHEMA_FIELD = "pipeline_config_schema"
_SCHEMA_LIKE_OURS = "7fb304b2baea2bf46fc16311225827684fc8c39586e968553e546abad0acc517"


@cache
def installed_config_schema() -> str | None:
    """The schema of `pipeline_config` in the installed sentry-streams; None where that is what ours says."""
    text = _installed_config()
    return None if text is None or sha256(text).hexdigest() == _SCHEMA_LIKE_OURS else json.dumps(json.loads(text))


def config_schema() -> Any:
    """The schema of `pipeline_config` in the installed sentry-streams, whatever it says; None without one."""
    text = _installed_config()
    return None if text is None else json.loads(text)


def _installed_config() -> bytes | None:
    try:
        spec = find_spec("sentry_streams")  # Finds the package, does not import it.
    except (AttributeError, ImportError, ValueError):  # A module of that name that is none: a test's stand-in.
        return None
    for folder in (spec and spec.submodule_search_locations) or ():
        try:
            text = Path(folder, "config.json").read_bytes()
            json.loads(text)
        except (OSError, RecursionError, TypeError, ValueError):
            continue
        return text
    return None


def _plugin() -> "Plugin":
    # wasmtime takes longer to import than all the rest: only when something is rendered.
    from .component import plugin  # noqa: PLC0415

    return plugin()


def _call(function: str, context: Context, request: Request) -> dict[str, Any]:
    ok, text = _plugin().call(function, request.text)
    try:
        answer = decode(text)
    except RecursionError:
        raise error([too_deep()]) from None
    except (
        ValueError
    ):  # The component allows 4,300 digits, as Python does unless `sys.set_int_max_str_digits` says less.
        message = "an integer has more digits than this Python reads"
        raise error([Problem("too-large", "", message, "allow more, with sys.set_int_max_str_digits")]) from None
    if ok:
        return answer
    problems = [_placed(Problem.from_json(problem), context) for problem in answer["problems"]]
    if not problems:
        raise ComponentError("the component refused the context and did not say why")
    raise error(problems, context)


def _placed(problem: Problem, context: Context) -> Problem:
    """The problem, without its place where that is in text that the caller never saw: `request`'s."""
    return problem if problem.source or isinstance(context, str) else problem.without_place()
