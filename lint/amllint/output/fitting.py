"""How replicas fit onto a cluster as it is, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from amllint.capacity.facts import Cluster
from amllint.capacity.fitting import Fit
from amllint.capacity.rooms import beside


def fit_lines(cluster: Cluster, found: Fit) -> Iterator[str]:
    """What the nodes take that are there, what more it takes, and whether that may come."""
    yield cluster.shown
    there, waiting = len(cluster.nodes), found.waiting
    none = f": {waiting} find{_s(waiting == 1)} no node" if waiting else ""
    takes = "takes" if there == 1 else "take"
    yield f"now {_nodes(there)} {takes} {found.now} {beside(cluster, found.rooms)}{none}"
    if waiting:
        yield from _more(cluster, found)
    yield _verdict(cluster, found)
    if found.lacking and found.new is not None and cluster.more is None:
        yield _lacking(found, found.new.by_quota)
    yield from (f"not known: {reason}" for reason in unknown(cluster, found))


def _more(cluster: Cluster, found: Fit) -> Iterator[str]:
    """The nodes that those take which find none now."""
    if found.new is not None and found.each:
        node = found.new.node
        free = node.allocatable.minus(node.used)
        shown = f"{free.cores:g} cores and {free.memory_gib:.4g} GiB"
        count = found.added + found.lacking
        more = f"so {_nodes(count)} more" if count else "so none that the autoscaler adds will do"
        yield f"a new {node.name} has {shown} for pods: it takes {found.each}, {more}"
    if cluster.more is None:
        yield _growth(cluster)


def _growth(cluster: Cluster) -> str:
    """What the autoscaler may add by its bounds, and what the quota leaves of that."""
    bounds = sum(kind.by_autoscaler for kind in cluster.new)
    allowed = len(cluster.added)
    if not bounds:
        return "the autoscaler adds none"
    if cluster.is_declared or cluster.quota is not None:
        return f"the autoscaler may add {bounds}"
    if allowed < bounds:
        return f"the autoscaler may add {bounds}, and the quota has cores for {allowed} of them"
    return f"the autoscaler may add {bounds}, and the quota has cores for {_all(bounds)}"


def _all(count: int) -> str:
    return "it" if count == 1 else "them"


def _verdict(cluster: Cluster, found: Fit) -> str:
    most, short = found.rooms.in_the_end, found.replicas - found.rooms.in_the_end
    if short > 0 and cluster.more is not None:
        return f"they take {most}: enough only if nodes are added"
    if short > 0:
        return f"in the end they take {most}: too few, {short} find{_s(short == 1)} no node"
    if found.lacks_surge:
        return f"in the end they take {most}: enough, but an update finds no node for one more"
    return f"in the end they take {most}: enough"


def _lacking(found: Fit, by_quota: int | None) -> str:
    """The nodes that it takes beyond those that come, and whether the quota has their cores."""
    count = found.lacking
    more = f"that takes {_nodes(count)} beyond those that come"
    if by_quota is None:
        return more
    left = max(by_quota - found.alike, 0)
    # Nodes of other sizes count against the quota of the region as well, by how much is not told.
    most = "at most " if found.added > found.alike and left else ""
    return f"{more}, and the quota has cores for {most}{_all(count) if left >= count else left}"


def _nodes(count: int) -> str:
    return f"{count} node{_s(count != 1)}"


def _s(is_needed: bool) -> str:
    return "s" if is_needed else ""


def unknown(cluster: Cluster, found: Fit) -> Iterator[str]:
    """What is not known of a cluster, and bears on whether replicas find a node."""
    if not (cluster.is_declared or cluster.is_busy_known):
        yield "what else runs on the nodes"
    if cluster.more is not None:
        yield f"whether nodes are added: {_bare(cluster.more.reason)}"
    grows = any(kind.by_autoscaler for kind in cluster.new)
    if cluster.quota is not None and grows and found.waiting:
        yield f"whether the quota has cores for them: {_bare(cluster.quota.reason)}"


def _bare(reason: str) -> str:
    return reason.removeprefix("not known: ")


def fit_json(cluster: Cluster, found: Fit) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "name": cluster.name or None,
        "source": cluster.source,
        "nodes": len(cluster.nodes),
        "replicas_now": found.now,
        "replicas_in_the_end": found.rooms.in_the_end,
        "autoscaler_may_add": sum(kind.by_autoscaler for kind in cluster.new),
        "autoscaler_adds": found.added,
        "nodes_lacking": found.lacking,
        "quota_has_nodes": found.new.by_quota if found.new is not None else None,
        "is_enough": found.is_placed,
        "takes_an_update": not found.lacks_surge,
        "unknown": list(unknown(cluster, found)),
    }
