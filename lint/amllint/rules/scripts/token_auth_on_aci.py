"""Token authentication is asked of ACI, which does not have it.

## What it does
Reports `token_auth_enabled` in `AciWebservice.deploy_configuration(...)`, and `get_token()` of an
ACI service.

## Why it matters
The argument does not exist for ACI: Python raises a `TypeError`. `get_token` is there and
raises a `NotImplementedError`. In a configuration file the key is ignored, and the service
is open to everyone who knows its address.

## Example
```python deploy.py {5}
from azureml.core.webservice import AciWebservice

config = AciWebservice.deploy_configuration(
    cpu_cores=1,
    token_auth_enabled=True,
)
```

## Use instead
```python deploy.py
from azureml.core.webservice import AciWebservice

config = AciWebservice.deploy_configuration(
    cpu_cores=1,
    auth_enabled=True,
)
```

## Sources
- azureml-core 1.61.0, `webservice/aci.py`: executed.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.deploy_code import DeployCode
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule


@rule("AML802", "token-auth-on-aci", severity="error", stage="submit")
def token_auth_on_aci(code: DeployCode) -> Iterator[Observation]:
    """Report the argument, and the calls that ask for a token."""
    for call in code.calls:
        if call.name == "AciWebservice.deploy_configuration":
            for given in call.unknown:
                if given.parameter == "token_auth_enabled":
                    yield finding(
                        code.at(given.key),
                        "`AciWebservice.deploy_configuration` has no `token_auth_enabled`: ACI "
                        "has no token authentication, and Python raises a TypeError here",
                        help="use `auth_enabled=True` for keys, or deploy to AKS",
                        key="token_auth_enabled",
                    )
        elif call.name == "AciWebservice.get_token":
            yield finding(
                code.at(call.call.function.span),
                "ACI has no token authentication: azureml-core raises a NotImplementedError here",
                help="use `get_keys()`, with `auth_enabled=True`",
                stage="operate",
                key=call.name,
            )
