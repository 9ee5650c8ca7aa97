"""What sentry-kube loads at its start, by an entry point: `tojson` writes our results as JSON that YAML reads alike."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from jinja2 import Environment
from jinja2.ext import Extension

from .manifests import dumps, holds_result


class YamlSafeJson(Extension):
    """Jinja's `tojson` writes characters above U+FFFF as two escapes, which YAML reads as two broken characters.

    Only where a value is, or holds, a result of ours is that changed: what other templates print stays the same.
    """

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        others = environment.policies["json.dumps_function"] or json.dumps
        environment.policies["json.dumps_function"] = partial(_dumps, others)

    @classmethod
    def install(cls, key: str) -> None:
        """sentry-kube names its extensions; this one defines nothing that could be called by a name."""


def _dumps(others: Callable[..., str], value: object, **options: Any) -> str:
    # First, as it refuses a value that holds itself.
    text = others(value, **options)
    return dumps(value, **options) if holds_result(value) else text


__all__ = ["YamlSafeJson"]
