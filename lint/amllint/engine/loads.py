"""Gives deployment units the load and the facts that hold for them.

The configuration declares them, and a snapshot of the workspace knows them. What is declared for
one deployment counts before the snapshot, which counts before what is declared for all of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from amllint.artifacts.deployment_config import AksDeployment, AksEndpointDeployment
from amllint.artifacts.endpoint_definition import EndpointFiles
from amllint.artifacts.fields import is_text
from amllint.capacity.facts import (
    MOOT,
    NO_FACTS,
    NOBODY,
    Cluster,
    Facts,
    GroupLimit,
    Missing,
    ModelSize,
    Quota,
)
from amllint.config import Declaration, Settings, Target
from amllint.findings.finding import Location
from amllint.source.folders import heaviest_kind
from amllint.units import DeploymentUnit, Linker

if TYPE_CHECKING:
    from amllint.engine.snapshot_facts import SnapshotFacts
    from amllint.snapshot.document import Snapshot


def with_facts(
    units: Iterable[DeploymentUnit], settings: Settings, linker: Linker
) -> list[DeploymentUnit]:
    """The units, each with its declaration's load and facts, or those of every deployment."""
    everywhere, observed = _facts(settings.target), None
    if linker.snapshot is not None:
        from amllint.engine.snapshot_facts import SnapshotFacts

        observed = SnapshotFacts(linker.snapshot, linker.endpoints)
    return [_told(unit, settings.target, everywhere, linker, observed) for unit in units]


def cluster_of_none(settings: Settings, snapshot: Snapshot) -> Cluster | Missing:
    """The cluster for a service that stands in no file: by the snapshot, else as declared."""
    from amllint.engine.snapshot_facts import SnapshotFacts

    seen = SnapshotFacts(snapshot, EndpointFiles()).cluster_of_none(settings.target.cluster)
    return _first(seen, _facts(settings.target).cluster)


def is_declared(settings: Settings) -> bool:
    """Whether the configuration says anything of where deployments run, or of their load."""
    own = (d for d in settings.deployments if d.traffic or d.cluster or d.quota or d.model_gib)
    return settings.target != Target() or any(own)


def _facts(target: Target) -> Facts:
    return Facts(
        target.cluster.fact() if target.cluster else NOBODY,
        _of_region(target.quota, target) or NOBODY,
        _of_region(target.aci, target) or NOBODY,
    )


_Regional = TypeVar("_Regional", Quota, GroupLimit)


def _of_region(fact: _Regional | None, target: Target) -> _Regional | None:
    """A fact that says of which region it is, where that is declared."""
    if fact is None or target.region is None:
        return fact
    return replace(fact, source=f"{fact.source}, {target.region}")


def _told(
    unit: DeploymentUnit,
    target: Target,
    everywhere: Facts,
    linker: Linker,
    observed: SnapshotFacts | None,
) -> DeploymentUnit:
    seen = everywhere if observed is None else _seen(unit, everywhere, target, observed)
    facts = _own(unit, _of_matter(unit, seen), target, linker)
    declared = unit.declaration.traffic if unit.declaration is not None else None
    traffic = declared or target.traffic
    if traffic is not None:
        script = linker.absolute(unit.script.path) if unit.script is not None else None
        traffic = traffic.of(script)
    if traffic is None and facts == NO_FACTS:
        return unit
    return replace(unit, traffic=traffic, facts=facts)


def _seen(
    unit: DeploymentUnit, everywhere: Facts, target: Target, observed: SnapshotFacts
) -> Facts:
    """The facts of the snapshot; where it lacks one, that of all deployments."""
    declared = unit.declaration.cluster if unit.declaration is not None else None
    return replace(
        everywhere,
        cluster=_first(observed.cluster(unit, declared or target.cluster), everywhere.cluster),
        quota=_first(observed.quota(unit), everywhere.quota),
        aci=_first(observed.aci(unit), everywhere.aci),
    )


_Fact = TypeVar("_Fact", Cluster, Quota, GroupLimit)


def _first(seen: _Fact | Missing, declared: _Fact | Missing) -> _Fact | Missing:
    if not isinstance(seen, Missing) or isinstance(declared, Missing):
        return seen
    return seen if seen.is_moot else declared


def _of_matter(unit: DeploymentUnit, facts: Facts) -> Facts:
    """The facts without those that what is deployed has nothing to do with."""
    config, reference = unit.deployment_config, unit.reference
    of_nodes = isinstance(config, (AksDeployment, AksEndpointDeployment))
    if reference is not None and not of_nodes and not reference.is_kubernetes:
        facts = replace(facts, cluster=MOOT)
    if reference is not None and not reference.is_managed:
        facts = replace(facts, quota=MOOT)
    return facts


def _own(unit: DeploymentUnit, facts: Facts, target: Target, linker: Linker) -> Facts:
    declared = unit.declaration
    if declared is not None:
        facts = replace(
            facts,
            cluster=_first(declared.cluster.fact(), facts.cluster)
            if declared.cluster
            else facts.cluster,
            quota=_of_region(declared.quota, target) or facts.quota,
        )
    model = _model(unit, declared, linker)
    return replace(facts, model=model) if model is not None else facts


def _model(unit: DeploymentUnit, declared: Declaration | None, linker: Linker) -> ModelSize | None:
    """The size of the models: as declared, or that of the files that are named."""
    if declared is not None and declared.model_gib is not None:
        size = round(declared.model_gib * (1 << 30))
        return ModelSize(declared.location, "declared", size)
    named: list[str] = []
    place: Location | None = None
    if declared is not None:
        folder = os.path.dirname(linker.absolute(declared.location.path))
        named = [os.path.normpath(os.path.join(folder, name)) for name in declared.models]
        place = declared.location
    elif unit.reference is not None and is_text(unit.reference.model_path):
        path = linker.resolve_beside(unit.reference.path, unit.reference.model_path.value).path
        named, place = ([path] if path else []), unit.reference.model_path.location
    sizes = [heaviest_kind(path) for path in named]
    total = sum(size for size in sizes if size)
    return ModelSize(place, "its files", total) if total and place is not None else None
