"""Imports that must succeed, in a scoring script and in the shipped modules that it imports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from amllint.analysis.certain_imports import certain_imports
from amllint.analysis.reach import absolute
from amllint.artifacts.scoring_script import ScoringScript
from amllint.artifacts.script_module import ScriptModule
from amllint.findings.finding import Location
from amllint.source.python import syntax as s


class SureImport(NamedTuple):
    """An import statement that is certainly come to, and the module that it stands in.

    `part` is what of the script comes to it (`import`, `init` or `run`); `way` are the imports
    that lead there from the script, none where it stands in the script itself.
    """

    statement: s.Import
    part: str
    module: ScriptModule
    way: tuple[Location, ...]


def sure_imports(script: ScoringScript) -> Iterator[SureImport]:
    """The imports of the script, and those at the top of the modules that they load."""
    pending = [
        SureImport(found.statement, found.part, script.itself, ())
        for found in certain_imports(script.facts)
    ]
    loaded = {""}
    while pending:
        sure = pending.pop(0)
        yield sure
        for name in loaded_modules(sure.statement, sure.module):
            module = script.modules.get(name)
            if module is None or name in loaded:
                continue
            loaded.add(name)
            way = (*sure.way, sure.module.at(sure.statement.span))
            pending += [
                SureImport(found.statement, sure.part, module, way)
                for found in certain_imports(module.facts)
                if found.part == "import"
            ]


def loaded_modules(statement: s.Import, module: ScriptModule) -> Iterator[str]:
    """Dotted names that an import may load, from the root: `a` and `a.b` for `a.b`."""
    base = absolute("." * statement.level + (statement.module or ""), module.inner_name)
    for alias in statement.names:
        full = ".".join(part for part in (base, alias.name) if part and part != "*")
        parts = full.split(".")
        yield from (".".join(parts[:length]) for length in range(1, len(parts) + 1))
