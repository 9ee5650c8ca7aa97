"""The result: a dict of dicts and lists, of kinds that print as JSON.

A template prints a value with `str`. Python's own text for a dict is no YAML: `None` is read as text, and backslashes
double. JSON text that keeps to what YAML 1.1 reads the same way is right in both.
"""

import json
import re
from typing import Any

from . import dumpers

try:
    import orjson
except ImportError:
    orjson = None  # type: ignore[assignment]

__all__ = ["JsonDict", "JsonList", "Manifests", "decode", "dumps", "holds_result", "printable"]

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


_DIGITS = bytes(ord("0") if chr(byte).isdigit() else ord(" ") for byte in range(128)) + bytes(128)
_LONG = b"0" * 19


def decode(text: str) -> dict[str, Any]:
    """Reads JSON text, integers of any size included: orjson reads those of more than 64 bits as floats."""
    if orjson and _LONG not in text.encode().translate(_DIGITS):
        try:
            return orjson.loads(text)  # type: ignore[no-any-return]
        except orjson.JSONDecodeError:  # It refuses what only Python takes for a number or a character.
            pass
    return json.loads(text)  # type: ignore[no-any-return]


class _PrintsAsJson:
    __slots__ = ()

    def __repr__(self) -> str:
        return dumps(self)

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


class JsonDict(_PrintsAsJson, dict[str, Any]):
    """A dict that prints as JSON."""

    __slots__ = ()


class JsonList(_PrintsAsJson, list[Any]):
    """A list that prints as JSON."""

    __slots__ = ()


class Manifests(JsonDict):
    """The rendered objects, by their role."""

    __slots__ = ()

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


def printable(value: dict[str, Any]) -> JsonDict:
    """The dict, which is used up, and every dict and list in it, as one that prints as JSON."""
    root = JsonDict(value)
    unread: list[JsonDict | JsonList] = [root]
    # Not by recursion: a document may be nested nearly as deep as Python lets functions call each other.
    for container in unread:
        entries: Any = container.items() if isinstance(container, dict) else enumerate(container)
        for key, item in entries:
            kind = type(item)
            if kind is dict or kind is list:
                twin: Any = JsonDict(item) if kind is dict else JsonList(item)
                container[key] = twin
                unread.append(twin)
    return root


def holds_result(value: object) -> bool:
    """Whether a value is a result of ours, a part of one that is no scalar, or holds one."""
    unread = [value]
    for item in unread:
        if isinstance(item, _PrintsAsJson):
            return True
        if isinstance(item, dict):
            unread.extend(item.values())
        elif isinstance(item, (list, tuple)):
            unread.extend(item)
    return False


dumpers.teach(((JsonDict, dict), (Manifests, dict), (JsonList, list)))
