"""A call of azureml-core that is deprecated, with what replaces it.

## What it does
Reports calls of which azureml-core says that they are to be removed: images
(`ContainerImage`, `Webservice.deploy_from_image`, `deploy_from_model`) and `get_token()` of AKS
services. `AksCompute.attach` always raises, and is an error. What is deprecated without an end
in sight is advice: `CondaDependencies.save_to_file`, and attributes of an `Environment` that
azureml-core warns of.

The legacy arguments of `InferenceConfig` have a rule of their own.

It is advice where the repository pins an older azureml-core, and where the same call stands
again further down: one mend, told of once.

## Why it matters
The warnings scroll by in the log of a build. What they announce has happened for some of them
already: the image routes take no Environment, and their base images are no longer built.

## Example
```python deploy.py {4}
from azureml.core import Workspace
from azureml.core.webservice import AksWebservice

token = AksWebservice(Workspace.from_config(), "diabetes").get_token()
```

## Use instead
```python deploy.py
from azureml.core import Workspace
from azureml.core.webservice import AksWebservice

token = AksWebservice(Workspace.from_config(), "diabetes").get_access_token()
```

## Sources
- The docstrings and warnings of azureml-core, read off the package: `schemas/azureml-core.json`
  says of which version and when.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amllint.analysis.sdk import sdk
from amllint.analysis.sdk_calls import SdkCall
from amllint.artifacts.deploy_code import DeployCode
from amllint.findings.finding import Observation, Severity, finding
from amllint.rules.registry import rule

_INSTEAD: Final = {
    "deploy_from_model": "use `Model.deploy` with an `InferenceConfig` that has an `Environment`",
    "deploy_from_image": "use `Model.deploy` with an `InferenceConfig` that has an `Environment`",
    "image_configuration": "use `InferenceConfig` with an `Environment`",
    "create": "use `Model.package`, or `Model.deploy` with an `InferenceConfig`",
    "list": "use `Environment` and `Model.package` instead of images",
    "get_token": "use `get_access_token()`",
    "save_to_file": "use `save(path)`",
    "attach": "use `AksCompute.attach_configuration` and `ComputeTarget.attach`",
    "docker": "remove it: services run in Docker without it, and runs take a `DockerConfiguration`",
    "conda_dependencies_file": "use `Environment.from_conda_specification`",
}
_RAISES: Final = "AksCompute.attach"
_SECTIONS: Final = {"docker": "DockerSection", "python": "PythonSection"}


@rule("AML805", "deprecated-call", severity="warning", stage="build")
def deprecated_call(code: DeployCode) -> Iterator[Observation]:
    """Report each deprecated call, argument and attribute."""
    last = {call.name: call for call in code.calls}
    for call in code.calls:
        said = call.signature.deprecated
        if said is not None:
            yield _called(code, call, said, again=last[call.name] is not call)
        for name in call.signature.deprecated_parameters if call.name != "InferenceConfig" else ():
            if name in call.given:
                yield finding(
                    code.at(call.given[name].key),
                    f"`{name}` of `{call.name}` is deprecated: azureml-core warns of it",
                    help=call.signature.deprecated_parameters[name],
                    severity="info",
                    key=f"{call.name} {name}",
                )
    yield from _attributes(code)


def _called(code: DeployCode, call: SdkCall, said: str, again: bool) -> Observation:
    raises = call.name == _RAISES
    what = "always raises: it is deprecated" if raises else "is deprecated"
    return finding(
        code.at(call.call.function.span),
        f"`{call.name}` {what}, says azureml-core {sdk().version}",
        help=_INSTEAD.get(call.name.partition(".")[2], said),
        severity="info" if again and not raises else _severity(code, raises, said),
        stage="submit" if raises else None,
        key=call.name,
    )


def _severity(code: DeployCode, raises: bool, said: str) -> Severity | None:
    if code.unless_older is not None:
        return code.unless_older
    return "error" if raises else None if "removed" in said else "info"


def _attributes(code: DeployCode) -> Iterator[Observation]:
    """Attributes of environments that are set."""
    for target, path in code.environment_attributes:
        section = _SECTIONS.get(path[0]) if len(path) == 2 else None
        said = sdk().deprecated_properties.get(f"{section}.{path[-1]}") if section else None
        if said is not None:
            shown = ".".join(path)
            yield finding(
                code.at(target),
                f"`{shown}` of an environment is deprecated: azureml-core warns of it",
                help=_INSTEAD.get(path[-1]) or _INSTEAD.get(path[0]) or said,
                severity="info",
                key=shown,
            )
