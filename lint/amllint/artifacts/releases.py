"""What published releases of packages require, and whether pip can meet what is listed.

The table is `schemas/released-packages.json`, which the caller reads. A verdict is only given
where it holds for every release that is admitted: what is not in the table may be anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from amllint.artifacts.version_ranges import contradiction

if TYPE_CHECKING:
    from packaging.requirements import Requirement as Asked
    from packaging.specifiers import SpecifierSet
    from packaging.version import Version

_DEEP: Final = 4
"""How many steps lead from a listed package to what is held against another one."""
_HOLDING: Final = frozenset({"==", "~=", "<", "<="})
_NEWEST_MINOR: Final = 20
_LINUX: Final = {
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "platform_system": "Linux",
    "sys_platform": "linux",
    "extra": "",
}


class Release(NamedTuple):
    """One release: the Pythons that it takes, those it has wheels for, what it requires.

    `None` is what any Python can have; of `asks` and `built`, what is not known. `built` are the
    Pythons that have a wheel of a package that there is as sources too.
    """

    version: Version
    python: SpecifierSet | None
    wheels: frozenset[str] | None
    asks: tuple[str, ...] | None
    built: frozenset[str] | None = None


class Obstacle(NamedTuple):
    """Why no release that is admitted can be installed.

    `steps` are requirements, each of the one before it, the last of which excludes the listed
    package `listed`; where that is empty, it is the Python that they are not for, and `pythons`
    says which they are for. Where both are, no release meets the last step. Without steps it is
    the listed package itself.
    """

    steps: tuple[str, ...]
    listed: str = ""
    pythons: str = ""


def releases_of(known: Mapping[str, Any] | None) -> tuple[Release, ...]:
    """The releases of a package of the table, the newest first; none if it is not known."""
    from packaging.version import Version

    found: list[Release] = []
    for row in known["releases"] if known else ():
        python = _pythons(row["python"]) if "python" in row else None
        wheels = frozenset(row["wheels"]) if "wheels" in row else None
        asks = tuple(row["asks"]) if "asks" in row else None
        built = frozenset(row["built"]) if "built" in row else None
        found += [Release(Version(t), python, wheels, asks, built) for t in row["versions"]]
    return tuple(sorted(found, key=lambda release: release.version, reverse=True))


def prereleases_of(known: Mapping[str, Any] | None) -> tuple[Version, ...] | None:
    """The pre-releases of a package of the table; `None` if they are not known."""
    from packaging.version import Version

    texts = known.get("prereleases") if known else None
    return None if texts is None else tuple(map(Version, texts))


def _pythons(text: str) -> SpecifierSet | None:
    """The Pythons that a release takes: any, where pip cannot read what it says (`>=3.5.*`)."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        return SpecifierSet(text)
    except InvalidSpecifier:
        return None


@cache
def _requirement(text: str) -> Asked:
    from packaging.requirements import Requirement

    return Requirement(text)


