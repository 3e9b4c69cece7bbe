"""Stand-ins for distributions that a scoring script imports and the oracle has not got."""

from __future__ import annotations

import importlib.machinery
import sys
from typing import Any


def install_stubs(names: Any) -> None:
    """Found last: what is installed of a distribution stays what it is."""
    if names:
        sys.meta_path.append(StubFinder(set(names)))


class AnythingMeta(type):
    """Classes in which every attribute exists, whose instances and calls never refuse."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return AnythingMeta(f"Anything_{name}", (Anything,), {})  # a name that logs can tell

    def __instancecheck__(cls, instance: object) -> bool:
        return type.__instancecheck__(cls, instance) or isinstance(type(instance), AnythingMeta)

    def __iter__(cls) -> Any:
        return iter(())

    def __getitem__(cls, _key: object) -> Any:
        return cls


class Anything(metaclass=AnythingMeta):
    def __init__(self, *_args: object, **_kwargs: object) -> None:
        pass

    def __init_subclass__(cls, **_kwargs: object) -> None:
        pass

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Anything()

    def __call__(self, *args: Any, **_kwargs: object) -> Any:
        return args[0] if len(args) == 1 and callable(args[0]) else Anything()

    def __iter__(self) -> Any:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __getitem__(self, _key: object) -> Any:
        return Anything()

    def __setitem__(self, _key: object, _value: object) -> None:
        pass

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_error: object) -> None:
        pass

    def __fspath__(self) -> str:
        return "anything"

    def __mul__(self, _other: object) -> Any:
        return Anything()

    __add__ = __radd__ = __rmul__ = __sub__ = __rsub__ = __truediv__ = __rtruediv__ = __or__ = (
        __matmul__
    ) = __mul__

    def __lt__(self, _other: object) -> bool:
        return False

    __gt__ = __le__ = __ge__ = __lt__


class StubFinder:
    """The last finder on ``sys.meta_path``: finds the packages and all they are to hold."""

    def __init__(self, names: set[str]) -> None:
        self.names = names

    def find_spec(self, name: str, _path: Any = None, _target: Any = None) -> Any:
        if name.partition(".")[0] not in self.names:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type]

    def create_module(self, _spec: Any) -> None:
        return None

    def exec_module(self, module: Any) -> None:
        module.__path__ = []
        module.__getattr__ = AnythingMeta.__getattr__.__get__(Anything, AnythingMeta)
