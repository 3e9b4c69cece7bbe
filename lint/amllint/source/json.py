"""JSON to located nodes, for files that YAML 1.1 cannot read (tabs, mostly)."""

from __future__ import annotations

import re
from json.decoder import JSONDecodeError, scanstring  # type: ignore[attr-defined]
from typing import Any, Final

from amllint.source import placeholders
from amllint.source.nodes import Entry, Mapping, Node, Scalar, Sequence
from amllint.source.problem import Malformed, Unreadable
from amllint.source.text import SourceText, Span
from amllint.source.yaml import MAX_DEPTH

_BLANK: Final = re.compile(r"[ \t\r\n]*")
_WORD: Final = re.compile(r"-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?|[A-Za-z]+|-Infinity")
_WORDS: Final[dict[str, Any]] = {
    "true": True,
    "false": False,
    "null": None,
    "NaN": float("nan"),
    "Infinity": float("inf"),
    "-Infinity": float("-inf"),
}


def parse(source: SourceText) -> Node:
    """The located root of a JSON text. Raises `Malformed` and `Unreadable`."""
    text, spans = placeholders.mask(source.text)
    reader = _Reader(source, text, spans)
    node = reader.value(reader.blank(0), 0)
    end = reader.blank(node.span.end)
    if end < len(text):
        raise reader.problem("something stands after the end of the JSON value", end)
    return node


class _Reader:
    def __init__(self, source: SourceText, text: str, spans: list[Span]) -> None:
        self.source = source
        self.text = text
        self.spans = spans

    def problem(self, message: str, offset: int) -> Malformed:
        if self.text[offset : offset + 2] in ("//", "/*"):
            message = "JSON has no comments"
        span = Span(min(offset, len(self.text)), min(offset + 1, len(self.text)))
        return Malformed(self.source.path, "JSON", message, "correct the JSON", span)

    def blank(self, offset: int) -> int:
        match = _BLANK.match(self.text, offset)
        return match.end() if match else offset

    def value(self, at: int, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise Unreadable(
                self.source.path,
                "too-deep",
                f"is nested more than {MAX_DEPTH} levels deep",
                "flatten the file",
                Span(at, at + 1),
            )
        start = self.text[at : at + 1]
        if start == "{":
            return self._mapping(at, depth)
        if start == "[":
            return self._sequence(at, depth)
        if start == '"':
            return self._string(at)
        return self._word(at)

    def _mapping(self, start: int, depth: int) -> Mapping:
        entries: list[Entry] = []
        at = self.blank(start + 1)
        if self.text[at : at + 1] == "}":
            return Mapping(Span(start, at + 1), (), True)
        while True:
            if self.text[at : at + 1] != '"':
                raise self.problem("a key in double quotes is expected here", at)
            key = self._string(at)
            at = self.blank(key.span.end)
            if self.text[at : at + 1] != ":":
                raise self.problem("a `:` is expected after the key", at)
            value = self.value(self.blank(at + 1), depth + 1)
            entries.append(Entry(key, value))
            at = self._next(value.span.end, "}")
            if self.text[at - 1] == "}":
                return Mapping(Span(start, at), tuple(entries), True)
            at = self.blank(at)

    def _sequence(self, start: int, depth: int) -> Sequence:
        items: list[Node] = []
        at = self.blank(start + 1)
        if self.text[at : at + 1] == "]":
            return Sequence(Span(start, at + 1), (), True)
        while True:
            items.append(self.value(at, depth + 1))
            at = self._next(items[-1].span.end, "]")
            if self.text[at - 1] == "]":
                return Sequence(Span(start, at), tuple(items), True)
            at = self.blank(at)

    def _next(self, at: int, closing: str) -> int:
        at = self.blank(at)
        if self.text[at : at + 1] not in (",", closing):
            what = f"a `,` or the closing `{closing}` is missing"
            raise self.problem(what, at)
        return at + 1

    def _string(self, at: int) -> Scalar:
        try:
            # Strict, as the CLI's reader is: control characters must be written as escapes.
            value, end = scanstring(self.text, at + 1, True)
        except JSONDecodeError as error:
            raise self.problem(f"a string is broken ({error.msg})", error.pos) from None
        return self._scalar(Span(at, end), value, quoted=True)

    def _word(self, at: int) -> Scalar:
        match = _WORD.match(self.text, at)
        if match is None:
            what = "a value is missing" if at < len(self.text) else "the JSON ends too early"
            raise self.problem(what, at)
        span, word = Span(*match.span()), match.group()
        if word in _WORDS:
            return self._scalar(span, _WORDS[word])
        if placeholders.touches(self.spans, span):
            return self._scalar(span, word)
        if word[0].isalpha():
            raise self.problem(f"`{word[:40]}` is not a JSON value", at)
        try:
            number = float(word) if match.group(1) or match.group(2) else int(word)
        except ValueError:
            raise self.problem("a number has too many digits", at) from None
        return self._scalar(span, number)

    def _scalar(self, span: Span, value: Any, quoted: bool = False) -> Scalar:
        unknown = placeholders.touches(self.spans, span)
        return Scalar(span, value, self.text[span.start : span.end], quoted, unknown)
