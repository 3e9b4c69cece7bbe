"""What a load takes, for people and as JSON; its schema is `amllint schema size`."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any, Final

from amllint.capacity.sizing import Load, Replicas, Sizing
from amllint.output.fitting import fit_json, fit_lines

VERSION: Final = 1
_LABEL: Final = 11
_OPTIONS: Final = {"cores": "`--cpu`", "memory": "`--memory-gb`"}
_NEXT_TO_NOTHING: Final = 1e-6
"""Replicas that a load takes; what is below is no load worth a sum."""


def text_lines(sizing: Sizing) -> Iterator[str]:
    """The arithmetic, line by line, and what to write."""
    yield from _load(sizing)
    if sizing.configured is not None:
        yield from _configured(sizing.load, sizing.configured)
    yield from _pods(sizing)
    yield from _nodes(sizing)
    yield from _what_to_write(sizing)


def _what_to_write(sizing: Sizing) -> Iterator[str]:
    configuration = sizing.configuration
    if configuration is None:
        yield _line("write", "nothing yet: no replica would find a node")
        return
    yield _line("write", "" if sizing.is_placed else "this, once there are nodes for it")
    yield from (f"  {line}" for line in _written(configuration))


def _load(sizing: Sizing) -> Iterator[str]:
    load, needed = sizing.load, sizing.load.replicas
    rate, seconds = load.requests_per_second, load.seconds_per_request
    yield _line(
        "load",
        f"{rate:g} requests per second × {seconds:g} s = {rate * seconds:.6g} requests at work"
        f" ({sizing.load_source})",
    )
    at_once = f"{load.concurrent_requests} at once"
    yield _line("busy", f"{rate * seconds:.6g} / {at_once} = {load.busy:.6g} replicas")
    target = load.target_utilization
    exact = load.busy / target
    so = f"so {needed}" if exact > _NEXT_TO_NOTHING else "next to nothing: one replica will do"
    yield _line("replicas", f"{load.busy:.6g} / {target:g} = {exact:.6g}, {so}")
    yield _line("", f"busy for {load.utilization(needed):.1%} of the time; {_carry(load, needed)}")


def _carry(load: Load, replicas: int) -> str:
    inside, most = load.carried(replicas), load.carried(replicas, 1)
    return (
        f"they carry {inside:.4g} requests per second at {load.target_utilization:.0%}, "
        f"{most:.4g} at most"
    )


def _configured(load: Load, given: Replicas) -> Iterator[str]:
    between = f"{given.least} to {given.most}" if given.is_scaled else f"{given.most}"
    noun = "replica" if between == "1" else "replicas"
    yield _line("configured", f"{between} {noun} ({given.path})")
    yield _line("", f"at {given.most}: {_carry(load, given.most)}")
    share = load.utilization(given.most)
    if share > 1:
        lost = load.requests_per_second - load.carried(given.most, 1)
        yield _line("", f"too few: {lost:.4g} of {load.requests_per_second:g} calls get 503")
    elif load.replicas > given.most:
        yield _line("", f"busy for {share:.1%} of the time: no room for a peak")
    elif load.replicas > given.least:
        yield _line("", f"enough, once the autoscaler has gone up from {given.least}")
    else:
        yield _line("", "enough")


def _pods(sizing: Sizing) -> Iterator[str]:
    pod, count = sizing.pod, sizing.load.replicas
    if pod is None:
        yield from _unsaid(sizing)
        return
    added = sizing.added
    cores = f"{sizing.cores:g} + {added.cores:g} = {pod.cores:g} cores"
    memory = f"{sizing.memory_gb:g} + {added.memory_gib:g} = {pod.memory_gib:g} GiB"
    gpus = f", {pod.gpus} GPU{'s' if pod.gpus != 1 else ''}" if pod.gpus else ""
    yield _line("each", f"{cores}, {memory}{gpus}, with Azure ML's side containers")
    total = pod.times(count)
    more = f", {total.gpus} GPUs" if pod.gpus else ""
    yield _line("together", f"{count} × = {total.cores:g} cores, {total.memory_gib:.6g} GiB{more}")


def _unsaid(sizing: Sizing) -> Iterator[str]:
    """What has to be said for nodes to be counted, where anything of them is."""
    if sizing.node is None and len(sizing.lacking) == len(_OPTIONS) and not sizing.gpus:
        return
    options = " and ".join(_OPTIONS[name] for name in sizing.lacking)
    names = " and ".join(sizing.lacking)
    yield _line("each", f"nothing says its {names}, so no nodes are counted: give {options}")
    if sizing.node is not None and sizing.is_too_large:
        free = sizing.node.allocatable.minus(sizing.node.used)
        shown = f"{free.cores:g} cores and {free.memory_gib:.4g} GiB"
        text = f"{sizing.node.name} has {shown} for pods: it takes no replica, whatever that is"
        yield _line("nodes", text)
        if sizing.lacks_gpus:
            yield _line("", _gpu_advice(sizing, sizing.node.allocatable.gpus))


def _nodes(sizing: Sizing) -> Iterator[str]:
    node, count = sizing.node, sizing.load.replicas
    if sizing.unread:
        yield _line("cluster", sizing.unread)
    if node is None or sizing.pod is None:
        return
    cluster, found = sizing.cluster, sizing.fit
    is_seen = cluster is not None and not cluster.is_declared
    if cluster is not None and found is not None and is_seen and not sizing.is_too_large:
        labels = itertools.chain(["nodes"], itertools.repeat(""))
        yield from map(_line, labels, fit_lines(cluster, found))
        return
    free = node.allocatable.minus(node.used)
    shown = f"{free.cores:g} cores and {free.memory_gib:.4g} GiB"
    takes = sizing.fleet
    if takes is None:
        where = cluster.where if cluster is not None else ""
        yield _line("nodes", f"{node.name}{where} has {shown} for pods: it takes no replica")
        if sizing.lacks_gpus:
            yield _line("", _gpu_advice(sizing, node.allocatable.gpus))
            return
        most = free.minus(sizing.added)
        if min(most.cpu_millicores, most.memory_bytes) > 0:
            left = f"{most.cores:g} cores and {int(most.memory_gib * 10) / 10:g} GB"
            yield _line("", f"ask for at most {left} in each, or take a larger size of nodes")
        return
    yield _line("nodes", f"{node.name} has {shown} for pods: it takes {takes.per_node}")
    updated = f", {takes.nodes_for_update} while an update starts one more"
    more = updated if takes.nodes_for_update != takes.nodes else ""
    yield _line("", f"{count} / {takes.per_node}, so {takes.nodes}{more}")
    if cluster is not None and found is not None:
        enough = "enough" if found.is_placed else "too few"
        surge = ", but an update finds no node for one more" if found.lacks_surge else ""
        rest = surge if found.is_placed else ""
        verb = cluster.verb("takes", "take")
        yield _line("", f"{cluster.shown} {verb} {found.rooms.in_the_end}: {enough}{rest}")


def _gpu_advice(sizing: Sizing, has: int) -> str:
    known = sizing.sizes_with_gpus()
    such = f", such as {', '.join(known)}" if known else ""
    if not has:
        return f"it has no GPU: take a size with GPUs{such}"
    return f"it has {has} GPU{'s' if has > 1 else ''}: take a size with {sizing.gpus} or more{such}"


def _line(label: str, text: str) -> str:
    return f"{label:{_LABEL}}{text}".rstrip()


def _written(configuration: dict[str, Any]) -> list[str]:
    """A configuration with a key a line."""
    lines = [f'"{key}": {json.dumps(value)}' for key, value in configuration.items()]
    return ["{", *(f"  {line}," for line in lines[:-1]), f"  {lines[-1]}", "}"]


# -- JSON -----------------------------------------------------------------------------------------


def as_json(sizing: Sizing) -> dict[str, Any]:
    """The same as plain data."""
    load = sizing.load
    return {
        "version": VERSION,
        "load": {
            "requests_per_second": load.requests_per_second,
            "seconds_per_request": load.seconds_per_request,
            "concurrent_requests": load.concurrent_requests,
            "target_utilization": load.target_utilization,
            "source": sizing.load_source,
        },
        "busy_replicas": _rounded(load.busy),
        "needed": _carried(load, load.replicas),
        "configured": _configured_json(load, sizing.configured),
        "pod": _pod_json(sizing),
        "nodes": _nodes_json(sizing),
        "cluster": _cluster_json(sizing),
        "cluster_unknown": sizing.unread or None,
        "configuration": sizing.configuration,
    }


def _rounded(number: float) -> float:
    """A number that was reckoned, to as many digits as the text has: 0.699301, 2.1."""
    return float(f"{number:.6g}")


def _carried(load: Load, replicas: int) -> dict[str, Any]:
    return {
        "replicas": replicas,
        "utilization": _rounded(load.utilization(replicas)),
        "requests_per_second_at_target": _rounded(load.carried(replicas)),
        "requests_per_second_at_most": _rounded(load.carried(replicas, 1)),
    }


def _configured_json(load: Load, given: Replicas | None) -> dict[str, Any] | None:
    if given is None:
        return None
    numbers = {"least_replicas": given.least, "is_autoscaled": given.is_scaled}
    return {"path": given.path, **numbers, **_carried(load, given.most)}


def _pod_json(sizing: Sizing) -> dict[str, Any] | None:
    pod = sizing.pod
    if pod is None:
        return None
    total = pod.times(sizing.load.replicas)
    return {
        "cores": _rounded(pod.cores),
        "memory_gib": _rounded(pod.memory_gib),
        "gpus": pod.gpus,
        "cores_together": _rounded(total.cores),
        "memory_gib_together": _rounded(total.memory_gib),
    }


def _cluster_json(sizing: Sizing) -> dict[str, Any] | None:
    if sizing.cluster is None or sizing.fit is None:
        return None
    return fit_json(sizing.cluster, sizing.fit)


def _nodes_json(sizing: Sizing) -> dict[str, Any] | None:
    node, takes = sizing.node, sizing.fleet
    if node is None or sizing.pod is None:
        return None
    free = node.allocatable.minus(node.used)
    is_declared = sizing.cluster is not None and sizing.cluster.is_declared
    return {
        "size": node.name,
        "free_cores": _rounded(free.cores),
        "free_memory_gib": _rounded(free.memory_gib),
        "replicas_per_node": takes.per_node if takes else 0,
        "nodes": takes.nodes if takes else None,
        "nodes_for_update": takes.nodes_for_update if takes else None,
        "replicas_of_declared_cluster": sizing.room if is_declared else None,
    }
