"""PyYAML and ruamel.yaml dump a subclass only where they are told how: as what it is a kind of.

They are told when somebody imports them. To import them here would take a fifth of the time to a first result.
"""

import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import partial
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

_MODULES = ("yaml.representer", "ruamel.yaml.representer")
_Kinds = Iterable[tuple[type, type]]


def teach(kinds: _Kinds) -> None:
    """Has each of the first kinds dumped as the second is, now and by whatever is imported later."""
    for module in map(sys.modules.get, _MODULES):
        if module:
            _teach(module, kinds)
    sys.meta_path.insert(0, _Teacher(kinds))


class _Teacher:
    """A finder of modules that finds nothing by itself, but sees what others find."""

    def __init__(self, kinds: _Kinds) -> None:
        self._kinds = kinds

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name not in _MODULES:
            return None
        found = (finder.find_spec(name, path, target) for finder in sys.meta_path if finder is not self)
        spec = next(filter(None, found), None)
        with suppress(AttributeError):  # Somebody loads modules in a way of their own.
            self._follow(spec.loader)  # type: ignore[union-attr]
        return spec

    def _follow(self, loader: Any) -> None:
        execute = loader.exec_module

        def execute_and_teach(module: ModuleType) -> None:
            execute(module)
            _teach(module, self._kinds)

        # A loader that is a class loads other modules too.
        if not isinstance(loader, type):
            loader.exec_module = execute_and_teach


def _teach(module: Any, kinds: _Kinds) -> None:
    try:
        dumpers: list[Any] = [module.SafeRepresenter, module.Representer]
        for dumper in dumpers:
            dumpers.extend(dumper.__subclasses__())
            # A dumper has a table of its own once something was added to it; else it looks into its parent's.
            if dumper is dumpers[0] or "yaml_representers" in vars(dumper):
                for own, kind in kinds:
                    dumper.add_representer(own, partial(_represent, kind))
    except (AttributeError, TypeError):  # Something else goes by its name.
        return


def _represent(kind: type, dumper: Any, value: object) -> Any:
    return dumper.yaml_representers[kind](dumper, value)
