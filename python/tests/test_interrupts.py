"""Signals, forks and the end of the interpreter: what Python lets come in between."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

import sentry_streams_k8s_wasm as macro
from sentry_streams_k8s_wasm import clock, component

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")

HERE = Path(__file__).parent
HEAD = """
import os, signal, sys, threading, time
sys.path.insert(0, {here!r})
import sentry_streams_k8s_wasm as macro
from interrupt import CONTEXT, LARGE, end
"""


def run(program: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Runs a program in a process of its own, as signals and forks are the whole process's."""
    program = HEAD.format(here=str(HERE)) + textwrap.dedent(program)
    return subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env={**os.environ, **environment},
    )


def output(program: str, **environment: str) -> str:
    result = run(program, **environment)
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


def test_an_exception_from_a_signal_handler_costs_nothing_else() -> None:
    command = [sys.executable, str(HERE / "interrupt.py"), "--processes", "25"]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert (result.stdout.split(), result.returncode) == (["25", "ended", "well"], 0), result.stdout + result.stderr


def test_ctrl_c_passes_through_and_the_next_call_works() -> None:
    program = """
        import random
        # Ignored where the tests were begun in the background of a shell.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        macro.render(CONTEXT)
        ends = []
        for _ in range(40):
            ready, begun = os.pipe()
            pid = os.fork()
            if pid == 0:
                os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
                try:
                    # What a fork does itself is over: Python drops an interrupt of that.
                    os.write(begun, b".")
                    while True:
                        macro.render(CONTEXT)
                except KeyboardInterrupt:
                    macro.render(CONTEXT)
                os._exit(0)
            os.read(ready, 1)
            os.close(ready)
            os.close(begun)
            time.sleep(0.02 + random.random() * 0.01)
            os.kill(pid, signal.SIGINT)
            ends.append(end(pid))
        print(set(ends))
    """
    assert output(program) == "{'well'}"


def test_a_handler_may_render_itself() -> None:
    program = """
        rendered = []
        signal.signal(signal.SIGALRM, lambda *_: rendered.append(macro.render(CONTEXT)))
        for number in range(1, 30):
            # The first comes while the component is compiled.
            signal.setitimer(signal.ITIMER_REAL, 0.1 / number**2)
            while len(rendered) < number:
                macro.render(CONTEXT)
        print("done")
    """
    assert output(program, XDG_CACHE_HOME="/dev/null") == "done"


@pytest.mark.parametrize("limits", ["memory=2 << 20", "memory=200 << 10"])
def test_faulthandler_may_be_enabled_at_any_time(limits: str) -> None:
    program = f"""
        import faulthandler
        macro.render(CONTEXT)
        faulthandler.enable()
        before = macro.set_limits(macro.Limits({limits}))
        try:
            macro.render(LARGE)
        except macro.MemoryLimitError:
            macro.set_limits(before)
            macro.render(CONTEXT)
            print("alive")
    """
    assert output(program) == "alive"


def test_every_trap_is_an_error_of_its_call_whoever_handles_signals() -> None:
    program = """
        import faulthandler
        from test_limits import GUEST
        from wasmtime import wat2wasm
        from sentry_streams_k8s_wasm.component import Plugin
        guest = Plugin(bytes(wat2wasm(GUEST)))
        faulthandler.enable()
        for context in ("break", "recurse", "memory", "outside"):
            try:
                guest.call("render", context)
            except macro.ComponentError as error:
                print(type(error).__name__)
        print(guest.call("render", "fine")[1])
    """
    names = ["ComponentError", "ComponentError", "MemoryLimitError", "ComponentError", "fine"]
    assert output(program).split() == names


@pytest.mark.parametrize("is_loaded_again", [True, False])
def test_the_time_limit_holds_under_gevent(is_loaded_again: bool) -> None:
    pytest.importorskip("gevent")
    program = f"""
        import gevent.monkey
        gevent.monkey.patch_all()
        if {is_loaded_again}:
            for name in [name for name in sys.modules if name.startswith("sentry_streams_k8s_wasm")]:
                del sys.modules[name]
        import gevent
        import sentry_streams_k8s_wasm as macro
        assert gevent.spawn(macro.render, CONTEXT).get()
        macro.set_limits(macro.Limits(seconds=0.02))
        try:
            macro.render(LARGE)
        except macro.TimeLimitError:
            print("stopped")
    """
    assert output(program) == "stopped"


