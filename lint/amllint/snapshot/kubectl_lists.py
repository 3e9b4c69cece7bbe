"""Lists of `kubectl` from several files, made one of each kind.

Objects of Kubernetes are known by kind, namespace and name, within their cluster. Nodes of AKS say
which that is, and pods are of the cluster of their node; InstanceTypes do not say it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from amllint.snapshot import facts
from amllint.snapshot.commands import COMMANDS
from amllint.snapshot.facts import OWNER_LABEL, Kind, Read, Unread
from amllint.snapshot.shapes.items import Item, below, own

_SYSTEM: Final = "kube-system"
_ANEW: Final = f"export all at once (`{COMMANDS['nodes']}`)"


class Listed(NamedTuple):
    """What a file tells of a kind: objects as they were printed, and the row of each."""

    file: str
    at: str
    objects: tuple[Item, ...]
    rows: tuple[Any, ...]


class Clash(ValueError):
    """Lists cannot be made one; `str()` names the files, says why and what to do."""


Lists = dict[str, list[Listed]]
"""Lists by the name of their kind."""


def joined(kind: Kind[Any], lists: Lists) -> Read[Any] | Unread:
    """All objects of a kind, each once, as old as the oldest file. Raises `Clash`.

    What is known to be a part alone is unread.
    """
    listed = lists[kind.name]
    files, at = ", ".join(each.file for each in listed), min(each.at for each in listed)
    owners = _owners(lists.get(facts.NODES.name, []))
    if kind is facts.INSTANCE_TYPES and len(listed) > 1 and len(set(owners.values()) - {""}) > 1:
        reason = f"the InstanceTypes of {files} do not say of which cluster they are"
        return Unread(reason, at, files)
    rows = tuple(_distinct(kind, listed, owners))
    spaces = _namespaces(listed) if kind is facts.PODS else None
    if spaces is not None:
        shown = ", ".join(f"`{space}`" for space in spaces)
        verb = "has" if len(listed) == 1 else "have"
        reason = f"{files} {verb} pods of {shown} alone, and others run on the nodes too"
        return Unread(f"{reason}: `kubectl get pods -A -o json` lists all", at, files)
    if kind is facts.PODS and not rows and owners:
        reason = (
            f"{files} {'lists' if len(listed) == 1 else 'list'} no pods, and every node runs some"
        )
        return Unread(f"{reason}: `kubectl get pods -A -o json` lists all", at, files)
    return Read(rows, at, files)


def _owners(nodes: list[Listed]) -> dict[str, str]:
    """The cluster of each node by its name, empty for one that does not say it."""
    return {
        str(below(node, "metadata").get("name")): _owner(node)
        for each in nodes
        for node in each.objects
    }


def _owner(node: Item) -> str:
    return (own(below(node, "metadata", "labels"), OWNER_LABEL) or "").lower()


def _distinct(kind: Kind[Any], lists: list[Listed], owners: dict[str, str]) -> Iterator[Any]:
    known: dict[tuple[str, ...], tuple[Item, Any, str]] = {}
    for number, each in enumerate(lists):
        for item, row in zip(each.objects, each.rows, strict=True):
            name = _name(kind, item, owners, each.file)
            if name in known:
                _hold_against(known[name], (item, row, each.file))
                continue
            if kind is facts.NODES and number and not all(owners.values()):
                raise Clash(_nameless(lists[0].file, each.file, owners))
            known[name] = item, row, each.file
            yield row


def _name(kind: Kind[Any], item: Item, owners: dict[str, str], file: str) -> tuple[str, ...]:
    """What no two objects have alike; the names of nodes are what pods know them by.

    A pod that has no node yet may be of either of two clusters.
    """
    head = below(item, "metadata")
    node = below(item, "spec").get("nodeName") if kind is facts.PODS else None
    is_open = kind is facts.PODS and node is None and len(set(owners.values()) - {""}) > 1
    owner = file if is_open else owners.get(str(node), "")
    return (owner, str(head.get("namespace") or ""), str(head.get("name")))


def _hold_against(one: tuple[Item, Any, str], other: tuple[Item, Any, str]) -> None:
    """Raises `Clash` where what is told of an object in two places is not the same."""
    uids = {own(below(item, "metadata"), "uid") for item, _, _ in (one, other)} - {None}
    if one[1] == other[1] and len(uids) < 2:
        return
    head = below(one[0], "metadata")
    name = "/".join(filter(None, (own(head, "namespace"), own(head, "name"))))
    called = f"{str(one[0].get('kind')).lower()} `{name}`"
    where = f"{one[2]} and {other[2]} tell" if one[2] != other[2] else f"{one[2]} tells"
    raise Clash(
        f"{where} of {called} twice, and not the same: they are of two times or of two clusters;"
        f" {_ANEW} and remove the others"
    )


def _nameless(first: str, second: str, owners: dict[str, str]) -> str:
    name = next(name for name, owner in owners.items() if not owner)
    return (
        f"{first} and {second} list different nodes, and `{name}` does not say by `{OWNER_LABEL}`"
        f" of which cluster it is: {_ANEW}, of one cluster"
    )


def _namespaces(lists: list[Listed]) -> list[str] | None:
    """The namespaces that pods were asked for by name, where that leaves others out.

    Each list is of one, and the pods of the system, which every cluster has, are in none.
    """
    found: list[str] = []
    for each in (listed for listed in lists if listed.objects):
        spaces = {own(below(pod, "metadata"), "namespace") for pod in each.objects}
        if len(spaces) != 1 or None in spaces or _SYSTEM in spaces:
            return None
        found += [str(space) for space in spaces]
    return sorted(set(found)) or None
