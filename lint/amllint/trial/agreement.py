"""Whether `check` tells beforehand what a trial saw fail."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from amllint.config import Settings
from amllint.engine.cache import open_cache
from amllint.engine.check import Report, check
from amllint.findings.finding import Finding
from amllint.source.overlay import Overlay
from amllint.source.repository import Repository
from amllint.source.tracebacks import Frame
from amllint.trial.failures import Failure
from amllint.trial.kinds import KINDS, Tells

PAGE: Final = "docs/try.md"


class Told(NamedTuple):
    """A finding that tells of a failure: rule, display path and line."""

    code: str
    name: str
    path: str
    line: int


class Agreement(NamedTuple):
    """A failure, or a remark, and what `check` says of it.

    Where `told` is empty, `why` says why it is not to be known from the files, and `page` where
    that is written.
    """

    kind: str
    told: tuple[Told, ...]
    why: str
    page: str


_READ_FIRST: Final = (
    "config.json",
    "logging.json",
    "swagger.json",
    "swagger2.json",
    "swagger3.json",
)
"""Files beside the script that the server reads before it, and stops at."""


def look(
    script: str,
    seen: Iterable[Failure],
    settings: Settings,
    overlay: Overlay,
    repository: Repository,
) -> Report:
    """Everything that `check` finds, advice and what is suppressed included.

    It is asked of the script, of what the server reads beside it, and of the files of the
    repository that the failures lead through.
    """
    everything = replace(settings, persona="pedantic", select=("ALL",), ignore=(), baseline=None)
    beside = [os.path.join(os.path.dirname(script), name) for name in _READ_FIRST]
    through = [frame.file for f in seen for raised in f.raised for frame in raised.frames]
    own = [p for p in (*beside, *through) if p in repository.files and overlay.exists(p)]
    paths = list(dict.fromkeys([script, *own]))
    cache = open_cache()
    return check(paths, everything, overlay, ignores=False, repository=repository, cache=cache)


def agreement(failure: Failure, report: Report) -> Agreement:
    """What of a report tells of a failure."""
    kind = KINDS[failure.kind]
    told = [f for f in report.findings if _tells(f, kind.rules, failure, report)]
    shown = tuple(dict.fromkeys(_told(f, report) for f in told))
    return Agreement(failure.kind, shown, "" if shown else kind.why, f"{PAGE}#{failure.kind}")


def _tells(found: Finding, rules: Iterable[Tells], failure: Failure, report: Report) -> bool:
    for tells in rules:
        if tells.rule == found.name:
            if failure.kind == "start-time" and found.stage == "score":
                continue  # it stands in what only calls reach
            names = {r.short for r in failure.raised}
            if tells.exceptions and not names & set(tells.exceptions):
                continue
            if not tells.at_frame or _on_a_frame(found, failure, report):
                return True
    return False


def _on_a_frame(found: Finding, failure: Failure, report: Report) -> bool:
    """Whether the traceback goes through the lines of a finding, or of a place related to it."""
    places = [found.location, *(r.location for r in found.observation.related)]
    for place in places:
        source = report.source(place.text_path)
        if source is None:
            continue
        path = os.path.realpath(report.absolute(place.path))
        first = source.position(place.span.start).line
        last = source.position(max(place.span.start, place.span.end - 1)).line
        if any(_is_at(path, first, last, r.frames) for r in failure.raised):
            return True
    return False


def _is_at(path: str, first: int, last: int, frames: Sequence[Frame]) -> bool:
    return any(os.path.realpath(f.file) == path and first <= f.line <= last for f in frames)


def _told(found: Finding, report: Report) -> Told:
    source = report.source(found.location.text_path)
    line = source.position(found.location.span.start).line if source else 1
    return Told(found.code, found.name, found.location.path, line)
