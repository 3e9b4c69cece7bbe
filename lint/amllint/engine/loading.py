"""Reads what was asked for, and what that refers to or is referred to by."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from amllint.analysis.facts import ScriptFacts
from amllint.artifacts import classify
from amllint.artifacts.conda import CondaEnvironment
from amllint.artifacts.fields import Section
from amllint.artifacts.naming import Naming
from amllint.artifacts.run_records import BrokenFile, UnreadableFile
from amllint.config import Settings, pattern
from amllint.engine.cell_loading import CellLoader
from amllint.engine.code_loading import CodeLoader
from amllint.engine.command_loading import CommandLoader
from amllint.engine.environment_files import EnvironmentFiles
from amllint.engine.intents import Intents
from amllint.engine.listed import Listed
from amllint.engine.name_search import NameSearch
from amllint.engine.naming import named_in_code, named_in_files
from amllint.engine.parsing import Parsed, Parsing, parse_one
from amllint.engine.shipping import Shipping, guessed_imports
from amllint.engine.telling import shown
from amllint.engine.trouble import content_of, looks_ours, outside
from amllint.findings.finding import Location
from amllint.findings.intent import aside
from amllint.rules.registry import RuleInfo
from amllint.source import documents
from amllint.source.documents import Document
from amllint.source.listings import is_dockerfile_name, is_listing
from amllint.source.overlay import Overlay
from amllint.source.problem import Malformed, Unreadable
from amllint.source.repository import EXTENSIONS, Repository, below
from amllint.source.text import SourceText
from amllint.units import Linker

if TYPE_CHECKING:
    from amllint.engine.cache import FactsCache

DATA: Final = (".yml", ".yaml", ".json")
NOTEBOOK: Final = ".ipynb"


class Loader:
    """Loads files into a `Linker`, and keeps account of what could not be read.

    `requested` holds the absolute paths that were asked for, with whether each was given by
    name, and `folders` the folders given; everything else is context, which findings of
    requested files may need. `while_parsing` are rules that will be needed if there are scripts;
    `cache` has the facts of scripts that other runs met.
    """

    def __init__(
        self,
        overlay: Overlay,
        repository: Repository,
        settings: Settings,
        parallel: bool = False,
        parsed: dict[str, Parsed] | None = None,
        cache: FactsCache | None = None,
    ) -> None:
        self.parallel = parallel
        self.cache = cache
        self.while_parsing: tuple[RuleInfo, ...] = ()
        self.left_out = 0
        self.overlay = overlay
        self.repository = repository
        self.settings = settings
        self.linker = Linker(overlay, repository, excluded=self.excluded)
        self.requested: dict[str, bool] = {}
        self.folders: list[str] = []
        self.documents: dict[str, Document] = {}
        self.scripts: dict[str, ScriptFacts] = {}
        self.notebooks = CellLoader(self)
        self.code = CodeLoader(self)
        self.commands = CommandLoader(self)
        self.environment_files = EnvironmentFiles(self)
        self.records: list[Any] = []
        self.listed: list[Listed] = []
        self._loaded: set[str] = set()
        self._promising: dict[str, bool] = {}
        self._environments: set[str] = set()
        self._parsing: Parsing | None = None
        self._excluded = [pattern(glob) for glob in settings.exclude]
        self._parsed: dict[str, Parsed] = {} if parsed is None else parsed
        self.shipping = Shipping(overlay, self._parse_module)
        self.intents = Intents(overlay, repository, settings)
        self.shipped: dict[str, str] = {}

    # -- what to look at ----------------------------------------------------------------

    def request(self, paths: Iterable[str]) -> None:
        """Add files and folders as given on the command line."""
        for given in paths:
            path = os.path.normpath(os.path.join(self.overlay.cwd, given))
            if self.overlay.is_folder(path) and not given.endswith(EXTENSIONS):
                if self.parallel and self._parsing is None and self._knows_nothing():
                    self._parsing = Parsing.start(self.cache)
                self.folders.append(path)
                for found in self.repository.below(path):
                    if not self.excluded(found):
                        self.requested.setdefault(found, False)
            elif not self.excluded(path):
                self.requested[path] = True
            else:
                self.left_out += 1

    def excluded(self, path: str) -> bool:
        """Whether the configuration leaves a file out."""
        if not self._excluded:
            return False
        relative = os.path.relpath(path, self.settings.folder).replace(os.sep, "/")
        return any(p.match(relative) for p in self._excluded)

    # -- loading ------------------------------------------------------------------------

    def load(self) -> Linker:
        """Load everything requested and its context, in the order that naming needs."""
        self._hand_over_scripts()
        for path in self.requested:
            if path.endswith(NOTEBOOK):
                self.notebooks.open(path)
            elif not path.endswith(".py"):
                self.load_data(path, self.requested[path])
        self._load_declared()
        importers = self._importers()
        self._load_referrers([*self.requested, *importers, *self.linker.written])
        self.commands.load()
        self.notebooks.open_writers()
        # Needs nothing that is parsed: it is looked for while other processes still parse.
        called = self._called_scripts()
        self.code.load()
        named = self._named_scripts()
        for path in {**self.requested, **named, **dict.fromkeys(importers)}:
            if path.endswith(".py") or path in named:
                self.load_script(path, named.get(path), called.get(path))
        self.notebooks.load(named, called)
        self.environment_files.load()
        if self.linker.snapshot is not None:
            from amllint.engine.endpoint_files import endpoint_files

            self.linker.endpoints = endpoint_files(self)
        self._load_environments()
        self.code.tell()
        self.commands.tell()
        if self._parsing is not None:
            self._parsing.close()
        return self.linker

    def _knows_nothing(self) -> bool:
        """Whether any script will have to be parsed."""
        return self.cache is None or self.cache.is_empty

    def _hand_over_scripts(self) -> None:
        """Hand the scripts of folders that are not known to the process that parses meanwhile."""
        if not (self.parallel and self.folders):
            return
        sources = list(self._scripts_of_folders())
        unknown = [s for s in sources if not self._recall(s)]
        if self._parsing is None and unknown:
            self._parsing = Parsing.start(self.cache)
        if self._parsing is not None:
            self._parsing.give(unknown)
        if sources:
            # The rules about scripts are imported while other processes parse.
            for info in self.while_parsing:
                info.load()

    def _recall(self, source: SourceText) -> bool:
        """Whether the facts of a script are known without parsing it."""
        if source.code not in self._parsed:
            known = self.cache.read(source) if self.cache else None
            if known is None:
                return False
            self._parsed[source.code] = known
        return True

    def _scripts_of_folders(self) -> Iterator[SourceText]:
        """What may be scripts, by its bytes, with what they import from beside them."""
        files = frozenset(self.repository.files)
        for path in (p for p in self.requested if p.endswith(".py")):
            with suppress(Unreadable):
                data = self.overlay.data(path)
                if self._may_be_script(path, data):
                    yield self.overlay.text(path)
                    beside = {*guessed_imports(os.path.dirname(path), data)} & files - {path}
                    yield from map(self.overlay.text, sorted(beside))
        for path in (p for p in self.requested if p.endswith(NOTEBOOK)):
            with suppress(Unreadable, Malformed):
                cells = self.notebooks.cells_of(path)
                yield from (c.source for c in cells if classify.mentions(c.name, c.data))
        yield from self.code.candidates()

    def _may_be_script(self, path: str, data: bytes) -> bool:
        """Whether a file's bytes could be a script; asked twice of each, and answered once."""
        known = self._promising.get(path)
        if known is None:
            known = self._promising[path] = classify.mentions(path, data)
        return known

    def _importers(self) -> list[str]:
        """The scripts that may import a file given by name, so that it is seen as theirs."""
        given = [p for p, by_name in self.requested.items() if by_name and p.endswith(".py")]
        stems = {os.path.basename(p).removesuffix(".py") for p in given}
        stems |= {os.path.basename(os.path.dirname(p)) for p in given if p.endswith("__init__.py")}
        if not stems:
            return []
        named = b"|".join(map(re.escape, map(os.fsencode, sorted(stems))))
        searched = re.compile(rb"(?m)^[ \t]*(?:from|import)[ \t].*\b(?:%b)\b" % named)
        found = []
        for path in self.repository.files:
            if path.endswith(".py") and path not in self.requested and not self.excluded(path):
                with suppress(Unreadable):
                    data = self.overlay.data(path)
                    if searched.search(data) and classify.mentions(path, data):
                        found.append(path)
        return found

    def _load_declared(self) -> None:
        for declared in self.settings.deployments:
            by = declared.location
            for path in (declared.inference_config, declared.deployment_config):
                if path is not None and self._may_read(path, by):
                    self.load_data(path, True, by)
            path = declared.environment
            if path is not None and self._may_read(path, by):
                self._load_environment(path, by)

    def _inside(self, path: str) -> bool:
        """Whether a file lies in the repository, or beside the configuration in use."""
        folder = self.settings.folder if self.settings.path else None
        return self.repository.contains(path) or (folder is not None and below(path, folder))

    def _may_read(self, path: str, by: Location) -> bool:
        """Whether a declared file may be read; one outside of the repository is told of."""
        if self._inside(path):
            return True
        self.records.append(UnreadableFile(outside(self.overlay.display(path)), by))
        return False

    def _load_referrers(self, paths: Iterable[str]) -> None:
        """Load the configurations of the repository that name one of the files."""
        given = list(paths)
        searched = NameSearch(name for p in given for name in self._names_of(p))
        named = [name for p in given for name in self.environment_files.names(p)]
        if not searched and not named:
            return
        known = set(self._loaded)
        rest = [p for p in self.repository.files if p.endswith(DATA) and p not in self._loaded]
        if not rest:
            return
        for path in rest:
            if self.excluded(path):
                continue
            try:
                data = self.overlay.data(path)
            except Unreadable:
                continue
            told = any(name in data for name in named) or searched.finds(data)
            if told and classify.mentions(path, data):
                self.load_data(path, False)
        defined = self.environment_files.defining(searched)
        fresh = {*(self._loaded - known), *defined}
        self._loaded.update(defined)
        self._load_referrers([p for p in fresh if self._is_named(p)])

    def _is_named(self, path: str) -> bool:
        """Whether what refers to a file may be needed to know what it is for."""
        return self._is_environment(path) or any(self.environment_files.names(path))

    def _names_of(self, path: str) -> Iterator[str]:
        """What a file is named by; one of a build's context, by the folder that it lies in."""
        if path.endswith(".py") or self._is_named(path):
            yield os.path.basename(path)
        elif is_listing(path) and (path.endswith(".txt") or is_dockerfile_name(path)):
            yield os.path.basename(path)
            yield os.path.basename(os.path.dirname(path))

    def _named_scripts(self) -> dict[str, Naming]:
        """Scripts that a configuration or a declaration names."""
        named: dict[str, Naming] = {}
        for path, naming, folder in named_in_files(self.linker, self.settings.deployments):
            named[path] = named[path].joined(naming) if path in named else naming
            if folder is not None and named[path].by == naming.by:
                self.shipped[path] = folder
        return named

    def _called_scripts(self) -> dict[str, Naming]:
        """Scripts that calls in code name, if there is any script to be named."""
        scripts = [p for p in self.requested if p.endswith(".py")]
        if not scripts and not self.notebooks.cells:
            return {}
        paths = dict.fromkeys((*self.requested, *self.repository.files))
        code = [p for p in paths if p.endswith((".py", NOTEBOOK)) and not self.excluded(p)]
        return named_in_code(self.linker, code, self.notebooks.cells)

    def _load_environments(self) -> None:
        for artifacts in list(self.linker.found.values()):
            for artifact in list(artifacts):
                for path in self.linker.environments_named(artifact):
                    if self._inside(path):
                        named = getattr(artifact, "specification", None) or artifact.conda_file
                        by = shown(named.location, self.linker.codes)
                        self._load_environment(path, by)

    def _load_environment(self, path: str, by: Location) -> None:
        """Load what is named as conda file: that is what it is, whatever it holds."""
        if path in self._environments or self._is_environment(path):
            return
        self._environments.add(path)
        try:
            document = self.documents.get(path) or documents.load(self.overlay.text(path))
        except (Unreadable, Malformed) as problem:
            self.records = [r for r in self.records if getattr(r, "problem", None) != problem]
            self.refuse(path, problem, True, by)
            return
        before = (self.overlay.display(path), "none")
        self.listed = [r for r in self.listed if r[:2] != before]
        self._loaded.add(path)
        self.documents[path] = document
        environment = self.linker.environments.completed(CondaEnvironment(Section(document)))
        self.linker.add(path, environment)
        self.tell(path, "conda environment", f"named by {by.path}")

    def document(self, path: str) -> Document | None:
        """The document of a file of the repository, `None` where it cannot be read."""
        known = self.documents.get(path)
        if known is not None or not self._inside(path) or self.excluded(path):
            return known
        with suppress(Unreadable, Malformed):
            return documents.load(self.overlay.text(path))
        return None

    def tell_listings(self) -> None:
        """Take the files of requirements and Dockerfiles of given folders for requested ones."""
        inside = tuple(os.path.join(folder, "") for folder in self.folders)
        read = self.linker.environments
        for path in (*read.texts, *read.troubles):
            if path.startswith(inside) and not self.excluded(path):
                self.requested.setdefault(path, False)
            self.untell(path)
        for path, (problem, by) in read.troubles.items():
            self.records = [r for r in self.records if getattr(r, "problem", None) != problem]
            self.refuse(path, problem, True, shown(by, self.linker.codes))
        for path in read.texts:
            kind = "Dockerfile" if is_dockerfile_name(path) else "requirements"
            self.tell(path, kind, "an environment names it")

    def _is_environment(self, path: str) -> bool:
        return any(isinstance(a, CondaEnvironment) for a in self.linker.found.get(path, ()))

    # -- one file -----------------------------------------------------------------------

    def load_data(self, path: str, ours: bool, by: Location | None = None) -> None:
        """Load a YAML or JSON file; `ours` says that trouble with it is worth telling."""
        if path in self._loaded:
            return
        self._loaded.add(path)
        if not path.lower().endswith(DATA) and by is None:
            self._touch(path)
            return
        try:
            data = self.overlay.data(path)
            by_name = self.requested.get(path) and classify.may_define_environment(data)
            if not (by or by_name or classify.mentions(path, data)):
                self.tell(path, "none", "nothing in it is ours")
                return
            document = documents.load(self.overlay.text(path))
        except (Unreadable, Malformed) as problem:
            self.refuse(path, problem, ours, by)
            return
        classified = classify.classify_document(document)
        if not classified:
            self.tell(path, "none", "its keys are none of ours")
            return
        self.documents[path] = document
        for artifact, kind, reason in classified:
            if isinstance(artifact, CondaEnvironment):
                artifact = self.linker.environments.completed(artifact)
            self.linker.add(path, artifact)
            if kind:
                self.tell(path, kind, reason)

    def _touch(self, path: str) -> None:
        """A file of no kind of ours, given by name: it must exist, and that is all."""
        try:
            self.overlay.data(path)
        except Unreadable as problem:
            self.records.append(UnreadableFile(problem))
            return
        self.tell(path, "none", "its extension is none of ours")

    def load_script(self, path: str, named: Naming | None, called: Naming | None = None) -> None:
        """Load a Python file as a scoring script, if it is one.

        What is `named` by a file is one; a call that names it says what kind it is.
        """
        if path in self._loaded or (path in self.linker.written and not self.overlay.exists(path)):
            return
        self._loaded.add(path)
        by = named.place if named else None
        if named and not self._inside(path):
            return
        try:
            data = self.overlay.data(path)
            if named is None and not self._may_be_script(path, data):
                self.tell(path, "none", "defines neither init nor run")
                return
            source = self.overlay.text(path)
            facts = self.facts(source)
        except (Unreadable, Malformed) as problem:
            self.refuse(path, problem, self.requested.get(path, False), by)
            return
        result = classify.classify_script(source, data, facts, named or called)
        if isinstance(result, str):
            self.tell(path, "none", result)
            return
        self.scripts[path] = facts
        intent = self.intents.of(path)
        script = replace(result.artifact, intent=intent)
        self.linker.add(path, self.shipping.complete(script, path, self.shipped.get(path)))
        self.tell(path, result.kind, result.reason + aside(intent))

    def _parse_module(
        self, path: str, by: Location | None
    ) -> tuple[SourceText, ScriptFacts] | None:
        """Text and facts of a module that a script imports, `None` where it cannot be read."""
        if not self._inside(path):
            return None
        try:
            source = self.overlay.text(path)
            return source, self.facts(source)
        except (Unreadable, Malformed) as problem:
            if by is not None:
                self.refuse(path, problem, True, by)
            return None

    def facts(self, source: SourceText) -> ScriptFacts:
        """The facts of a script; equal texts share them. Raises `Malformed` and `Unreadable`."""
        key = source.code
        known = self._parsed.get(key)
        if known is None:
            known = self._parsing.result(source) if self._parsing else None
            known = self._parsed[key] = known or parse_one(source, self.cache)
        if isinstance(known, (Malformed, Unreadable)):
            raise replace(known, path=source.path)
        return known

    # -- trouble ------------------------------------------------------------------------

    def refuse(
        self, path: str, problem: Unreadable | Malformed, explicit: bool, by: Location | None
    ) -> None:
        """Record trouble with a file that is ours; stay quiet about the rest of the world's.

        A notebook that is none is told of where it was asked for by name: nothing was looked at.
        """
        content = content_of(self.overlay, path)
        ours = by is not None or looks_ours(path, content)
        kind = "unreadable" if isinstance(problem, Unreadable) else "broken"
        self.tell(path, kind, problem.message)
        if isinstance(problem, Malformed):
            if ours or (explicit and path.endswith(NOTEBOOK)):
                self.records.append(BrokenFile(problem, "", by))
        elif ours or (explicit and not content):
            self.records.append(UnreadableFile(problem, by))

    def tell(self, path: str, kind: str, reason: str) -> None:
        """List a file that was asked for."""
        if path in self.requested:
            self.listed.append(Listed(self.overlay.display(path), kind, reason))

    def untell(self, path: str) -> None:
        """Take back what was listed of a file, to say something else of it."""
        shown = self.overlay.display(path)
        self.listed = [row for row in self.listed if row.path != shown]

    def sources(self) -> Iterator[tuple[str, SourceText]]:
        """The decoded files that became something of ours."""
        for path in [*self.documents, *self.scripts]:
            yield path, self.overlay.text(path)
