"""What keeps `amllint size` from an answer: values that `check` refuses, sizes nobody knows."""

from __future__ import annotations

from typing import Final

from amllint.artifacts.deploy_code import DeployCode
from amllint.artifacts.deployment_config import AksDeployment, AksEndpointDeployment
from amllint.capacity.declared import DeclaredCluster
from amllint.capacity.vm_sizes import closest_size, find_size
from amllint.engine.telling import in_code
from amllint.findings.finding import Location, Observation
from amllint.source.overlay import Overlay
from amllint.source.text import Span

_READ: Final = (
    "autoscale_enabled",
    "autoscale_min_replicas",
    "autoscale_max_replicas",
    "autoscale_target_utilization",
    "num_replicas",
    "replica_max_concurrent_requests",
    "cpu_cores",
    "memory_gb",
    "gpu_cores",
)
"""The settings that an answer rests on."""


def first_refused(
    config: AksDeployment | AksEndpointDeployment, code: DeployCode | None, overlay: Overlay
) -> str | None:
    """The first of the settings that `check` refuses, with its place and why.

    `code` is what makes the configuration, where that is no file.
    """
    from amllint.rules.deployment.autoscale_conflict import autoscale_conflict
    from amllint.rules.deployment.deployment_config_schema import deployment_config_schema
    from amllint.rules.deployment.target_utilization_range import target_utilization_range

    places = {config.argument(name).location.span.start for name in _READ if name in config.keys}
    for rule in (deployment_config_schema, autoscale_conflict, target_utilization_range):
        for said in rule.check(config):
            if isinstance(said, Observation) and said.location.span.start in places:
                told = in_code(said, {code.code.source.path: code} if code is not None else {})
                return f"{_shown(told.location, overlay)}: {told.message}"
    return None


def unknown_size(cluster: DeclaredCluster, overlay: Overlay) -> str | None:
    """That the size of a cluster's nodes is none that is known, with its place."""
    size = cluster.node_size
    if size is None or find_size(size) is not None:
        return None
    location = cluster.location
    start = overlay.text(location.path).text.find(size, location.span.start)
    place = location._replace(span=Span(start, start)) if start >= 0 else location
    close = closest_size(size)
    hint = f"; did you mean {close}?" if close else ""
    return (
        f"{_shown(place, overlay)}: `node-size` {size} is no VM size that is known, so its nodes"
        f" are not counted{hint}"
    )


def _shown(location: Location, overlay: Overlay) -> str:
    line, column = overlay.text(location.text_path).position(location.span.start)
    return f"{location.path}:{line}:{column}"
