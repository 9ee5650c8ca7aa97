"""What PyYAML's safe_load makes of a document, in the form of canonical.rs."""

import datetime

import yaml

# What JSON cannot say, which the macro refuses.
UNSUPPORTED = {"unsupported": True}


class Unsupported(Exception):
    """A value that JSON cannot say."""


def answer(text):
    """The answer to one document: a value, {"error": …} or {"unsupported": true}."""
    try:
        value = yaml.load(text, Loader=yaml.SafeLoader)
    except RecursionError:
        return {"error": "RecursionError"}
    except Exception as error:  # PyYAML fails with whatever it runs into: ValueError, KeyError, OverflowError, …
        return {"error": type(error).__name__}
    try:
        return canonical(value, set())
    except Unsupported:
        return UNSUPPORTED


def canonical(value, parents):
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        # A pair of surrogate escapes is the character it stands for: the macro's documented repair.
        repaired = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        if any(0xD800 <= ord(c) <= 0xDFFF for c in value) and "\ufffd" in repaired:
            raise Unsupported
        return repaired
    if isinstance(value, int):
        try:
            return ["int", str(value)]
        except ValueError:
            raise Unsupported from None
    if isinstance(value, float):
        if value - value != 0:
            raise Unsupported
        return ["float", repr(value)]
    if isinstance(value, datetime.datetime):
        return ["date", value.isoformat(" ")]
    if isinstance(value, datetime.date):
        return ["date", value.isoformat()]
    if id(value) in parents:
        raise Unsupported
    parents = parents | {id(value)}
    if isinstance(value, list):
        return ["list"] + [canonical(item, parents) for item in value]
    if isinstance(value, dict):
        return ["map"] + [[key(name), canonical(item, parents)] for name, item in value.items()]
    raise Unsupported


def key(value):
    if isinstance(value, datetime.date):
        raise Unsupported
    return canonical(value, set())
