"""Rooms whose modules are loaded when they are first named, so that a command pays for those alone that it uses."""

from collections.abc import Callable, Collection
from importlib import import_module
from types import ModuleType


def modules_of(package: str, names: Collection[str]) -> Callable[[str], ModuleType]:
    """The `__getattr__` of a package with these modules."""

    def module(name: str) -> ModuleType:
        if name not in names:
            raise AttributeError(f"module '{package}' has no attribute '{name}'")
        return import_module(f"{package}.{name}")

    return module
