"""Edits of scoring scripts: whole lines, imports, and the names to log and answer with."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Edit
from amllint.source.python import syntax as s
from amllint.source.python.rows import rows_within_strings
from amllint.source.text import Span

AML_RESPONSE: Final = "azureml.contrib.services.aml_response.AMLResponse"
_LOGGERS: Final = ("logging.getLogger", "structlog.get_logger")


class Lines(NamedTuple):
    """Whole lines that statements fill, and the blanks before the first of them."""

    span: Span
    indent: str


def whole_lines(script: ScoringScript, first: Span, last: Span) -> Lines | None:
    """The lines from one statement to another; `None` where other code shares them."""
    source = script.source
    start = source.line_span(source.position(first.start).line)
    end = source.line_span(source.position(max(last.end - 1, last.start)).line)
    indent = source.text[start.start : first.start]
    rest = source.text[last.end : end.end].strip()
    if indent.strip(" \t") or (rest and not rest.startswith("#")):
        return None
    return Lines(Span(start.start, end.end), indent)


def indent_edits(script: ScoringScript, lines: Lines, unit: str) -> list[Edit] | None:
    """One more level of indentation for whole lines; what stands inside a text is left alone."""
    source = script.source
    within = rows_within_strings(source, lines.span)
    if within is None:
        return None
    first = source.position(lines.span.start).line
    last = source.position(lines.span.end).line
    spans = {row: source.line_span(row) for row in range(first, last + 1) if row not in within}
    return [
        Edit(script.path, Span(span.start, span.start), unit)
        for span in spans.values()
        if source.slice(span).strip()
    ]


def block_unit(script: ScoringScript, function: s.Function) -> str | None:
    """What one level of indentation is in a function; `None` where its body has no line."""
    body = whole_lines(script, function.body[0].span, function.body[0].span)
    head = script.source.line_span(script.source.position(function.name_span.start).line)
    line = script.source.slice(head)
    outer = line[: len(line) - len(line.lstrip())]
    if body is None or not body.indent.startswith(outer) or body.indent == outer:
        return None
    return body.indent[len(outer) :]


# -- imports --------------------------------------------------------------------------------


class _Place(NamedTuple):
    """Where imports are put: the offset, and which side of it is theirs."""

    at: int
    ahead: bool


class _Line(NamedTuple):
    """An import, in the order in which they stand, and the blank lines to what is there."""

    blanks: int
    member: bool
    text: str


class Wanted:
    """What new code needs to have imported, and the one edit per place that brings it."""

    def __init__(self, script: ScoringScript) -> None:
        self.script = script
        self._lines: dict[_Place, set[_Line]] = {}

    def response(self) -> str | None:
        """How the script says `AMLResponse`, imported if need be.

        `None` where the name is taken, or the script is run as a program too.
        """
        known = _local_name(self.script, AML_RESPONSE)
        if known is not None or "AMLResponse" in self.script.bindings.bound:
            return known
        if self.script.facts.is_program:
            return None  # outside the server there is no such module to import
        module, _, name = AML_RESPONSE.rpartition(".")
        self._third_party(f"from {module} import {name}")
        return name

    def logger(self) -> str | None:
        """What the script logs with: its own logger or the module `logging`."""
        for statement in self.script.module.body:
            value = statement.value if isinstance(statement, s.Assign) else None
            if isinstance(statement, s.Assign) and isinstance(value, s.Call):
                target = statement.targets[0]
                called = self.script.names.qualify(value.function)
                if isinstance(target, s.Name) and called in _LOGGERS:
                    return target.id
        return _local_name(self.script, "loguru.logger") or self.module("logging")

    def module(self, name: str) -> str | None:
        """How the script says a module of the standard library, imported if need be."""
        known = _local_name(self.script, name)
        if known is not None or name in self.script.bindings.bound:
            return known
        self._standard(name)
        return name

    def edits(self) -> Iterator[Edit]:
        """One insertion for each place."""
        newline = self.script.source.newline
        for place, wanted in self._lines.items():
            lines = sorted(wanted)
            content = newline.join(line.text for line in lines)
            if place.ahead:
                content += newline * (1 + lines[-1].blanks)
            else:
                apart = {line.blanks: line for line in reversed(lines)}
                parts = [
                    newline * (line.blanks if apart[line.blanks] == line else 0) + line.text
                    for line in lines
                ]
                content = newline + newline.join(parts)
            yield Edit(self.script.path, Span(place.at, place.at), content)

    def _standard(self, name: str) -> None:
        """`import name` among the imports of the standard library, in their order."""
        plain = [i for i in _imports(self.script) if i.module is None and _is_standard(i)]
        earlier = [i for i in plain if i.names[0].name < name]
        if earlier:
            self._after(earlier[-1], f"import {name}", 0)
        else:
            following = next((i for i in _imports(self.script) if i.module != "__future__"), None)
            alone = following is not None and not _is_standard(following)
            self._ahead(following, f"import {name}", 1 if alone else 0)

    def _third_party(self, line: str) -> None:
        """Behind the last import that does not come from beside the script."""
        found = [i for i in _imports(self.script) if not i.level]
        if found:
            self._after(found[-1], line, 1 if all(map(_is_standard, found)) else 0)
        else:
            self._ahead(None, line, 0)

    def _after(self, statement: s.Import, line: str, blanks: int) -> None:
        source = self.script.source
        row = source.position(max(statement.span.end - 1, statement.span.start)).line
        self._add(_Place(source.line_span(row).end, False), line, blanks)

    def _ahead(self, statement: s.Import | None, line: str, blanks: int) -> None:
        """Before an import, or before the first statement where there is none."""
        source = self.script.source
        body = self.script.module.body
        docstring = isinstance(body[0], s.Evaluate) and isinstance(body[0].value, s.Constant)
        first = statement or body[1 if docstring and len(body) > 1 else 0]
        at = source.line_span(source.position(_first_line(first)).line).start
        self._add(_Place(at, True), line, blanks if statement else 2)

    def _add(self, place: _Place, text: str, blanks: int) -> None:
        line = _Line(blanks, not text.startswith("import"), text)
        self._lines.setdefault(place, set()).add(line)


def _first_line(statement: s.Stmt) -> int:
    decorators = statement.decorators if isinstance(statement, (s.Function, s.Class)) else ()
    return min([statement.span.start, *(d.span.start for d in decorators)])


def _imports(script: ScoringScript) -> list[s.Import]:
    """The imports at the top of a script, before it defines anything."""
    found: list[s.Import] = []
    for statement in script.module.body:
        if isinstance(statement, (s.Function, s.Class)):
            break
        if isinstance(statement, s.Import):
            found.append(statement)
    return found


def _is_standard(statement: s.Import) -> bool:
    name = statement.module or statement.names[0].name
    return not statement.level and name.split(".")[0] in sys.stdlib_module_names


def _local_name(script: ScoringScript, qualified: str) -> str | None:
    """The name by which the module knows something that it imports at its top level."""
    for statement in script.module.body:
        for alias in statement.names if isinstance(statement, s.Import) else ():
            name = _bound(alias)
            if script.names.imported(name) == qualified:
                return name
    return None


def drop_import(script: ScoringScript, name: str) -> Edit | None:
    """Take an import of one name out; `None` where it shares its line or is needed there."""
    statement = _import_of(script, name)
    lines = whole_lines(script, statement.span, statement.span) if statement else None
    if statement is None or lines is None:
        return None
    if len(statement.names) > 1:
        shorter = _without(script, statement, name)
        return Edit(script.path, statement.span, shorter) if shorter else None
    if "#" in script.source.slice(lines.span):
        return None
    end = min(lines.span.end + len(script.source.newline), len(script.source.text))
    return Edit(script.path, Span(lines.span.start, end), "")


def _import_of(script: ScoringScript, name: str) -> s.Import | None:
    """The import that binds a name, where its block has other statements as well."""
    for node in script.facts.nodes:
        for block in (v for v in node[1:] if isinstance(v, tuple) and len(v) > 1):
            for statement in block:
                if isinstance(statement, s.Import) and name in map(_bound, statement.names):
                    return statement
    return None


def _bound(alias: s.Alias) -> str:
    return alias.asname or alias.name.split(".")[0]


def _without(script: ScoringScript, statement: s.Import, name: str) -> str | None:
    """An import statement without one of its names; `None` where a comment would be lost."""
    text = script.source.slice(statement.span)
    head = re.match(r"(from\s+\S+\s+)?import\s+", text)
    if "#" in text or "\n" in text or head is None:
        return None
    kept = [a for a in statement.names if _bound(a) != name]
    return head.group() + ", ".join(script.source.slice(a.span) for a in kept)


def own_reads(nodes: Iterable[s.Syntax], name: str) -> list[s.Name]:
    """Where a plain name is read or bound in trees."""
    found = [n for root in nodes for n in s.walk(root)]
    return [n for n in found if isinstance(n, s.Name) and n.id == name]