@dataclass(slots=True)
class Resolution:
    """The packages that a list asks for by their versions, for a Python (`3.8`) if it is known.

    `releases` gives those of a package, the newest first, `prereleases` the others, `None` where
    they are not known. `index` says whether nothing but the public index is looked into.
    """

    releases: Callable[[str], tuple[Release, ...]]
    prereleases: Callable[[str], tuple[Version, ...] | None]
    listed: Mapping[str, SpecifierSet]
    python: str | None = None
    index: bool = True
    found: dict[tuple[str, str], Obstacle | None] = field(default_factory=dict)

    def obstacle(self, project: str) -> Obstacle | None:
        """Why a listed package cannot be installed beside the others; `None` if it may be."""
        return self._all_blocked(project, self.listed[project], _DEEP)

    def newest(self, project: str) -> Version | None:
        """The newest release for the Python; `None` where none is known."""
        fitting = (r for r in self.releases(project) if self._other_pythons(r) is None)
        return next((release.version for release in fitting), None)

    def brings(self, sought: str) -> bool:
        """Whether a package comes with one that is listed, by the newest release of each."""
        return any(self._brings(p, self.listed[p], sought, _DEEP) for p in self.listed)

    def _brings(self, project: str, admitted: SpecifierSet, sought: str, deep: int) -> bool:
        fitting = (r for r in self.releases(project) if admitted.contains(r.version))
        release = next((r for r in fitting if self._other_pythons(r) is None), None)
        return any(
            _normal(asked.name) == sought
            or self._brings(_normal(asked.name), asked.specifier, sought, deep - 1)
            for asked in (self._asked(release) if release and deep else ())
        )

    def held(self) -> frozenset[str]:
        """Packages that a listed release keeps from being newer, by what it requires in turn."""
        found: set[str] = set()
        for project, admitted in self.listed.items():
            if any(pin.operator in _HOLDING for pin in admitted):
                self._hold(project, admitted, found, _DEEP)
        tied = (p for p in self.listed if p not in found and self._is_tied(p, found))
        return frozenset(found | set(tied))

    def _hold(self, project: str, admitted: SpecifierSet, found: set[str], deep: int) -> None:
        release = next((r for r in self.releases(project) if admitted.contains(r.version)), None)
        for asked in self._asked(release) if release and deep else ():
            name = _normal(asked.name)
            if name not in found and any(pin.operator in _HOLDING for pin in asked.specifier):
                found.add(name)
                self._hold(name, asked.specifier, found, deep - 1)

    def _is_tied(self, project: str, held: set[str]) -> bool:
        """Whether the newest release of a package wants a certain one of a package that is held."""
        newest = self.releases(project)[:1]
        asked = (a for release in newest for a in self._asked(release))
        return any(
            _normal(a.name) in held and any(pin.operator in ("==", "~=") for pin in a.specifier)
            for a in asked
        )

    def _all_blocked(self, project: str, admitted: SpecifierSet, deep: int) -> Obstacle | None:
        key = (project, str(admitted))
        if key not in self.found:
            # What leads back to itself is no obstacle.
            self.found[key] = None
            self.found[key] = self._blocked(project, admitted, deep)
        return self.found[key]

    def _blocked(self, project: str, admitted: SpecifierSet, deep: int) -> Obstacle | None:
        """The obstacle of the newest release that is admitted, if each of them has one."""
        known = self.releases(project)
        to_come = bool(known) and admitted.contains(_beyond(known[0].version))
        first: Obstacle | None = None
        for release in known:
            if admitted.contains(release.version):
                if to_come and not self._is_too_old(release):
                    # A release to come may be the way out.
                    return None
                obstacle = self._of_release(project, release, deep)
                if obstacle is None:
                    return None
                first = first or obstacle
        if first is None and known and not to_come and self._is_unmet(project, admitted):
            return Obstacle(())
        return first

    def _is_unmet(self, project: str, admitted: SpecifierSet) -> bool:
        """Whether no release is admitted, nor a pre-release, which pip takes for want of others."""
        early = self.prereleases(project)
        every = (*(r.version for r in self.releases(project)), *(early or ()))
        unmet = not any(admitted.contains(version, prereleases=True) for version in every)
        return self.index and early is not None and unmet

    def next_installable(self, project: str) -> Version | None:
        """The first release after those that a list admits which nothing known stands against."""
        known = self.releases(project)
        last = next((r.version for r in known if self.listed[project].contains(r.version)), None)
        for release in reversed(known):
            later = last is not None and release.version > last
            if later and self._of_release(project, release, _DEEP) is None:
                return release.version
        return None

    def _of_release(self, project: str, release: Release, deep: int) -> Obstacle | None:
        pythons = self._other_pythons(release)
        if pythons is not None:
            return Obstacle((), pythons=pythons)
        for asked in self._asked(release) if deep else ():
            obstacle = self._held_against(asked, deep)
            if obstacle is not None:
                return obstacle._replace(steps=(_bare(asked), *obstacle.steps))
        return None

    def _other_pythons(self, release: Release) -> str | None:
        """The Pythons that a release is for, where the one at hand is none of them."""
        if self.python is None:
            return None
        if release.python is not None and not release.python.contains(self._whole):
            return f"Python {release.python}"
        wheels = release.wheels if self.index else None
        return _told(wheels) if wheels is not None and self._minor not in wheels else None

    @property
    def _minor(self) -> str:
        return ".".join((self.python or "").split(".")[:2])

    @property
    def _whole(self) -> str:
        """The Python with its third number: that of a late release where it is not given."""
        python = self.python or ""
        return python if python.count(".") > 1 else f"{self._minor}.20"

    def missing(self, project: str) -> tuple[str, ...]:
        """The releases nearest to a pinned one that was never published; none if it may be.

        Of what is newer than the table, and of local versions, nothing is said.
        """
        from packaging.version import Version

        known = self.releases(project)
        pins = [p for p in self.listed[project] if p.operator == "=="]
        if not known or not self.index or len(pins) != 1 or len(self.listed[project]) != 1:
            return ()
        text = pins[0].version.removesuffix(".*")
        pinned = Version(text)
        admitted = any(self.listed[project].contains(release.version) for release in known)
        if admitted or pinned.local or pinned.is_prerelease or pinned > known[0].version:
            return ()
        newer = [r.version for r in known if r.version > pinned][-1:]
        older = [r.version for r in known if r.version < pinned][:1]
        return tuple(str(version) for version in (*older, *newer))

    def may_follow(self, project: str) -> bool:
        """Whether a pinned release would be the next of its line, as of patches: `1.26.5`."""
        from packaging.version import Version

        pinned = Version(next(iter(self.listed[project])).version.removesuffix(".*"))
        line = (
            r.version for r in self.releases(project) if r.version.release[:2] == pinned.release[:2]
        )
        newest = next(line, None)
        return newest is not None and newest < pinned

    def _is_too_old(self, release: Release) -> bool:
        """Whether the Python is older than all that a release takes: later ones take no older."""
        if self.python is None or release.python is None or release.python.contains(self._whole):
            return False
        newer = range(int(self._minor.partition(".")[2]) + 1, _NEWEST_MINOR)
        return any(release.python.contains(f"3.{minor}.20") for minor in newer)

    def _asked(self, release: Release) -> Iterator[Asked]:
        for text in release.asks or ():
            asked = _requirement(text)
            if asked.url is None and self._applies(asked):
                yield asked

    def _applies(self, asked: Asked) -> bool:
        if asked.marker is None:
            return True
        if self.python is None:
            return False
        values = {**_LINUX, "python_version": self._minor, "python_full_version": self._whole}
        return asked.marker.evaluate(values)

    def _held_against(self, asked: Asked, deep: int) -> Obstacle | None:
        project = _normal(asked.name)
        listed = self.listed.get(project)
        if listed is None:
            return self._all_blocked(project, asked.specifier, deep - 1)
        if _exclude(asked.specifier, listed):
            return Obstacle((), project)
        return None


def _exclude(one: SpecifierSet, other: SpecifierSet) -> bool:
    """Whether no version meets both."""
    for pins, rest in ((one, other), (other, one)):
        for pin in pins:
            if pin.operator == "==" and not pin.version.endswith(".*"):
                return not rest.contains(pin.version, prereleases=True)
    return contradiction(f"{one},{other}") is not None


def _beyond(version: Version) -> str:
    """A release that is yet to come."""
    return f"{version.major + 1000}"


def _told(pythons: frozenset[str]) -> str:
    """The Pythons of wheels in words."""
    if not pythons:
        return "no Python on Linux"
    ordered = sorted(pythons, key=lambda p: int(p.partition(".")[2]))
    return f"Python {ordered[0]}" + (f" to {ordered[-1]}" if len(ordered) > 1 else "")


def _bare(asked: Asked) -> str:
    return f"{asked.name}{asked.specifier}"


def _normal(name: str) -> str:
    from packaging.utils import canonicalize_name

    return canonicalize_name(name)
