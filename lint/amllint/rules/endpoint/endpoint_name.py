"""A v2 deployment, or the endpoint that it names, has a name that is refused.

## What it does
Reports the `name` and the `endpoint_name` of an online deployment that are not 3 to 32 letters,
digits and dashes, begin with something else than a letter, or end with a dash. Where a command
gives a name instead (`--name`, `--endpoint-name`, `--set`), it is advice.

## Why it matters
`az ml online-deployment create` uploads the code, the environment and the model, and only then
looks at the name of the deployment and stops. An endpoint with such a name cannot be made, so that
there is none to deploy to.

## Example
```yaml deployment.yml {2}
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue_dep!
endpoint_name: churn
model: azureml:churn:3
environment: azureml:serving:1
instance_type: Standard_DS3_v2
instance_count: 3
```

## Use instead
```yaml deployment.yml
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue-dep
endpoint_name: churn
model: azureml:churn:3
environment: azureml:serving:1
instance_type: Standard_DS3_v2
instance_count: 3
```

## Sources
- azure-ai-ml 1.35.2: executed; the name of a deployment is judged when it is submitted, that of an
  endpoint when its own file is read or submitted. Capitals are written small; two dashes in a row
  are taken. Names of batch deployments are not judged.
- Azure ML, Manage and increase quotas: the rule for both names.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Final

from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.fields import Known, is_text
from amllint.artifacts.running_texts import RunningTexts
from amllint.artifacts.service_names import name_problem, name_suggestion
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule
from amllint.source.names import whole_name
from amllint.units import Linker

_REFUSED: Final = {
    "name": "azure-ai-ml refuses this once everything is uploaded",
    "endpoint_name": "no endpoint can be called that",
}
_GIVEN: Final = {
    "name": re.compile(rb"--name\b|[ \t]-n[ \t]|--set[^\n]*\bname=|params_override"),
    "endpoint_name": re.compile(
        rb"--endpoint(?:-name)?\b|[ \t]-e[ \t]|--set[^\n]*\bendpoint_name=|params_override"
    ),
}
"""What gives a name to a command, or to a call."""
_COMMAND: Final = re.compile(
    rb"(?:online-deployment[ \t]+(?:create|update)|load_online_deployment)(?:\\\r?\n|[^\n])*"
)
_ANY_FILE: Final = re.compile(rb"(?:-f|--file)[ \t=]+[\"']?[$<{%]")


@rule("AML604", "endpoint-name", severity="error", stage="submit")
def endpoint_name(reference: DeploymentReference, links: Linker) -> Iterator[Observation]:
    """Report names that azure-ai-ml refuses."""
    if reference.is_job or reference.purpose != "online":
        return
    for key, field in (("name", reference.name), ("endpoint_name", reference.endpoint_name)):
        # Both are sent in lower case.
        problem = name_problem(field.value.lower()) if is_text(field) else None
        if problem is None or not isinstance(field, Known):
            continue
        better = name_suggestion(field.value)
        yield finding(
            field.location,
            f"`{key}` is `{field.value}`, which {problem}; {_REFUSED[key]}",
            help=f"write `{better}`" if better else "write a name such as `blue` or `version-1`",
            severity="info" if _is_given(key, reference.path, links) else None,
            key=key,
        )


def _is_given(key: str, owner: str, links: Linker) -> bool:
    """Whether a command that takes the file gives a name besides.

    In the file's folder and those above, a command may take it by a variable.
    """
    own = links.absolute(owner)
    mentioned = whole_name(os.fsencode(os.path.basename(owner)))
    for path, text in links.running.once(_commands):
        above = own.startswith(os.path.join(os.path.dirname(path), ""))
        meant = mentioned.search(text) or (above and _ANY_FILE.search(text))
        if meant and _GIVEN[key].search(text):
            return True
    return False


def _commands(running: RunningTexts) -> tuple[tuple[str, bytes], ...]:
    """The commands and calls that deploy, guides' as well, each with the path of its file."""
    texts = ((path, data) for path, data in running.all.items() if b"online" in data)
    return tuple((path, match[0]) for path, data in texts for match in _COMMAND.finditer(data))