def test_threads_that_are_not_threads_are_said_to_be_none() -> None:
    program = """
        import _thread, warnings
        for name in [name for name in sys.modules if name.startswith("sentry_streams_k8s_wasm")]:
            del sys.modules[name]
        _thread.start_new_thread = lambda function, arguments: None
        warnings.simplefilter("error")
        try:
            import sentry_streams_k8s_wasm.clock
        except RuntimeWarning as warning:
            print(warning)
    """
    assert "the time limit of sentry_streams_k8s_wasm may not hold" in output(program)


def test_a_child_of_a_process_that_renders_is_whole() -> None:
    program = """
        def busy():
            while True:
                macro.render(CONTEXT)
        macro.render(CONTEXT)
        for _ in range(40):
            threading.Thread(target=busy, daemon=True).start()
        ends = []
        for _ in range(12):
            pid = os.fork()
            if pid == 0:
                from interrupt import all_at_once
                macro.render(CONTEXT)
                all_at_once()
                os._exit(0)
            ends.append(end(pid))
        print(set(ends))
        sys.stdout.flush()
        os._exit(0)
    """
    assert output(program, PYTHONWARNINGS="ignore") == "{'well'}"


@pytest.mark.parametrize("cache", ["", "/dev/null"])
def test_a_child_of_a_process_that_compiles_is_whole(tmp_path: Path, cache: str) -> None:
    """Also where it has to compile by itself, with none of the threads that its parent compiles with."""
    program = """
        threading.Thread(target=macro.render, args=(CONTEXT,), daemon=True).start()
        time.sleep(0.3)
        pid = os.fork()
        if pid == 0:
            macro.render(CONTEXT)
            os._exit(0)
        print(end(pid, patience=120))
    """
    assert output(program, XDG_CACHE_HOME=cache or str(tmp_path), PYTHONWARNINGS="ignore") == "well"


def test_a_child_keeps_what_was_compiled() -> None:
    program = """
        from sentry_streams_k8s_wasm import component
        macro.render(CONTEXT)
        pid = os.fork()
        if pid == 0:
            component.Component = None
            macro.render(CONTEXT)
            os._exit(0)
        print(end(pid))
    """
    assert output(program, XDG_CACHE_HOME="/dev/null") == "well"


def test_the_first_call_may_come_at_the_end_of_the_interpreter() -> None:
    """Python 3.12.0 to 3.12.2 start no thread then, so nothing can end a call that takes too long."""
    program = """
        import atexit
        atexit.register(lambda: print(macro.render(CONTEXT).deployment["kind"]))
    """
    result = run(program)
    assert result.stdout.strip() == "Deployment", result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="ctypes does not load in other interpreters any more")
def test_another_interpreter_takes_nothing_from_this_one() -> None:
    program = """
        import _xxsubinterpreters as interpreters
        macro.render(CONTEXT)
        other = interpreters.create()
        path = f"import sys; sys.path[:0] = {sys.path!r}; import warnings; warnings.simplefilter('ignore')"
        interpreters.run_string(other, path + "; from interrupt import CONTEXT, macro; macro.render(CONTEXT)")
        interpreters.destroy(other)
        print(macro.render(CONTEXT).deployment["kind"])
    """
    assert output(program) == "Deployment"


def test_a_call_without_a_clock_says_so(context: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise RuntimeError("can't create new thread at interpreter shutdown")

    monkeypatch.setattr(clock, "_start_thread", refuse)
    wasm = Path(component.__file__).with_name("sentry_streams_k8s.wasm").read_bytes()
    with pytest.warns(RuntimeWarning, match="no time limit: can't create new thread"):
        assert component.Plugin(wasm).call("version") == (True, macro.version())
