"""The script's own part of the tracebacks that the server writes to its log."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from amllint.source.tracebacks import LINKS, START, Chain, Frame, Joiner, Traceback

_RAISED: Final = re.compile(r"(?P<name>[A-Za-z_][\w.]*)(?:: (?P<message>.*))?$", re.DOTALL)
_LOG_LINE: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ [A-Z] \[\d+\] ")
_LOOKED_AT: Final = 128 * 1024
"""Of a longer log, so many characters of its end: a script may print tracebacks by the thousand."""
_SERVER: Final = ("azureml_inference_server_http", "gunicorn", "flask", "werkzeug")
_IMPORTING: Final = ("<frozen importlib", "importlib/__init__.py")
_OF_SERVER: Final = re.compile(r"\bazureml_inference_server_http\.server\.[\w.]+\.UserScript")


class Raised(NamedTuple):
    """An exception: its class with the module, the message, and its frames, the innermost last.

    `link` is the sentence that joins it to the one before it, empty for the first.
    """

    name: str
    message: str
    frames: tuple[Frame, ...]
    link: str

    @property
    def short(self) -> str:
        """The class without its module."""
        return self.name.rpartition(".")[2]

    @property
    def text(self) -> str:
        """Class and message, as Python writes them."""
        return f"{self.name}: {self.message}" if self.message else self.name


def raised_by_script(log: str) -> tuple[Raised, ...]:
    """The last chain of exceptions in a log, without the server's own frames and exceptions.

    Empty where the log has none. The chain is in order of time: what failed first comes first.
    """
    chain = _last_chain(log)
    own = [r for r in chain if not _OF_SERVER.search(r.name)]
    return tuple(r._replace(frames=tuple(_own_frames(r.frames))) for r in own)


def shown(chain: Iterable[Raised]) -> str:
    """Exceptions as Python prints them."""
    parts: list[str] = []
    for raised in chain:
        if parts:
            parts += ["", f"{raised.link or LINKS[0]}:", ""]
        if raised.frames:
            parts.append(f"{START}:")
        parts += [line for frame in raised.frames for line in frame.lines]
        parts.append(raised.text)
    return "\n".join(parts)


def _last_chain(log: str) -> list[Raised]:
    joiner: Joiner[None] = Joiner(_goes_on, most=None)
    last: Chain[None] | None = None
    for line in log[-_LOOKED_AT:].split("\n"):
        for chain in joiner.take(None, line):
            last = chain
    for chain in joiner.finish():
        last = chain
    return [_raised(p) for p in last.parts if p.message or p.frames] if last else []


def _goes_on(line: str) -> bool:
    """Whether a line still belongs to an exception: all do, until the server logs again."""
    return not _LOG_LINE.match(line)


def _raised(part: Traceback[None]) -> Raised:
    whole = "\n".join([part.message, *part.more]).rstrip()
    found = _RAISED.match(whole)
    name, text = (found["name"], found["message"] or "") if found else ("", part.message)
    return Raised(name, text, tuple(part.frames), part.link)


def _own_frames(frames: tuple[Frame, ...]) -> tuple[Frame, ...]:
    """The frames from the first one of the script on; what it calls is part of the story."""
    for number, frame in enumerate(frames):
        if not _is_of_server(frame.file) and not frame.file.startswith(_IMPORTING):
            return frames[number:]
    return ()


def _is_of_server(file: str) -> bool:
    folders = file.replace("\\", "/").split("/")
    return any(name in folders for name in _SERVER)
