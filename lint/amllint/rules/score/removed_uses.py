"""Where a script uses what libraries no longer have, and what to write there instead."""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from amllint.analysis.certain_imports import certain_imports
from amllint.analysis.certainty import catches_it, certainty
from amllint.analysis.removed_apis import REMOVED, Removed, removed
from amllint.artifacts.scoring_script import EntryPoint, ScoringScript
from amllint.findings.finding import Edit
from amllint.rules.score.reached_places import ENTRIES, statements
from amllint.source.python import syntax as s
from amllint.source.text import Span

_TOLERANT = frozenset({"AttributeError", "Exception", "BaseException"})


class Use(NamedTuple):
    """One use of a removed name: `certain` where an entry always comes to it.

    `node` is the import statement, or the attribute as written; `whole` the name it stands for.
    """

    row: Removed
    node: s.Import | s.Attribute
    whole: str
    entry: EntryPoint
    certain: bool

    @property
    def span(self) -> Span:
        """Where it stands."""
        return self.node.span


def uses(script: ScoringScript, wanted: frozenset[str]) -> Iterator[Use]:
    """Every use that importing the script, `init` or `run` comes to, each once.

    Nothing is looked for where none of the `wanted` top-level modules is imported.
    """
    roots = {n.partition(".")[0] for i in script.facts.imports for n in _names(i)}
    if not roots & wanted or _asks(script):
        return
    for found in certain_imports(script.facts):
        for name in _names(found.statement):
            row = removed(name)
            if row is not None:
                part: EntryPoint = "import"
                part = "init" if found.part == "init" else part
                part = "run" if found.part == "run" else part
                yield Use(row, found.statement, name, part, True)
    seen: set[Span] = set()
    for entry in ENTRIES:
        for use in _attributes(script, entry):
            if use.span not in seen:
                seen.add(use.span)
                yield use


def _names(statement: s.Import) -> Iterator[str]:
    """The qualified names that an absolute import asks for."""
    if statement.level:
        return
    for alias in statement.names:
        yield f"{statement.module}.{alias.name}" if statement.module else alias.name


def _asks(script: ScoringScript) -> bool:
    """Whether the script itself finds out which version it has."""
    if any(node.attr == "__version__" for node in script.facts.of_kind(s.Attribute)):
        return True
    return any(s.dotted(call.function) == "hasattr" for call in script.facts.of_kind(s.Call))


def _attributes(script: ScoringScript, entry: EntryPoint) -> Iterator[Use]:
    for name, body, via in script.reached(entry):
        if name or not any(removed(used) for used in body.uses):
            continue
        block = statements(script.itself, body)
        for node in (n for statement in block for n in s.walk(statement)):
            if not isinstance(node, s.Attribute) or (
                body.function is None and _within(block, node)
            ):
                continue
            row = REMOVED.get(script.names.qualify(node) or "")
            first = (s.dotted(node) or "").partition(".")[0]
            if row is None or script.names.imported(first) is None:
                continue
            if body.function is None and _within(block, node):
                continue
            if not catches_it(block, node.span, _TOLERANT):
                how = certainty(block, node.span)
                helper = bool(via) and body.name != "<module>"
                if how != "never":
                    yield Use(row, node, row.name, entry, how == "always" and not helper)


def _within(block: Sequence[s.Syntax], node: s.Attribute) -> bool:
    """Whether a node of the module lies in a function: that is another body."""
    around = (n for statement in block for n in s.path_to(statement, node.span))
    return any(isinstance(n, (s.Function, s.Lambda)) for n in around)


def edit(script: ScoringScript, use: Use) -> Edit | None:
    """What to write instead, `None` where that is not a matter of words."""
    if isinstance(use.node, s.Attribute):
        return _attribute_edit(script, use.node, use.row)
    return _import_edit(script, use.node, use.row)


def _attribute_edit(script: ScoringScript, node: s.Attribute, row: Removed) -> Edit | None:
    if not row.new or (row.distribution == "python" and not _is_beside(row)):
        return None
    if "." not in row.new:
        free = row.new not in script.bindings.bound
        return Edit(script.path, node.span, row.new) if free else None
    dotted = s.dotted(node) or ""
    first, _, rest = dotted.partition(".")
    qualified = script.names.imported(first) or ""
    if not rest or not row.new.startswith(f"{qualified}."):
        return None
    return Edit(script.path, node.span, f"{first}.{row.new[len(qualified) + 1 :]}")


def _is_beside(row: Removed) -> bool:
    """Whether nothing else must be imported: a builtin, or a name of the same module."""
    return row.new.rpartition(".")[0] in ("", row.name.rpartition(".")[0])


def _import_edit(script: ScoringScript, node: s.Import, row: Removed) -> Edit | None:
    if not row.new or len(node.names) != 1 or "\n" in script.source.slice(node.span):
        # With several names, all must have moved to the same module.
        return _module_edit(script, node, row)
    if hasattr(builtins, row.new):
        return None
    alias = node.names[0]
    if node.module is None:
        plain = row.new.partition(".")[0] if alias.asname is None else None
        same = alias.name == row.name and plain in (None, row.new)
        if not same or (alias.asname is None and "." in alias.name):
            return None
        shown = alias.asname or (alias.name if alias.name != row.new else None)
        return Edit(script.path, node.span, _import(row.new, shown))
    if f"{node.module}.{alias.name}" != row.name:
        return _module_edit(script, node, row)
    return Edit(script.path, node.span, _from(row.new, alias.asname or alias.name))


def _import(module: str, name: str | None) -> str:
    return f"import {module} as {name}" if name and name != module else f"import {module}"


def _from(new: str, name: str) -> str:
    """An import of a qualified name under a plain one."""
    module, _, last = new.rpartition(".")
    if not module:
        return _import(new, name)
    return f"from {module} import {last}" + ("" if last == name else f" as {name}")


def _module_edit(script: ScoringScript, node: s.Import, row: Removed) -> Edit | None:
    """`from old import a, b` with another module."""
    if not row.new or node.module != row.name:
        return None
    text = script.source.slice(node.span)
    at = text.find(row.name)
    start = node.span.start + at
    return Edit(script.path, Span(start, start + len(row.name)), row.new) if at > 0 else None
