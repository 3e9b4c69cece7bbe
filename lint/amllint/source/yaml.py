"""YAML to located nodes, with the values that PyYAML's safe loader gives (YAML 1.1).

The parser's events are put together here rather than by PyYAML's composer: that bounds
depth and alias expansion while reading, and keeps repeated keys and exact ends.
"""

from __future__ import annotations

import re
import warnings
from typing import Any, Final

import yaml as pyyaml

from amllint.source import placeholders
from amllint.source.nodes import Entry, Mapping, Node, Scalar, Sequence
from amllint.source.problem import Malformed, Unreadable
from amllint.source.text import SourceText, Span

MAX_DEPTH: Final = 100
MAX_NODES: Final = 250_000
"""Nodes after aliases are expanded; the largest real deployment file seen has some 2,000."""

MAX_NUMBER: Final = 400
"""Characters of a number, date or boolean; some are converted in quadratic time."""

_LOADER: Final[Any] = getattr(pyyaml, "CSafeLoader", pyyaml.SafeLoader)
_SURROGATE: Final = re.compile(r"\\\\u[dD][89a-fA-F]")
_CONSTRUCTOR: Final = pyyaml.constructor.SafeConstructor()
_RESOLVERS: Final = pyyaml.SafeLoader.yaml_implicit_resolvers
_PREFIX: Final = "tag:yaml.org,2002:"
_SCALAR_TAGS: Final = frozenset(
    _PREFIX + t for t in ("null", "bool", "int", "float", "binary", "timestamp", "str")
)
_COLLECTION_TAGS: Final = frozenset({_PREFIX + "map", _PREFIX + "seq"})


def parse(source: SourceText) -> Node:
    """The located root of a single YAML document.

    An empty file is a null scalar. Raises `Malformed` and `Unreadable`.
    """
    text, spans = placeholders.mask(source.text)
    builder = _Builder(source, spans)
    try:
        for event in pyyaml.parse(text, Loader=_loader(text)):
            builder.take(event)
    except pyyaml.YAMLError as error:
        raise _malformed(source, error) from None
    return builder.root or Scalar(Span(0, 0), None, "")


def _loader(text: str) -> Any:
    """libyaml where it reads as PyYAML's own parser does, which is what the CLI uses.

    The two differ on tabs as indentation and on surrogate pairs written as escapes.
    """
    return pyyaml.SafeLoader if "\t" in text or _SURROGATE.search(text) else _LOADER


class _Open:
    """A collection that is still being read."""

    __slots__ = ("anchor", "children", "flow", "is_mapping", "size", "start")

    def __init__(self, event: Any) -> None:
        self.is_mapping = isinstance(event, pyyaml.MappingStartEvent)
        self.start: int = event.start_mark.index
        self.flow = bool(event.flow_style)
        self.anchor: str | None = event.anchor
        self.children: list[Node] = []
        self.size = 1


