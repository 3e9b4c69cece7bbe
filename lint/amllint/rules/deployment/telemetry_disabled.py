"""Nothing is recorded of what the service does, or of what it is asked.

## What it does
Reports, for AKS and AksEndpoint, a deployment that is declared as production (`purpose`) and
has Application Insights off or not given; and data collection that is switched on although
the linked script never uses a `ModelDataCollector`, or the linked environment does not list
`azureml-monitoring`. Advice.

## Why it matters
azureml-core accepts this silently. Without Application Insights no request, answer time or
failure is kept: the container's log is all there is, and it goes with the container. Data
collection on its own prepares the storage and records nothing; what is recorded is what the
script hands to a collector, which comes with `azureml-monitoring`.

## Example
```json deploymentconfig.json {3} persona=pedantic
{
  "computeType": "aks",
  "appInsightsEnabled": false,
  "containerResourceRequirements": {"cpu": 1, "memoryInGB": 2},
  "numReplicas": 2,
  "scoringTimeoutMs": 60000,
  "livenessProbeRequirements": {"initialDelaySeconds": 310, "failureThreshold": 3}
}
```
```toml amllint.toml
[[deployment]]
name = "scoring"
deployment-config = "deploymentconfig.json"
purpose = "production"
```

## Use instead
```json deploymentconfig.json
{
  "computeType": "aks",
  "appInsightsEnabled": true,
  "containerResourceRequirements": {"cpu": 1, "memoryInGB": 2},
  "numReplicas": 2,
  "scoringTimeoutMs": 60000,
  "livenessProbeRequirements": {"initialDelaySeconds": 310, "failureThreshold": 3}
}
```
```toml amllint.toml
[[deployment]]
name = "scoring"
deployment-config = "deploymentconfig.json"
purpose = "production"
```

## Sources
- azureml-core 1.61.0, `webservice/aks.py`: executed; `appInsightsEnabled` is sent as null
  where it is not given, and off by default as its documentation has it.
- Azure ML, "Collect data from models in production" (v1): AKS only, off by default, with
  `azureml-monitoring` in the image and a `ModelDataCollector` in the script.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amllint.analysis.facts import ScriptFacts
from amllint.artifacts.deployment_config import AksDeployment, AksEndpointDeployment, AksLike
from amllint.artifacts.environment import Environment
from amllint.artifacts.fields import Absent, Known, Unknown, value_of
from amllint.artifacts.requirements import distribution_names
from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Observation, Related, finding
from amllint.rules.registry import rule
from amllint.source.python import syntax as s
from amllint.units import DeploymentUnit

_PACKAGE: Final = "azureml-monitoring"
_MODULE: Final = "azureml.monitoring"
_WITHOUT_IT: Final = frozenset(
    {"azureml-defaults", "azureml-core", "azureml-sdk", "azureml-dataset-runtime"}
    | {"azureml-inference-server-http", "azureml-mlflow", "azureml-telemetry"}
)
"""Packages of Azure ML that are known not to bring it."""


@rule("AML416", "telemetry-disabled", severity="info", stage="operate")
def telemetry_disabled(
    config: AksDeployment | AksEndpointDeployment, unit: DeploymentUnit
) -> Iterator[Observation]:
    """Report a service in production that is not watched, and data that nobody collects."""
    yield from _unwatched(config, unit)
    yield from _uncollected(config, unit)


def _unwatched(config: AksLike, unit: DeploymentUnit) -> Iterator[Observation]:
    intent, insights = unit.intent, config.argument("enable_app_insights")
    if intent is None or intent.value != "production":  # which is never guessed
        return
    of_endpoint = config.call == "AksEndpoint.create_version"  # which takes no such argument
    if of_endpoint or isinstance(insights, Unknown) or value_of(insights):
        return
    name = config.name_of("enable_app_insights")
    how = "is not given, and off by default" if isinstance(insights, Absent) else "is off"
    yield finding(
        insights.location,
        f"`{name}` {how}: nothing is kept of calls and failures in production; azureml-core "
        "accepts this silently",
        help=f"set `{name}` to {config.spelled(True)}",
        key="app insights",
    )


def _uncollected(config: AksLike, unit: DeploymentUnit) -> Iterator[Observation]:
    collects = config.argument("collect_model_data")
    if not isinstance(collects, Known) or not collects.value:
        return
    name, script, environment = config.name_of("collect_model_data"), unit.script, unit.environment
    if script is not None and not _uses_collector(script):
        yield finding(
            collects.location,
            f"`{name}` is on, and the script has no `ModelDataCollector`: nothing is collected; "
            "azureml-core accepts this silently",
            help=f"collect with `{_MODULE}.ModelDataCollector`, or leave it off",
            related=(Related(script.head, "the script"),),
            key="collector",
        )
    elif environment is not None and _lacks_package(environment, unit):
        yield finding(
            collects.location,
            f"`{name}` is on, and the environment does not list `{_PACKAGE}`, which collects the "
            "data; azureml-core accepts this silently",
            help=f"add `{_PACKAGE}` to the pip requirements, or leave it off",
            related=(Related(environment.place),),
            key="package",
        )


def _uses_collector(script: ScoringScript) -> bool:
    """Whether it imports the collector, or may: other cells or files that are not known."""
    modules = (script.itself, *script.modules.values())
    return not script.whole or any(_imports(module.facts) for module in modules)


def _imports(facts: ScriptFacts) -> bool:
    """Whether a module imports the collector, under whatever name."""
    for node in facts.of_kind(s.Import):
        whole = (node.module or "",) if node.module else tuple(a.name for a in node.names)
        inner = node.module == "azureml" and any(a.name == "monitoring" for a in node.names)
        if inner or any(name == _MODULE or name.startswith(f"{_MODULE}.") for name in whole):
            return True
    return False


def _lacks_package(environment: Environment, unit: DeploymentUnit) -> bool:
    """Whether everything that the environment lists is known, and the package is not in it."""
    inference = unit.inference_config
    if inference is not None:
        own = inference.section.field("environment", "python", "userManagedDependencies")
        if isinstance(own, Unknown) or value_of(own):
            return False
    names = distribution_names(environment) if environment.complete else None
    if names is None or _PACKAGE in names:
        return False
    return not any(n.startswith("azureml-") and n not in _WITHOUT_IT for n in names)
