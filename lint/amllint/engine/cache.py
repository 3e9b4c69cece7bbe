"""Facts of scripts, kept between runs by the text that they are of.

What a script's text comes to depends on nothing but the text, amllint, the Python that reads
it and libcst; so a run that meets the same text again needs no parser. The entries are
pickles, and therefore lie in a folder that is the user's alone, never in the tree that is
checked; they are read by an unpickler that makes nothing but amllint's own data types.
"""

from __future__ import annotations

import io
import os
import pickle
import sys
import time
from contextlib import suppress
from hashlib import blake2b
from importlib.util import find_spec
from typing import Any, Final

from amllint import __version__
from amllint.analysis.facts import ScriptFacts
from amllint.source.problem import Malformed
from amllint.source.text import SourceText

FOLDER_VARIABLE: Final = "AMLLINT_CACHE_DIR"
OFF_VARIABLE: Final = "AMLLINT_NO_CACHE"
KEPT_DAYS: Final = 30
"""Entries that nothing has asked for in this time are removed."""
_OURS: Final = ("facts-", "resolve-")
_DAY: Final = 86_400
_DIGEST: Final = 16
_PLAIN: Final = {"frozenset": frozenset, "set": set, "complex": complex, "Ellipsis": ...}
_ROOT: Final = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_MAKERS: Final = ("source", os.path.join("source", "python"), "analysis")
"""The folders of amllint's own code that facts come from."""


class FactsCache:
    """A folder of facts. What cannot be read or written there is as if it were not there."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to be found, as before the first run."""
        return not os.path.isdir(self.folder)

    def read(self, source: SourceText) -> ScriptFacts | Malformed | None:
        """The facts of a text, or why it has none; `None` if that is not known."""
        path = os.path.join(self.folder, _key(source))
        try:
            with open(path, "rb") as file:
                data = file.read()
                if time.time() - os.fstat(file.fileno()).st_mtime > _DAY:
                    os.utime(path)
        except OSError:
            return None
        known = _unpacked(data)
        if known is None:
            with suppress(OSError):
                os.unlink(path)
        return known

    def write(self, source: SourceText, pickled: bytes) -> None:
        """Keep what a text came to."""
        path = os.path.join(self.folder, _key(source))
        draft = f"{path}.{os.getpid()}"
        try:
            os.makedirs(self.folder, mode=0o700, exist_ok=True)
            with open(draft, "wb") as file:
                file.write(_digest(pickled) + pickled)
            os.replace(draft, path)
        except OSError:
            with suppress(OSError):
                os.unlink(draft)


def open_cache() -> FactsCache | None:
    """The user's cache; `None` where there is no place that is the user's alone.

    Neither is there one where `AMLLINT_NO_CACHE` is set.
    """
    place = private_folder()
    if place is None or not os.path.isfile(os.path.join(_ROOT, "analysis", "facts.py")):
        return None
    with suppress(OSError):
        cache = FactsCache(os.path.join(place, _makers()))
        if cache.is_empty:
            remove_old(place)
        return cache
    return None


def private_folder() -> str | None:
    """The folder of the cache, if it can be made and is the user's alone."""
    place = None if os.environ.get(OFF_VARIABLE) else cache_folder()
    if place is not None:
        with suppress(OSError):
            os.makedirs(place, mode=0o700, exist_ok=True)
            if _is_private(place):
                return place
    return None


def cache_folder() -> str | None:
    """Where the platform has a user keep caches, `AMLLINT_CACHE_DIR` before that."""
    given = os.environ.get(FOLDER_VARIABLE)
    if given:
        return os.path.abspath(given)
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
        return os.path.join(base, "amllint", "cache") if base else None
    if sys.platform == "darwin":
        base = os.path.join(home, "Library", "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.join(home, ".cache")
    return os.path.join(base, "amllint") if os.path.isabs(base) else None


def remove_old(place: str, days: int = KEPT_DAYS) -> int:
    """Remove entries that nothing has asked for lately, of other versions too; how many."""
    latest = time.time() - days * _DAY
    removed = 0
    with suppress(OSError):
        for folder in (e.path for e in os.scandir(place) if e.name.startswith(_OURS)):
            removed += _remove_below(folder, latest)
            with suppress(OSError):
                os.rmdir(folder)  # only one that is empty goes
    return removed


def _remove_below(folder: str, latest: float) -> int:
    removed = 0
    with suppress(OSError):
        for entry in list(os.scandir(folder)):
            if entry.stat(follow_symlinks=False).st_mtime <= latest:
                os.unlink(entry.path)
                removed += 1
    return removed


def _is_private(place: str) -> bool:
    """Whether nobody else could have put something there."""
    if not hasattr(os, "getuid"):
        return True
    found = os.stat(place)
    return found.st_uid == os.getuid() and not found.st_mode & 0o022


def _makers() -> str:
    """A name for all that facts depend on besides the text."""
    made = [__version__, sys.implementation.cache_tag, sys.hexversion, *_stamps()]
    return f"facts-{blake2b(repr(made).encode(), digest_size=_DIGEST).hexdigest()}"


def _stamps() -> list[tuple[str, int, int]]:
    """Name, size and time of each module that facts come from, and of libcst."""
    found = []
    for folder in _MAKERS:
        for entry in os.scandir(os.path.join(_ROOT, folder)):
            if entry.name.endswith(".py"):
                state = entry.stat()
                found.append((entry.name, state.st_size, state.st_mtime_ns))
    spec = find_spec("libcst")
    if spec is not None and spec.origin:
        version = os.stat(os.path.join(os.path.dirname(spec.origin), "_version.py"))
        found.append((spec.origin, version.st_size, version.st_mtime_ns))
    return sorted(found)


def _key(source: SourceText) -> str:
    text = source.code.encode("utf-8", "surrogatepass")
    kind = b"cell" if source.interactive else b"file"
    return blake2b(text, digest_size=_DIGEST, person=kind).hexdigest()


def _digest(pickled: bytes) -> bytes:
    return blake2b(pickled, digest_size=_DIGEST).digest()


def _unpacked(data: bytes) -> ScriptFacts | Malformed | None:
    """What is in an entry, `None` where it is not what was written."""
    pickled = data[_DIGEST:]
    if not pickled or _digest(pickled) != data[:_DIGEST]:
        return None
    try:
        known = _Reader(io.BytesIO(pickled)).load()
    except Exception:  # whatever a pickle of another make raises: it is no entry of ours
        return None
    return known if isinstance(known, (ScriptFacts, Malformed)) else None


class _Reader(pickle.Unpickler):
    """Makes amllint's own types and plain data, nothing that could act."""

    def find_class(self, module: str, name: str) -> Any:
        """The type that a pickle names. Raises `UnpicklingError` for any other thing."""
        if module == "builtins" and name in _PLAIN:
            return _PLAIN[name]
        if module.startswith("amllint.") and "." not in name:
            found = super().find_class(module, name)
            if isinstance(found, type):
                return found
        raise pickle.UnpicklingError(f"an entry of the cache asks for {module}.{name}")
