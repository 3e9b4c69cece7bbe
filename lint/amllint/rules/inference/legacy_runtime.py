"""The image is described by the older keys and not by an environment.

## What it does
Reports an inference config with `runtime` and no `environment`. Advice. Where its keys do
not even do what they say, that is told instead (retired-image-route).

## Why it matters
The keys are deprecated. azureml-core makes an unnamed environment of them on every
deployment, replaces Python pins in the conda file that it does not understand, and chooses
the base image itself. Written out, the environment is what is built.

## Example
```json inferenceconfig.json {3} persona=pedantic
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
channels:
  - conda-forge
dependencies:
  - python=3.11
  - pip
  - pip:
      - azureml-defaults==1.60.0
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
- azureml-core 1.61.0, `model.py` and `_util.py`: executed; `runtime: python` becomes an
  environment `<service>-env`, and each of the keys logs a deprecation warning.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.inference_config import InferenceConfig
from amllint.artifacts.legacy_route import detours
from amllint.findings.finding import Observation, Related, finding
from amllint.rules.registry import rule


@rule("AML208", "legacy-runtime", severity="info", stage="build")
def legacy_runtime(config: InferenceConfig) -> Iterator[Observation]:
    """Report the runtime, with the other keys that the environment would take up."""
    asked = dict(config.legacy()) if config.is_legacy else {}
    if "runtime" not in asked or config.is_derived or any(detours(config)):
        return
    others = [f"`{config.name_of(name)}`" for name in asked if name != "runtime"]
    yield finding(
        asked["runtime"].key,
        f"`{config.name_of('runtime')}` is deprecated"
        + (
            f", and so {'are' if len(others) > 1 else 'is'} {' and '.join(others)}"
            if others
            else ""
        )
        + ": azureml-core makes up an environment when it deploys",
        help="write an `environment` with `docker.baseImage` and `python.condaDependencies`",
        related=tuple(Related(field.key) for name, field in asked.items() if name != "runtime"),
        key="runtime",
    )
