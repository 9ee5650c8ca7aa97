"""The result: plain dicts and lists in every way but one, which is that they print as JSON.

A template prints a value with `str`. Python's own text for a dict is no YAML: `None` is read as text, and backslashes
double. JSON text that keeps to what YAML 1.1 reads the same way is right in both.
"""

import json
import re
import threading
from collections.abc import Callable
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
    """The dict, and every dict and list in it, as one that prints as JSON."""
    return _ClosedDict(value)


# Little of what is inside is ever looked at by itself: to give it its class only then saves most of the time.
class _ClosedDict(JsonDict):
    """A `JsonDict` of plain dicts and lists. It becomes an open one of closed ones as soon as somebody looks inside."""

    __slots__ = ()

    def __repr__(self) -> str:
        return dumps(dict(dict.items(self)))

    __str__ = __repr__

    def _open(self) -> None:
        with _opening:
            if type(self) is _ClosedDict:
                for key, item in dict.items(self):
                    if closed := _CLOSED.get(type(item)):
                        dict.__setitem__(self, key, closed(item))
                self.__class__ = JsonDict  # type: ignore[assignment]


class _ClosedList(JsonList):
    """The same for a list."""

    __slots__ = ()

    def __repr__(self) -> str:
        return dumps(list.copy(self))

    __str__ = __repr__

    def __radd__(self, other: list[Any]) -> list[Any]:
        self._open()
        return other + self

    def _open(self) -> None:
        with _opening:
            if type(self) is _ClosedList:
                for index, item in enumerate(list.copy(self)):
                    if closed := _CLOSED.get(type(item)):
                        list.__setitem__(self, index, closed(item))
                self.__class__ = JsonList  # type: ignore[assignment]


_CLOSED: dict[type, type] = {dict: _ClosedDict, list: _ClosedList}
_opening = threading.Lock()

# These neither give what is inside to somebody, nor take anything in.
_BLIND = {"__class_getitem__", "__contains__", "__getattribute__", "__init__", "__len__", "__new__", "__sizeof__"} | {
    "__eq__", "__ge__", "__gt__", "__le__", "__lt__", "__ne__", "__repr__", "fromkeys"
}  # fmt: skip


def _opening_first(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    def opening_first(self: Any, *arguments: Any, **options: Any) -> Any:
        self._open()
        return method(self, *arguments, **options)

    opening_first.__name__ = name
    return opening_first


for _plain, _closed in _CLOSED.items():
    for _name, _method in {**vars(_plain), "__reduce_ex__": object.__reduce_ex__}.items():
        if callable(_method) and _name not in _BLIND:
            setattr(_closed, _name, _opening_first(_name, _method))


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
            for dict_class in (JsonDict, _ClosedDict, Manifests):
                dumper.add_representer(dict_class, SafeRepresenter.represent_dict)
            for list_class in (JsonList, _ClosedList):
                dumper.add_representer(list_class, SafeRepresenter.represent_list)


_teach_pyyaml()
