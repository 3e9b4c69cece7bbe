"""The workspace has no such compute, or one that cannot be deployed to.

## What it does
Reports the target of a deployment to AKS that the snapshot of the workspace does not list among the
computes, that is of another type, or whose provisioning has failed. The target is what
`computeTargetName`, `az ml model deploy --compute-target` or the `compute-target` of amllint's own
configuration names. Of a v2 deployment to Kubernetes it is the compute of the endpoint, as the
workspace has it or its YAML says; so is an `instance_type` that is no InstanceType there.

## Why it matters
The deployment is refused: `ComputeTargetNotFound`, or that the target is no AKS cluster.

## Example
```json deploymentconfig.json {3}
{
  "computeType": "aks",
  "computeTargetName": "churn-ask",
  "numReplicas": 2
}
```
```json snapshot.json
{"version": 1, "made_by": "amllint 1", "made_at": "2026-11-27T08:00:00Z", "made_from": "azure",
 "workspace": "prod", "facts": [
  {"fact": "computes", "read_at": "2026-11-27T08:00:00Z", "source": "GET computes",
   "value": [{"name": "churn-aks", "kind": "AKS", "state": "Succeeded"}]}]}
```

## Use instead
```json deploymentconfig.json
{
  "computeType": "aks",
  "computeTargetName": "churn-aks",
  "numReplicas": 2
}
```
```json snapshot.json
{"version": 1, "made_by": "amllint 1", "made_at": "2026-11-27T08:00:00Z", "made_from": "azure",
 "workspace": "prod", "facts": [
  {"fact": "computes", "read_at": "2026-11-27T08:00:00Z", "source": "GET computes",
   "value": [{"name": "churn-aks", "kind": "AKS", "state": "Succeeded"}]}]}
```

## Sources
- azureml-core 1.61.0, `core/compute/compute.py`, `ComputeTarget(workspace, name)`: raises
  `ComputeTargetException`, "ComputeTargetNotFound", for a name that is not listed.
- azureml-core 1.61.0, `core/model.py`: a deployment to AKS takes an `AksCompute` as its target.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Final

from amllint.artifacts.deploy_code import DeployCode
from amllint.artifacts.deployment_config import AksDeployment
from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.capacity.observed.told import unchecked
from amllint.findings.finding import Observation, Unchecked, finding
from amllint.rules.registry import rule
from amllint.rules.workspace.kubernetes_computes import GONE, kubernetes_target
from amllint.rules.workspace.registered import called
from amllint.rules.workspace.targets import named_target
from amllint.snapshot import facts
from amllint.snapshot.document import Snapshot
from amllint.snapshot.facts import Read
from amllint.snapshot.place_rows import Compute
from amllint.source.names import same_name
from amllint.units import DeploymentUnit, Linker

_MAKING: Final = (".create", ".attach", ".provisioning_configuration", ".attach_configuration")


@rule("AML705", "compute-not-found", severity="error", stage="submit")
def compute_not_found(
    config: AksDeployment | DeploymentReference,
    unit: DeploymentUnit,
    links: Linker,
    snapshot: Snapshot,
) -> Iterator[Observation | Unchecked]:
    """Report a target that the workspace does not have."""
    if isinstance(config, DeploymentReference):
        yield from kubernetes_target(config, links, snapshot)
        return
    named = named_target(unit)
    if named is None:
        return
    name, place = named
    fact = snapshot.fact(facts.COMPUTES)
    if not isinstance(fact, Read):
        yield unchecked(fact, facts.COMPUTES, place)
        return
    if unit.code is not None and _is_made(unit.code) and not _is_there(name, fact.value):
        return
    said = _said(name, fact.value, called(snapshot))
    if said is not None:
        yield finding(place, said[0], help=said[1], key="compute")


def _is_made(code: DeployCode) -> bool:
    """Whether code makes or attaches a compute, as it often does where there is none."""
    return any(call.name.endswith(_MAKING) for call in code.calls)


def _is_there(name: str, known: tuple[Compute, ...]) -> bool:
    return any(same_name(compute.name, name) for compute in known)


def _said(name: str, known: tuple[Compute, ...], workspace: str) -> tuple[str, str] | None:
    folded = {compute.name.lower(): compute for compute in known}
    found = folded.get(name.lower())
    if found is None:
        close = difflib.get_close_matches(name.lower(), folded, 1, 0.75)
        hint = f"did you mean `{folded[close[0]].name}`?" if close else "attach the cluster first"
        return f"there is no compute `{name}` in {workspace}: the deployment is refused", hint
    if found.kind.lower() != "aks":
        return (
            f"`{name}` is a compute of type {found.kind}, and this deployment is one to AKS",
            "name a compute of type AKS",
        )
    if (found.state or "").lower() in GONE:
        return (
            f"`{name}` is in the state {found.state}: nothing can be deployed to it",
            "mend or attach it anew, or name another one",
        )
    return None
