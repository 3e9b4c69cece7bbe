"""Pickles made here, of classes that need not be installed."""

from __future__ import annotations

import io
import pickle
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any


@contextmanager
def classes(*dotted: str) -> Iterator[list[Any]]:
    """Empty classes under given names, importable for as long as it lasts."""
    made = []
    added = set()
    # A module that is really there gets its own back: numpy without its dtype breaks what follows.
    replaced: list[tuple[ModuleType, str, Any]] = []
    for name in dotted:
        module_name, _, class_name = name.rpartition(".")
        parts = module_name.split(".")
        for count in range(1, len(parts) + 1):
            module = ".".join(parts[:count])
            if module not in sys.modules:
                sys.modules[module] = ModuleType(module)
                added.add(module)
        made.append(type(class_name, (), {"__module__": module_name}))
        owner = sys.modules[module_name]
        replaced.append((owner, class_name, owner.__dict__.get(class_name, owner)))
        setattr(owner, class_name, made[-1])
    try:
        yield made
    finally:
        for owner, class_name, own in reversed(replaced):
            if own is owner:
                delattr(owner, class_name)
            else:
                setattr(owner, class_name, own)
        for module in added:
            del sys.modules[module]


def instance(of: Any, **state: Any) -> Any:
    """An object of a class, with a state."""
    made = of()
    made.__dict__.update(state)
    return made


def model(
    version: str | None = "1.2.2",
    name: str = "sklearn.linear_model._base.LinearRegression",
    protocol: int = 4,
    **state: Any,
) -> bytes:
    """The pickle of a model that says what it was written by."""
    with classes(name) as (made,):
        written = {} if version is None else {"_sklearn_version": version}
        return pickle.dumps(instance(made, **state, **written), protocol)


class Call:
    """Whatever is called with what, when the pickle is loaded."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.made = function, arguments

    def __reduce__(self) -> Any:
        return self.made


class JoblibPickler(pickle._Pickler):
    """Writes `Raw` arrays as joblib does: their description, then their bytes.

    As in joblib, a frame ends before the bytes.
    """

    def __init__(self, file: io.BytesIO, wrapper: Any, padded: bool, protocol: int = 4) -> None:
        super().__init__(file, protocol)
        self.file = file
        self.wrapper = wrapper
        self.padded = padded

    def save(self, obj: Any, save_persistent_id: bool = True) -> None:
        if not isinstance(obj, Raw):
            super().save(obj, save_persistent_id)
            return
        described = instance(
            self.wrapper,
            shape=obj.shape,
            order="C",
            dtype=obj.dtype,
            **({"numpy_array_alignment_bytes": 16} if self.padded else {}),
        )
        super().save(described, save_persistent_id)
        if self.proto >= 4:
            self.framer.commit_frame(force=True)
        if self.padded and obj.raw:
            self.file.write(bytes([7]) + b"\xff" * 7)
        self.file.write(obj.raw or obj.pickled)


class Raw:
    """An array: its shape, its type, and its bytes, or the pickle that stands for them."""

    def __init__(
        self, shape: tuple[int, ...], dtype: Any, raw: bytes = b"", pickled: bytes = b""
    ) -> None:
        self.shape, self.dtype, self.raw, self.pickled = shape, dtype, raw, pickled


class DType:
    """The type of an array's elements, pickled as numpy does."""

    def __init__(self, maker: Any, name: str, *state: Any) -> None:
        self.made = maker, (name, False, True), state or (3, "<", None, None, None, -1, -1, 0)

    def __reduce__(self) -> Any:
        return self.made


def joblib(
    name: str, raw: bytes, shape: tuple[int, ...], padded: bool = True, pickled: bytes = b""
) -> bytes:
    """A model with one array, as joblib writes it; the version stands behind the array."""
    wanted = ("joblib.numpy_pickle.NumpyArrayWrapper", "numpy.dtype", "sklearn.a.Model")
    with classes(*wanted) as (wrapper, dtype, made):
        dtype.__setstate__ = lambda self, state: None
        file = io.BytesIO()
        array = Raw(shape, DType(dtype, name), raw, pickled)
        JoblibPickler(file, wrapper, padded).dump(
            instance(made, coef_=array, _sklearn_version="1.2.2")
        )
        return file.getvalue()
