"""Whether bytes hold one of many file names, faster than an alternation of them all."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable


class NameSearch:
    """Looks for the extensions of the names, and at what stands before each."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(map(os.fsencode, names))
        lengths: defaultdict[bytes, set[int]] = defaultdict(set)
        for name in self._names:
            lengths[os.path.splitext(name)[1] or name[-1:]].add(len(name))
        self._lengths = {ending: sorted(found) for ending, found in lengths.items()}

    def __bool__(self) -> bool:
        return bool(self._names)

    def finds(self, data: bytes) -> bool:
        """Whether a name stands anywhere in `data`, as part of a longer one too."""
        return any(self._ends(data, *item) for item in self._lengths.items())

    def _ends(self, data: bytes, ending: bytes, lengths: list[int]) -> bool:
        at = data.find(ending)
        while at >= 0:
            end = at + len(ending)
            if any(length <= end and data[end - length : end] in self._names for length in lengths):
                return True
            at = data.find(ending, at + 1)
        return False
