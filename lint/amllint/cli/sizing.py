"""`amllint size`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import replace

from amllint import config
from amllint.artifacts.deployment_config import AksDeployment, AksEndpointDeployment
from amllint.capacity.declared import DeclaredCluster
from amllint.capacity.facts import Cluster, Missing
from amllint.capacity.overheads import AKS_SIDE_CONTAINERS
from amllint.capacity.replicas import (
    DEFAULT_CONCURRENT_REQUESTS,
    DEFAULT_TARGET_UTILIZATION,
)
from amllint.capacity.scheduling import Pod, placement
from amllint.capacity.sizing import Load, Replicas, Sizing
from amllint.capacity.vm_sizes import closest_size, find_size
from amllint.cli.size_checks import first_refused, unknown_size
from amllint.config import ConfigError, Settings
from amllint.engine.check import common_folder
from amllint.engine.loading import Loader
from amllint.engine.loads import with_facts
from amllint.findings.finding import Location
from amllint.output.style import printable
from amllint.rules.capacity.configured import number_of, replica_counts, request_of
from amllint.source.overlay import Overlay
from amllint.source.repository import Repository
from amllint.source.text import Span
from amllint.traffic import Traffic
from amllint.units import DeploymentUnit

TOLD, UNPLACED, USAGE, NOTHING = 0, 1, 2, 3


class UsageError(Exception):
    """The command line cannot be carried out as it is."""


def run(options: argparse.Namespace) -> int:
    """Print what a load takes; the exit code says whether there was one to go by."""
    overlay = Overlay()
    path = os.path.normpath(os.path.join(overlay.cwd, options.path or "."))
    if not os.path.exists(path):
        _say(f"there is no {options.path}")
        return NOTHING
    try:
        settings = _settings(options, path, overlay)
        unit = _unit(options, path, settings, overlay)
        _check(options, settings, unit, overlay)
        sizing = _sizing(options, settings, unit)
        if options.plot:
            _draw(sizing, options.plot)
    except (UsageError, ConfigError) as error:
        _say(str(error))
        return USAGE
    _print(options, sizing)
    return TOLD if sizing.is_placed else UNPLACED


def _settings(options: argparse.Namespace, path: str, overlay: Overlay) -> Settings:
    if options.isolated and options.config:
        raise UsageError("--isolated and --config exclude each other")
    folder = path if os.path.isdir(path) else os.path.dirname(path)
    found = options.config or (None if options.isolated else config.find_config(folder))
    return config.load(os.path.join(overlay.cwd, found), overlay) if found else Settings()


# -- the deployment -----------------------------------------------------------------------------


def _unit(
    options: argparse.Namespace, path: str, settings: Settings, overlay: Overlay
) -> DeploymentUnit | None:
    """The one deployment to AKS that is meant; an option stands for one value of it alone.

    Where no path is given and a load is, several of them are none, and with `--isolated` none is
    looked for.
    """
    is_load_given = options.path is None and options.rps and options.request_seconds
    if is_load_given and options.isolated:
        return None
    repository = Repository.around(common_folder([path], overlay.cwd))
    loader = Loader(overlay, repository, settings, False, None, None)
    loader.request([path])
    linker = loader.load()
    units = with_facts(linker.units(settings.deployments), settings, linker)
    asked = [(_path_of(unit, loader, overlay), unit) for unit in reversed(units)]
    found = {shown: unit for shown, unit in asked if shown is not None}
    if len(found) > 1:
        if is_load_given:
            return None
        names = ", ".join(sorted(found))
        raise UsageError(f"there are several deployments to AKS: name one of {names}")
    if not found and options.path:
        raise UsageError(f"there is no deployment configuration for AKS in {options.path}")
    if len({id(unit.deployment_config) for shown, unit in asked if shown is not None}) > 1:
        _say(f"{next(iter(found))} has several deployments to AKS: this is the first")
    return next(iter(found.values()), None)


def _path_of(unit: DeploymentUnit, loader: Loader, overlay: Overlay) -> str | None:
    """The display path of a unit's configuration for AKS, if that was asked for."""
    made = unit.deployment_config
    if not isinstance(made, (AksDeployment, AksEndpointDeployment)) or made.is_change:
        return None
    absolute = os.path.normpath(os.path.join(overlay.cwd, made.path))
    return made.path if absolute in loader.requested else None


def _check(
    options: argparse.Namespace, settings: Settings, unit: DeploymentUnit | None, overlay: Overlay
) -> None:
    """Refuse values that `check` refuses, and tell of a size of nodes that nobody knows."""
    made = unit.deployment_config if unit is not None else None
    if unit is not None and isinstance(made, (AksDeployment, AksEndpointDeployment)):
        refused = first_refused(made, unit.code, overlay)
        if refused is not None:
            raise UsageError(refused)
    cluster = _declared(options, settings, unit)
    if cluster is not None and options.node_size is None:
        unknown = unknown_size(cluster, overlay)
        if unknown is not None:
            _say(unknown)


