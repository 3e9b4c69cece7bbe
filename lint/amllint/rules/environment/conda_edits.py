"""Edits of environments that leave comments and layout as they are."""

from __future__ import annotations

from collections.abc import Sequence as Sequences

from amllint.artifacts.conda import CondaEnvironment
from amllint.artifacts.environment import Environment, Requirement
from amllint.artifacts.requirements_file import RequirementsFile
from amllint.findings.finding import Edit, Fix, Location
from amllint.rules.environment.requirement_edits import append_line, remove_line
from amllint.source.nodes import Mapping, Node, Scalar, Sequence, entry_at
from amllint.source.text import SourceText, Span


def add_pip_requirement(environment: Environment, requirement: str) -> Edit | None:
    """Add a requirement at the end of the `pip` list, or such a list where there is none.

    `None` where the list is written in a way that an insertion could break.
    """
    if isinstance(environment, RequirementsFile):
        return append_line(environment, requirement)
    if not isinstance(environment, CondaEnvironment):
        return None
    source = environment.section.document.source
    pip = environment.node(*environment.pip_path) if environment.pip_path else None
    if isinstance(pip, Sequence) and pip.items:
        return _append(environment, pip, requirement)
    if environment.pip_path or environment.dependencies is None:
        return None
    dependencies = environment.dependencies
    if not dependencies.items:
        return None
    if dependencies.flow:
        quoted = source.path.endswith(".json") or environment.section.document.language == "json"
        new = f'{{"pip": ["{requirement}"]}}' if quoted else f"{{pip: [{requirement}]}}"
        return _append(environment, dependencies, new, raw=True)
    indent = _indent(source, dependencies.items[0])
    if indent is None:
        return None
    newline = source.newline
    listed = any(r.text.strip().lower().startswith("pip") for r in environment.conda)
    first = "" if listed else f"- pip{newline}{indent}"
    text = f"{first}- pip:{newline}{indent}    - {requirement}"
    return _insert_line(source, dependencies.items[-1], indent, text)


def _append(
    environment: CondaEnvironment, items: Sequence, text: str, raw: bool = False
) -> Edit | None:
    source = environment.section.document.source
    last = items.items[-1]
    if not items.flow:
        indent = _indent(source, items.items[0])
        return None if indent is None else _insert_line(source, last, indent, f"- {text}")
    if not raw and source.text[last.span.start] in "\"'":
        quote = source.text[last.span.start]
        text = f"{quote}{text}{quote}"
    before = source.line_span(source.position(last.span.start).line)
    lead = source.text[before.start : last.span.start]
    alone = not lead.strip()
    glue = f",{source.newline}{lead}" if alone else ", "
    end = last.span.end
    return Edit(environment.path, Span(end, end), glue + text)


def _indent(source: SourceText, item: Node) -> str | None:
    """The blanks before the dash of a block list's item."""
    start = item.span.start
    line = source.line_span(source.position(start).line)
    before = source.text[line.start : start]
    dash = before.rfind("-")
    if dash < 0 or before[:dash].strip(" "):
        return None
    return before[:dash]


def _insert_line(source: SourceText, after: Node, indent: str, text: str) -> Edit:
    """A new line behind the last line of a node, a trailing comment left where it is."""
    line = source.line_span(source.position(max(after.span.end - 1, after.span.start)).line)
    return Edit(source.path, Span(line.end, line.end), f"{source.newline}{indent}{text}")


def insert_before_pip(environment: CondaEnvironment) -> Edit | None:
    """List `pip` itself before its section; `None` where an insertion could break the list."""
    dependencies = environment.dependencies
    if dependencies is None or not environment.pip_path:
        return None
    item = environment.node(*environment.pip_path[:-1])
    source = environment.section.document.source
    if item is None:
        return None
    if dependencies.flow:
        quote = '"' if environment.section.document.language == "json" else ""
        place = Span(item.span.start, item.span.start)
        return Edit(environment.path, place, f"{quote}pip{quote}, ")
    indent = _indent(source, item)
    if indent is None:
        return None
    start = source.line_span(source.position(item.span.start).line).start
    return Edit(environment.path, Span(start, start), f"{indent}- pip{source.newline}")


