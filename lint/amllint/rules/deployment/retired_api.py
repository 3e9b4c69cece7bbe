"""The project deploys with SDK v1 or CLI v1, whose support has ended.

## What it does
Reports, once in a project, the first script or notebook that deploys with azureml-core, or the
first that uses it for models and services if none deploys; where there is no such file, the
first command line `az ml model deploy`.

## Why it matters
Support of CLI v1 ended on 30 September 2025, that of SDK v1 on 30 June 2026. What runs goes on
running, but nothing is mended any more, and new base images and Python versions do not come to
it. Services on ACI and AKS become online endpoints in v2; values change their defaults on the
way, such as the scoring timeout, from 60 to 5 seconds.

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
- Azure ML, "Upgrade to v2" and the notes on the deprecation of SDK v1 and CLI v1: deprecated on
  31 March 2025, support ended on 30 June 2026; that of the `azure-cli-ml` extension on
  30 September 2025.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Final

from amllint.artifacts.command_line import DeployCommand
from amllint.artifacts.deploy_code import DeployCode
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule
from amllint.source.cells import split_path
from amllint.source.python import syntax as s
from amllint.units import Linker

_SDK_V1: Final = datetime.date(2026, 6, 30)
_CLI_V1: Final = datetime.date(2025, 9, 30)
_MOVE: Final = "https://learn.microsoft.com/azure/machine-learning/how-to-migrate-from-v1"


@rule("AML422", "retired-api", severity="info", stage="submit")
def retired_api(deploys: DeployCode | DeployCommand, links: Linker) -> Iterator[Observation]:
    """Report the first of the project's files that deploy."""
    if isinstance(deploys, DeployCode):
        yield from _code(deploys, links)
    elif not links.codes:
        yield from _command(deploys, links)


def _code(code: DeployCode, links: Linker) -> Iterator[Observation]:
    if code is not min(links.codes.values(), key=lambda c: (not _deploys(c), c.path)):
        return
    codes = {c.path for c in links.codes.values()}
    alike = {c.path for c in links.codes.values() if _deploys(c) == _deploys(code)}
    using = len(codes - alike)
    use = f"{using} more file{'s use' if using > 1 else ' uses'} it otherwise"
    commanding = len(_commanding(links) - codes)
    files = f"{commanding} more file{'s deploy' if commanding > 1 else ' deploys'} with CLI v1"
    imports = (n for n in code.facts.of_kind(s.Import) if _is_azureml(n))
    place = min((n.span for n in imports), default=code.calls[0].call.function.span)
    yield finding(
        code.at(place),
        f"this {'deploys with' if _deploys(code) else 'uses'} SDK v1"
        f"{_more(alike - {code.path})}, {_support(_SDK_V1, links)}"
        f"{'; ' + use if using else ''}{'; ' + files if commanding else ''}",
        help=f"move to online endpoints with azure-ai-ml: {_MOVE}",
        key="azureml-core",
    )


def _support(end: datetime.date, links: Linker) -> str:
    verb = "ended" if end < links.today else "ends"
    return f"whose support {verb} on {end.day} {end:%B %Y} (today is {links.today})"


def _deploys(code: DeployCode) -> bool:
    """Whether it makes what a service is deployed with, rather than only a model."""
    return bool(code.deployments or code.configurations)


def _command(command: DeployCommand, links: Linker) -> Iterator[Observation]:
    if any(_order(other) < _order(command) for other in links.commands):
        return
    others = _commanding(links) - {split_path(command.path)[0]}
    yield finding(
        command.line.place,
        f"this deploys with CLI v1{_more(others)}, {_support(_CLI_V1, links)}",
        help=f"move to `az ml online-endpoint` and `az ml online-deployment`: {_MOVE}",
        key="azure-cli-ml",
    )


def _commanding(links: Linker) -> set[str]:
    """The files with command lines that deploy, notebooks whole."""
    return {split_path(command.path)[0] for command in links.commands}


def _order(command: DeployCommand) -> tuple[str, int]:
    return command.path, command.line.place.span.start


def _more(others: set[str]) -> str:
    return f", as {len(others)} more file{'s do' if len(others) > 1 else ' does'}" if others else ""


def _is_azureml(node: s.Import) -> bool:
    names = [node.module or "", *(a.name for a in node.names if node.module is None)]
    return any(name.partition(".")[0] == "azureml" for name in names)
