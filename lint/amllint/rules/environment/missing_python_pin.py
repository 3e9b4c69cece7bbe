"""A conda file does not say which Python it is for.

## What it does
Reports serving environments that list no `python`, or list it without any version. In code,
`CondaDependencies` writes a version of its own, and nothing is said.

## Why it matters
conda takes the newest Python that the other packages admit on the day of the build; for a v1
configuration, azureml-core puts in its default, and that was another one in other releases:
3.6.2, 3.8.13, 3.10.18. A rebuild then finds no wheels for the versions that are pinned, or loads
a model that was pickled elsewhere.

## Example
```yaml conda.yml {4} persona=pedantic
name: serving
channels:
  - conda-forge
dependencies:
  - pip
  - pip:
      - azureml-inference-server-http==1.5.1
```
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
```
```python score.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```

## Use instead
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
```
```python score.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```

## Sources
- azureml-core 1.61.0, `Environment.from_conda_specification`: executed; it adds `python=3.10.18`
  where no version is found. An environment written into the configuration stays as it is.
- Azure Machine Learning documentation, Troubleshoot environment issues: Python version missing.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.called import LANGUAGE
from amllint.artifacts.conda import CondaEnvironment
from amllint.artifacts.conda_specs import conda_spec
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule
from amllint.units import DeploymentUnit


@rule("AML305", "missing-python-pin", severity="info", stage="build")
def missing_python_pin(
    environment: CondaEnvironment, unit: DeploymentUnit
) -> Iterator[Observation]:
    """Report an environment whose Python is whatever there is on the day of the build."""
    made_in_code = environment.section.document.language == LANGUAGE
    if not unit.serves or not environment.complete or made_in_code or environment.is_python_env:
        return
    specs = [conda_spec(r) for r in environment.conda]
    if None in specs:
        return
    listed = [s for s in specs if s is not None and s.name == "python"]
    if any(s.versions or "[" in s.requirement.text or "|" in s.requirement.text for s in listed):
        return
    rewritten = unit.inference_config is not None and not environment.embedded
    chosen = (
        "azureml-core puts in the default of the release that deploys"
        if rewritten
        else "conda takes the newest that the other packages admit on the day of the build"
    )
    place = environment.section.locate(("dependencies",), key=True)
    yield finding(
        listed[0].requirement.location if listed else place,
        f"{'`python` has no version' if listed else 'no Python is listed'}: {chosen}",
        help="pin the Python that the model was trained with, as `python=3.12`",
        key="python",
    )
