"""Loads scripts and notebooks that deploy, with the configurations that their calls amount to."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Protocol

from amllint.analysis.facts import ScriptFacts
from amllint.artifacts import classify
from amllint.engine.listed import Listed
from amllint.source.notebook import EXTENSION
from amllint.source.overlay import Overlay
from amllint.source.problem import Malformed, Unreadable
from amllint.source.python import syntax as s
from amllint.source.text import SourceText, Span
from amllint.units import Linker

if TYPE_CHECKING:
    from amllint.artifacts.deploy_code import DeployCode
    from amllint.source.code import CodeText

_MOST_BROKEN: Final = 8
"""Cells that cannot be parsed; a notebook with more of them is no Python."""


class Files(Protocol):
    """What loads files."""

    overlay: Overlay
    linker: Linker
    requested: dict[str, bool]
    listed: list[Listed]

    def facts(self, source: SourceText) -> ScriptFacts:
        """The facts of a script. Raises `Malformed` and `Unreadable`."""


class CodeLoader:
    """Finds the code that deploys among what was asked for."""

    def __init__(self, loader: Files) -> None:
        self.loader = loader
        self._looked = False
        self._codes: dict[str, CodeText] = {}
        self._deploying: dict[str, DeployCode] = {}
        self._pin: str | None = None

    def candidates(self) -> list[SourceText]:
        """The texts of files that may deploy, by their bytes alone."""
        self._looked = True
        for path in self.loader.requested:
            if path.endswith((".py", EXTENSION)):
                with suppress(Unreadable, Malformed):
                    if classify.may_deploy(self.loader.overlay.data(path)):
                        self._codes[path] = self._code(path)
        return [code.source for code in self._codes.values()]

    def _code(self, path: str) -> CodeText:
        """A script, or the plain cells of a notebook. Raises `Malformed` and `Unreadable`."""
        from amllint.source.code import of_notebook, of_script, plain_cells

        if path.endswith(".py"):
            return of_script(self.loader.overlay.text(path))
        notebook = self.loader.overlay.notebook(path)
        return of_notebook(self.loader.overlay.display(path), notebook, plain_cells(notebook))

    def load(self) -> None:
        """Load what deploys; what cannot be parsed is told of where it is a scoring script."""
        if not self._looked:
            self.candidates()
        for path, code in self._codes.items():
            with suppress(Unreadable, Malformed):
                code, facts = self._parsed(path, code)
                self._add(path, code, facts)

    def _parsed(self, path: str, code: CodeText) -> tuple[CodeText, ScriptFacts]:
        """The facts of code, without cells of a notebook that are no Python.

        Raises `Malformed` and `Unreadable`.
        """
        for _ in range(_MOST_BROKEN if path.endswith(EXTENSION) else 1):
            try:
                return code, self.loader.facts(code.source)
            except Malformed as problem:
                broken = code.place(problem.span)[0]
                if not path.endswith(EXTENSION):
                    raise
                code = self._without(path, code, broken)
        return code, self.loader.facts(code.source)

    def _without(self, path: str, code: CodeText, broken: str) -> CodeText:
        from amllint.source.code import of_notebook

        notebook = self.loader.overlay.notebook(path)
        kept = set(code.paths) - {broken}
        numbers = [n for n in notebook.cells if notebook.text(n).path in kept]
        return of_notebook(code.path, notebook, numbers)

    def _add(self, path: str, code: CodeText, facts: ScriptFacts) -> None:
        from amllint.artifacts.deploy_code import DeployCode

        linker = self.loader.linker
        whole = self._whole(path)

        def is_there(named: str) -> bool:
            ancestors = linker.repository.ancestors(path)
            folders = (os.path.join(a, named) for a in ancestors)
            found = linker.resolve(code.path, named).path is not None
            return found or any(linker.overlay.is_folder(f) for f in folders)

        deploys = DeployCode(code, facts, whole, is_there, self._older_sdk)
        if not deploys.calls:
            return
        linker.codes[code.source.path] = deploys
        linker.add(path, deploys)
        for configuration in deploys.configurations.values():
            linker.add(path, configuration)
        self._deploying[path] = deploys

    def _older_sdk(self) -> str | None:
        """The older azureml-core that the repository pins, searched for once, if it is asked."""
        if self._pin is None:
            from amllint.analysis.sdk import sdk
            from amllint.artifacts.sdk_pins import older_pin

            repository = self.loader.linker.repository
            texts = self._texts(dict.fromkeys((*repository.files, *repository.scripts)))
            self._pin = older_pin(texts, sdk().version) or ""
        return self._pin or None

    def _texts(self, paths: Iterable[str]) -> Iterator[bytes]:
        for path in paths:
            with suppress(Unreadable):
                yield self.loader.overlay.data(path)

    def _whole(self, path: str) -> str:
        """All text of a file: of a notebook that of all its code cells."""
        if path.endswith(".py"):
            return self.loader.overlay.text(path).text
        cells = self.loader.overlay.notebook(path).cells.values()
        return "\n".join(cell.text for cell in cells)

    @property
    def deploying(self) -> Collection[str]:
        """The paths of the files that deploy."""
        return self._deploying.keys()

    def commented(
        self, mark: bytes, others: Iterable[str]
    ) -> Iterator[tuple[SourceText, list[Span]]]:
        """The texts that hold a mark, each with the spans of its statements.

        Those of `others` are left out: they are read as scoring scripts.
        """
        for path, deploys in self._deploying.items():
            if mark not in self.loader.overlay.data(path):
                continue
            spans: dict[str, list[Span]] = {}
            for node in deploys.facts.nodes:
                if isinstance(node, s.STATEMENTS):
                    text, span = deploys.code.place(node.span)
                    spans.setdefault(text, []).append(span)
            for shown, found in spans.items():
                whole = self.loader.linker.absolute(shown)
                if whole not in others:
                    yield self.loader.overlay.text(whole), sorted(found)

    def tell(self) -> None:
        """List the files that deploy, once everything else is listed."""
        for path, deploys in self._deploying.items():
            shown = self.loader.overlay.display(path)
            rows = [r for r in self.loader.listed if r.path == shown and r.kind == "none"]
            self.loader.listed = [r for r in self.loader.listed if r not in rows]
            names = [c.name for c in deploys.calls]
            named = next((n for n in names if n in _TELLING), names[0])
            self.loader.listed.append(Listed(shown, "deploy code", f"calls {named}"))


_TELLING: Final = frozenset({"Model.deploy", "InferenceConfig", "Model.register"})
