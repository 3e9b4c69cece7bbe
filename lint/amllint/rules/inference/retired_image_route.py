"""The older keys lead to an image route or a CUDA that is no longer there.

## What it does
Reports, in an inference config with `runtime` and no `environment`: a `runtime` other than
exactly `python`, `extraDockerfileSteps`, a `baseImage` with `enableGpu` or `cudaVersion`,
and a `cudaVersion`, which is not kept. With an AksEndpoint, and for a base image with
`spark-py`, it is an error.

## Why it matters
azureml-core accepts this silently. What is no environment goes the old way of building an
image, which AksEndpoint and `Model.package` refuse; `cudaVersion: "10.0"` gives CUDA 11.8,
and "9.0" a base image whose name leads to Docker Hub.

## Example
```json inferenceconfig.json {3}
{
  "entryScript": "score.py",
  "runtime": "Python",
  "condaFile": "conda.yml"
}
```
```python score.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```
```yaml conda.yml
dependencies:
  - python=3.10
  - pip:
      - azureml-defaults
```

## Use instead
```json inferenceconfig.json
{
  "entryScript": "score.py",
  "runtime": "python",
  "condaFile": "conda.yml"
}
```
```python score.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```
```yaml conda.yml
dependencies:
  - python=3.10
  - pip:
      - azureml-defaults
```

## Sources
- azureml-core 1.61.0, `_util.py`, `convert_parts_to_environment`, and `model.py`: executed
  for every combination of the keys; the refusals of AksEndpoint and `Model.package` are read
  in `model.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.deployment_config import AksEndpointDeployment
from amllint.artifacts.inference_config import InferenceConfig
from amllint.artifacts.legacy_route import detours
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule
from amllint.units import DeploymentUnit


@rule("AML209", "retired-image-route", severity="warning", stage="build")
def retired_image_route(config: InferenceConfig, unit: DeploymentUnit) -> Iterator[Observation]:
    """Report each key that leads away from what it says."""
    endpoint = isinstance(unit.deployment_config, AksEndpointDeployment)
    for detour in detours(config):
        refused = detour.refused or (endpoint and detour.image)
        more = ", which AksEndpoint refuses" if endpoint and detour.image else ""
        silent = "" if refused else "; azureml-core accepts this silently"
        yield finding(
            detour.field.location,
            f"`{config.name_of(detour.name)}: {detour.field.value}` {detour.why}{more}{silent}",
            help=detour.help,
            severity="error" if refused else None,
            stage="submit" if refused else None,
            key=detour.name,
        )
