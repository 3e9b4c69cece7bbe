"""The project deploys with SDK v1, whose support has ended.

## What it does
Reports, once in a project, the first script or notebook that deploys with azureml-core.

## Why it matters
Support of SDK v1 ended on 30 June 2026. What runs goes on running, but nothing is mended any
more, and new base images and Python versions do not come to it. Services on ACI and AKS
become online endpoints in v2; values change their defaults on the way, such as the scoring
timeout, from 60 to 5 seconds.

## Example
```python deploy.py {1} persona=pedantic
from azureml.core import Workspace
from azureml.core.webservice import AksWebservice

service = AksWebservice(Workspace.from_config(), "diabetes")
```

## Use instead
```python deploy.py
from azure.ai.ml import MLClient
from azure.identity import DefaultAzureCredential

client = MLClient.from_config(DefaultAzureCredential())
endpoint = client.online_endpoints.get("diabetes")
```
```python score.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```

## Sources
- Azure ML, "Upgrade to v2" and the notes on the deprecation of SDK v1: deprecated on 31 March
  2025, support ended on 30 June 2026.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.deploy_code import DeployCode
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule
from amllint.source.python import syntax as s
from amllint.units import Linker


@rule("AML422", "retired-api", severity="info", stage="submit")
def retired_api(code: DeployCode, links: Linker) -> Iterator[Observation]:
    """Report the first of the project's files that deploy."""
    others = [c for c in links.codes.values() if c.path != code.path]
    if any(other.path < code.path for other in others):
        return
    imports = (n for n in code.facts.of_kind(s.Import) if _is_azureml(n))
    place = min((n.span for n in imports), default=code.calls[0].call.function.span)
    more = f", as {len(others)} more files do" if others else ""
    yield finding(
        code.at(place),
        f"this deploys with SDK v1{more}, whose support ended on 30 June 2026",
        help="move to online endpoints with azure-ai-ml: "
        "https://learn.microsoft.com/azure/machine-learning/how-to-migrate-from-v1",
        key="azureml-core",
    )


def _is_azureml(node: s.Import) -> bool:
    names = [node.module or "", *(a.name for a in node.names if node.module is None)]
    return any(name.partition(".")[0] == "azureml" for name in names)
