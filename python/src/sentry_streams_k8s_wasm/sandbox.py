"""One call of a component, in a store of its own, through wasmtime's C library.

The Python package's own way would do, but for three things: an exception from a signal handler in it deletes a store
twice, every answer leaks some bytes, and it asks for the function's type, and builds it anew, in every call.
"""

import ctypes
from typing import Any, Protocol

from wasmtime import Engine
from wasmtime import _ffi as c_api
from wasmtime.component import Component, ExportIndex, Linker

from .held import Held

_c = c_api.dll
_NO_DATA = (None, ctypes.CFUNCTYPE(None, ctypes.c_void_p)())
# As it is now: another interpreter in this process that imports ctypes makes it a new one.
_BYTES = ctypes.POINTER(ctypes.c_uint8)


class Stopped(Exception):
    """What ended a call before it had an answer, in wasmtime's words."""


class Machine(Protocol):
    """What is the same in every call."""

    engine: Engine
    linker: Linker
    component: Component


def call(
    machine: Machine, exported: ExportIndex, arguments: list[bytes], *, memory: int, ticks: int
) -> tuple[bool, str]:
    """Calls a function of texts that returns a text, or a text or an error's: whether it is none, and the text."""
    # A trap leaves a store unusable, and memory that is never used twice leaks nothing.
    store = Held(_c.wasmtime_store_delete)
    try:
        pointer = store.take(_c.wasmtime_store_new, machine.engine.ptr(), *_NO_DATA)
        context = _c.wasmtime_store_context(pointer)
        _c.wasmtime_store_limiter(pointer, memory, -1, -1, -1, -1)
        _c.wasmtime_context_set_epoch_deadline(context, ticks)
        return _call(context, _function(machine, context, exported), arguments)
    finally:
        store.give_back()


def _function(machine: Machine, context: Any, exported: ExportIndex) -> Any:
    instance = c_api.wasmtime_component_instance_t()
    _check(
        _c.wasmtime_component_linker_instantiate(
            machine.linker.ptr(), context, machine.component.ptr(), ctypes.byref(instance)
        )
    )
    function = c_api.wasmtime_component_func_t()
    if not _c.wasmtime_component_instance_get_func(
        ctypes.byref(instance), context, exported.ptr(), ctypes.byref(function)
    ):
        raise Stopped("its export is no function")
    return function


def _call(context: Any, function: Any, arguments: list[bytes]) -> tuple[bool, str]:
    values = (c_api.wasmtime_component_val_t * len(arguments))()
    for value, argument in zip(values, arguments, strict=True):
        value.kind = c_api.WASMTIME_COMPONENT_STRING
        # The bytes stay Python's: what is called only reads them.
        value.of.string.size = len(argument)
        value.of.string.data = ctypes.cast(ctypes.c_char_p(argument), _BYTES)

    answer = c_api.wasmtime_component_val_t()
    given = Held(_c.wasmtime_component_val_delete)
    try:
        given.take(ctypes.pointer, answer)
        _check(
            _c.wasmtime_component_func_call(
                ctypes.byref(function), context, values, len(values), ctypes.byref(answer), 1
            )
        )
        return _text(answer)
    finally:
        given.give_back()


def _text(answer: Any) -> tuple[bool, str]:
    ok, value = True, answer
    if answer.kind == c_api.WASMTIME_COMPONENT_RESULT.value:
        ok, value = answer.of.result.is_ok, answer.of.result.val.contents
    return ok, ctypes.string_at(value.of.string.data, value.of.string.size).decode()


def _check(error: Any) -> None:
    if error:
        message = c_api.wasm_byte_vec_t()
        _c.wasmtime_error_message(error, ctypes.byref(message))
        text = ctypes.string_at(message.data, message.size).decode()
        _c.wasm_byte_vec_delete(ctypes.byref(message))
        _c.wasmtime_error_delete(error)
        raise Stopped(text)
