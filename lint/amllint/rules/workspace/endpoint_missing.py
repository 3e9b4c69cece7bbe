"""A deployment names an endpoint that neither the workspace nor a file has.

## What it does
Reports an online or batch deployment whose `endpoint_name`, and an `az ml online-deployment create
-e NAME`, that the snapshot of the workspace does not list among the endpoints, and that no YAML of
the repository defines. Nothing is said where commands, code, templates or pipelines of the
repository make endpoints whose names cannot be told, or give the deployment's file another one.

An endpoint that is Failed may never have been made. Where it has deployments it was; where none is
known, and no file makes it anew, that is listed as unchecked.

## Why it matters
An endpoint has to be there before a deployment can be made in it: the request is answered with 404.
Often the endpoint was renamed in one file of two, or stands in the workspace of another stage.

## Example
```yaml deployment.yml {3}
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: chrun
instance_type: Standard_DS3_v2
model: azureml:churn:3
environment: azureml:serving:1
```
```json snapshot.json
{"version": 1, "made_by": "amllint 1", "made_at": "2026-11-27T08:00:00Z", "made_from": "azure",
 "workspace": "prod", "facts": [
  {"fact": "online_endpoints", "read_at": "2026-11-27T08:00:00Z", "source": "GET onlineEndpoints",
   "value": [{"name": "churn", "state": "Succeeded"}]}]}
```

## Use instead
```yaml deployment.yml
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: churn
instance_type: Standard_DS3_v2
model: azureml:churn:3
environment: azureml:serving:1
```
```json snapshot.json
{"version": 1, "made_by": "amllint 1", "made_at": "2026-11-27T08:00:00Z", "made_from": "azure",
 "workspace": "prod", "facts": [
  {"fact": "online_endpoints", "read_at": "2026-11-27T08:00:00Z", "source": "GET onlineEndpoints",
   "value": [{"name": "churn", "state": "Succeeded"}]}]}
```

## Sources
- azure-ai-ml 1.35.2, executed against a server: `online_endpoints.get` of one that is not there
  raises `ResourceNotFoundError` (404). A deployment is put below its endpoint's path.
- What the service has answered to a deployment below an endpoint whose creation failed, as users
  quote it: 400, InferencingClientCallFailed, "has not been created successfully". Whether one whose
  update failed is refused, no page of learn.microsoft.com says.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any

from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.fields import Field, Known, is_text
from amllint.artifacts.read_command import ReadCommand
from amllint.capacity.observed.told import unchecked
from amllint.findings.finding import Observation, Unchecked, finding
from amllint.rules.registry import rule
from amllint.rules.workspace.endpoints import (
    endpoint_given,
    endpoints_of,
    is_elsewhere,
    is_local,
    may_be_made,
)
from amllint.rules.workspace.registered import called
from amllint.rules.workspace.services import FAILED
from amllint.snapshot import facts
from amllint.snapshot.document import Snapshot
from amllint.snapshot.facts import Kind, Read
from amllint.source.names import same_name
from amllint.units import Linker


@rule("AML706", "endpoint-missing", severity="error", stage="submit")
def endpoint_missing(
    config: DeploymentReference | ReadCommand, links: Linker, snapshot: Snapshot
) -> Iterator[Observation | Unchecked]:
    """Report endpoints that nothing has."""
    if isinstance(config, ReadCommand):
        command = config.line.command.name
        if command.endswith("-deployment create") and not is_local(config.line):
            purpose = command.partition("-")[0]
            yield from _judged(endpoint_given(config.line), purpose, links, snapshot)
    elif config.family == "v2" and not config.is_job and not is_elsewhere(config, links):
        yield from _judged(config.endpoint_name, config.purpose, links, snapshot)


def _judged(
    named: Field[str], purpose: str, links: Linker, snapshot: Snapshot
) -> Iterator[Observation | Unchecked]:
    if not is_text(named) or may_be_made(named.value, links):
        return
    kind = endpoints_of(purpose)
    fact = snapshot.fact(kind)
    if not isinstance(fact, Read):
        yield unchecked(fact, kind, named.location)
        return
    names = {endpoint.name.lower(): endpoint.name for endpoint in fact.value}
    if named.value.lower() in names:
        states = (e.state for e in fact.value if same_name(e.name, named.value))
        yield from _failed(named, next(states), fact, kind, snapshot)
        return
    close = difflib.get_close_matches(named.value.lower(), names, 1, 0.75)
    hint = f"did you mean `{names[close[0]]}`?" if close else "create the endpoint first"
    yield finding(
        named.location,
        f"there is no {purpose} endpoint `{named.value}` in {called(snapshot)}, and no file defines"
        " it: the deployment is refused",
        help=hint,
        key="endpoint_name",
    )


def _failed(
    named: Known[str], state: str | None, fact: Read[Any], kind: Kind[Any], snapshot: Snapshot
) -> Iterator[Unchecked]:
    """That an endpoint may be there in name alone: its creation failed, if it has no deployment."""
    if (state or "").lower() not in FAILED:
        return
    below = snapshot.fact(facts.ONLINE_DEPLOYMENTS, named.value)
    if isinstance(below, Read) and below.value and kind is facts.ONLINE_ENDPOINTS:
        return
    shown = f"`{named.value}`, which is {state} ({fact.read_at}),"
    otherwise = "one that was not takes no deployment until it is deleted and made anew"
    reason = f"not known: whether {shown} was ever made: {otherwise}"
    yield Unchecked(named.location, kind.name, reason)
