"""Texts that a shell runs: script files, steps of pipelines, lines of notebooks.

A step of a pipeline is a YAML scalar; its text is what YAML makes of it, and each character
knows where it stands in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from amllint.source.documents import Document
from amllint.source.nodes import Mapping, Node, Scalar, Sequence
from amllint.source.text import SourceText, Span

_RUN: Final = frozenset({"run", "script", "bash", "pwsh", "powershell", "inlineScript", "command"})
_FOLDER: Final = ("workingDirectory", "working-directory", "workingFolder", "cwd")
_VARIABLES: Final = frozenset({"env", "variables"})
_ESCAPES: Final = {"n": "\n", "t": "\t", '"': '"', "\\": "\\", "/": "/", "r": "\r", "0": "\0"}
_LINE: Final = re.compile(r"[^\n]*\n?")
_SHELL_LINE: Final = re.compile(r"(?m)^[ \t]*!")
_BROKEN: Final = re.compile(r"[ \t]*\r?\n\s*")
_MAGIC: Final = re.compile(r"(?:[ \t]*\r?\n)*%%(?:bash|sh|script|cmd)\b[^\r\n]*")


class RunText(NamedTuple):
    """A text that is run, and where.

    `source` is the text that it stands in, `starts` where its characters stand
    there, `None` where it is that text from `first` on. `folder` is the folder it is run in
    as far as that is written. `variables` are those of the pipeline that have one value.
    """

    source: SourceText
    text: str
    starts: tuple[int, ...] | None
    first: int
    folder: str | None
    variables: dict[str, str]

    def place(self, span: Span) -> Span:
        """Where a span of the text stands in the file."""
        if self.starts is None:
            return Span(span.start + self.first, span.end + self.first)
        last = self.starts[span.end - 1] + 1 if span.end > span.start else self.starts[span.start]
        return Span(self.starts[span.start], last)


def of_script(source: SourceText) -> RunText:
    """A file that a shell runs as it stands."""
    return RunText(source, source.text, None, 0, None, {})


def of_cell(source: SourceText) -> Iterator[RunText]:
    """What a notebook's cell hands to a shell: all of it, or the lines behind `!`."""
    magic = _MAGIC.match(source.text)
    if magic:
        yield RunText(source, source.text[magic.end() :], None, magic.end(), None, {})
        return
    if _SHELL_LINE.search(source.text):
        yield RunText(source, source.text, None, 0, None, {})


def of_pipeline(document: Document) -> Iterator[RunText]:
    """The steps of a pipeline's YAML that hold commands."""
    variables = _variables(document.root)
    pending: list[tuple[Node, str | None, str]] = [(document.root, None, "")]
    while pending:
        node, folder, key = pending.pop()
        if isinstance(node, Mapping):
            own = _folder(node, document.source) or folder
            pending += [(e.value, own, str(e.key.value)) for e in reversed(node.entries)]
        elif isinstance(node, Sequence):
            pending += [(item, folder, key) for item in reversed(node.items)]
        elif key in _RUN or key.endswith("_script"):
            raw = document.source.slice(node.span)
            if "az ml" in raw:
                text, starts = decoded(raw, node.span.start)
                yield RunText(document.source, text, starts, 0, folder, variables)


def _folder(node: Mapping, source: SourceText) -> str | None:
    """The folder that a step, its inputs or the defaults of a job are run in."""
    for name in ("inputs", "run", "defaults"):
        inner = node.get(name)
        if inner is not None and isinstance(inner.value, Mapping):
            found = _folder(inner.value, source)
            if found is not None:
                return found
    for name in _FOLDER:
        entry = node.get(name)
        if entry is not None and isinstance(entry.value, Scalar):
            return decoded(source.slice(entry.value.span), 0)[0]
    return None


def _variables(root: Node) -> dict[str, str]:
    """The variables of a pipeline that are given one plain value, and no other."""
    found: dict[str, set[str | None]] = {}
    pending: list[tuple[Node, str]] = [(root, "")]
    while pending:
        node, key = pending.pop()
        if isinstance(node, Sequence):
            pending += [(item, key) for item in node.items]
        elif isinstance(node, Mapping):
            pending += [(e.value, str(e.key.value)) for e in node.entries]
            if key in _VARIABLES:
                for name, value in _pairs(node):
                    found.setdefault(name, set()).add(value)
    return {n: v for n, values in found.items() if len(values) == 1 for v in values if v}


def _pairs(node: Mapping) -> Iterator[tuple[str, str | None]]:
    name, value = node.get("name"), node.get("value")
    if name is not None and value is not None:
        yield str(getattr(name.value, "value", "")), _plain(value.value)
        return
    for entry in node.entries:
        yield str(entry.key.value), _plain(entry.value)


def _plain(node: Node) -> str | None:
    known = isinstance(node, Scalar) and not node.placeholder
    return str(node.value) if isinstance(node, Scalar) and known and "$" not in node.raw else None


def decoded(raw: str, start: int) -> tuple[str, tuple[int, ...]]:
    """The text of a YAML scalar, and where each of its characters stands in the file."""
    head = raw[:1]
    if head in ("|", ">"):
        pairs = _block(raw, head == ">")
    elif head == "'":
        pairs = _quoted(raw)
    elif head == '"':
        pairs = _escaped(raw)
    else:
        pairs = _flowed(raw, 0, len(raw))
    found = list(pairs)
    return "".join(c for c, _ in found), tuple(start + at for _, at in found)


def _block(raw: str, folded: bool) -> Iterator[tuple[str, int]]:
    header = raw.find("\n") + 1
    if not header:
        return
    lines = [(m.group(), m.start()) for m in _LINE.finditer(raw, header) if m.group()]
    depths = [len(t) - len(t.lstrip(" ")) for t, _ in lines if t.strip()]
    depth = min(depths, default=0)
    for number, (line, at) in enumerate(lines):
        body = line.rstrip("\r\n")[depth:]
        yield from ((c, at + depth + n) for n, c in enumerate(body))
        after = lines[number + 1][0][depth:] if number + 1 < len(lines) else ""
        joins = folded and body.strip() and after.strip() and after[:1] != " " != body[:1]
        yield (" " if joins else "\n"), at + max(len(line) - 1, 0)


def _quoted(raw: str) -> Iterator[tuple[str, int]]:
    for char, at in _flowed(raw, 1, len(raw) - 1):
        if char == "'" and raw[at - 1] == "'" and _is_second(raw, at):
            continue
        yield char, at


def _is_second(raw: str, at: int) -> bool:
    """Whether a quote is the second of a doubled one."""
    run = 0
    while at - 1 - run >= 1 and raw[at - 1 - run] == "'":
        run += 1
    return run % 2 == 1


def _escaped(raw: str) -> Iterator[tuple[str, int]]:
    pairs = list(_flowed(raw, 1, len(raw) - 1))
    at = 0
    while at < len(pairs):
        char, place = pairs[at]
        if char == "\\" and at + 1 < len(pairs):
            at += 1
            yield _ESCAPES.get(pairs[at][0], pairs[at][0]), place
        else:
            yield char, place
        at += 1


def _flowed(raw: str, start: int, end: int) -> Iterator[tuple[str, int]]:
    """A scalar without lines of its own: breaks and what is blank around them are one space."""
    at = start
    while at < end:
        broken = _BROKEN.match(raw, at, end)
        if broken:
            yield ("\n" if broken.group().count("\n") > 1 else " "), at
            at = broken.end()
        else:
            yield raw[at], at
            at += 1
