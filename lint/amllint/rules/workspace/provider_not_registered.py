"""The subscription has not registered what a deployment needs.

## What it does
Reports a deployment to Azure Container Instances where the snapshot says that the subscription has
not registered the resource provider `Microsoft.ContainerInstance`.

## Why it matters
The deployment is refused with `MissingSubscriptionRegistration`.
Registering it takes minutes, and rights on the subscription that those who deploy often lack.

## Example
```json deploymentconfig.json {2}
{
  "computeType": "aci",
  "containerResourceRequirements": {"cpu": 1, "memoryInGB": 2}
}
```
```json snapshot.json
{"version": 1, "made_by": "amllint 1", "made_at": "2026-11-27T08:00:00Z", "made_from": "azure",
 "facts": [
  {"fact": "providers", "read_at": "2026-11-27T08:00:00Z", "source": "GET providers",
   "value": [{"namespace": "Microsoft.ContainerInstance", "state": "NotRegistered"}]}]}
```

## Use instead
```json deploymentconfig.json
{
  "computeType": "aci",
  "containerResourceRequirements": {"cpu": 1, "memoryInGB": 2}
}
```
```json snapshot.json
{"version": 1, "made_by": "amllint 1", "made_at": "2026-11-27T08:00:00Z", "made_from": "azure",
 "facts": [
  {"fact": "providers", "read_at": "2026-11-27T08:00:00Z", "source": "GET providers",
   "value": [{"namespace": "Microsoft.ContainerInstance", "state": "Registered"}]}]}
```

## Sources
- learn.microsoft.com, Resolve errors for resource provider registration:
  `MissingSubscriptionRegistration`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amllint.artifacts.deployment_config import AciDeployment
from amllint.capacity.observed.told import unchecked
from amllint.findings.finding import Location, Observation, Unchecked, finding
from amllint.rules.registry import rule
from amllint.snapshot import facts
from amllint.snapshot.document import Snapshot
from amllint.snapshot.facts import Read

_ACI: Final = "Microsoft.ContainerInstance"
_LACKING: Final = frozenset({"notregistered", "unregistered", "unregistering"})


@rule("AML710", "provider-not-registered", severity="error", stage="submit")
def provider_not_registered(
    config: AciDeployment, snapshot: Snapshot
) -> Iterator[Observation | Unchecked]:
    """Report a provider that the subscription has not registered."""
    place: Location = config.section.field("computeType").location
    fact = snapshot.fact(facts.PROVIDERS)
    if not isinstance(fact, Read):
        yield unchecked(fact, facts.PROVIDERS, place)
        return
    states = {p.namespace.lower(): p.state for p in fact.value}
    state = states.get(_ACI.lower())
    if state is not None and state.lower() in _LACKING:
        yield finding(
            place,
            f"the subscription has not registered `{_ACI}` ({state}): deployments to ACI are"
            " refused with MissingSubscriptionRegistration",
            help=f"let an owner run `az provider register --namespace {_ACI}`",
            key="provider",
        )
