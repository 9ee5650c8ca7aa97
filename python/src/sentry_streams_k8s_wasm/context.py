"""Python values to the context's text.

What JSON can say goes as JSON. The rest (dates, keys that are not strings, NaN) is what PyYAML makes of YAML text, so
it goes back as YAML text: the component knows what it means.
"""

import datetime
import gc
import json
import marshal
import math
import re
import sys
from base64 import b64encode
from collections.abc import Mapping, Set
from typing import Any, NamedTuple

from .problems import Problem, error

try:
    import orjson
except ImportError:
    orjson = None  # type: ignore[assignment]

MAX_VALUES = 1_000_000
"""The most values a context may hold: more is a value that holds itself, or aliases of aliases of aliases."""

_MAX_PROBLEMS = 100
"""Enough to see what is wrong: a template that is made of what is no data has one at every value."""
_LONGEST = 400
"""Characters of a key in a path, as the component has it, and of what others say of a value."""

_SCALARS = frozenset({str, int, float, bool, type(None)})
_STRING = frozenset({str})
_encode_json = json.JSONEncoder(ensure_ascii=False, allow_nan=False, check_circular=False).encode


class Request(NamedTuple):
    """A context as the component is asked with it."""

    text: str
    fingerprint: bytes | None = None
    """The context's `fingerprint`, where JSON can say the context."""


def fingerprint(context: Any) -> bytes | None:
    """Bytes that another context has only if it is the same, types and order included.

    None where a value is not of Python's own types for data. Kinds of bytes are not told apart; JSON has none of them.
    """
    try:
        return marshal.dumps(context)
    except ValueError:
        return None


def encode(context: object) -> Request:
    """The context as JSON or YAML text. Raises `ContextError` for what neither can say."""
    known = fingerprint(context)
    try:
        if orjson and known and (text := _encode_plain(context)):
            return Request(text, known)
        if _is_json(context):
            try:
                text = _encode_json(context)
                if not text.isascii():
                    text.encode()
                return Request(text, known)
            except ValueError:  # NaN, an infinity, half of a surrogate pair
                pass
        return Request(_YamlWriter().document(context))
    except RecursionError:
        raise error([too_deep()]) from None


def _encode_plain(context: object) -> str | None:
    """The context as JSON text; None where it takes more care to say whether JSON can say it.

    Of the types that have a fingerprint, orjson refuses all that JSON does not have, keys other than strings, integers
    of more than 64 bits and halves of surrogate pairs. What it does silently is to write NaN and infinities as `null`.
    """
    if not _is_bounded(context):
        return None
    try:
        text = orjson.dumps(context)
    except TypeError:
        return None
    if b"null" in text and orjson.loads(text) != context:
        return None
    return text.decode()


def _is_bounded(context: object) -> bool:
    """Whether a context is sure to end when it is written out. What is no data may hold anything: it has its class."""
    values, level = 0, [context]
    while level:
        level = gc.get_referents(*level)
        values += len(level)
        if values > MAX_VALUES:
            return False
    return True


def _is_json(context: object) -> bool:
    """Whether JSON can say this value without changing it. `json` turns every key into a string silently."""
    containers, held = [context], 0
    values: Any
    for container in containers:
        if isinstance(container, dict):
            if not _STRING.issuperset(map(type, container)):
                return False
            values = container.values()
        elif isinstance(container, (list, tuple)):
            values = container
        else:
            return False
        for value in values:
            kind = type(value)
            if kind is dict or kind is list:
                containers.append(value)
            elif kind not in _SCALARS:
                if isinstance(value, (dict, list, tuple)):
                    containers.append(value)
                elif not isinstance(value, (str, int, float)):
                    return False
        held += len(values)
        if held > MAX_VALUES:
            raise error([_too_large()])
    return True


def too_deep() -> Problem:
    """What is wrong with a context that is nested deeper than Python lets functions call each other."""
    return Problem("too-deep", "", "the context is nested too deeply")


def _too_large() -> Problem:
    return Problem("too-large", "", f"the context holds more than {MAX_VALUES} values, or a value that holds itself")


