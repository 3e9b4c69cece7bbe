"""What a snapshot knows of names and versions, and references to them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from amllint.artifacts.fields import Field, is_text
from amllint.artifacts.registered_names import registered_name
from amllint.findings.finding import Location, Observation, Unchecked, finding
from amllint.rules.workspace.registering import registered_before
from amllint.snapshot.asset_rows import Asset
from amllint.snapshot.document import Snapshot
from amllint.snapshot.facts import Kind
from amllint.source.names import same_name
from amllint.units import Linker


class Named(NamedTuple):
    """A reference to something registered; without a version, the latest is meant."""

    name: str
    version: str | None
    location: Location


class Absent(NamedTuple):
    """Something is not registered: what is there instead, and what to do."""

    message: str
    help: str


def reference(field: Field[Any]) -> Named | None:
    """A reference of v2, `azureml:name:version` or `azureml:name@latest`, to the workspace's own.

    `None` for other forms: ids, registries, and what is written out in place.
    """
    named = registered_name(field.value) if is_text(field) else None
    return Named(named.name, named.version, field.location) if named and named.is_whole else None


def absence(
    named: Named, what: str, names: Iterable[str], versions: Iterable[str] | None, workspace: str
) -> Absent | None:
    """Why a name or its version is not there, `None` where it is or that cannot be told.

    `versions` are all of the name, `None` where they are not known. Names are compared without
    regard to case: one that differs in it alone is none that a person would look for.
    """
    folded = {name.lower(): name for name in names}
    if named.name.lower() not in folded:
        close = difflib.get_close_matches(named.name.lower(), folded, 1, 0.75)
        hint = f"did you mean `{folded[close[0]]}`?" if close else f"register the {what} first"
        return Absent(f"there is no {what} `{named.name}` in {workspace}", hint)
    if named.version is None or versions is None:
        return None
    known = list(versions)
    if named.version in known:
        return None
    latest = max(known, key=_order) if known else None
    there = f"; the latest is {latest}" if latest else ""
    message = f"{what} `{named.name}` has no version {named.version} in {workspace}{there}"
    instead = f"write {latest}, or " if latest else ""
    return Absent(message, f"{instead}register version {named.version} first")


def contradiction(
    named: Named, names: Kind[Any], assets: Iterable[Asset], versions: Kind[Any], known: list[str]
) -> Unchecked | None:
    """Why lists of the snapshot cannot say that a name or its version is not there.

    `assets` are of the kind `names`, with their latest versions; `known` are all versions that the
    kind `versions` lists of the name. One of them is older, or was cut off.
    """
    own = [asset for asset in assets if same_name(asset.name, named.name)]
    exact = [asset for asset in own if asset.name == named.name] or own
    latest = next((a.latest_version for a in exact if a.latest_version is not None), None)
    fact, reason = f"{versions.name} of {named.name}", ""
    if known and not own:
        reason = f"{names.name} lacks `{named.name}`, of which versions are listed"
    elif latest is not None and latest not in known:
        reason = f"{names.name} says that {latest} is the latest, and {fact} lists no {latest}"
    if not reason:
        return None
    return Unchecked(named.location, fact, f"not known: {reason}: make the snapshot anew")


def told_absent(
    named: Named, what: str, absent: Absent, links: Linker, kind: Kind[Any]
) -> Observation | Unchecked:
    """That something is not registered; that it is open, where what deploys it registers it."""
    place = named.location
    maker = registered_before(what, named.name, place.path, links.running)
    if maker is not None:
        return Unchecked(place, kind.name, f"not known: `{maker}` registers some and then deploys")
    return finding(place, absent.message, help=absent.help, key=what)


def only_folded(named: Named, names: Iterable[str], kind: Kind[Any]) -> Iterator[Unchecked]:
    """That a name is there in other case alone: whether that is the same, nothing says."""
    known = list(names)
    other = next((name for name in known if same_name(name, named.name)), None)
    if other is not None and named.name not in known:
        reason = f"not known: whether `{named.name}` is `{other}`, which differs in case"
        yield Unchecked(named.location, kind.name, reason)


def _order(version: str) -> tuple[int, int, str]:
    return (1, int(version), "") if version.isdigit() else (0, 0, version)


def called(snapshot: Snapshot) -> str:
    """The workspace, as messages have it."""
    return snapshot.workspace or "the workspace"
