"""What pip's log says: why it refused, which releases it saw, what it could not fetch."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from amllint.artifacts.pin_verdicts import Cause, Refusal
from amllint.artifacts.requirements import normalize

if TYPE_CHECKING:
    from packaging.requirements import Requirement

_UNMET: Final = re.compile(
    r"(?m)^ERROR: Could not find a version that satisfies the requirement (?P<wants>.+?)"
    r"(?: \(from (?P<by>(?!versions:)[^()]+)\))? \(from versions: (?P<there>.*)\)$"
)
_CAUSES: Final = re.compile(r"(?m)^The conflict is caused by:\n((?:    .*\n)+)")
_CAUSE: Final = re.compile(r"    (?:The user requested|(?P<by>\S+ \S+) depends on) (?P<wants>.+)")
_FROM: Final = re.compile(r" \(from https?://.*$")
"""Where a release is from that brings an extra of its own, which is no news."""
_LINK: Final = re.compile(
    r"(?m)^\s*(?:(?P<found>Found link )|Skipping link: (?P<source>No sources permitted)?.*?: )"
    r"(?P<url>(?:https?|file)://\S+)"
    r"(?: \(from [^()]*\))?(?: \(requires-python:(?P<python>[^()]*)\))?(?:, version: \S+)?$"
)
_UNFETCHED: Final = re.compile(r"(?m)^\s*Could not fetch URL (\S+): (?!404 )(.*?)(?: - skipping)?$")
_UNTRUSTED: Final = re.compile(r"(?m)^WARNING: The repository located at (\S+) is not a trusted")
_BROKEN: Final = re.compile(
    r"(?m)^\s*(?:WARNING: )?Ignoring version (\S+) of (\S+) since it has invalid metadata"
)
_CHAIN: Final = re.compile(r"(?m)^\s*(?:Collecting|Processing) (.+?) \(from (?!versions)(.+)\)$")
_ERROR: Final = re.compile(r"(?m)^ERROR: (.+)$")
_NAME: Final = re.compile(r"[A-Za-z0-9][\w.-]*")
_SOURCE_ENDS: Final = (".tar.gz", ".zip", ".tar.bz2", ".tgz")


class Release(NamedTuple):
    """A file of the index: whether pip could take it, and whether it is a source archive.

    `python` is what it asks of the Python, as written.
    """

    project: str
    version: str
    usable: bool
    source: bool
    python: str


def refusal(log: str, python: str) -> Refusal | None:
    """Why pip refused; `None` where its log has no reason that lies in the requirements."""
    brought = tuple(_brought_by(log))
    block = _CAUSES.search(log)
    if block is not None:
        matches = map(_CAUSE.fullmatch, block.group(1).splitlines())
        causes = [Cause(m["by"] or "", _FROM.sub("", m["wants"])) for m in matches if m]
        told = [c for c in causes if named(c.by) != named(c.wants)] or causes
        return Refusal(tuple(dict.fromkeys(told)), brought_by=brought)
    unmet = _UNMET.search(log)
    if unmet is None:
        return None
    wants = re.sub(r"; extra == .*$", "", unmet["wants"])
    there = () if unmet["there"] == "none" else tuple(unmet["there"].split(", "))
    why = _why(wants, releases(log), python)
    cause = Cause((unmet["by"] or "").partition("->")[0], wants)
    return Refusal((cause,), False, there, why, brought)


def unfetched(log: str) -> str | None:
    """What pip could not get at, `None` if it reached all that it asked for.

    A page that is not there is an answer: the index does not have the project.
    """
    untrusted = _UNTRUSTED.search(log)
    if untrusted is not None:
        return f"{untrusted.group(1)} has no https, and pip leaves it out"
    failed = _UNFETCHED.search(log)
    if failed is not None:
        return f"{_host(failed.group(1))}: {_short(failed.group(2))}"
    return None


def left_out(log: str) -> str | None:
    """A release whose metadata this pip does not take, `flask 1.0`, if it came upon one."""
    found = _BROKEN.search(log)
    return f"{found.group(2)} {found.group(1)}" if found else None


def trouble(log: str) -> str:
    """The last error of a log, for want of a better reason."""
    errors = _ERROR.findall(log)
    return errors[-1][:200] if errors else "pip ended without a reason"


def releases(log: str) -> list[Release]:
    """The files of the index that pip looked at."""
    return [release for match in _LINK.finditer(log) if (release := _release(match))]


def source_only(log: str, projects: Iterable[str] | None, python: str) -> dict[str, list[str]]:
    """Versions that are there as source alone, of some projects or all, for a Python."""
    wanted, seen = None if projects is None else set(projects), releases(log)
    usable = {(r.project, r.version) for r in seen if r.usable}
    found: dict[str, list[str]] = {}
    for release in seen:
        pair = (release.project, release.version)
        asked = release.source and (wanted is None or release.project in wanted)
        if asked and pair not in usable and _takes(release.python, python):
            found.setdefault(release.project, []).append(release.version)
            usable.add(pair)
    return found


def named(text: str) -> str:
    """The project that a requirement, or a release such as `flask 3.1.0`, is of."""
    match = _NAME.match(text)
    return normalize(match.group()) if match else ""


def _release(match: re.Match[str]) -> Release | None:
    file = re.split(r"[#?]", match["url"].rpartition("/")[2])[0]
    source = file.endswith(_SOURCE_ENDS)
    if file.endswith(".whl"):
        project, _, rest = file.partition("-")
        version = rest.partition("-")[0]
    elif source:
        stem = next(file.removesuffix(end) for end in _SOURCE_ENDS if file.endswith(end))
        project, _, version = stem.rpartition("-")
    else:
        return None
    version = version.replace("%2B", "+")
    usable = match["found"] is not None
    return Release(normalize(project), version, usable, source, match["python"] or "")


def _why(wants: str, seen: list[Release], python: str) -> str:
    """What keeps pip from the releases that would do."""
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        wanted = Requirement(wants)
    except InvalidRequirement:
        return ""
    fitting = [r for r in seen if r.project == normalize(wanted.name) and _meets(wanted, r)]
    if not fitting:
        return ""
    for_others = [r.python for r in fitting if not _takes(r.python, python)]
    if len(for_others) == len(fitting):
        return f"it needs Python {for_others[-1]}"
    return "it has no build for this Python on Linux"


def _meets(wanted: Requirement, release: Release) -> bool:
    from packaging.version import InvalidVersion

    try:
        return wanted.specifier.contains(release.version, prereleases=True)
    except InvalidVersion:
        return False


def _takes(written: str, python: str) -> bool:
    """Whether a release takes a Python, by what it writes of it."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        return SpecifierSet(written).contains(python, prereleases=True)
    except InvalidSpecifier:
        return True


def _brought_by(log: str) -> Iterator[tuple[str, str]]:
    """Which project of the list each dependency came in by, at first."""
    told: set[str] = set()
    for what, chain in _CHAIN.findall(log):
        project = named(what)
        if project not in told:
            told.add(project)
            yield project, named(chain.split("->")[-1])


def _host(url: str) -> str:
    """The host of an address, without who asks."""
    return url.partition("://")[2].partition("/")[0].rpartition("@")[2]


def _short(reason: str) -> str:
    """The heart of a reason: no addresses, no objects of pip's."""
    if "Caused by" in reason:
        reason = reason.rpartition("Caused by")[2]
    reason = re.sub(r"<[^<>]*>[:,]?\s*|\w+(?:Error|Exception)\(|\S+://\S+|[()\"']+", " ", reason)
    return re.sub(r"\s+", " ", reason).strip()[:120] or "no answer"
