"""The script's own part of the tracebacks that the server writes to its log."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from typing import Final, NamedTuple

_BEGIN: Final = "Traceback (most recent call last):"
_LINKS: Final = (
    "The above exception was the direct cause of the following exception:",
    "During handling of the above exception, another exception occurred:",
)
_FRAME: Final = re.compile(r'  File "(?P<file>[^"]*)", line (?P<line>\d+)(?:, in (?P<name>.+))?$')
_RAISED: Final = re.compile(r"(?P<name>[A-Za-z_][\w.]*)(?:: (?P<message>.*))?$", re.DOTALL)
_LOG_LINE: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ [A-Z] \[\d+\] ")
_LOOKED_AT: Final = 128 * 1024
"""Of a longer log, so many characters of its end: a script may print tracebacks by the thousand."""
_SERVER: Final = ("azureml_inference_server_http", "gunicorn", "flask", "werkzeug")
_IMPORTING: Final = ("<frozen importlib", "importlib/__init__.py")
_OF_SERVER: Final = re.compile(r"\bazureml_inference_server_http\.server\.[\w.]+\.UserScript")


class Frame(NamedTuple):
    """A frame: file and line, the function, and the lines as the traceback shows them."""

    file: str
    line: int
    name: str
    lines: tuple[str, ...]


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
            parts += ["", raised.link or _LINKS[0], ""]
        if raised.frames:
            parts.append(_BEGIN)
        parts += [line for frame in raised.frames for line in frame.lines]
        parts.append(raised.text)
    return "\n".join(parts)


def _last_chain(log: str) -> list[Raised]:
    chain: list[Raised] = []
    position = 0
    log = log[-_LOOKED_AT:]
    while True:
        start = log.find(_BEGIN + "\n", position)
        if start < 0:
            return chain
        raised, position = _one(log, start + len(_BEGIN))
        before = log[:start].rstrip().splitlines()[-1:] or [""]
        link = before[0] if before[0] in _LINKS else ""
        chain = [*chain, raised._replace(link=link)] if link else [raised]


def _one(log: str, start: int) -> tuple[Raised, int]:
    """The exception whose traceback begins here, and where its text ends."""
    lines = log[start:].lstrip("\n").split("\n")
    offset = len(log) - len(log[start:].lstrip("\n"))
    body = list(itertools.takewhile(lambda line: line.startswith(" "), lines))
    number = len(body)
    message = list(itertools.takewhile(_goes_on, lines[number:]))
    end = offset + sum(len(line) + 1 for line in lines[: number + len(message)])
    found = _RAISED.match("\n".join(message).rstrip())
    name, text = (found["name"], found["message"] or "") if found else ("", "\n".join(message[:1]))
    return Raised(name, text, _frames(body), ""), min(end, len(log))


def _goes_on(line: str) -> bool:
    """Whether a line still belongs to the message of an exception."""
    return not (_LOG_LINE.match(line) or line in _LINKS or line.startswith(_BEGIN))


def _frames(lines: list[str]) -> tuple[Frame, ...]:
    frames: list[Frame] = []
    for line in lines:
        found = _FRAME.match(line)
        if found:
            frame = Frame(found["file"], int(found["line"]), found["name"] or "", (line,))
            frames.append(frame)
        elif frames:
            frames[-1] = frames[-1]._replace(lines=(*frames[-1].lines, line))
    return tuple(frames)


def _own_frames(frames: tuple[Frame, ...]) -> tuple[Frame, ...]:
    """The frames from the first one of the script on; what it calls is part of the story."""
    for number, frame in enumerate(frames):
        if not _is_of_server(frame.file) and not frame.file.startswith(_IMPORTING):
            return frames[number:]
    return ()


def _is_of_server(file: str) -> bool:
    folders = file.replace("\\", "/").split("/")
    return any(name in folders for name in _SERVER)