class _Builder:
    def __init__(self, source: SourceText, spans: list[Span]) -> None:
        self.source = source
        self.spans = spans
        self.stack: list[_Open] = []
        self.anchors: dict[str, tuple[Node | None, int]] = {}
        self.total = 0
        self.aliased = False
        self.documents = 0
        self.root: Node | None = None

    def take(self, event: Any) -> None:
        if isinstance(event, pyyaml.ScalarEvent):
            self._add(self._scalar(event), 1, event.anchor, 1)
        elif isinstance(event, pyyaml.CollectionStartEvent):
            self._start(event)
        elif isinstance(event, pyyaml.CollectionEndEvent):
            self._end(event)
        elif isinstance(event, pyyaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, pyyaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise self._problem(
                    event, "holds several YAML documents", "keep one document a file"
                )

    def _start(self, event: Any) -> None:
        if event.tag is not None and event.tag not in _COLLECTION_TAGS:
            raise self._tag_problem(event)
        if len(self.stack) >= MAX_DEPTH:
            raise _too_deep(self.source, event.start_mark.index)
        if event.anchor:
            self.anchors[event.anchor] = (None, 0)
        self.stack.append(_Open(event))

    def _end(self, event: Any) -> None:
        done = self.stack.pop()
        end = event.end_mark.index if done.flow else done.start
        if not done.flow and done.children:
            end = max(done.start, *(c.span.end for c in done.children[-2:]))
        span = Span(done.start, end)
        node: Node = (
            Mapping(span, self._entries(done.children), done.flow)
            if done.is_mapping
            else Sequence(span, tuple(done.children), done.flow)
        )
        self._add(node, done.size, done.anchor, 1)

    def _alias(self, event: Any) -> None:
        self.aliased = True
        if event.anchor not in self.anchors:
            raise self._problem(
                event, f"the alias *{event.anchor} has no anchor", "define the anchor before it"
            )
        node, size = self.anchors[event.anchor]
        if node is None:
            raise Unreadable(
                self.source.path,
                "alias-bomb",
                f"the alias *{event.anchor} refers to itself",
                "write the value out",
                Span(event.start_mark.index, event.end_mark.index),
            )
        self._add(node, size, None, size)

    def _add(self, node: Node, size: int, anchor: str | None, new: int) -> None:
        """Put a finished node into its parent; `new` of its `size` were not counted yet."""
        self.total += new
        if self.total > MAX_NODES:
            raise Unreadable(
                self.source.path,
                "alias-bomb" if self.aliased else "too-large",
                f"holds more than {MAX_NODES:,} values, aliases expanded",
                "leave it out with `exclude` in the configuration",
                node.span,
            )
        if anchor:
            self.anchors[anchor] = (node, size)
        if self.stack:
            self.stack[-1].children.append(node)
            self.stack[-1].size += size
        else:
            self.root = node

    def _entries(self, children: list[Node]) -> tuple[Entry, ...]:
        entries: list[Entry] = []
        for key, value in zip(children[::2], children[1::2], strict=True):
            if not isinstance(key, Scalar):
                raise Malformed(
                    self.source.path,
                    "YAML",
                    "a list or mapping is used as a key",
                    "use a plain name as key",
                    key.span,
                )
            if key.raw == "<<" and not key.quoted:
                entries.extend(self._merged(key, value))
            else:
                entries.append(Entry(key, value))
        return tuple(entries)

    def _merged(self, key: Scalar, value: Node) -> list[Entry]:
        sources = value.items if isinstance(value, Sequence) else (value,)
        merged: dict[Any, Entry] = {}
        for mapping in reversed(sources):
            if not isinstance(mapping, Mapping):
                raise Malformed(
                    self.source.path,
                    "YAML",
                    "`<<` merges something that is not a mapping",
                    "merge an alias of a mapping",
                    key.span,
                )
            for entry in mapping.entries:
                merged[entry.key.value] = entry._replace(merged=True)
        return list(merged.values())

    def _scalar(self, event: Any) -> Scalar:
        span = Span(event.start_mark.index, event.end_mark.index)
        quoted = not event.implicit[0] and event.tag is None
        if event.style in ("|", ">"):
            span = self._trim(span)
        if self.spans and placeholders.touches(self.spans, span):
            raw = self.source.slice(span)
            return Scalar(span, event.value, raw, quoted, placeholder=True)
        return Scalar(span, self._value(event), event.value, quoted)

    def _trim(self, span: Span) -> Span:
        text = self.source.text
        end = span.end
        while end > span.start and text[end - 1] in " \r\n":
            end -= 1
        return Span(span.start, end)

    def _value(self, event: Any) -> Any:
        tag = event.tag
        if tag is None or tag == "!":
            tag = _implicit_tag(event.value) if event.implicit[0] or tag == "!" else None
            if tag is None:
                return event.value
        elif tag not in _SCALAR_TAGS:
            raise self._tag_problem(event)
        if tag == _PREFIX + "str":
            return event.value
        if len(event.value) > MAX_NUMBER and tag != _PREFIX + "binary":
            raise self._problem(event, "a number has too many digits", "quote it")
        node = pyyaml.ScalarNode(tag, event.value, event.start_mark, event.end_mark)
        try:
            return _CONSTRUCTOR.construct_object(node)
        except pyyaml.YAMLError:
            raise
        except (ValueError, ArithmeticError, LookupError, AttributeError) as error:
            kind = tag.removeprefix(_PREFIX)
            short = event.value if len(event.value) < 40 else event.value[:37] + "..."
            raise self._problem(
                event, f"`{short}` reads as a {kind} but is none ({_first(error)})", "quote it"
            ) from None
        finally:
            _CONSTRUCTOR.constructed_objects.clear()
            _CONSTRUCTOR.recursive_objects.clear()

    def _tag_problem(self, event: Any) -> Malformed:
        shown = event.tag.replace(_PREFIX, "!!") if len(event.tag) < 80 else "!…"
        return self._problem(
            event, f"the tag `{shown}` is not plain data; the Azure tools refuse it", "remove it"
        )

    def _problem(self, event: Any, message: str, help: str) -> Malformed:
        span = Span(event.start_mark.index, event.end_mark.index)
        return Malformed(self.source.path, "YAML", message, help, span)


def _implicit_tag(value: str) -> str | None:
    for tag, pattern in _RESOLVERS.get(value[:1], ()):
        if pattern.match(value):
            return None if tag == _PREFIX + "merge" or tag == _PREFIX + "value" else str(tag)
    return None


def _first(error: Exception) -> str:
    return str(error).split("\n", 1)[0][:80] or type(error).__name__


_PLAIN: Final = (
    ("cannot start any token", "a character stands where no value can start", "quote the value"),
    ("mapping values are not allowed", "a second `: ` stands in one value", "quote the value"),
    ("could not find expected ':'", "a key has no `:`", "write `key: value`"),
    ("did not find expected key", "the indentation does not fit the lines above", "align it"),
    (
        "did not find expected '-' indicator",
        "a list item is indented unlike the others",
        "align it",
    ),
    ("found unexpected end of stream", "a quote or bracket is never closed", "close it"),
    ("did not find expected ',' or ']'", "a list in brackets is never closed", "close it with `]`"),
    ("did not find expected ',' or '}'", "a mapping in braces is never closed", "close it"),
    ("special characters are not allowed", "it holds a control character", "remove it"),
    ("control characters are not allowed", "it holds a control character", "remove it"),
    ("duplicate anchor", "an anchor is defined twice", "rename one"),
)


def _too_deep(source: SourceText, index: int) -> Unreadable:
    return Unreadable(
        source.path,
        "too-deep",
        f"is nested more than {MAX_DEPTH} levels deep",
        "flatten the file",
        Span(index, index + 1),
    )


def _stuck_dash(source: SourceText, span: Span) -> Span | None:
    """A dash that its item sticks to, on the line of an error or one of the two before it."""
    last = source.position(span.start).line
    for row in range(last, max(last - 3, 0), -1):
        line = source.line_span(row)
        found = re.match(r"\s*(-)[A-Za-z]", source.slice(line))
        if found:
            return Span(line.start + found.start(1), line.start + found.end(1))
    return None


def _malformed(source: SourceText, error: pyyaml.YAMLError) -> Malformed | Unreadable:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    index = mark.index if mark is not None else getattr(error, "position", 0)
    index = index if isinstance(index, int) else 0
    said = getattr(error, "problem", None) or getattr(error, "reason", None) or _first(error)
    span = Span(min(index, len(source.text)), min(index + 1, len(source.text)))
    if "nesting depth" in said:
        # Newer builds of libyaml look ahead and give up before our own bound is reached.
        return _too_deep(source, index)
    if source.slice(span) == "\t":
        return Malformed(
            source.path, "YAML", "a tab is used for indentation", "indent with spaces", span
        )
    dash = _stuck_dash(source, span)
    if dash is not None:
        plain = "there is no blank after a list item's dash"
        return Malformed(source.path, "YAML", plain, "write `- item`", dash)
    for fragment, plain, help in _PLAIN:
        if fragment in said:
            return Malformed(source.path, "YAML", plain, help, span)
    return Malformed(source.path, "YAML", said, "correct the YAML", span)


warnings.filterwarnings("ignore", module="yaml")
