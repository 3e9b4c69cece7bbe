"""A service is deployed and nobody waits for it.

## What it does
Reports a call of `Model.deploy` whose service is never waited for: no `wait_for_deployment`,
no look at its `state`, and it is not handed to code that might do so. In a notebook, whose
reader may look for himself, this is advice unless a later cell calls the service.

With `--persona pedantic` a wait that shows nothing, in code that never prints `get_logs()`, is
told of as well.

It is advice for a local container, which has been built and started when `Model.deploy` returns,
and nothing is said where the code calls it: that waits. To wait for one prints its logs.

## Why it matters
`Model.deploy` returns as soon as Azure ML has taken the request. The script ends with success
while the image is still built; whether the container ever becomes healthy, nobody sees.

## Example
```python deploy.py {5}
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
print(service.scoring_uri)
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
try:
    service.wait_for_deployment(show_output=True)
except Exception:
    print(service.get_logs())
    raise
print(service.scoring_uri)
```

## Sources
- azureml-core 1.61.0, `webservice/webservice.py`: `wait_for_deployment` raises when the
  operation failed, and names the build log or `get_logs` (executed with a made-up service);
  nothing else does. `webservice/local.py` prints the log of a container that fails, and does
  not look at `show_output`.
- Troubleshooting guide of Azure ML, "Debug locally" and "Container cannot be scheduled".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amllint.analysis.sdk_calls import SdkCall
from amllint.artifacts.deploy_code import DeployCode
from amllint.artifacts.deployment_config import LocalDeployment
from amllint.artifacts.fields import Absent, value_of
from amllint.artifacts.service_flow import DEPLOYS, Service, ServiceFlow
from amllint.findings.finding import Observation, Related, finding
from amllint.rules.registry import rule
from amllint.source.python import syntax as s

_UNBUILT: Final = (
    "before the service is up, and nothing waits for it; azureml-core accepts this silently, and "
    "a deployment that fails goes unnoticed"
)
_STARTED: Final = (
    "once the container is started, and nothing asks whether it is up: an `init` that fails goes "
    "unnoticed"
)


@rule("AML804", "wait-missing", severity="warning", stage="start")
def wait_missing(code: DeployCode) -> Iterator[Observation]:
    """Report what is deployed and left alone, and waits that keep the reason to themselves."""
    deploys = [call for call in code.calls if call.name in DEPLOYS]
    flow = ServiceFlow(code) if deploys else None
    # In a local container it has been built and started by then, and `run` waits for it.
    local = [
        d.call.call for d in code.deployments if isinstance(d.deployment_config, LocalDeployment)
    ]
    for call in deploys:
        assert flow is not None
        service = flow.service(call)
        if not service.waited and not service.handed_on:
            yield from _left_alone(code, call, service, call.call in local)
    yield from _silent_waits(code, local)


def _left_alone(
    code: DeployCode, call: SdkCall, service: Service, local: bool
) -> Iterator[Observation]:
    if local and service.called:
        return
    alone = code.is_notebook and not service.needs
    yield finding(
        code.at(call.call.function.span),
        f"`{call.name}` returns {_STARTED if local else _UNBUILT}",
        help="call `wait_for_deployment(show_output=True)`, and print `get_logs()` if it fails",
        severity="info" if alone or local else None,
        related=(Related(code.at(service.needs), "used here"),) if service.needs else (),
        key=call.name,
    )


def _silent_waits(code: DeployCode, local: list[s.Call]) -> Iterator[Observation]:
    if "get_logs" in code.whole:
        return
    for call in code.calls:
        if call.name.endswith(".wait_for_deployment") and not _is_of(code, call, local):
            shows = code.argument(call, "show_output")
            if isinstance(shows, Absent) or value_of(shows) is False:
                yield finding(
                    code.at(call.call.function.span),
                    "a deployment that fails here shows neither its progress nor its logs",
                    help="pass `show_output=True`, and print `get_logs()` when it raises",
                    severity="info",
                    key="silent wait",
                )


def _is_of(code: DeployCode, wait: SdkCall, deploys: list[s.Call]) -> bool:
    """Whether what is waited for comes from one of some calls that deploy."""
    function = wait.call.function
    made = code.objects.made(function.value) if isinstance(function, s.Attribute) else None
    return made is not None and made.call.call in deploys
