"""The deployment config names another cluster than the deployment is meant for.

## What it does
Reports a `computeTargetName` that differs from the `--compute-target` of the command line that
deploys with the file, or from the `compute-target` that the deployment is declared with in the
configuration of amllint.

## Why it matters
`computeTargetName` beats the target that is given on the command line (`--ct`) or in code,
and azureml-core does not say so: a configuration that was copied from another stage deploys
to that stage's cluster.

## Example
```json deploymentconfig.json {3}
{
  "computeType": "aks",
  "computeTargetName": "aks-test",
  "numReplicas": 2
}
```
```toml amllint.toml
[[deployment]]
deployment-config = "deploymentconfig.json"
compute-target = "aks-prod"
```

## Use instead
```json deploymentconfig.json
{
  "computeType": "aks",
  "numReplicas": 2
}
```
```toml amllint.toml
[[deployment]]
deployment-config = "deploymentconfig.json"
compute-target = "aks-prod"
```

## Sources
- azureml-core 1.61.0, `model.py`, `Model.deploy`: executed; the name in the configuration
  replaces the deployment target.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.command_line import CommandLine
from amllint.artifacts.deployment_config import AksDeployment
from amllint.artifacts.fields import Known
from amllint.findings.finding import Observation, Related, finding
from amllint.rules.registry import rule
from amllint.units import DeploymentUnit


@rule("AML419", "compute-target-overridden", severity="warning", stage="submit")
def compute_target_overridden(config: AksDeployment, unit: DeploymentUnit) -> Iterator[Observation]:
    """Report a target that is not the declared one."""
    named = config.argument("compute_target_name")
    if unit.command is not None:
        yield from _commanded(config, unit.command.line)
    declared = unit.declaration.compute_target if unit.declaration else None
    if unit.declaration is None or declared is None or not isinstance(named, Known):
        return
    if isinstance(named.value, str) and named.value and named.value != declared:
        yield finding(
            named.location,
            f"`{config.name_of('compute_target_name')}` is `{named.value}`, and the deployment "
            f"is declared for `{declared}`; the name in the configuration wins, and "
            "azureml-core accepts this silently",
            help=f"write `{declared}`, or remove it and name the target where you deploy",
            related=(Related(unit.declaration.location, "the declaration"),),
            key="declared",
        )


def _commanded(config: AksDeployment, line: CommandLine) -> Iterator[Observation]:
    """A target on the command line that comes to nothing."""
    named, given = config.argument("compute_target_name"), line.field("compute_target")
    if not isinstance(named, Known) or not isinstance(given, Known):
        return
    if isinstance(named.value, str) and named.value and named.value != given.value:
        yield finding(
            named.location,
            f"`{config.name_of('compute_target_name')}` is `{named.value}`, and the command line "
            f"deploys to `{given.value}`; the name in the configuration wins, and the CLI accepts "
            "this silently",
            help="remove it, so that the command line says where to deploy",
            related=(Related(given.location, "the command line"),),
            key="command",
        )