# -- the numbers --------------------------------------------------------------------------------


def _sizing(options: argparse.Namespace, settings: Settings, unit: DeploymentUnit | None) -> Sizing:
    made = unit.deployment_config if unit is not None else None
    aks = made if isinstance(made, (AksDeployment, AksEndpointDeployment)) else None
    traffic = unit.traffic if unit is not None else settings.target.traffic
    load, source = _load(options, traffic, aks)
    request = request_of(aks) if aks is not None else None
    cores = options.cpu or (request.cores if request else None)
    memory = options.memory_gb or (request.memory_gb if request else None)
    gpus = options.gpus or (request.gpus if request else 0)
    declared = _declared(options, settings, unit)
    added = declared.side_containers if declared is not None else AKS_SIDE_CONTAINERS
    node = declared.node() if declared is not None else None
    cluster = declared.fact() if declared is not None and node is not None else Missing()
    sizing = Sizing(load, source, _replicas(aks), cores, memory, gpus, added, node)
    return _with_room(sizing, cluster)


def _with_room(sizing: Sizing, cluster: Cluster | Missing) -> Sizing:
    if isinstance(cluster, Missing):
        return sizing
    pod = sizing.pod
    room = placement(Pod(pod), cluster.all_nodes, 1).room if pod is not None else None
    return replace(sizing, cluster=cluster.shown, room=room)


def _load(
    options: argparse.Namespace,
    traffic: Traffic | None,
    aks: AksDeployment | AksEndpointDeployment | None,
) -> tuple[Load, str]:
    rate = options.rps or (traffic.requests_per_second if traffic else None)
    seconds = options.request_seconds or (traffic.seconds_per_request if traffic else None)
    for value, option, key in (
        (rate, "--rps", "requests-per-second"),
        (seconds, "--request-seconds", "seconds-per-request"),
    ):
        if value is None:
            raise UsageError(f"give {option}, or declare `{key}` under `target.traffic`")
    assert rate is not None
    assert seconds is not None
    at_once, target = DEFAULT_CONCURRENT_REQUESTS, DEFAULT_TARGET_UTILIZATION
    if aks is not None:
        at_once = int(max(number_of(aks, "replica_max_concurrent_requests", at_once), 1))
        counts = replica_counts(aks)
        target = counts.utilization if counts is not None else target
    given = options.concurrency or at_once, options.utilization or target
    return Load(rate, seconds, *given), ", ".join(_sources(options, traffic))


def _sources(options: argparse.Namespace, traffic: Traffic | None) -> Iterator[str]:
    """Where the rate and the seconds are from, each source once."""
    told = {
        "given" if options.rps or traffic is None else "declared": None,
        "given"
        if options.request_seconds or traffic is None
        else traffic.source_of("seconds_per_request"): None,
    }
    yield from told


def _replicas(aks: AksDeployment | AksEndpointDeployment | None) -> Replicas | None:
    counts = replica_counts(aks) if aks is not None else None
    if aks is None or counts is None:
        return None
    scaled = aks.given("autoscale_enabled") is True
    return Replicas(aks.path, int(counts.least), int(counts.most), scaled)


def _declared(
    options: argparse.Namespace, settings: Settings, unit: DeploymentUnit | None
) -> DeclaredCluster | None:
    if options.node_size is not None:
        if find_size(options.node_size) is None:
            close = closest_size(options.node_size)
            hint = f"; did you mean {close}?" if close else ""
            raise UsageError(f"{options.node_size} is no VM size that is known{hint}")
        return DeclaredCluster(Location("--node-size", Span(0, 0)), options.node_size)
    own = unit.declaration.cluster if unit is not None and unit.declaration is not None else None
    return own or settings.target.cluster


# -- printing -----------------------------------------------------------------------------------


def _print(options: argparse.Namespace, sizing: Sizing) -> None:
    from amllint.output.sizing import as_json, text_lines

    if options.output_format == "json":
        print(json.dumps(as_json(sizing), indent=2))
        return
    for line in text_lines(sizing):
        print(printable(line))


def _draw(sizing: Sizing, file: str) -> None:
    if not file.lower().endswith((".svg", ".png")):
        raise UsageError(f"--plot writes .svg and .png, not {file}")
    try:
        from amllint.output.size_plot import draw
    except ImportError:
        raise UsageError("--plot needs matplotlib: pip install 'amllint[plot]'") from None
    try:
        draw(sizing, file)
    except OSError as error:
        raise UsageError(f"cannot write {file}: {error.strerror}") from None


def _say(text: str) -> None:
    print(f"amllint: {printable(text)}", file=sys.stderr)
