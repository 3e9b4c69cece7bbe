"""Finds the modules that ship with a scoring script: siblings that it imports, and theirs."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final, TypeAlias

from amllint.analysis.facts import ScriptFacts
from amllint.analysis.reach import absolute, imported_modules
from amllint.artifacts.scoring_script import ScoringScript
from amllint.artifacts.script_module import ScriptModule
from amllint.findings.finding import Location
from amllint.source.overlay import Overlay
from amllint.source.python import syntax as s
from amllint.source.text import SourceText

MAX_MODULES: Final = 60
"""Modules followed for one script; a real one has some five."""
_IMPORTED: Final = re.compile(
    rb"(?m)^[ \t]*(?:from|import)[ \t]+([\w.]+)(?:[ \t]+import[ \t]+(\w+))?"
)


def module_files(folder: str, name: str) -> Iterator[str]:
    """The files that a dotted name can stand for below a folder."""
    path = os.path.join(folder, *name.split("."))
    yield f"{path}.py"
    yield os.path.join(path, "__init__.py")


def guessed_imports(folder: str, data: bytes) -> Iterator[str]:
    """Files beside a script that its imports may load, by its bytes alone.

    Good enough to parse them ahead; `Shipping` decides.
    """
    for module, name in _IMPORTED.findall(data):
        dotted = module.decode("utf-8", "replace").lstrip(".")
        more = name.decode("utf-8", "replace")
        for candidate in (dotted, f"{dotted}.{more}" if more else ""):
            if candidate.strip("."):
                yield from module_files(folder, candidate)


Parse: TypeAlias = Callable[[str, Location | None], tuple[SourceText, ScriptFacts] | None]


class Shipping:
    """Gives scripts the modules that they import from the folder that ships with them.

    `parse` gives text and facts of a file, `None` where it cannot be read. It is told where the
    file is imported, if that stands where importing the script always gets to.
    """

    def __init__(self, overlay: Overlay, parse: Parse) -> None:
        self._overlay = overlay
        self._parse = parse

    def complete(self, script: ScoringScript, path: str, shipped: str | None) -> ScoringScript:
        """The script with its modules; without a known folder they are sought beside it."""
        folder = shipped or os.path.dirname(path)
        found: dict[str, ScriptModule] = {}
        pending = [script.itself]
        looked_for: set[str] = set()
        while pending and len(found) < MAX_MODULES:
            importer = pending.pop()
            for name in sorted(imported_modules(importer.facts, importer.inner_name) - looked_for):
                looked_for.add(name)
                module = self._module(folder, name, path, importer)
                if module is not None:
                    found[name] = module
                    pending.append(module)
        return replace(script, shipped=shipped, modules=found)

    def _module(
        self, folder: str, name: str, own: str, importer: ScriptModule
    ) -> ScriptModule | None:
        for file in module_files(folder, name):
            if file == own or not self._overlay.exists(file):
                continue
            parsed = self._parse(file, _import_place(importer, name))
            is_package = os.path.basename(file) == "__init__.py"
            return ScriptModule(name, *parsed, is_package) if parsed is not None else None
        return None


def _import_place(importer: ScriptModule, name: str) -> Location | None:
    """Where a module imports another one by that name, at its top level."""
    for statement in importer.facts.module.body:
        if not isinstance(statement, s.Import):
            continue
        base = "." * statement.level + (statement.module or "")
        names = [base, *(a.name for a in statement.names if not base)]
        if name in (absolute(n, importer.inner_name) for n in names):
            return importer.at(statement.span)
    return None
