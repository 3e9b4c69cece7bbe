"""A service of that name exists, and the deployment does not replace it.

## What it does
Reports `az ml model deploy -n NAME` without `--overwrite`, and `Model.deploy` without
`overwrite=True`, where the snapshot lists a service of that name; with it, where that service is of
another compute type. Scripts that ask which services there are, or delete or update one, are left
alone.

## Why it matters
The service of Azure answers 409, "Service NAME with the same name already exists". A pipeline that
deploys once works, and fails each time after. A service cannot become one of another type.

## Example
```bash deploy.sh {1}
az ml model deploy -n churn -m churn:3 --ic inferenceconfig.json --dc deploymentconfig.json
```
```json deploymentconfig.json
{
  "computeType": "aci",
  "containerResourceRequirements": {"cpu": 1, "memoryInGB": 2}
}
```
```json inferenceconfig.json
{
  "entryScript": "score.py",
  "environment": {
    "name": "serving",
    "docker": {"baseImage": "example.azurecr.io/serving:20261101"},
    "python": {"userManagedDependencies": true}
  }
}
```
```python score.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```
```json snapshot.json
{"version": 1, "made_by": "amllint 1", "made_at": "2026-11-27T08:00:00Z", "made_from": "azure",
 "workspace": "prod", "facts": [
  {"fact": "services", "read_at": "2026-11-27T08:00:00Z", "source": "GET services",
   "value": [{"name": "churn", "state": "Healthy", "compute_type": "ACI"}]}]}
```

## Use instead
```bash deploy.sh
az ml model deploy -n churn -m churn:3 --ic inferenceconfig.json --dc deploymentconfig.json \
    --overwrite
```
```json deploymentconfig.json
{
  "computeType": "aci",
  "containerResourceRequirements": {"cpu": 1, "memoryInGB": 2}
}
```
```json inferenceconfig.json
{
  "entryScript": "score.py",
  "environment": {
    "name": "serving",
    "docker": {"baseImage": "example.azurecr.io/serving:20261101"},
    "python": {"userManagedDependencies": true}
  }
}
```
```python score.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```
```json snapshot.json
{"version": 1, "made_by": "amllint 1", "made_at": "2026-11-27T08:00:00Z", "made_from": "azure",
 "workspace": "prod", "facts": [
  {"fact": "services", "read_at": "2026-11-27T08:00:00Z", "source": "GET services",
   "value": [{"name": "churn", "state": "Healthy", "compute_type": "ACI"}]}]}
```

## Sources
- azureml-core 1.61.0, `core/webservice/webservice.py`, `check_for_existing_webservice`: read.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.command_line import DeployCommand
from amllint.artifacts.deploy_code import DeployCall
from amllint.capacity.observed.told import unchecked
from amllint.findings.finding import Observation, Unchecked, finding
from amllint.rules.registry import rule
from amllint.rules.workspace.registered import called
from amllint.rules.workspace.services import BUSY, NewService, existing, looks_first, new_service
from amllint.snapshot import facts
from amllint.snapshot.asset_rows import Service
from amllint.snapshot.document import Snapshot
from amllint.snapshot.facts import Read
from amllint.units import DeploymentUnit


@rule("AML701", "name-in-use", severity="error", stage="submit")
def name_in_use(
    config: DeployCall | DeployCommand, unit: DeploymentUnit, snapshot: Snapshot
) -> Iterator[Observation | Unchecked]:
    """Report a service that exists and is not replaced, or cannot be."""
    new = new_service(config, unit.code)
    if new is None:
        return
    fact = snapshot.fact(facts.SERVICES)
    if not isinstance(fact, Read):
        yield unchecked(fact, facts.SERVICES, new.location)
        return
    looks = looks_first(config, unit.code)
    for service in existing(new.name, fact.value):
        said = _said(new, service, called(snapshot), isinstance(config, DeployCommand), looks)
        if said is not None:
            yield finding(new.location, said[0], help=said[1], key="name")


def _said(
    new: NewService, service: Service, workspace: str, is_command: bool, looks: bool
) -> tuple[str, str] | None:
    if (service.state or "").lower() in BUSY:
        return None  # what goes on there is told of
    kind = service.compute_type or "a type that is not known"
    there = f"`{new.name}` is a service in {workspace} already ({kind})"
    if new.overwrites is False and not looks:
        option = "--overwrite" if is_command else "overwrite=True"
        return f"{there}, and this does not replace it: it is refused", f"add `{option}`"
    other = (service.compute_type or "").lower()
    if new.overwrites and new.kind and other in ("aci", "aks") and other != new.kind:
        message = f"{there}: it cannot become one of {new.kind.upper()}"
        return message, "delete it first, or choose another name"
    return None
