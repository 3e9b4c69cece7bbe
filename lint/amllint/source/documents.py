"""YAML and JSON files as located documents."""

from __future__ import annotations

import os
from typing import Any

from amllint.source.nodes import Mapping, Node, Path, Scalar, entry_at, node_at, to_data
from amllint.source.problem import Malformed
from amllint.source.text import SourceText, Span


class Document:
    """A parsed YAML or JSON file: its text, its located root, and its plain data."""

    def __init__(self, source: SourceText, root: Node, language: str) -> None:
        self.source = source
        self.root = root
        self.language = language
        self._data: dict[Path, Any] = {}

    @property
    def path(self) -> str:
        """The display path."""
        return self.source.path

    @property
    def text_path(self) -> str:
        """The path that places in it have: the display path, but for what code amounts to."""
        return self.path

    def unknown_because(self, node: Node | None) -> str:
        """Why the value of a node is only known later."""
        return "a template placeholder"

    @property
    def data(self) -> Any:
        """Plain values as PyYAML's safe loader gives them; `UNKNOWN` for placeholders."""
        return self.data_at(())

    def data_at(self, path: Path) -> Any:
        """The plain value at a path, built once; `None` where the path leads nowhere."""
        if path not in self._data:
            node = node_at(self.root, path)
            self._data[path] = None if node is None else to_data(node)
        return self._data[path]

    def span_at(self, path: Path, key: bool = False) -> Span:
        """Where a path stands: its value, or with `key` the key itself.

        An empty value (`cpu:`) and a missing path are shown at the nearest key or mapping
        that stands in the file.
        """
        entry = entry_at(self.root, path)
        if entry is not None:
            empty = isinstance(entry.value, Scalar) and not entry.value.raw
            return entry.key.span if key or empty else entry.value.span
        while path and node_at(self.root, path) is None:
            path = path[:-1]
        node = node_at(self.root, path) or self.root
        return opening(node)


def opening(node: Node) -> Span:
    """A short span that stands for a node: a scalar whole, of a collection its first line."""
    if isinstance(node, Scalar):
        return node.span
    if isinstance(node, Mapping) and node.entries and not node.flow:
        return node.entries[0].key.span
    return Span(node.span.start, min(node.span.start + 1, node.span.end))


def load(source: SourceText) -> Document:
    """Parse a file as the v1 CLI does: as YAML first, then as JSON, whatever its name.

    Raises `Malformed` with the error of the language the file looks like, and `Unreadable`
    for alias bombs and nesting beyond all reason.
    """
    from amllint.source import json, yaml

    try:
        return Document(source, yaml.parse(source), "yaml")
    except Malformed as problem:
        if not looks_like_json(source):
            raise
        first = problem
    try:
        return Document(source, json.parse(source), "json")
    except Malformed as problem:
        raise problem from first


def looks_like_json(source: SourceText) -> bool:
    """Whether the text or the name says JSON."""
    extension = os.path.splitext(source.path)[1].lower()
    return extension == ".json" or source.text.lstrip()[:1] in ("{", "[")
