"""What a change brought: the findings on its lines, and those that were not there before it.

A finding is in the change if one of its places stands on a changed line, or if the tree
before the change does not have it. The second catches what no line shows: a conda file that
lost a package, a script that was renamed, a configuration that now names another file. The
tree before is checked like any other, from git's objects laid over the work tree, and only
the files of findings that the first test leaves open are asked for.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable
from functools import cached_property
from typing import Final, TypeAlias

from amllint.config import NAMES, Settings
from amllint.engine.check import Report, check
from amllint.engine.parsing import Parsed
from amllint.engine.renames import renames
from amllint.findings.finding import Finding, Location
from amllint.source import lines
from amllint.source.notebook import EXTENSION as NOTEBOOK
from amllint.source.notebook import Notebook
from amllint.source.overlay import Overlay
from amllint.source.problem import Malformed, Unreadable
from amllint.source.repository import EXTENSIONS, Repository
from amllint.source.revision import Blob, Revision, lfs_hash

_BESIDE: Final = (".ipynb", ".txt", ".toml", ".cfg")
"""Further files that rules look into, where they lie beside a finding."""
_ALWAYS: Final = frozenset({"internal-error", "unreadable-file"})
"""Without these nobody would know why a run is incomplete."""
_LINE_END: Final = re.compile(r"\r\n|\r|\n")

Identity: TypeAlias = tuple[str, str, str, str]
"""Rule code, absolute path, structural key, and severity: what became graver is new."""


class Change:
    """The difference between a commit and the work tree, untracked files included.

    Files are compared by their contents: git's own comparison would run the filters that
    the tree names. Line ends alone make no difference. Of notebooks, the texts of the code
    cells are compared: what was drawn or counted when they ran is no change. `config` is the
    configuration in use; `parsed` takes the scripts of the check that is narrowed, so that
    none is parsed twice.
    """

    def __init__(
        self,
        revision: Revision,
        overlay: Overlay,
        repository: Repository,
        config: str | None = None,
    ) -> None:
        self.revision = revision
        self.overlay = overlay
        self.repository = repository
        self.config = config
        self.before: dict[str, bytes] = {}
        self.parsed: dict[str, Parsed] = {}
        self._lines: dict[str, lines.Changed | None] = {}

    # -- files --------------------------------------------------------------------------

    @cached_property
    def added(self) -> frozenset[str]:
        """Files that the commit does not have."""
        buffered = (p for p in self.overlay.buffered if self.overlay.exists(p))
        here = {*self.repository.files, *buffered}
        if self.config and self.repository.contains(self.config):
            here.add(self.config)
        return frozenset(p for p in here if p not in self.revision.blobs)

    @cached_property
    def gone(self) -> frozenset[str]:
        """Files of the commit that are no longer there."""
        missing = {
            p for p in self.revision.blobs if not os.path.lexists(p) and not self.overlay.exists(p)
        }
        return frozenset(missing - self.revision.skipped if missing else missing)

    def examine(self, more: set[str]) -> None:
        """Read what the commit has for files that are not as they were: `before`.

        Looked at are all files of a kind that amllint reads, and `more`.
        """
        blobs = self.revision.blobs
        asked = {p for p in blobs if p.lower().endswith(EXTENSIONS)} | (more & blobs.keys())
        open_ = {p: blobs[p] for p in asked if p not in self.before and self._may_differ(p)}
        contents = self.revision.read(b.oid for b in open_.values() if not b.is_link)
        for path, blob in open_.items():
            data = contents.get(blob.oid, b"")
            if path in self.gone or self._differs(path, data):
                self.before[path] = data

    def _may_differ(self, path: str) -> bool:
        if path in self.gone:
            return True
        if path in self.revision.skipped:
            return False
        blob: Blob = self.revision.blobs[path]
        if blob.is_link or os.path.islink(path):
            return blob.is_link != os.path.islink(path) or not blob.holds(_target(path))
        try:
            data = self.overlay.data(path)
        except Unreadable:
            return True
        return not blob.holds(data) and not blob.holds(_unix(data))

    def _differs(self, path: str, before: bytes) -> bool:
        try:
            data = self.overlay.data(path)
        except Unreadable:
            return True
        pointer = lfs_hash(before)
        if pointer is not None:
            import hashlib

            return hashlib.sha256(data).hexdigest() != pointer
        return _unix(before) != _unix(data)

    @cached_property
    def renamed(self) -> dict[str, str]:
        """What added files were called before, where one of those that are gone is like them."""
        gone = {p: self.before[p] for p in self.gone if p in self.before}
        added: dict[str, bytes] = {}
        for path in self.added:
            try:
                added[path] = self.overlay.data(path)
            except Unreadable:
                continue
        return renames(gone, added)

    # -- places -------------------------------------------------------------------------

    def touches(self, finding: Finding) -> bool:
        """Whether any place of a finding, shown or not, stands on a changed line."""
        related = (r.location for r in finding.observation.related)
        return any(self._changed(place) for place in (finding.location, *related))

    def _changed(self, place: Location) -> bool:
        path = self._absolute(place.path)
        if path not in self._lines:
            self._lines[path] = self._lines_of(path)
        changed = self._lines[path]
        if changed is None:
            return True
        try:
            source = self.overlay.text(self._absolute(place.text_path))
        except (Malformed, Unreadable):
            return path in self.before
        first = source.position(place.span.start).line
        last = source.position(max(place.span.end - 1, place.span.start)).line
        if place.cell is not None:
            before = self._rows_before(path, place.cell)
            first, last = first + before, last + before
        return changed.touches(first, last)

    def _lines_of(self, path: str) -> lines.Changed | None:
        """The changed lines of a file; `None` where all of it counts."""
        old = self.renamed.get(path, path)
        if path in self.added and old == path:
            return None
        if old not in self.before:
            return lines.Changed(frozenset(), frozenset())
        if path.endswith(NOTEBOOK):
            return self._rows_changed(path, old)
        try:
            now = self.overlay.text(path).text
            then = self.overlay_before.text(old).text
        except Unreadable:
            return None
        return lines.changed(_LINE_END.split(then), _LINE_END.split(now))

    def _rows_changed(self, path: str, old: str) -> lines.Changed | None:
        """The changed ones among the lines of all code cells of a notebook, one after another.

        Of a notebook that cannot be taken apart, all of it counts.
        """
        try:
            now, then = self.overlay.notebook(path), self.overlay_before.notebook(old)
        except (Malformed, Unreadable):
            return None
        return lines.changed(_rows(then), _rows(now))

    def _rows_before(self, path: str, cell: int) -> int:
        """How many lines the code cells above a cell have."""
        cells = self.overlay.notebook(path).cells
        above = (c for number, c in cells.items() if number < cell)
        return sum(len(_LINE_END.split(c.text)) for c in above)

    def _absolute(self, shown: str) -> str:
        return os.path.normpath(os.path.join(self.overlay.cwd, shown))

    # -- the tree before ----------------------------------------------------------------

    @property
    def is_empty(self) -> bool:
        """Whether nothing that amllint looks at has changed."""
        return not (self.before or self.added or self.gone)

    @cached_property
    def overlay_before(self) -> Overlay:
        """The files as they were."""
        overlay = Overlay(self.overlay.cwd)
        for path in self.overlay.buffered:
            if self.overlay.exists(path):
                overlay.put(path, self.overlay.data(path))
        for path in self.added:
            overlay.remove(path)
        for path in self.gone:
            overlay.put(path, b"")
        for path, data in self.before.items():
            overlay.put(path, data)
        return overlay

    def _repository_before(self) -> Repository:
        ours = {p for p in self.gone if p.endswith(EXTENSIONS)}
        files = (set(self.repository.files) - self.added) | ours
        return Repository(self.repository.root, self.repository.is_git, files)

    def narrow(
        self,
        report: Report,
        settings_before: Callable[[Overlay], Settings],
        ignores: bool,
    ) -> Report:
        """Leave in a report what the change brought, and count what it did not.

        `settings_before` reads what the configuration was, which is a cause like any other
        file. Raises `RevisionProblem`.
        """
        paths = {self._absolute(p) for f in (*report.findings, *report.eased) for p in f.paths}
        configured = {p for p in self.revision.blobs if os.path.basename(p) in NAMES}
        self.examine(paths | self._beside(paths) | configured)
        kept = [f.name in _ALWAYS or self.touches(f) for f in report.findings]
        doubtful = [f for f, keep in zip(report.findings, kept, strict=True) if not keep]
        if doubtful:
            known = self._known(doubtful, settings_before, ignores)
            old = {id(f) for f in doubtful if self._take(known, f)}
            report.outside = len(old)
            report.findings = [f for f in report.findings if id(f) not in old]
        report.eased = [f for f in report.eased if self.touches(f)]
        return report

    def _beside(self, paths: set[str]) -> set[str]:
        folders = {os.path.dirname(p) for p in paths}
        beside = (p for p in self.revision.blobs if p.endswith(_BESIDE))
        return {p for p in beside if os.path.dirname(p) in folders}

    def _known(
        self, doubtful: list[Finding], settings_before: Callable[[Overlay], Settings], ignores: bool
    ) -> Counter[Identity]:
        """What the tree before has of findings in the same files, by their present names."""
        if self.is_empty:
            return Counter(self._identity(f) for f in doubtful)
        overlay = self.overlay_before
        asked = sorted({self._name_before(f) for f in doubtful})
        settings = settings_before(overlay)
        found = check(
            [p for p in asked if overlay.exists(p)],
            settings,
            overlay,
            ignores=ignores,
            repository=self._repository_before(),
            parsed=self.parsed,
        )
        now = {old: new for new, old in self.renamed.items()}
        known: Counter[Identity] = Counter()
        for finding in found.findings:
            code, path, key, severity = self._identity(finding)
            known[code, now.get(path, path), key, severity] += 1
        return known

    def _name_before(self, finding: Finding) -> str:
        path = self._absolute(finding.location.path)
        return self.renamed.get(path, path)

    def _take(self, known: Counter[Identity], finding: Finding) -> bool:
        identity = self._identity(finding)
        known[identity] -= 1
        return known[identity] >= 0

    def _identity(self, finding: Finding) -> Identity:
        path = self._absolute(finding.location.path)
        return finding.code, path, finding.key, finding.severity


def _rows(notebook: Notebook) -> list[str]:
    return [row for cell in notebook.cells.values() for row in _LINE_END.split(cell.text)]


def _unix(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n")


def _target(path: str) -> bytes:
    try:
        return os.fsencode(os.readlink(path))
    except OSError:
        return b""
