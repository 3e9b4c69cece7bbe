"""`amllint size`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from amllint import config
from amllint.artifacts.deployment_config import AksDeployment, AksEndpointDeployment
from amllint.capacity.replicas import (
    DEFAULT_CONCURRENT_REQUESTS,
    DEFAULT_TARGET_UTILIZATION,
)
from amllint.capacity.sizing import Load, Replicas, Sizing
from amllint.cli.size_checks import first_refused, unknown_size
from amllint.cli.size_cluster import Carrier, carrier
from amllint.cli.work import snapshot_named
from amllint.config import ConfigError, Settings
from amllint.engine.check import common_folder
from amllint.engine.loading import Loader
from amllint.engine.loads import with_facts
from amllint.output.style import printable
from amllint.rules.capacity.configured import number_of, replica_counts, request_of
from amllint.source.overlay import Overlay
from amllint.source.problem import Refused
from amllint.source.repository import Repository
from amllint.traffic import Traffic
from amllint.units import DeploymentUnit

if TYPE_CHECKING:
    from amllint.snapshot.document import Snapshot

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
        snapshot = snapshot_named(options, overlay)
        unit = _unit(options, path, settings, overlay, snapshot)
        _check(unit, overlay)
        carried = carrier(options, settings, unit, snapshot)
        _tell_unknown(carried, overlay)
        sizing = _sizing(options, settings, unit, carried)
        if options.plot:
            _draw(sizing, options.plot)
    except (UsageError, ConfigError, Refused) as error:
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
    options: argparse.Namespace,
    path: str,
    settings: Settings,
    overlay: Overlay,
    snapshot: Snapshot | None,
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
    loader.linker.snapshot = snapshot
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


def _check(unit: DeploymentUnit | None, overlay: Overlay) -> None:
    """Refuse values that `check` refuses."""
    made = unit.deployment_config if unit is not None else None
    if unit is not None and isinstance(made, (AksDeployment, AksEndpointDeployment)):
        refused = first_refused(made, unit.code, overlay)
        if refused is not None:
            raise UsageError(refused)


def _tell_unknown(carried: Carrier, overlay: Overlay) -> None:
    """Tell of a size of nodes that is declared and that nobody knows."""
    unknown = unknown_size(carried.declared, overlay) if carried.declared is not None else None
    if unknown is not None:
        _say(unknown)


# -- the numbers --------------------------------------------------------------------------------


def _sizing(
    options: argparse.Namespace,
    settings: Settings,
    unit: DeploymentUnit | None,
    carried: Carrier,
) -> Sizing:
    made = unit.deployment_config if unit is not None else None
    aks = made if isinstance(made, (AksDeployment, AksEndpointDeployment)) else None
    traffic = unit.traffic if unit is not None else settings.target.traffic
    load, source = _load(options, traffic, aks)
    request = request_of(aks) if aks is not None else None
    cores = options.cpu or (request.cores if request else None)
    memory = options.memory_gb or (request.memory_gb if request else None)
    gpus = options.gpus or (request.gpus if request else 0)
    node, added, cluster, unread, _ = carried
    amounts = cores, memory, gpus, added
    return Sizing(load, source, _replicas(aks), *amounts, node, cluster, unread)


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
