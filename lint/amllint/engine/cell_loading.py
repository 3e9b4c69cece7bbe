"""Loads the scripts of notebooks, beside those that are files of their own."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any, Protocol

from amllint.analysis.facts import ScriptFacts
from amllint.artifacts import classify
from amllint.artifacts.naming import Naming
from amllint.artifacts.run_records import BrokenFile, UnreadableFile
from amllint.engine.intents import Intents
from amllint.engine.listed import Listed
from amllint.engine.naming import unwritten
from amllint.engine.notebooks import ScriptCell, mentions, script_cells
from amllint.engine.shipping import Shipping
from amllint.engine.trouble import looks_ours
from amllint.findings.finding import Location
from amllint.findings.intent import aside
from amllint.source.notebook import EXTENSION
from amllint.source.overlay import Overlay
from amllint.source.problem import Malformed, Unreadable
from amllint.source.repository import Repository
from amllint.source.text import SourceText
from amllint.units import Linker


class Files(Protocol):
    """What loads files: what was asked for, what is known of it, and the account of trouble."""

    overlay: Overlay
    repository: Repository
    linker: Linker
    requested: dict[str, bool]
    records: list[Any]
    listed: list[Listed]
    scripts: dict[str, ScriptFacts]
    shipping: Shipping
    shipped: dict[str, str]
    intents: Intents

    def excluded(self, path: str) -> bool:
        """Whether the configuration leaves a file out."""

    def facts(self, source: SourceText) -> ScriptFacts:
        """The facts of a script. Raises `Malformed` and `Unreadable`."""

    def refuse(
        self, path: str, problem: Unreadable | Malformed, explicit: bool, by: Location | None
    ) -> None:
        """Record trouble with a file that is ours."""

    def tell(self, path: str, kind: str, reason: str) -> None:
        """List a file that was asked for."""

    def untell(self, path: str) -> None:
        """Take back what was listed of a file."""


class CellLoader:
    """Finds the cells that may be scripts, and loads them once it is known what names them."""

    def __init__(self, loader: Files) -> None:
        self.loader = loader
        self.cells: list[ScriptCell] = []
        self._opened: dict[str, list[ScriptCell]] = {}

    def cells_of(self, path: str, wanted: bool = False) -> list[ScriptCell]:
        """The cells of a notebook that may be scripts. Raises `Malformed` and `Unreadable`.

        In one that is `wanted` for what it writes, whatever its cells define.
        """
        known = self._opened.get(path)
        if known is None or wanted:
            data = self.loader.overlay.data(path)
            ours = wanted or mentions(data)
            notebook = self.loader.overlay.notebook(path) if ours else None
            azure = notebook is not None and classify.is_azure(data)
            known = list(script_cells(path, notebook, azure)) if notebook else []
            self._opened[path] = known
        return known

    def open(self, path: str, wanted: bool = False) -> None:
        """Make known which files a notebook writes; its cells are loaded once all are known."""
        try:
            cells = self.cells_of(path, wanted)
            if self.loader.requested.get(path, False):
                # Of a file that was asked for by name it is told that it is no notebook at all.
                self.loader.overlay.notebook(path)
        except (Unreadable, Malformed) as problem:
            self.loader.refuse(path, problem, self.loader.requested.get(path, False), None)
            return
        if not cells:
            self.loader.tell(path, "none", "no cell of it is a scoring script")
        self.cells.extend(cells)
        self.loader.linker.written.update(c.written for c in cells if c.written)

    def open_writers(self) -> None:
        """Open the notebooks of the repository that write what a configuration names in vain."""
        # What no file can be called (a lone surrogate) is replaced, and found nowhere.
        names = [name.encode("utf-8", "replace") for name in unwritten(self.loader.linker)]
        if not names:
            return
        opened = {cell.notebook for cell in self.cells}
        for path in self.loader.repository.files:
            if path.endswith(EXTENSION) and path not in opened and not self.loader.excluded(path):
                with suppress(Unreadable):
                    data = self.loader.overlay.data(path)
                    if b"%%" in data and any(name in data for name in names):
                        self.loader.untell(path)
                        self.open(path, True)

    def load(self, named: dict[str, Naming], called: dict[str, Naming]) -> None:
        """Load the cells that are scripts: what files name, and what calls name."""
        for cell in self.cells:
            self._load(cell, named, called)

    def _load(self, cell: ScriptCell, named: dict[str, Naming], called: dict[str, Naming]) -> None:
        """Load a cell as a scoring script, if it is one."""
        by = named.get(cell.written or "")
        if by is None and not classify.mentions(cell.name, cell.data):
            self._list_cell(cell, "none", "defines neither init nor run")
            return
        if cell.written and self._same_file(cell, cell.written):
            shown = self.loader.overlay.display(cell.written)
            self._list_cell(cell, "none", f"{shown} says the same and is checked")
            return
        try:
            facts = self.loader.facts(cell.source)
        except (Unreadable, Malformed) as problem:
            self._refused_cell(cell, problem, by)
            return
        hint = by or called.get(cell.written or "") or called.get(cell.path)
        written = self.loader.overlay.display(cell.written) if cell.written else None
        name = written or cell.name
        result = classify.classify_script(cell.source, cell.data, facts, hint, name)
        if isinstance(result, str):
            self._list_cell(cell, "none", result)
            return
        self.loader.scripts[cell.path] = facts
        intent = self.loader.intents.of(cell.written or cell.notebook)
        script = replace(
            result.artifact, whole=cell.whole, draft=cell.draft, written=written, intent=intent
        )
        shipped = self.loader.shipped.get(cell.written or "")
        script = self.loader.shipping.complete(script, cell.written or cell.notebook, shipped)
        for path in (cell.path, cell.written):
            if path is not None:
                self.loader.linker.add(path, script)
        writes = f"; writes {name}" if cell.written else ""
        self._list_cell(cell, result.kind, result.reason + writes + aside(intent))

    def _same_file(self, cell: ScriptCell, written: str) -> bool:
        """Whether the file that a cell writes is checked itself and holds the same."""
        if written not in self.loader.requested or not self.loader.overlay.exists(written):
            return False
        try:
            there = self.loader.overlay.text(written).text
        except Unreadable:
            return False
        return there.split() == cell.source.code.split()

    def _refused_cell(
        self, cell: ScriptCell, problem: Unreadable | Malformed, by: Naming | None
    ) -> None:
        ours = by is not None or (not cell.draft and looks_ours(cell.name, cell.data))
        if ours and isinstance(problem, Malformed):
            self.loader.records.append(BrokenFile(problem, "", by.place if by else None))
        elif ours and isinstance(problem, Unreadable):
            self.loader.records.append(UnreadableFile(problem, by.place if by else None))
        kind = "unreadable" if isinstance(problem, Unreadable) else "broken"
        self._list_cell(cell, kind, problem.message)

    def _list_cell(self, cell: ScriptCell, kind: str, reason: str) -> None:
        if cell.notebook in self.loader.requested:
            self.loader.listed.append(Listed(self.loader.overlay.display(cell.path), kind, reason))
