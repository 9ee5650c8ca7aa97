"""The component is compiled once, trusted only where it may be, and stopped at its limits."""

import os
import stat
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from wasmtime import wat2wasm

import sentry_streams_k8s_wasm as macro
from sentry_streams_k8s_wasm import ComponentError, cache, component, shortcuts
from sentry_streams_k8s_wasm.component import Plugin

WASM = Path(component.__file__).with_name("sentry_streams_k8s.wasm").read_bytes()


@pytest.fixture
def cache_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def artefact(cache_home: Path) -> Path:
    Plugin(WASM)
    (artefact,) = artefacts(cache_home)
    return artefact


def artefacts(cache_home: Path) -> list[Path]:
    return [path for path in cache_home.rglob("*") if not path.is_dir()]


def compiles(monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether loading the component compiles it; it works either way."""
    compiled = []

    class Component(component.Component):  # type: ignore[misc]
        def __init__(self, *arguments: Any) -> None:
            compiled.append(True)
            super().__init__(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(component, "Component", Component)
        assert Plugin(WASM).call("version") == (True, macro.version())
    return bool(compiled)


def test_it_is_compiled_once(artefact: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sha256(WASM).hexdigest() in artefact.name
    assert stat.S_IMODE(artefact.stat().st_mode) == 0o600
    assert stat.S_IMODE(artefact.parent.stat().st_mode) == 0o700
    assert not compiles(monkeypatch)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def foreign(path: Path) -> None:
    content = b"\x7fELF compiled by something else"
    path.write_bytes(sha256(content).digest() + content)


def of_another_component(path: Path) -> None:
    """What this cache wrote, whole, but for another component."""
    with tempfile.TemporaryDirectory() as home, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", home)
        Plugin(bytes(wat2wasm("(component)")))
        (other,) = artefacts(Path(home))
        path.write_bytes(other.read_bytes())


def of_another_key(path: Path) -> None:
    """The right code, and every digest right, for a key that is another one."""
    code = cache.load(path.stem)
    assert code
    cache.store("another", code)
    path.with_name("another.cwasm").replace(path)


def with_a_changed_header(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[20] ^= 1
    path.write_bytes(content)


def huge(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(3 << 30)


def fifo(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def device(path: Path) -> None:
    path.unlink()
    os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 5))  # /dev/zero, which never ends


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such files")
@pytest.mark.parametrize("replace", [fifo, device, huge])
def test_what_would_take_for_ever_to_read_is_not_read(
    artefact: Path, monkeypatch: pytest.MonkeyPatch, replace: Any
) -> None:
    try:
        replace(artefact)
    except PermissionError:
        pytest.skip("only the superuser may make a device")
    assert compiles(monkeypatch)
    assert stat.S_ISREG(artefact.stat().st_mode)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="Windows has access lists instead")
@pytest.mark.parametrize("mode", [0o770, 0o702, 0o777, 0o1777])
def test_a_directory_that_others_may_write_is_not_used(
    artefact: Path, monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    artefact.parent.chmod(mode)
    before = artefact.stat()
    assert compiles(monkeypatch)
    assert artefact.stat() == before


def test_a_relative_directory_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", "cache")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert compiles(monkeypatch)
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("setting", ["pool", "small"])
def test_settings_of_the_engine_are_part_of_the_key(
    cache_home: Path, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    Plugin(WASM)
    monkeypatch.setattr(shortcuts, "_RESERVED", 1 << 50 if setting == "small" else shortcuts._RESERVED)
    assert compiles(monkeypatch) == (setting == "small")


@pytest.mark.parametrize(
    "damage",
    [
        cut,
        flip,
        foreign,
        of_another_component,
        of_another_key,
        with_a_changed_header,
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:70]),
    ],
)
def test_a_damaged_artefact_is_replaced(artefact: Path, monkeypatch: pytest.MonkeyPatch, damage: Any) -> None:
    damage(artefact)
    assert compiles(monkeypatch)
    assert not compiles(monkeypatch)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="Windows has access lists instead")
@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_an_artefact_that_others_may_write_is_not_loaded(
    artefact: Path, monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    artefact.chmod(mode)
    assert compiles(monkeypatch)
    assert stat.S_IMODE(artefact.stat().st_mode) == 0o600


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="Windows has access lists instead")
def test_an_artefact_of_somebody_else_is_not_loaded(artefact: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: artefact.stat().st_uid + 1)
    assert compiles(monkeypatch)


def test_a_link_is_not_followed(artefact: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = tmp_path / "elsewhere"
    artefact.rename(elsewhere)
    artefact.symlink_to(elsewhere)
    assert compiles(monkeypatch)
    assert not artefact.is_symlink()


def test_a_directory_in_its_place_costs_time_only(artefact: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    artefact.unlink()
    artefact.mkdir()
    assert compiles(monkeypatch)
    assert artefacts(artefact.parent) == []


def test_a_cache_that_cannot_be_made_costs_time_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "a-file"
    home.write_bytes(b"")
    monkeypatch.setenv("XDG_CACHE_HOME", str(home))
    assert compiles(monkeypatch)


def test_a_read_only_cache_costs_time_only(cache_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise PermissionError

    # As a user without rights would see it; the superuser may write anywhere.
    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    assert compiles(monkeypatch)
    assert artefacts(cache_home) == []


def test_a_failed_write_leaves_nothing(cache_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> Any:
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", refuse)
    assert compiles(monkeypatch)
    assert artefacts(cache_home) == []


def test_many_processes_may_start_at_once(cache_home: Path) -> None:
    program = "import sentry_streams_k8s_wasm as macro; print(macro.version())"
    processes = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(16)
    ]
    for process in processes:
        output, errors = process.communicate(timeout=300)
        assert (process.returncode, output, errors) == (0, macro.version() + "\n", "")
    assert len(artefacts(cache_home)) == 1


def test_nobody_waits_for_ever(artefact: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "_PATIENCE", 0.1)
    artefact.unlink()
    with cache.one_at_a_time():
        assert compiles(monkeypatch)


def test_threads_may_share_it(context: dict[str, Any]) -> None:
    def render(number: int) -> Any:
        return macro.render({**context, "pipeline_name": f"p{number}"}).deployment["metadata"]["name"]

    with ThreadPoolExecutor(8) as pool:
        names = list(pool.map(render, range(400)))
    assert names == [f"my-service-pipeline-p{number}-0" for number in range(400)]


def test_a_function_that_is_not_there_is_an_error() -> None:
    with pytest.raises(ComponentError, match="no function `no-such`"):
        component.plugin().call("no-such")


def _not_there(*_: object) -> None:
    raise AttributeError


def test_calls_work_without_shortcuts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shortcuts, "_POOL", {"no_such_setting": 1})
    monkeypatch.setattr(shortcuts, "_set", _not_there)
    assert Plugin(WASM).call("version") == (True, macro.version())
