"""The workspace has no such environment, or no such version of it.

## What it does
Reports an environment that is named by `environment: azureml:NAME:VERSION` (or `@latest`) of an
online or batch deployment, and that the snapshot of the workspace does not list. The latest version
is shown. Names that begin with `AzureML-` are those of curated environments, of which workspaces
list some alone: nothing is said of them, and nothing of one that a file of the repository defines,
which is registered from there. Where the snapshot's lists contradict each other, as where the
latest version is not among the versions, it is unchecked.

## Why it matters
The deployment is refused when it is submitted. In a release pipeline that is often an
environment of another stage's workspace, or a version that was never registered there. Where a
pipeline, a script or a notebook registers environments and then deploys this file or names this
environment, it is listed as unchecked; where another one registers it, make the snapshot after
that.

## Example
```yaml deployment.yml {6}
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: churn
instance_type: Standard_DS3_v2
model: azureml:churn:3
environment: azureml:servin@latest
```
```json snapshot.json
{"version": 1, "made_by": "amllint 1", "made_at": "2026-11-27T08:00:00Z", "made_from": "azure",
 "workspace": "prod", "facts": [
  {"fact": "environments", "read_at": "2026-11-27T08:00:00Z", "source": "GET environments",
   "value": [{"name": "serving", "latest_version": "1"}]},
  {"fact": "environment_versions", "of": "serving", "source": "GET environments",
   "read_at": "2026-11-27T08:00:00Z", "value": [{"name": "serving", "version": "1"}]}]}
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
  {"fact": "environments", "read_at": "2026-11-27T08:00:00Z", "source": "GET environments",
   "value": [{"name": "serving", "latest_version": "1"}]},
  {"fact": "environment_versions", "of": "serving", "source": "GET environments",
   "read_at": "2026-11-27T08:00:00Z", "value": [{"name": "serving", "version": "1"}]}]}
```

## Sources
- azure-ai-ml 1.35.2, executed against a server: a deployment is submitted with the id of the
  environment.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.environment_definition import is_curated
from amllint.capacity.observed.told import unchecked
from amllint.findings.finding import Observation, Unchecked
from amllint.rules.registry import rule
from amllint.rules.workspace.registered import (
    absence,
    called,
    contradiction,
    only_folded,
    reference,
    told_absent,
)
from amllint.snapshot import facts
from amllint.snapshot.document import Snapshot
from amllint.snapshot.facts import Read
from amllint.units import Linker


@rule("AML704", "environment-not-registered", severity="error", stage="submit")
def environment_not_registered(
    config: DeploymentReference, links: Linker, snapshot: Snapshot
) -> Iterator[Observation | Unchecked]:
    """Report environments that the workspace does not have."""
    named = reference(config.environment_reference) if not config.is_job else None
    if named is None or config.named is not None or is_curated(named.name):
        return
    listed = snapshot.fact(facts.ENVIRONMENTS)
    if not isinstance(listed, Read):
        yield unchecked(listed, facts.ENVIRONMENTS, named.location)
        return
    fact = snapshot.fact(facts.ENVIRONMENT_VERSIONS, named.name)
    versions = [e.version for e in fact.value] if isinstance(fact, Read) else None
    names = [e.name for e in listed.value]
    absent = absence(named, "environment", names, versions, called(snapshot))
    doubt = None
    if absent is not None and versions is not None:
        kinds = facts.ENVIRONMENTS, facts.ENVIRONMENT_VERSIONS
        doubt = contradiction(named, kinds[0], listed.value, kinds[1], versions)
    if doubt is not None:
        yield doubt
    elif absent is not None:
        yield told_absent(named, "environment", absent, links, facts.ENVIRONMENTS)
    elif named.version is not None and not isinstance(fact, Read):
        yield unchecked(fact, facts.ENVIRONMENT_VERSIONS, named.location, named.name)
    else:
        yield from only_folded(named, names, facts.ENVIRONMENTS)
