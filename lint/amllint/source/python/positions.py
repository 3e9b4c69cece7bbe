"""Where each libcst node stands, counted while libcst generates the code again.

One pass costs a third of a parse, where the position metadata provider costs three parses.
"""

from __future__ import annotations

from types import TracebackType

import libcst as cst
from libcst._nodes.internal import CodegenState

from amllint.source.python.lean import plainly_generated
from amllint.source.text import Span


class Recorder(CodegenState):
    """Generates code and notes where each node begins and ends."""

    def __init__(self, module: cst.Module) -> None:
        super().__init__(module.default_indent, module.default_newline)
        self.offset = 0
        self.spans: dict[int, Span] = {}

    def add_token(self, value: str) -> None:
        self.offset += len(value)

    def add_indent_tokens(self) -> None:
        self.offset += sum(map(len, self.indent_tokens))

    def pop_trailing_newline(self) -> None:
        """Nothing comes after it that would have a position."""

    def record_syntactic_position(  # type: ignore[override]
        self,
        node: cst.CSTNode,
        *,
        start_node: cst.CSTNode | None = None,
        end_node: cst.CSTNode | None = None,
    ) -> _Mark:
        return _Mark(self, node, start_node, end_node)


class _Mark:
    __slots__ = ("end_node", "node", "recorder", "start", "start_node")

    def __init__(
        self,
        recorder: Recorder,
        node: cst.CSTNode,
        start_node: cst.CSTNode | None,
        end_node: cst.CSTNode | None,
    ) -> None:
        self.recorder = recorder
        self.node = node
        self.start_node = start_node
        self.end_node = end_node

    def __enter__(self) -> None:
        self.start = self.recorder.offset

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        spans = self.recorder.spans
        start, end = self.start, self.recorder.offset
        if self.start_node is not None and id(self.start_node) in spans:
            start = spans[id(self.start_node)].start
        if self.end_node is not None and id(self.end_node) in spans:
            end = spans[id(self.end_node)].end
        spans[id(self.node)] = Span(start, end)


def record(module: cst.Module) -> tuple[dict[int, Span], int]:
    """The span of every node by identity, in characters, and the length of the code."""
    recorder = Recorder(module)
    with plainly_generated():
        module._codegen(recorder)
    return recorder.spans, recorder.offset
