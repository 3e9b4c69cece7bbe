"""A service is changed again while an earlier change may still be going on.

## What it does
Reports a deployment or an update of a service that follows another one of the same service
without any wait in between. Local services are left out.

## Why it matters
Azure ML takes one operation at a time for a service. The second one is answered with 409
Conflict, and which of the two configurations is in place afterwards depends on the first.

## Example
```python update.py {6}
from azureml.core import Workspace
from azureml.core.webservice import AksWebservice

service = AksWebservice(Workspace.from_config(), "diabetes")
service.update(autoscale_enabled=False, num_replicas=3)
service.update(scoring_timeout_ms=30000)
service.wait_for_deployment(show_output=True)
```

## Use instead
```python update.py
from azureml.core import Workspace
from azureml.core.webservice import AksWebservice

service = AksWebservice(Workspace.from_config(), "diabetes")
service.update(autoscale_enabled=False, num_replicas=3)
service.wait_for_deployment(show_output=True)
service.update(scoring_timeout_ms=30000)
service.wait_for_deployment(show_output=True)
```

## Sources
- Troubleshooting guide of Azure ML, "Advanced debugging": 409 while another operation on the
  same service is in progress.
- azureml-core 1.61.0, `webservice/aks.py` and `aci.py`: `update` and `Model.deploy` return as
  soon as the operation is accepted. Executed with a made-up service in transition: a second
  `update` is sent all the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.deploy_code import DeployCode
from amllint.artifacts.service_flow import Operation, ServiceFlow
from amllint.findings.finding import Observation, Related, finding
from amllint.rules.registry import rule


@rule("AML806", "concurrent-deploy", severity="warning", stage="submit")
def concurrent_deploy(code: DeployCode) -> Iterator[Observation]:
    """Report the later of two operations that nothing keeps apart."""
    flow = ServiceFlow(code)
    last: dict[tuple[str, object], Operation] = {}
    for operation in flow.operations():
        key = (operation.identity, operation.function)
        earlier = last.get(key)
        last[key] = operation
        if earlier is None or not _follows(earlier, operation):
            continue
        start, end = earlier.call.call.span.end, operation.call.call.span.start
        if flow.waits_between(start, end):
            continue
        name = operation.identity.removeprefix("name ")
        yield finding(
            code.at(operation.call.call.function.span),
            f"`{operation.verb}` changes the service `{name}` while `{earlier.verb}` may still "
            "be going on; azureml-core sends it all the same, and Azure ML answers 409",
            help="call `wait_for_deployment()` in between, or put both changes into one call",
            related=(Related(code.at(earlier.call.call.function.span), "begins here"),),
            key=f"{name} {operation.verb}",
        )


def _follows(earlier: Operation, later: Operation) -> bool:
    """Whether whoever gets to the later operation has begun the earlier one."""
    at = later.call.call.span.start
    return earlier.block.start <= at <= earlier.block.end and earlier.call is not later.call
