"""A `ConfigError` that is also a `jsonschema.ValidationError`, and says the place as that class does.

Imported only where there is such an error, and fails with an `ImportError` where jsonschema is not installed.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from jsonschema import Draft7Validator, ValidationError

from .problems import ConfigError, Problem

_FIELD = "pipeline_config"
_CODES = ("invalid-config", "invalid-processes")
_STEP = re.compile(r'\.?([^.\[\]]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]')
# What jsonschema says of an error beside its message and its path.
_DETAILS = ("instance", "validator", "validator_value", "schema", "schema_path", "cause", "context")


class ConfigValidationError(ConfigError, ValidationError):
    """`pipeline_config` is not what its schema asks for."""

    def __init__(self, problems: tuple[Problem, ...], context: object = None) -> None:
        problem = next(problem for problem in problems if problem.code in _CODES)
        path = _steps(problem.path)
        ValidationError.__init__(self, problem.message, path=path, **_found(path, context))
        ConfigError.__init__(self, problems)

    __str__ = ConfigError.__str__
    __repr__ = ConfigError.__repr__


def _steps(path: str) -> list[str | int]:
    """The keys and indices that lead from `pipeline_config` to a place."""
    steps = [_step(*groups) for groups in _STEP.findall(path)]
    return steps[1:] if steps[:1] == [_FIELD] else steps


def _step(plain: str, index: str, quoted: str) -> str | int:
    return plain or (json.loads(quoted) if quoted else int(index))


def _found(path: list[str | int], context: object) -> dict[str, Any]:
    """The value at the place, where there is one, and what jsonschema says of it by the installed sentry-streams."""
    config = context.get(_FIELD) if isinstance(context, Mapping) else None
    try:
        value = config
        for step in path:
            value = value[step]  # type: ignore[index]
        found: dict[str, Any] = {"instance": value} if isinstance(config, Mapping) else {}
    except (KeyError, IndexError, TypeError):
        found = {}

    if isinstance(context, Mapping) and "pipeline_config_schema" not in context:
        for same in _errors_at(path, config):
            return {detail: getattr(same, detail) for detail in _DETAILS}
    return found


def _errors_at(path: list[str | int], config: object) -> Iterator[ValidationError]:
    from .api import config_schema  # noqa: PLC0415

    schema = config_schema()
    if schema is None or not isinstance(config, Mapping):
        return
    try:
        yield from (
            error for error in _all(Draft7Validator(schema).iter_errors(config)) if list(error.absolute_path) == path
        )
    except Exception:  # Of a schema that is none, or a config nested too deeply: then it has nothing to add.
        return


def _all(errors: Iterable[ValidationError]) -> Iterator[ValidationError]:
    for error in errors:
        yield error
        yield from _all(error.context or ())
