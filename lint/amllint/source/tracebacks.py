"""Tracebacks in a text: joined over their lines, with what led to what and the user's frame."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, Generic, Literal, NamedTuple, TypeAlias, TypeVar

Phase: TypeAlias = Literal["import", "init", "run", "other"]
At = TypeVar("At")
"""Where a line stands: whatever the reader of the lines counts by."""

START: Final = "Traceback (most recent call last)"
_FRAME: Final = re.compile(r'^(\s*)File "([^"]+)", line (\d+)(?:, in (\S+))?')
_STAMP: Final = re.compile(
    r"^(?:E {3}|[\w.-]+ +\| |\[pod/[^\]\s]+\] )?"
    r"(?:\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,\d]*(?:Z|[+-]\d\d:?\d\d)?[ \t]?)?"
    r"(?:std(?:err|out) [FP] |\| [\w./-]+ \| )?(?:##\[\w+\])?"
)
LINKS: Final = (
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
_MAX_LINES: Final = 60
"""Lines of one frame, and of one message, that are kept."""


class Frame(NamedTuple):
    """One call: file, line, function, the text of the line, and all lines as they are printed."""

    file: str
    line: int
    function: str
    text: str = ""
    lines: tuple[str, ...] = ()


@dataclass(slots=True)
class Traceback(Generic[At]):
    """One exception with its frames.

    `message` is the line behind the frames, `at` where that stands, `more` what it says further;
    `link` is the sentence that joins it to the one before it, empty for the first.
    """

    start: At
    at: At
    link: str = ""
    frames: list[Frame] = field(default_factory=list)
    message: str = ""
    more: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Chain(Generic[At]):
    """Exceptions that led to each other, the first of them first."""

    parts: list[Traceback[At]]

    @property
    def messages(self) -> list[tuple[str, At]]:
        """The exceptions and where they stand, the root of the chain first."""
        return [(p.message, p.at) for p in self.parts if p.message]

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


def unprefixed(line: str) -> str:
    """A line without what collectors of logs put before it: stamps, names of pods, marks."""
    return _STAMP.sub("", line, count=1)


def indented(line: str) -> bool:
    """Whether a line goes on with what an exception says, as those of azureml-core do."""
    return line[:1] in (" ", "\t", "{", "}")


class Joiner(Generic[At]):
    """Takes lines one after another, and gives chains of tracebacks as they end.

    `goes_on` says which lines behind an exception still belong to its message, `most` how many
    of them there may be.
    """

    def __init__(
        self, goes_on: Callable[[str], bool] = indented, most: int | None = _MAX_LOST
    ) -> None:
        self.goes_on = goes_on
        self.most = most
        self.parts: list[Traceback[At]] = []
        self.open: Traceback[At] | None = None
        self.link = ""
        self.lost = 0
        self.indent = ""

    @property
    def busy(self) -> bool:
        """Whether a chain is being read."""
        return bool(self.parts)

    def take(self, at: At, line: str) -> Iterator[Chain[At]]:
        """Read the next line."""
        if START in line:
            if not self.link:
                yield from self.finish()
            self._begin(at, line)
        elif self.open is not None:
            self._read(self.open, at, line)
        elif self.parts:
            link = next((link for link in LINKS if link in line), "")
            if link:
                self.link = link
            elif (self.most is None or self.lost < self.most) and self.goes_on(line):
                self._go_on(line)
            elif line.strip() and not self.link:
                yield from self.finish()

    def finish(self) -> Iterator[Chain[At]]:
        """The chain that is being read, as far as it got."""
        if self.parts:
            yield Chain(self.parts)
        self.parts, self.open, self.link = [], None, ""

    def _begin(self, at: At, line: str) -> None:
        self.open = Traceback(at, at, self.link)
        self.parts.append(self.open)
        self.link, self.lost = "", 0
        before = line.partition(START)[0]
        self.indent = before if before.isspace() else ""

    def _go_on(self, line: str) -> None:
        self.lost += 1
        more = self.parts[-1].more
        if not self.link and len(more) < _MAX_LINES:
            more.append(line[:_MAX_TEXT])

    def _read(self, into: Traceback[At], at: At, line: str) -> None:
        text = unprefixed(line.removeprefix(self.indent))
        frames = into.frames
        if match := _FRAME.match(text):
            if len(frames) < _MAX_FRAMES:
                whole = (text[:_MAX_TEXT],)
                frames.append(Frame(match[2], int(match[3]), match[4] or "", "", whole))
        elif not text.strip() or text[0] in " \t":
            if frames and text.strip():
                frames[-1] = _with_line(frames[-1], text)
            self.lost += not frames or not text.strip()
            if self.lost > _MAX_LOST:
                self.open = None
        else:
            into.message, into.at = text.strip(), at
            self.open, self.lost = None, 0


def _with_line(frame: Frame, line: str) -> Frame:
    """A frame with one more of the lines that are printed below it."""
    if len(frame.lines) > _MAX_LINES:
        return frame
    text = frame.text or line.strip()[:_MAX_TEXT]
    return frame._replace(text=text, lines=(*frame.lines, line[:_MAX_TEXT]))
