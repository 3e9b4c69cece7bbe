"""The environment is given twice, in ways that exclude each other.

## What it does
Reports an inference config that has `environment` together with a key of the older route
(`runtime`, `condaFile`, `extraDockerfileSteps`, `enableGpu`, `cudaVersion`, `baseImage`),
and an environment with both `docker.baseImage` and `docker.baseDockerfile`.

## Why it matters
azureml-core refuses the combination when the deployment is submitted.

## Example
```json inferenceconfig.json {4}
{
  "entryScript": "score.py",
  "environment": {"name": "serving", "python": {"userManagedDependencies": true}},
  "runtime": "python"
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
  "environment": {"name": "serving", "python": {"userManagedDependencies": true}}
}
```
```python score.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```

## Sources
- azureml-core 1.61.0, `model.py`: executed; `enableGpu: false` next to an environment is
  accepted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amllint.artifacts.fields import Known
from amllint.artifacts.inference_config import InferenceConfig
from amllint.findings.finding import Observation, Related, finding
from amllint.rules.registry import rule

_LEGACY: Final = (
    "runtime",
    "condaFile",
    "extraDockerfileSteps",
    "enableGpu",
    "cudaVersion",
    "baseImage",
)


@rule("AML206", "conflicting-environment", severity="error", stage="submit")
def conflicting_environment(config: InferenceConfig) -> Iterator[Observation]:
    """Report each legacy key beside an environment, and two sources of an image."""
    environment = config.section.field("environment")
    if not isinstance(environment, Known) or not isinstance(environment.value, dict):
        return
    for name in _LEGACY:
        field = config.section.field(name)
        if isinstance(field, Known) and field.value:
            yield finding(
                field.key,
                f"`{name}` and `environment` exclude each other; azureml-core refuses both",
                help=f"remove `{name}`: the environment says it all",
                related=(Related(environment.key, "the environment"),),
                key=name,
            )
    image = config.section.field("environment", "docker", "baseImage")
    dockerfile = config.section.field("environment", "docker", "baseDockerfile")
    if not isinstance(image, Known) or not isinstance(dockerfile, Known):
        return
    if image.value and dockerfile.value:
        yield finding(
            dockerfile.key,
            "`baseDockerfile` and `baseImage` exclude each other; azureml-core refuses both",
            help="keep the one that is meant",
            related=(Related(image.key, "the image"),),
            key="docker",
        )
