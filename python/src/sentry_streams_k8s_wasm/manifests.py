"""The result: plain dicts and lists in every way but one, which is that they print as JSON.

A template prints a value with `str`. Python's own text for a dict is no YAML: `None` is read as text, and backslashes
double. JSON text that keeps to what YAML 1.1 reads the same way is right in both.
"""

import json
import re
from typing import Any

try:
    import orjson
except ImportError:
    orjson = None  # type: ignore[assignment]

__all__ = ["JsonDict", "JsonList", "Manifests", "decode", "dumps", "printable"]

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
    for key, item in value.items():
        kind = type(item)
        if kind is dict:
            value[key] = printable(item)
        elif kind is list:
            value[key] = _printable_list(item)
    return JsonDict(value)


def _printable_list(items: list[Any]) -> JsonList:
    kinds = set(map(type, items))
    if dict in kinds or list in kinds:
        return JsonList(
            printable(item) if type(item) is dict else _printable_list(item) if type(item) is list else item
            for item in items
        )
    return JsonList(items)


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
            for dict_class in (JsonDict, Manifests):
                dumper.add_representer(dict_class, SafeRepresenter.represent_dict)
            dumper.add_representer(JsonList, SafeRepresenter.represent_list)


_teach_pyyaml()
