"""A call of azureml-core has an argument that it does not take.

## What it does
Reports keywords that the class or method of azureml-core does not have, and arguments beyond
the last one that it takes: in scripts and in notebooks, through variables that hold an object
and through `**` of a dictionary that is written out.

It is advice where the repository pins an older azureml-core, which may take the argument.

## Why it matters
Python raises a `TypeError` when it gets there, which in a deploy script is often after the
model was trained and registered. Many of these keywords belong to another service: ACI has no
replicas, and AKS services have no TLS settings of their own.

## Example
```python deploy.py {6}
from azureml.core.webservice import AciWebservice

config = AciWebservice.deploy_configuration(
    cpu_cores=1,
    memory_gb=1,
    num_replicas=2,
)
```

## Use instead
```python deploy.py
from azureml.core.webservice import AksWebservice

config = AksWebservice.deploy_configuration(
    cpu_cores=1,
    memory_gb=1,
    num_replicas=2,
)
```

## Sources
- The signatures of azureml-core, read off the package itself: `schemas/azureml-core.json` says
  of which version and when.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from amllint.analysis.sdk import sdk
from amllint.analysis.sdk_calls import Given, SdkCall
from amllint.artifacts.deploy_code import DeployCode
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule

_TOKEN = ("AciWebservice.deploy_configuration", "token_auth_enabled")


@rule("AML801", "unknown-argument", severity="error", stage="submit")
def unknown_argument(code: DeployCode) -> Iterator[Observation]:
    """Report what Python refuses when the call is made."""
    for call in code.calls:
        for given in call.unknown:
            if (call.name, given.parameter) != _TOKEN:
                yield _keyword(code, call, given)
        if call.surplus is not None:
            most = len(call.signature.parameters)
            yield finding(
                code.at(call.surplus),
                f"`{call.name}` takes at most {most} arguments: Python raises a TypeError here",
                help="remove it, or give it by its name",
                severity=code.unless_older,
                key=f"{call.name} surplus",
            )


def _keyword(code: DeployCode, call: SdkCall, given: Given) -> Observation:
    meant = difflib.get_close_matches(given.parameter, call.signature.parameters, 1, 0.75)
    others = _elsewhere(call, given.parameter)
    message = f"`{call.name}` has no argument `{given.parameter}`: Python raises a TypeError here"
    if meant and meant[0] not in call.given:
        help = f"did you mean `{meant[0]}`?"
    elif others:
        help = f"it is one of `{others[0]}`; remove it, or call that instead"
    else:
        help = f"remove it; azureml-core {sdk().version} knows nothing like it"
    return finding(
        code.at(given.key),
        message,
        help=help,
        severity=code.unless_older,
        key=f"{call.name} {given.parameter}",
    )


def _elsewhere(call: SdkCall, parameter: str) -> list[str]:
    """Callables of the same name in other classes that have the argument."""
    method = call.name.partition(".")[2]
    return [
        name
        for name, signature in sdk().signatures.items()
        if method
        and name.partition(".")[2] == method
        and name != call.name
        and parameter in signature.parameters
    ]
