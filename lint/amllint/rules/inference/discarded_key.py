"""A key is thrown away: there is no `runtime`, or nothing reads it.

## What it does
Reports `baseImage`, `enableGpu` and `cudaVersion` of an inference config that has neither a
`runtime` nor an `environment`, and as an error `condaFile` and `extraDockerfileSteps`, with
which the deployment crashes. Of a written-out `environment` it reports
`condaDependenciesFile`, which nothing reads.

## Why it matters
azureml-core accepts the first three silently and deploys with the service's default image
instead of the one that was asked for. With the others it stops at
"'NoneType' object has no attribute 'lower'". Of `condaDependenciesFile` azureml-core keeps the path
alone, and sends that: the file stays where it is, whether it exists or not, and the image is built
without its packages.

## Example
```json inferenceconfig.json {3}
{
  "entryScript": "score.py",
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
- azureml-core 1.61.0, `model.py` and `_util.py`: executed with each key alone.
- `environment.py`, `PythonSection`: executed; an environment with `condaDependenciesFile`, of a
  file that exists or not, is sent without `condaDependencies`. The property is called deprecated.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amllint.artifacts.fields import Absent, Known, is_text, value_of
from amllint.artifacts.inference_config import InferenceConfig
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule

_CRASHES: Final = frozenset({"conda_file", "extra_docker_file_steps"})


@rule("AML207", "discarded-key", severity="warning", stage="build")
def discarded_key(config: InferenceConfig) -> Iterator[Observation]:
    """Report each key that nothing takes up, or the ones that crash."""
    yield from _unread_file(config)
    asked = dict(config.legacy()) if config.is_legacy else {}
    if "runtime" in asked:
        return
    crashing = [name for name in asked if name in _CRASHES]
    for name in crashing or asked:
        shown = f"`{config.name_of(name)}`"
        yield finding(
            asked[name].key,
            f"{shown} is given without `runtime`: azureml-core crashes when it deploys"
            if crashing
            else f"{shown} is given without `runtime` or `environment`; azureml-core accepts "
            "this silently, and the service takes its default image",
            help="write an `environment`; `runtime: python` would do, too, on the older route",
            severity="error" if crashing else None,
            stage="submit" if crashing else None,
            key=name,
        )


def _unread_file(config: InferenceConfig) -> Iterator[Observation]:
    """The path of a conda file in a written-out environment, unless nothing would be installed."""
    file = config.unread_conda_file
    if not is_text(file) or not isinstance(config.user_managed, (Absent, Known)):
        return
    if value_of(config.user_managed):
        return
    instead = config.embedded_conda is not None
    yield finding(
        file.key,
        f"`condaDependenciesFile` is not read: azureml-core keeps the path `{file.value}`, and "
        + (
            "installs what `condaDependencies` lists"
            if instead
            else "the image is built without the packages of that file"
        ),
        help="remove it"
        if instead
        else f"write what `{file.value}` has under `condaDependencies` instead",
        key="condaDependenciesFile",
    )
