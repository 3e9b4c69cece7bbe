"""A conda file has a `pip` section and does not list pip itself.

## What it does
Reports the `pip` section of a serving environment whose conda packages do not have `pip` among
them. In code, `CondaDependencies` writes the section, and nothing is said; nor of a file that code
of the repository writes over.

## Why it matters
conda adds pip by itself and warns that it may not use the right one. Which release it takes is
up to the channels of the day: pip decides which wheels count and how conflicts are settled, so
that a rebuild can end with other versions. Azure ML flags the environment when it is registered.

## Example
```yaml conda.yml {6} persona=pedantic
name: serving
channels:
  - conda-forge
dependencies:
  - python=3.12
  - pip:
      - azureml-defaults==1.60.0
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
      - azureml-defaults==1.60.0
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

## Fix safety
Safe: `pip` becomes an item of the list before its section, as conda would have added it.

## Sources
- conda 4.3 to 26.7, `conda env create`: executed; they print the warning and add pip.
- Azure Machine Learning documentation, Troubleshoot environment issues: pip not listed.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.called import LANGUAGE
from amllint.artifacts.conda import CondaEnvironment
from amllint.artifacts.requirements import conda_name
from amllint.findings.finding import Fix, Observation, finding
from amllint.rules.environment.conda_edits import insert_before_pip
from amllint.rules.environment.rewritten import is_rewritten
from amllint.rules.registry import rule
from amllint.units import DeploymentUnit, Linker


@rule("AML310", "pip-not-listed", severity="info", stage="build", fix="safe")
def pip_not_listed(
    environment: CondaEnvironment, unit: DeploymentUnit, links: Linker
) -> Iterator[Observation]:
    """Report a `pip` section for which conda must add pip itself."""
    if not unit.serves or not environment.pip_path or not environment.complete:
        return
    made_in_code = environment.section.document.language == LANGUAGE
    if made_in_code or any(conda_name(r) == "pip" for r in environment.conda):
        return
    if is_rewritten(environment, links):
        return  # what the SDK writes has no `pip`, and would be without it again
    edit = insert_before_pip(environment)
    yield finding(
        environment.section.locate(environment.pip_path, key=True),
        "pip is not among the conda packages: conda adds whichever release its channels have",
        help="list `pip` before its section",
        fix=Fix("safe", "list `pip`", (edit,)) if edit else None,
        key="pip",
    )
