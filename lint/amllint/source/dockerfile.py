"""Which image a Dockerfile builds on, read off its text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_FROM: Final = re.compile(r"FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?\s*$", re.IGNORECASE)
_ARG: Final = re.compile(r"ARG\s+(\w+)(?:=(\S*))?", re.IGNORECASE)
_VARIABLE: Final = re.compile(r"\$(?:(\w+)|\{(\w+)(?::-([^}]*))?\})")
_MOST_STAGES: Final = 50


class BaseImage(NamedTuple):
    """The image of the last stage, and the line (from 1) of the `FROM` that names it."""

    name: str
    line: int


class Instruction(NamedTuple):
    """An instruction: its keyword in capitals, what follows it, and the offset of that.

    `text` is as long as in the file: remarks between continued lines are blank in it, as are
    the backslashes and line ends.
    """

    keyword: str
    text: str
    start: int


_REMARK: Final = re.compile(r"(?m)^[ \t]*#[^\r\n]*")
_EMPTY_LINE: Final = re.compile(r"(?<=\n)[ \t]*\r?\n")
_CONTINUATION: Final = re.compile(r"\\[ \t]*\r?\n")
_INSTRUCTION: Final = re.compile(r"(?m)^[ \t]*([A-Za-z]+)(?:[ \t]+([^\r\n]*))?[ \t]*\r?$")


def instructions(text: str) -> Iterator[Instruction]:
    """The instructions of a Dockerfile, in order; here-documents are not told apart."""
    blank = _REMARK.sub(lambda m: " " * len(m[0]), text)
    blank = _EMPTY_LINE.sub(_as_blanks, blank)  # they end no instruction that is continued
    joined = _CONTINUATION.sub(_as_blanks, blank)
    for match in _INSTRUCTION.finditer(joined):
        start = match.start(2) if match[2] is not None else match.end()
        yield Instruction(match[1].upper(), match[2] or "", start)


def _as_blanks(match: re.Match[str]) -> str:
    return " " * len(match[0])


def is_dockerfile(text: str) -> bool:
    """Whether a text is a Dockerfile rather than the path of one."""
    return "\n" in text.strip() or re.match(r"\s*FROM\s", text, re.IGNORECASE) is not None


def base_image(text: str) -> BaseImage | None:
    """The image that the last stage goes back to; `None` where the text does not tell.

    Arguments have the defaults that the text gives them: Azure ML passes none.
    """
    stages: dict[str, BaseImage] = {}
    arguments: dict[str, str] = {}
    last: BaseImage | None = None
    for line, instruction in _instructions(text):
        found = _FROM.match(instruction)
        given = _ARG.match(instruction) if not stages and last is None else None
        if given is not None and given[2] is not None:
            arguments[given[1]] = given[2].strip("\"'")
        if found is None:
            if instruction[:5].upper() == "FROM ":
                last = None
            continue
        name = _filled(found[1], arguments)
        last = BaseImage(name, line) if name else None
        if last is not None:
            last = stages.get(last.name.lower(), last)
            if found[2] and len(stages) < _MOST_STAGES:
                stages[found[2].lower()] = last
    return None if last is None or last.name.lower() == "scratch" else last


def _filled(name: str, arguments: dict[str, str]) -> str | None:
    """A name with arguments put in, `None` where one has no default."""
    for match in _VARIABLE.finditer(name):
        if arguments.get(match[1] or match[2], match[3]) is None:
            return None
    return _VARIABLE.sub(lambda m: arguments.get(m[1] or m[2], m[3]), name)


def _instructions(text: str) -> Iterator[tuple[int, str]]:
    """Each instruction on one line, with the number of the line on which it begins."""
    begun, parts = 0, list[str]()
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        begun = begun if parts else number
        parts.append(line.removesuffix("\\").strip())
        if not line.endswith("\\"):
            yield begun, " ".join(parts)
            parts = []
    if parts:
        yield begun, " ".join(parts)
