"""Edits that change how a file reads and not what is wrong in it, and one that adds a defect."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable
from typing import Final

Edit = Callable[[str, str], str]
"""From the name and the text of a file to another text; the same one where it does not apply."""


def three_places(name: str, text: str) -> str:
    """Something unrelated at the beginning, in the middle and at the end."""
    if name.endswith(".json"):
        return "\n\n" + text + "\n"
    lines = text.split("\n")
    middle = _middle(text) if name.endswith(".py") else len(lines)
    extra = ["", "def unrelated_to_all(x):", "    return [x, x]", "", ""]
    if not name.endswith(".py"):
        extra = ["# unrelated"]
    end = "\nUNRELATED = 1\n" if name.endswith(".py") else "\n# the end\n"
    if _has_future_import(text) or text.startswith("---"):
        return "\n".join([*lines[:middle], *extra, *lines[middle:]]) + end
    return "\n".join(["# new here", "", *lines[:middle], *extra, *lines[middle:]]) + end


def _middle(text: str) -> int:
    """The line before the middle one of the definitions, decorators included."""
    defined = [n for n in ast.parse(text).body if isinstance(n, (ast.FunctionDef, ast.ClassDef))]
    if not defined:
        return len(text.split("\n"))
    chosen = defined[len(defined) // 2]
    return min([chosen.lineno, *(d.lineno for d in chosen.decorator_list)]) - 1


def _has_future_import(text: str) -> bool:
    return "from __future__" in text


def moved(name: str, text: str) -> str:
    """Functions in another order; keys of a mapping in another order."""
    if name.endswith(".json"):
        return json.dumps(dict(reversed(json.loads(text).items())), indent=2)
    if not name.endswith(".py"):
        return _moved_blocks(text)
    lines = text.splitlines(keepends=True)
    tree = ast.parse(text)
    functions = [n for n in tree.body if isinstance(n, ast.FunctionDef) and not n.decorator_list]
    if len(functions) < 2:
        return text
    one, other = functions[0], functions[-1]
    first, last = (lines[n.lineno - 1 : n.end_lineno] for n in (one, other))
    assert one.end_lineno is not None
    assert other.end_lineno is not None
    if not first[-1].endswith("\n") or not last[-1].endswith("\n"):
        return text
    between = lines[one.end_lineno : other.lineno - 1]
    head, tail = lines[: one.lineno - 1], lines[other.end_lineno :]
    return "".join([*head, *last, *between, *first, *tail])


def _moved_blocks(text: str) -> str:
    """The top-level keys of a block mapping in reverse, each with the lines below it."""
    lines = [line if line.endswith("\n") else line + "\n" for line in text.splitlines(True)]
    starts = [i for i, line in enumerate(lines) if re.match(r"[A-Za-z_$][\w $-]*:", line)]
    if len(starts) < 2 or re.search(r"[&*]\w|[|>][-+]?\n", text):
        return text
    blocks = [lines[a:b] for a, b in zip(starts, [*starts[1:], len(lines)], strict=True)]
    return "".join([*lines[: starts[0]], *(line for block in blocks[::-1] for line in block)])


def formatted(name: str, text: str) -> str:
    """As black leaves it; JSON with other indentation."""
    if name.endswith(".json"):
        return json.dumps(json.loads(text), indent=7)
    if not name.endswith(".py"):
        return text
    import black

    try:
        return black.format_str(text, mode=black.Mode(line_length=60))
    except black.InvalidInput:
        return text


def windows(name: str, text: str) -> str:
    """With CR LF at the line ends."""
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


def planted(name: str, text: str) -> str:
    """With a new defect: the text of an exception goes to the caller of `run`."""
    if not name.endswith(".py"):
        return text
    runs = [
        n
        for n in ast.parse(text).body
        if isinstance(n, ast.FunctionDef) and n.name == "run" and n.body[0].lineno > n.lineno
    ]
    if not runs:
        return text
    lines = text.splitlines(keepends=True)
    body = runs[0].body
    first = body[1] if ast.get_docstring(runs[0]) is not None and len(body) > 1 else body[0]
    blanks = " " * first.col_offset
    new = ["try:", "    planted_call()", "except Exception as planted:", "    return str(planted)"]
    at = first.lineno - 1
    return "".join([*lines[:at], *(f"{blanks}{line}\n" for line in new), *lines[at:]])


HARMLESS: Final[dict[str, Edit]] = {
    "three unrelated places": three_places,
    "functions and keys moved": moved,
    "formatted": formatted,
    "CR LF line ends": windows,
}