class _YamlWriter:
    """Writes a value as one line of YAML that PyYAML's `safe_load` reads back as the same value."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []
        self._values = 0

    def document(self, value: object) -> str:
        text = self._value(value, "")
        if self._problems:
            raise error(self._problems)
        return f"--- {text}"

    def _refuse(self, problem: Problem) -> None:
        self._problems.append(problem)
        if len(self._problems) >= _MAX_PROBLEMS:
            raise error(self._problems)

    def _value(self, value: object, path: str) -> str:
        self._values += 1
        if self._values > MAX_VALUES:
            raise error([_too_large()])
        if isinstance(value, Mapping):
            return self._mapping(value, path)
        if isinstance(value, (list, tuple)):
            return f"[{', '.join(self._value(item, f'{path}[{index}]') for index, item in enumerate(value))}]"
        if isinstance(value, Set):
            return f"!!set {self._mapping(dict.fromkeys(value), path)}"
        return self._scalar(value, path)

    def _mapping(self, mapping: Mapping[Any, Any], path: str) -> str:
        # "?" because a key without it may have 1024 characters at most.
        entries = (f"? {self._value(key, path)} : {self._value(mapping[key], _child(path, key))}" for key in mapping)
        return f"{{{', '.join(entries)}}}"

    def _scalar(self, value: object, path: str) -> str:
        match value:
            case None:
                return "null"
            case bool():
                return "true" if value else "false"
            case str():
                return self._string(value, path)
            case int():
                return _integer(value)
            case float():
                return _float(value)
            case datetime.datetime():
                return value.isoformat(" ")
            case datetime.date():
                return value.isoformat()
            case bytes():
                return f'!!binary "{b64encode(value).decode()}"'
        self._refuse(_not_data(value, path))
        return "null"

    def _string(self, value: str, path: str) -> str:
        # A subclass may do anything in its methods (Markup escapes what it is joined with).
        text = str.__str__(value)
        try:
            # PyYAML makes two halves of an emoji of "\ud83d\ude00"; they are one character.
            text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
        except UnicodeDecodeError:
            message = "holds half of a surrogate pair, which is no character"
            self._refuse(Problem("invalid-text", path, message))
        return f'"{_NOT_PLAIN.sub(_escape, text)}"'


_NOT_PLAIN = re.compile("[^ !#-\\[\\]-~\U00010000-\U0010ffff]")


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    return f"\\{character}" if character in '"\\' else f"\\u{ord(character):04x}"


def _integer(value: int) -> str:
    try:
        return int.__repr__(value)
    except ValueError:  # More digits than Python writes. The component says of them at their place what is to be said.
        return hex(int(value))


def _float(value: float) -> str:
    if math.isnan(value):
        return ".nan"
    if math.isinf(value):
        return ".inf" if value > 0 else "-.inf"
    # YAML 1.1 reads 1e+16 as text.
    text = float.__repr__(value)
    return text if "." in text else text.replace("e", ".0e")


def _child(path: str, key: object) -> str:
    if not isinstance(key, str) or len(key) > _LONGEST or not re.fullmatch(r"[\w$-]+", key):
        return f"{path}[{_key(key)}]"
    return f"{path}.{key}" if path else key


def _key(key: object) -> str:
    try:
        text = json.dumps(key, default=str)
    except ValueError:  # An integer of more digits than Python writes.
        return f"a {type(key).__name__}"
    return _short(text)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _not_data(value: object, path: str) -> Problem:
    undefined_kind = getattr(sys.modules.get("jinja2"), "Undefined", None)
    if isinstance(undefined_kind, type) and isinstance(value, undefined_kind):
        try:
            str(value)
            message = "is undefined"
        except Exception as undefined:  # jinja2's, which says the variable's name.
            message = _short(str(undefined))
        return Problem("undefined-value", path, message, "define it in the template's values, or give a default")
    kind = type(value)
    message = f"is a {_short(f'{kind.__module__}.{kind.__qualname__}')}, which is not data"
    return Problem("wrong-type", path, message, "give text, a number, a boolean, null, a list or a mapping")
