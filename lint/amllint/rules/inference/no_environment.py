"""Nothing says which environment the script runs in.

## What it does
Reports an inference config with neither an `environment` nor one of the older keys. Advice,
since an environment may be named on the command line (`az ml model deploy -e`); a warning
where the deployment is declared and its declaration names none.

## Why it matters
Nothing would have told: azureml-core sends the request without an environment, and the
service chooses an image. What the script imports is there or not, and may change any day.

## Example
```json inferenceconfig.json {2} persona=pedantic
{
  "entryScript": "score.py"
}
```
```python score.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```

## Use instead
```json inferenceconfig.json
{
  "entryScript": "score.py",
  "environment": {
    "name": "serving",
    "docker": {"baseImage": "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20251130.v1"},
    "python": {
      "condaDependencies": {
        "channels": ["conda-forge"],
        "dependencies": ["python=3.10", "pip", {"pip": ["azureml-defaults==1.60.0"]}]
      }
    }
  }
}
```
```python score.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```

## Sources
- azureml-core 1.61.0, `_util.py` and `model.py`: executed; the request has no environment.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.fields import Absent
from amllint.artifacts.inference_config import InferenceConfig
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule
from amllint.units import DeploymentUnit


@rule("AML214", "no-environment", severity="warning", stage="start")
def no_environment(config: InferenceConfig, unit: DeploymentUnit) -> Iterator[Observation]:
    """Report a configuration that leaves the environment open."""
    if not isinstance(config.environment, Absent) or any(config.legacy()) or config.has_unknown:
        return
    declared = unit.declaration is not None
    if declared and unit.environment is not None:
        return
    yield finding(
        config.place,
        "neither `environment` nor `runtime` is given: the service chooses the image, and what "
        "the script imports may not be there; azureml-core accepts this silently",
        help="write an `environment`"
        if declared
        else "write an `environment`, unless the command that deploys names one (`-e`)",
        severity=None if declared else "info",
        key="environment",
    )
