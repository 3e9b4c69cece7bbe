"""Tracebacks of a log: joined over their lines, with their causes and the user's frame."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, TypeAlias

Phase: TypeAlias = Literal["import", "init", "run", "other"]

START: Final = "Traceback (most recent call last)"
_FRAME: Final = re.compile(r'^(\s*)File "([^"]+)", line (\d+)(?:, in (\S+))?')
_STAMP: Final = re.compile(
    r"^(?:E {3}|[\w.-]+ +\| )?"
    r"(?:\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,\d]*(?:Z|[+-]\d\d:?\d\d)?[ \t]?)?"
    r"(?:std(?:err|out) [FP] |\| [\w./-]+ \| )?"
)
_LINKS: Final = (
    "The above exception was the direct cause of the following exception",
    "During handling of the above exception, another exception occurred",
)
_LIBRARY: Final = re.compile(
    r"site-packages|dist-packages|[/\\]lib[/\\]python\d|^<|azureml-server|[/\\]gunicorn[/\\]"
    r"|azureml_inference_server_http"
    r"|\.pyx$|azureml-app[/\\]main\.py$"
)
_SERVER: Final = re.compile(r"azureml_inference_server_http|azureml-server|azureml-app|gunicorn")
_RUNNING: Final = frozenset({"invoke_run", "run_scoring", "invoke_user_with_timer", "handle_score"})
_MAX_FRAMES: Final = 200
_MAX_LOST: Final = 40
_MAX_TEXT: Final = 500


class Frame(NamedTuple):
    """One call: file, line, function, and the text of the line where the log has it."""

    file: str
    line: int
    function: str
    text: str = ""


@dataclass(slots=True)
class Traceback:
    """One exception with its frames; `message` is its last line."""

    start: int
    frames: list[Frame] = field(default_factory=list)
    message: str = ""


@dataclass(slots=True)
class Chain:
    """Exceptions that led to each other, the first of them first; lines counted from 1."""

    parts: list[Traceback]
    end: int = 0

    @property
    def start(self) -> int:
        """The line in which the first traceback begins."""
        return self.parts[0].start

    @property
    def messages(self) -> list[str]:
        """The exceptions, the root of the chain first."""
        return [p.message for p in self.parts if p.message]

    @property
    def user_frame(self) -> Frame | None:
        """The innermost call in code of the user, in the first exception that has one."""
        for part in self.parts:
            for frame in reversed(part.frames):
                if not _LIBRARY.search(frame.file):
                    return frame
        return None

    @property
    def phase(self) -> Phase:
        """What the server was doing."""
        frames = [f for p in self.parts for f in p.frames]
        names = {f.function for f in frames}
        mine = {f.function for f in frames if not _LIBRARY.search(f.file)}
        if "run" in mine or names & _RUNNING:
            return "run"
        if "init" in mine or "invoke_init" in names:
            return "init"
        served = any(_SERVER.search(f.file) for f in frames)
        return "import" if served and (mine or "load_script" in names) else "other"


class Joiner:
    """Takes lines one after another, and gives chains of tracebacks as they end."""

    def __init__(self) -> None:
        self.parts: list[Traceback] = []
        self.open: Traceback | None = None
        self.linked = False
        self.lost = 0
        self.end = 0
        self.indent = ""

    @property
    def busy(self) -> bool:
        """Whether a chain is being read."""
        return bool(self.parts)

    def take(self, number: int, line: str) -> Iterator[Chain]:
        """Read the next line."""
        if START in line:
            if not self.linked:
                yield from self.finish()
            self.open = Traceback(number)
            self.parts.append(self.open)
            self.linked, self.lost, self.end = False, 0, number
            before = line.partition(START)[0]
            self.indent = before if before.isspace() else ""
        elif self.open is not None:
            self.end = number
            self._read(line)
        elif self.parts and line.strip():
            if any(link in line for link in _LINKS):
                self.linked = True
            elif line[0] in " \t{}" and self.lost < _MAX_LOST:
                # What an exception says further, as those of azureml-core do.
                self.lost += 1
                self.end = number
            elif not self.linked:
                yield from self.finish()

    def finish(self) -> Iterator[Chain]:
        """The chain that is being read, as far as it got."""
        if self.parts:
            yield Chain(self.parts, self.end)
        self.parts, self.open, self.linked = [], None, False

    def _read(self, line: str) -> None:
        assert self.open is not None
        text = _STAMP.sub("", line.removeprefix(self.indent), count=1)
        frames = self.open.frames
        if match := _FRAME.match(text):
            if len(frames) < _MAX_FRAMES:
                frames.append(Frame(match[2], int(match[3]), match[4] or ""))
        elif not text.strip() or text[0] in " \t":
            if frames and not frames[-1].text and text.strip():
                frames[-1] = frames[-1]._replace(text=text.strip()[:_MAX_TEXT])
            self.lost += not frames or not text.strip()
            if self.lost > _MAX_LOST:
                self.open = None
        else:
            self.open.message = text.strip()
            self.open = None
