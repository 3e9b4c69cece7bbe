"""The Python of a serving environment gets no security fixes any more.

## What it does
Reports the `python` of a serving environment whose newest release is past its end of life on the
day of the check, which the message names; `--today` and the key `today` set another one. It is
advice: many a model can only be served with the releases that it was trained with, and many such
environments of public repositories turned out to be out of use. Where the configuration says
`purpose = "production"` it is a warning for releases that are two or more behind the oldest one
that is kept up.

Pinned packages that do not support the Python are told of by `impossible-pin` alone,
a Python that azureml-core does not see by `python-pin-lost`.

## Why it matters
An interpreter that answers strangers gets no fixes. And the index has no new releases for it: pip
silently takes the last that still support it, of the inference server too, whose fixes never
arrive. One day the channels drop it and the image cannot be built again.

## Example
```yaml conda.yml {5} persona=pedantic
name: serving
channels:
  - conda-forge
dependencies:
  - python=3.8
  - pip
  - pip:
      - scikit-learn==1.3.2
      - azureml-inference-server-http==1.3.4
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
      - scikit-learn==1.5.2
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
- `schemas/python-releases.json`: the end of each release, from the Python developer's guide.
- Azure Machine Learning documentation, Troubleshoot environment issues: Python at end of life.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.conda import CondaEnvironment
from amllint.artifacts.environment import Environment
from amllint.artifacts.python_releases import newest_release, written_python
from amllint.findings.finding import Observation, finding
from amllint.rules.environment.listed_pins import listed_pins
from amllint.rules.environment.python_pin_lost import lost_python
from amllint.rules.registry import rule
from amllint.units import DeploymentUnit, Linker


@rule("AML303", "python-end-of-life", severity="info", stage="operate")
def python_end_of_life(
    environment: Environment, unit: DeploymentUnit, links: Linker
) -> Iterator[Observation]:
    """Report a Python that is no longer kept up on the day of the check."""
    if not unit.serves or environment.is_python_env or environment.run_together:
        return
    python = written_python(environment)
    release = newest_release(python, links.today) if python is not None else None
    if python is None or release is None or release.ends >= links.today:
        return
    if _is_told_of(environment) or _is_lost(environment, unit):
        return
    yield finding(
        python.requirement.location,
        f"Python {release.name} reached its end of life on {release.ends} (today is "
        f"{links.today}): it gets no security fixes any more",
        help="move to a Python that is kept up, with the packages that the model was trained with",
        severity="warning" if release.behind > 1 and _is_in_production(unit) else None,
        key="python",
    )


def _is_in_production(unit: DeploymentUnit) -> bool:
    """Whether the configuration says so; it is never guessed."""
    return unit.intent is not None and unit.intent.value == "production"


def _is_lost(environment: Environment, unit: DeploymentUnit) -> bool:
    """Whether azureml-core puts another Python in its place, which python-pin-lost tells of."""
    if not isinstance(environment, CondaEnvironment):
        return False
    return lost_python(environment, unit) is not None


def _is_told_of(environment: Environment) -> bool:
    """Whether a pin excludes this Python, which is what is to be mended first."""
    pins = listed_pins(environment)
    if pins is None:
        return False
    found = map(pins.resolution.obstacle, pins.resolution.listed)
    return any(obstacle and obstacle.pythons for obstacle in found)
