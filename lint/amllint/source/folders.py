"""What lies below a folder, by name alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final, NamedTuple

MOST: Final = 5000
"""A folder with more files is not looked through."""
_SKIPPED: Final = frozenset({".git", "__pycache__", ".ipynb_checkpoints"})


def files_below(folder: str) -> frozenset[str] | None:
    """The paths of all files below a folder, relative to it and with `/`.

    `None` where there are too many, or a folder cannot be read. Links are not followed.
    """
    found: set[str] = set()
    pending = [""]
    while pending:
        here = pending.pop()
        try:
            entries = list(os.scandir(os.path.join(folder, here)))
        except OSError:
            return None
        for entry in entries:
            path = f"{here}/{entry.name}" if here else entry.name
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in _SKIPPED:
                    pending.append(path)
            else:
                found.add(path)
        if len(found) + len(pending) > MOST:
            return None
    return frozenset(found)


class Weight(NamedTuple):
    """What is in a folder: entries and bytes, without the folders that nobody wants in an image.

    Those are `needless`: folders of git, of virtual environments and of node, relative to it and
    with `/`. `complete` says that all of it was looked at.
    """

    entries: int
    bytes: int
    largest: str
    needless: tuple[str, ...]
    complete: bool


_NEEDLESS: Final = frozenset({".git", "node_modules"})


def weigh(folder: str, most: int) -> Weight:
    """The weight of a folder, counted up to so many entries. Links are not followed."""
    entries = size = 0
    largest, needless = (0, ""), []
    for path, bytes in _weighed(folder):
        if bytes is None:
            needless.append(path)
            continue
        entries, size, largest = entries + 1, size + bytes, max(largest, (bytes, path))
        if entries > most:
            return Weight(entries, size, largest[1], tuple(sorted(needless)), False)
    return Weight(entries, size, largest[1], tuple(sorted(needless)), True)


def _weighed(folder: str) -> Iterator[tuple[str, int | None]]:
    """Each file with its size in bytes, each folder with 0, each needless folder with none."""
    pending = [""]
    while pending:
        here = pending.pop()
        try:
            entries = list(os.scandir(os.path.join(folder, here)))
        except OSError:
            continue
        if here and any(entry.name == "pyvenv.cfg" for entry in entries):
            yield here, None
            continue
        for entry in entries:
            path = f"{here}/{entry.name}" if here else entry.name
            if not entry.is_dir(follow_symlinks=False):
                yield path, _size(entry)
            elif entry.name in _NEEDLESS:
                yield path, None
            else:
                yield path, 0
                pending.append(path)


def _size(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat(follow_symlinks=False).st_size
    except OSError:
        return 0


def exceeds(folder: str, most: int) -> bool:
    """Whether the files below a folder have more bytes than that. Links are not followed."""
    size, pending = 0, [folder]
    while pending and size <= most:
        try:
            entries = list(os.scandir(pending.pop()))
        except OSError:
            continue
        pending += [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
        size += sum(_size(entry) for entry in entries)
    return size > most


_WEIGHTS: Final = (
    *(".pkl", ".pickle", ".joblib", ".sav", ".bin", ".pt", ".pth", ".ckpt", ".safetensors"),
    *(".h5", ".hdf5", ".keras", ".onnx", ".pb", ".model", ".cbm", ".ubj", ".gguf"),
)
"""How the names of files end that hold models."""


def heaviest_kind(path: str, most: int = MOST) -> int | None:
    """Bytes of a model: a file's, or those of the heaviest kind of model file below a folder.

    Folders hold the same weights in the formats of several frameworks, of which one is loaded.
    `None` where there is nothing, or too much to look through. Links are not followed.
    """
    if os.path.islink(path):
        return None
    if os.path.isfile(path):
        return os.path.getsize(path)
    kinds: dict[str, int] = {}
    for number, (name, size) in enumerate(_weighed(path)):
        ending = os.path.splitext(name)[1].lower()
        if number > most:
            return None
        if ending in _WEIGHTS:
            kinds[ending] = kinds.get(ending, 0) + (size or 0)
    return max(kinds.values(), default=None)
