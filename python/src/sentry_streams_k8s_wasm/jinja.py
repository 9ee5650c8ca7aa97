"""What sentry-kube loads at its start, by an entry point: `tojson` writes JSON that YAML reads as the same values."""

from jinja2 import Environment
from jinja2.ext import Extension

from .manifests import dumps


class YamlSafeJson(Extension):
    """Jinja's `tojson` writes characters above U+FFFF as two escapes, which YAML reads as two broken characters."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.policies["json.dumps_function"] = dumps

    @classmethod
    def install(cls, key: str) -> None:
        """sentry-kube names its extensions; this one defines nothing that could be called by a name."""


__all__ = ["YamlSafeJson"]
