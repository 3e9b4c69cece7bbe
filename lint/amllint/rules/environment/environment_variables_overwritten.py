"""An environment variable that does not arrive as it is written.

## What it does
Reports variables of an online deployment whose value is another one in the container:

- in a v1 configuration, `AZUREML_ENTRY_SCRIPT`, and beside a `sourceDirectory` also
  `AZUREML_SOURCE_DIRECTORY`: azureml-core puts its own values in their place;
- in a v1 configuration, an `AML_APP_ROOT` that is not where the image has the script;
- in a v2 deployment, lists and mappings, and numbers that YAML reads as something else.

A v2 `true` or `false` arrives as `True` or `False`, and an empty value does not arrive: that is
advice. Settings of the inference server are the business of `server-environment-variable`.

## Why it matters
The value is accepted without a word. `AZUREML_ENTRY_SCRIPT` seems to choose the script, and
another one serves; `BUILD: 010` is `8` to the script, and `STAGE: 1.10` is `1.1`.

## Example
```yaml deployment.yml {13,14}
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: scoring
code_configuration:
  code: .
  scoring_script: score.py
environment:
  image: mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20251130.v1
  conda_file: conda.yml
instance_type: Standard_DS3_v2
instance_count: 1
environment_variables:
  MODEL_RELEASE: 1.10
  LABELS: [cat, dog]
```
```yaml conda.yml
name: serving
channels:
  - conda-forge
dependencies:
  - python=3.12
  - pip
  - pip:
      - azureml-inference-server-http==1.5.1
```
```python score.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```

## Use instead
```yaml deployment.yml
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: scoring
code_configuration:
  code: .
  scoring_script: score.py
environment:
  image: mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20251130.v1
  conda_file: conda.yml
instance_type: Standard_DS3_v2
instance_count: 1
environment_variables:
  MODEL_RELEASE: "1.10"
  LABELS: '["cat", "dog"]'
```
```yaml conda.yml
name: serving
channels:
  - conda-forge
dependencies:
  - python=3.12
  - pip
  - pip:
      - azureml-inference-server-http==1.5.1
```
```python score.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```

## Sources
- azureml-core 1.61.0, `InferenceConfig._handle_assets`: executed with both variables set.
- azureml-inference-server-http 1.5.1, its application without its command line: executed; it
  looks for the script below `AML_APP_ROOT`, and the images have it in `/var/azureml-app`.
- azure-ai-ml, `load_online_deployment` and the request made of it: executed for each kind of
  value; `str()` is what is sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.fields import Known, value_of
from amllint.artifacts.inference_config import InferenceConfig
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule
from amllint.source.nodes import UNKNOWN, Entry, Mapping, Scalar, node_at, to_data

_APP_ROOT: Final = "/var/azureml-app"


@rule("AML319", "environment-variables-overwritten", severity="warning", stage="start")
def environment_variables_overwritten(
    part: InferenceConfig | DeploymentReference,
) -> Iterator[Observation]:
    """Report each variable that the container has with another value."""
    if isinstance(part, InferenceConfig):
        yield from _replaced(part)
    elif part.purpose == "online" and not part.is_job:
        yield from _respelled(part)


def _replaced(config: InferenceConfig) -> Iterator[Observation]:
    """Variables that azureml-core or the image decides on."""
    reasons = {"AZUREML_ENTRY_SCRIPT": "puts the entry script of the configuration"}
    if value_of(config.source_directory):
        reasons["AZUREML_SOURCE_DIRECTORY"] = "puts the source directory of the configuration"
    for name, reason in reasons.items():
        field = config.environment_variables.field(name)
        if isinstance(field, Known):
            yield finding(
                field.key,
                f"`{name}` is overwritten: azureml-core {reason} in its place",
                help="remove it; `entryScript` and `sourceDirectory` say what is served",
                key=f"variable/{name}",
            )
    root = config.environment_variables.field("AML_APP_ROOT")
    if isinstance(root, Known) and str(root.value).rstrip("/") != _APP_ROOT:
        yield finding(
            root.key,
            f"the server looks for the script below `AML_APP_ROOT`, and `{root.value}` is not "
            f"where the image has it (`{_APP_ROOT}`)",
            help="remove it",
            key="variable/AML_APP_ROOT",
        )


def _respelled(reference: DeploymentReference) -> Iterator[Observation]:
    """Variables whose text is not the one in the file."""
    section = reference.environment_variables
    node = node_at(section.document.root, section.base)
    for entry in node.entries if isinstance(node, Mapping) else ():
        sent = _sent(entry)
        if sent is None:
            continue
        advice = isinstance(to_data(entry.value), (bool, type(None)))
        name = str(entry.key.value)
        written = entry.value.raw if isinstance(entry.value, Scalar) else "what is written"
        yield finding(
            section.locate((name,), key=True),
            f"`{name}` arrives as {sent}, not as `{written}`: the script reads another text",
            help=f'write it in quotes, as `{name}: "…"`',
            severity="info" if advice else None,
            key=f"variable/{name}",
        )


def _sent(entry: Entry) -> str | None:
    """What is sent in place of what is written; `None` where that is the same, or not known."""
    value = to_data(entry.value)
    if not isinstance(entry.value, Scalar):
        return "Python's `repr` of it" if _is_known(value) else None
    if value is None:
        return "no variable at all"
    if not isinstance(value, (bool, int, float)) or str(value) == entry.value.raw:
        return None
    return f"`{value}`"


def _is_known(value: object) -> bool:
    """Whether nothing in a value is a placeholder."""
    if isinstance(value, (list, dict)):
        inner = value.values() if isinstance(value, dict) else value
        return all(map(_is_known, inner))
    return value is not UNKNOWN
