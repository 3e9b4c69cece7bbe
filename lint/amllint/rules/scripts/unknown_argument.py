"""A call of azureml-core has an argument that it does not take.

## What it does
Reports keywords that the class or method of azureml-core does not have, and arguments beyond
the last one that it takes: in scripts and in notebooks, through variables that hold an object
and through `**` of a dictionary that is written out. A keyword that is swallowed is a warning:
`AksWebservice.update`, `Environment` and `Model` take any.

It is advice where the repository's pin of azureml-core admits a release that took the argument:
there are few that were ever taken away.

## Why it matters
Python raises a `TypeError` when it gets there, which in a deploy script is often after the
model was trained and registered. Many of these keywords belong to another service: ACI has no
replicas, and AKS services have no TLS settings of their own. Where the keyword is swallowed
nothing is raised, and what it was to change stays as it is.

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
  of which version and when, and `schemas/azureml-core-gone.json` what older releases took: a
  wheel of each minor release since 1.0.2 was read.
- azureml-core 1.61.0, `webservice/aks.py`, `environment.py`, `model.py`: executed with keywords
  that are not theirs. `AksWebservice.update` looks for `is_migration` and `compute_target` among
  them since 1.36, and raises where it is given no other argument that it knows.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from amllint.analysis.sdk import sdk
from amllint.analysis.sdk_calls import Given, SdkCall
from amllint.artifacts.deploy_code import DeployCode
from amllint.artifacts.service_updates import changes_nothing
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
        for given in call.dropped:
            yield _dropped(code, call, given)
        if call.surplus is not None:
            most = len(call.signature.parameters)
            yield finding(
                code.at(call.surplus),
                f"`{call.name}` takes at most {most} arguments: Python raises a TypeError here",
                help="remove it, or give it by its name",
                severity=code.unless_taken(call, None),
                key=f"{call.name} surplus",
            )


def _keyword(code: DeployCode, call: SdkCall, given: Given) -> Observation:
    return finding(
        code.at(given.key),
        f"`{call.name}` has no argument `{given.parameter}`: Python raises a TypeError here",
        help=_instead(call, given.parameter),
        severity=code.unless_taken(call, given.parameter),
        key=f"{call.name} {given.parameter}",
    )


def _dropped(code: DeployCode, call: SdkCall, given: Given) -> Observation:
    fails = changes_nothing(code, call)
    return finding(
        code.at(given.key),
        f"`{call.name}` has no argument `{given.parameter}`: {_swallowed(call, fails)}",
        help=_instead(call, given.parameter),
        severity=None if fails else "warning",
        stage=None if fails else "operate",
        key=f"{call.name} {given.parameter}",
    )


def _swallowed(call: SdkCall, fails: bool) -> str:
    if fails:
        return "azureml-core refuses the call, which has nothing to change without it"
    if call.owner == "Webservice":
        return (
            "Python raises a TypeError here, or, for a service on AKS, azureml-core accepts "
            "this silently and nothing changes"
        )
    return "azureml-core accepts this silently and does nothing with it"


def _instead(call: SdkCall, parameter: str) -> str:
    meant = difflib.get_close_matches(parameter, call.signature.parameters, 1, 0.75)
    if meant and meant[0] not in call.given:
        return f"did you mean `{meant[0]}`?"
    others = _elsewhere(call, parameter)
    if others:
        return f"it is one of `{others[0]}`; remove it, or call that instead"
    if call.name == "Environment":
        return (
            "set it on the environment, as in `env.docker.base_image = …`, or use "
            "`Environment.from_docker_image` and its like"
        )
    return f"remove it; azureml-core {sdk().version} knows nothing like it"


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