def remove_key(environment: CondaEnvironment, key: str) -> Edit | None:
    """Take a key of the file's mapping out with its line; `None` where it shares its lines."""
    entry = entry_at(environment.section.document.root, (*environment.section.base, key))
    if entry is None or not isinstance(entry.value, Scalar):
        return None
    source = environment.section.document.source
    first = source.position(entry.key.span.start).line
    last = source.position(max(entry.value.span.end - 1, entry.value.span.start)).line
    line = source.line_span(first)
    lead = source.text[line.start : entry.key.span.start]
    rest = source.text[entry.value.span.end : line.end].split("#")[0]
    if first != last or lead or rest.strip() or not environment.dependencies:
        return None
    starts = source.line_starts
    end = starts[first] if first < len(starts) else len(source.text)
    return Edit(environment.path, Span(line.start, end), "")


def remove_requirement(environment: Environment, requirement: Requirement) -> Edit | None:
    """Take a requirement out with its line; `None` where it is the only one of its list."""
    if not requirement.path:
        return remove_line(requirement)
    if not isinstance(environment, CondaEnvironment):
        return None
    items = environment.node(*requirement.path[:-1])
    if not isinstance(items, Sequence) or len(items.items) < 2:
        return None
    source = environment.section.document.source
    span = requirement.location.span
    if not items.flow:
        number = source.position(span.start).line
        line = source.line_span(number)
        if not source.text[line.start : span.start].strip(" \t").startswith("-"):
            return None
        starts = source.line_starts
        if number < len(starts):
            return Edit(environment.path, Span(starts[number - 1], starts[number]), "")
        return Edit(environment.path, Span(starts[number - 1], len(source.text)), "")
    index = requirement.path[-1]
    assert isinstance(index, int)
    if index + 1 < len(items.items):
        return Edit(environment.path, Span(span.start, items.items[index + 1].span.start), "")
    return Edit(environment.path, Span(items.items[index - 1].span.end, span.end), "")


def remove_requirements(
    environment: Environment, requirements: Sequences[Requirement]
) -> tuple[Edit, ...]:
    """Take requirements out with their lines; empty where a list would have none left."""
    for path in {requirement.path[:-1] for requirement in requirements if requirement.path}:
        items = environment.node(*path) if isinstance(environment, CondaEnvironment) else None
        inside = [r for r in requirements if r.path[:-1] == path]
        if not isinstance(items, Sequence) or items.flow or len(inside) >= len(items.items):
            return ()
    edits = [remove_requirement(environment, r) for r in requirements]
    known = [edit for edit in edits if edit is not None]
    return tuple(sorted(known)) if len(known) == len(edits) else ()


def replace_in(requirement: Requirement, old: str, new: str) -> Edit | None:
    """Write other text in a requirement; `None` where the old one does not stand there once.

    It stands in the file that lists it, which may be another than that of the environment.
    """
    span = requirement.location.span
    raw = requirement.source.slice(span)
    if raw.count(old) != 1 or "\n" in raw:
        return None
    start = span.start + raw.index(old)
    return Edit(requirement.source.path, Span(start, start + len(old)), new)


def mechanical_fix(environment: CondaEnvironment, location: Location) -> Fix | None:
    """The mend of an item whose shape leaves no doubt what was meant."""
    items = environment.dependencies.items if environment.dependencies else ()
    for item in items:
        if not isinstance(item, Mapping) or item.flow or len(item.entries) != 1:
            continue
        key, value = item.entries[0].key, item.entries[0].value
        if not isinstance(value, Scalar) or not value.raw or value.placeholder:
            continue
        if " " in value.raw or location.span not in (key.span, value.span):
            continue
        if key.value == "pip":
            return _as_list(environment, key, value)
        text = f"{key.raw}={value.raw}"
        edit = Edit(environment.path, Span(key.span.start, value.span.end), text)
        return Fix("safe", f"write `{text}`", (edit,))
    return None


def _as_list(environment: CondaEnvironment, key: Scalar, value: Scalar) -> Fix:
    source = environment.section.document.source
    column = source.position(key.span.start).column - 1
    text = f":{source.newline}{' ' * (column + 2)}- {source.slice(value.span)}"
    edit = Edit(environment.path, Span(key.span.end, value.span.end), text)
    return Fix("safe", "make a list of it", (edit,))
