"""The result: plain dicts and lists in every way but one, which is that they print as JSON.

A template prints a value with `str`. Python's own text for a dict is no YAML: `None` is read as text, and backslashes
double. JSON text that keeps to what YAML 1.1 reads the same way is right in both.
"""

import json
import re
from typing import Any

__all__ = ["JsonDict", "JsonList", "Manifests", "dumps"]

# What YAML 1.1 reads otherwise than JSON: two escapes for one character, numbers with an exponent but no fraction.
_SUSPECT = re.compile(r"\\ud|\de[+-]")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?e')
_ESCAPE = re.compile(r"\\u(d[89ab]..)\\u(d[c-f]..)|\\.")


def dumps(value: object, **options: Any) -> str:
    """`json.dumps`, of which PyYAML reads the same values as a JSON parser."""
    text = json.dumps(value, **options)
    return _TOKEN.sub(_token, text) if _SUSPECT.search(text) else text


def _token(match: re.Match[str]) -> str:
    text = match.group()
    if text[0] == '"':
        return _ESCAPE.sub(_escape, text)
    return text if "." in text else f"{text[:-1]}.0e"


def _escape(match: re.Match[str]) -> str:
    high, low = match.groups()
    if high is None:
        return match.group()
    return bytes.fromhex(high + low).decode("utf-16-be")


class _PrintsAsJson:
    def __repr__(self) -> str:
        return dumps(self)

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


class JsonDict(_PrintsAsJson, dict[str, Any]):
    """A dict that prints as JSON."""


class JsonList(_PrintsAsJson, list[Any]):
    """A list that prints as JSON."""


class Manifests(JsonDict):
    """The rendered objects, by their role."""

    @property
    def deployment(self) -> dict[str, Any]:
        """The Deployment."""
        return self["deployment"]  # type: ignore[no-any-return]

    @property
    def configmap(self) -> dict[str, Any]:
        """The ConfigMap."""
        return self["configmap"]  # type: ignore[no-any-return]

    @property
    def canary_deployment(self) -> dict[str, Any] | None:
        """The canary Deployment, where there is one."""
        return self.get("canary_deployment")


def _json_dict(value: dict[str, Any]) -> JsonDict:
    for key, item in value.items():
        if type(item) is list:
            value[key] = _json_list(item)
    return JsonDict(value)


def _json_list(items: list[Any]) -> JsonList:
    return JsonList(_json_list(item) if type(item) is list else item for item in items)


decode = json.JSONDecoder(object_hook=_json_dict).decode
"""Reads JSON text into values that print as JSON."""


def _teach_pyyaml() -> None:
    """PyYAML represents a dict subclass only where it is told how."""
    try:
        from yaml.representer import Representer, SafeRepresenter  # noqa: PLC0415
    except ImportError:
        return
    dumpers: list[Any] = [SafeRepresenter, Representer]
    for dumper in dumpers:
        dumpers.extend(dumper.__subclasses__())
        # A dumper has a table of its own once something was added to it; else it looks into its parent's.
        if dumper is SafeRepresenter or "yaml_representers" in vars(dumper):
            for cls in (JsonDict, Manifests):
                dumper.add_representer(cls, SafeRepresenter.represent_dict)
            dumper.add_representer(JsonList, SafeRepresenter.represent_list)


_teach_pyyaml()
