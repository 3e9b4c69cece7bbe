"""A call of azureml-core that fails whatever it is given.

## What it does
Reports calls that azureml-core has and that raise every time: `update`, `add_tags`,
`remove_tags` and `add_properties` of an `AksEndpoint`; `get_keys`, `get_token` and `regen_key` of
a `LocalWebservice`; and `update` of a service on AKS or ACI that is given nothing which it knows.

Those of an `AksEndpoint` are advice where the repository's pin admits azureml-core before 1.16:
they worked then.

## Why it matters
`AksEndpoint.update` checks its arguments with a method that wants two more than it passes: a
`TypeError` whose text says nothing of what the caller did wrong, for he did nothing wrong.

## Example
```python update.py {5}
from azureml.core import Workspace
from azureml.core.webservice import AksEndpoint

endpoint = AksEndpoint(Workspace.from_config(), "churn")
endpoint.update(description="the one that is called")
```

## Use instead
```python update.py
from azureml.core import Workspace
from azureml.core.webservice import AksEndpoint

endpoint = AksEndpoint(Workspace.from_config(), "churn")
endpoint.update_version("churn-1", description="the one that is called")
```

## Sources
- azureml-core 1.61.0, `webservice/aks.py`, `aci.py` and `local.py`: each of these calls executed,
  with a made-up service. The wheels of 1.0.85, 1.20.0, 1.30.0, 1.35.0 and
  1.36.0 were read for the number of arguments that `AksEndpoint.update` passes: right in the first,
  two too few in the others, which are those that 1.16.0 added.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amllint.artifacts.deploy_code import DeployCode
from amllint.artifacts.service_updates import changes_nothing
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule

_SINCE: Final = "1.16.0"
_OF_ENDPOINTS: Final = {
    "AksEndpoint.update": "use `update_version` for a version, or deploy the endpoint again with "
    "`overwrite=True`",
    **{
        f"AksEndpoint.{method}": f"give {what} to `deploy_configuration`, `create_version` or "
        "`update_version`"
        for method, what in (
            ("add_tags", "tags"),
            ("remove_tags", "tags"),
            ("add_properties", "properties"),
        )
    },
}
_OF_LOCAL: Final = frozenset(
    {"LocalWebservice.get_keys", "LocalWebservice.get_token", "LocalWebservice.regen_key"}
)


@rule("AML809", "call-always-fails", severity="error", stage="submit")
def call_always_fails(code: DeployCode) -> Iterator[Observation]:
    """Report each call that raises every time."""
    for call in code.calls:
        if call.name in _OF_ENDPOINTS and not call.unknown:
            yield finding(
                code.at(call.call.function.span),
                f"`{call.name}` fails whatever it is given: azureml-core raises a TypeError for "
                "arguments that it does not pass on to itself",
                help=_OF_ENDPOINTS[call.name],
                severity=code.unless_before(_SINCE),
                key=call.name,
            )
        elif call.name in _OF_LOCAL:
            yield finding(
                code.at(call.call.function.span),
                f"`{call.name}` fails: a local container has no authentication, and azureml-core "
                "raises a NotImplementedError here",
                help="call it without a key",
                stage="operate",
                key=call.name,
            )
        elif changes_nothing(code, call) and not call.dropped:
            yield finding(
                code.at(call.call.function.span),
                f"`{call.name}` is given nothing to change; azureml-core refuses this: "
                "No parameters provided to update",
                help="give it what is to change",
                key=f"{call.name} of nothing",
            )
