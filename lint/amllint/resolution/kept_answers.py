"""Answers of the index, kept for a day: asking takes seconds, and the index seldom changes."""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from hashlib import blake2b
from typing import Any, Final

from amllint.artifacts.pin_verdicts import Cause, Refusal

PREFIX: Final = "resolve-"
KEPT_SECONDS: Final = 86_400
_FORMAT: Final = 1
_DIGEST: Final = 16


class KeptAnswers:
    """A folder of answers, by what was asked; what cannot be read there was not asked."""

    def __init__(self, folder: str) -> None:
        self.folder = os.path.join(folder, f"{PREFIX}{_FORMAT}")

    def read(self, asked: Any) -> tuple[Refusal | None] | None:
        """The answer to what was asked: `(None,)` where it can be installed."""
        try:
            with open(self._path(asked), encoding="utf-8") as stream:
                if time.time() - os.fstat(stream.fileno()).st_mtime > KEPT_SECONDS:
                    return None
                return (_refusal(json.load(stream)),)
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def write(self, asked: Any, answer: Refusal | None) -> None:
        """Keep an answer."""
        path = self._path(asked)
        draft = f"{path}.{os.getpid()}"
        with suppress(OSError):
            os.makedirs(self.folder, mode=0o700, exist_ok=True)
            with open(draft, "w", encoding="utf-8") as stream:
                json.dump(answer._asdict() if answer else None, stream)
            os.replace(draft, path)

    def _path(self, asked: Any) -> str:
        name = blake2b(json.dumps(asked).encode(), digest_size=_DIGEST).hexdigest()
        return os.path.join(self.folder, f"{name}.json")


def _refusal(data: Any) -> Refusal | None:
    if data is None:
        return None
    causes = tuple(Cause(str(by), str(wants)) for by, wants in data["causes"])
    brought = tuple((str(a), str(b)) for a, b in data["brought_by"])
    there = tuple(map(str, data["there"]))
    return Refusal(causes, bool(data["met"]), there, str(data["why"]), brought)
