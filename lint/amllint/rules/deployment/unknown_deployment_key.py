"""The deployment config has a key that nothing reads.

## What it does
Reports keys that azureml-core does not look up for the file's `computeType`: misspellings,
wrong case, and keys of another compute type (`sslEnabled` on AKS, `numReplicas` on ACI).

## Why it matters
The key is dropped without a word and the deployment succeeds with the default: no TLS, no
Application Insights, half a gigabyte of memory. Twelve of seventeen AKS files found in
public repositories set `sslEnabled`, which AKS services do not have.

## Example
```json deploymentconfig.json {3}
{
  "computeType": "aks",
  "enableAppInsights": true,
  "numReplicas": 2
}
```

## Use instead
```json deploymentconfig.json
{
  "computeType": "aks",
  "appInsightsEnabled": true,
  "numReplicas": 2
}
```

## Fix safety
Unsafe: the fix renames a key to the one that it most resembles, and only where that one is
not there yet. The setting then takes effect, which it never did before.

## Sources
- azureml-core 1.61.0, the file reader in `_util.py`: executed; unknown keys pass in silence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from amllint.artifacts.action_config import ACI_KEYS, AKS_KEYS, TARGET, ActionConfig
from amllint.artifacts.deployment_config import (
    AciDeployment,
    AksDeployment,
    AksEndpointDeployment,
    DeploymentConfig,
    LocalDeployment,
)
from amllint.artifacts.fields import Known, Section, value_of
from amllint.findings.finding import Observation, finding
from amllint.findings.fingerprints import path_key
from amllint.rules.deployment.unread_gpu import UNREAD_GPU
from amllint.rules.registry import rule
from amllint.rules.schema_findings import rename_key
from amllint.schemas import UNKNOWN_KEY, Violation, load_schema, violations
from amllint.source.nodes import Path

_TITLES: Final = {"aks": "AKS", "aksendpoint": "AksEndpoint", "aci": "ACI", "local": "local"}
_MEANT: Final = {
    "enableappinsights": "appInsightsEnabled",
    "appinsights": "appInsightsEnabled",
    "computetarget": "computeTargetName",
}
_ELSEWHERE: Final = {
    **{(t, "cpuCores"): "write it as `cpu` in `containerResourceRequirements`" for t in _TITLES},
    **{(t, "cpu"): "it belongs in `containerResourceRequirements`" for t in _TITLES},
    **{(t, "memoryInGB"): "it belongs in `containerResourceRequirements`" for t in _TITLES},
    ("aks", "sslEnabled"): "on AKS, TLS is set on the cluster (`enable_ssl`), not on the service",
    ("aksendpoint", "computeTargetName"): "name the cluster in the call that deploys",
}


@rule("AML402", "unknown-deployment-key", severity="warning", stage="operate", fix="unsafe")
def unknown_deployment_key(
    config: ActionConfig | AksDeployment | AksEndpointDeployment | AciDeployment | LocalDeployment,
) -> Iterator[Observation]:
    """Report each key that is read by nobody."""
    if isinstance(config, ActionConfig):
        yield from _of_action(config)
        return
    for violation in violations(config.section, "deploymentconfig", config.compute_type):
        if violation.rule != UNKNOWN_KEY or str(violation.path[-1]).startswith("$"):
            continue
        if not _told_elsewhere(config, violation.path):
            yield _report(config.section, config.compute_type, violation)


def _of_action(config: ActionConfig) -> Iterator[Observation]:
    """Keys that the GitHub action does not read, at all or for what it deploys to."""
    for violation in violations(config.section, "aml-deploy"):
        key = str(violation.path[-1]) if violation.path else ""
        if violation.rule == UNKNOWN_KEY and not key.startswith("$"):
            place = config.section.locate(violation.path, key=True)
            message = f"`{key}` is not read by the action and has no effect"
            yield finding(place, message, help=violation.help, key=path_key(violation.path))
    others, target = (ACI_KEYS, "AKS") if config.is_for_aks else (AKS_KEYS, "ACI")
    for key in sorted(others):
        given = config.section.field(key)
        if isinstance(given, Known) and given.value:
            why = "a cluster is named" if config.is_for_aks else f"`{TARGET}` is not given"
            yield finding(
                given.key,
                f"`{key}` is not read for {target}, where the action deploys to: {why}",
                help="remove it" if config.is_for_aks else f"add `{TARGET}`, or remove it",
                key=f"{key} for {target}",
            )


def _told_elsewhere(config: DeploymentConfig, path: Path) -> bool:
    """Whether a more specific rule speaks of the key: GPUs, and tokens on ACI."""
    if isinstance(config, LocalDeployment):
        return False
    told = path in UNREAD_GPU or (path == ("tokenAuthEnabled",) and config.compute_type == "aci")
    return told and config.unread(*map(str, path)) is not None


def _report(section: Section, compute_type: str, violation: Violation) -> Observation:
    key = str(violation.path[-1])
    meant = _MEANT.get(key.lower().replace("_", ""))
    if meant and _known_to(compute_type, (*violation.path[:-1], meant)):
        violation = replace(violation, help=f"did you mean `{meant}`?")
    others = [
        _TITLES[other]
        for other in _TITLES
        if other != compute_type and _known_to(other, violation.path)
    ]
    value = value_of(section.field(*map(str, violation.path)))
    message = f"`{key}` is not read for {_TITLES[compute_type]} and has no effect"
    silent = "; azureml-core accepts this silently"
    help = _ELSEWHERE.get((compute_type, key)) or violation.help
    if others:
        message += f": it is a key of {' and '.join(others)}"
        help = _ELSEWHERE.get((compute_type, key)) or "remove it"
        if value is False:
            help = "remove it: it asks for nothing"
    location = section.locate(violation.path, key=True)
    quiet = value is None or (others and value is False)
    return finding(
        location,
        message + silent,
        help=help,
        severity="info" if quiet else None,
        fix=None if others else rename_key(section, violation, location),
        key=path_key(violation.path),
    )


def _known_to(compute_type: str, path: tuple[str | int, ...]) -> bool:
    """Whether another compute type has the key at the same place."""
    definitions = load_schema("deploymentconfig")["$defs"]
    here = definitions[compute_type]
    for step in path:
        reference = here.get("$ref", "").rpartition("/")[2]
        here = definitions[reference] if reference else here
        if step not in here.get("properties", {}):
            return False
        here = here["properties"][step]
    return True
