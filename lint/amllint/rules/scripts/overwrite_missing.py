"""A script can deploy its service only once.

## What it does
Reports, in scripts, a call of `Model.deploy` with a fixed name and without `overwrite=True`,
where nothing in the script looks whether the service is there already: no `Webservice(...)`,
no `ws.webservices`, no `delete()`, no `update()`.

## Why it matters
The first run succeeds. The second one is refused, because the service's name is taken; in a
pipeline that is the next commit.

## Example
```python deploy.py {5} persona=pedantic
from azureml.core import Model, Workspace
from azureml.core.webservice import AciWebservice

ws = Workspace.from_config()
service = Model.deploy(
    ws,
    "diabetes",
    [Model(ws, "diabetes")],
    deployment_config=AciWebservice.deploy_configuration(1, 1, auth_enabled=True),
)
service.wait_for_deployment(show_output=True)
print(service.get_logs())
```
```toml amllint.toml
[per-file-ignores]
"*.py" = ["retired-api"]
```

## Use instead
```python deploy.py
from azureml.core import Model, Workspace
from azureml.core.webservice import AciWebservice

ws = Workspace.from_config()
service = Model.deploy(
    ws,
    "diabetes",
    [Model(ws, "diabetes")],
    deployment_config=AciWebservice.deploy_configuration(1, 1, auth_enabled=True),
    overwrite=True,
)
service.wait_for_deployment(show_output=True)
print(service.get_logs())
```

## Sources
- azureml-core 1.61.0, `webservice/webservice.py`: without `overwrite`, the name is checked
  with the service before anything is sent, and refused when it is taken.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.deploy_code import DeployCode
from amllint.artifacts.deployment_config import LocalDeployment
from amllint.artifacts.fields import Absent, Known, value_of
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule


@rule("AML803", "overwrite-missing", severity="info", stage="submit")
def overwrite_missing(code: DeployCode) -> Iterator[Observation]:
    """Report a deployment that the next run cannot repeat."""
    if code.is_notebook or code.looks_for_services:
        return
    for deploy in code.deployments:
        name, overwrite = (code.argument(deploy.call, p) for p in ("name", "overwrite"))
        again = isinstance(overwrite, Absent) or value_of(overwrite) is False
        local = isinstance(deploy.deployment_config, LocalDeployment)
        if isinstance(name, Known) and again and not local:
            yield finding(
                code.at(deploy.call.call.function.span),
                f"the service `{name.value}` is deployed without `overwrite`: the next run of the "
                "script is refused, because the name is taken",
                help="pass `overwrite=True`, or update the service where it exists",
                key=f"{name.value}",
            )
