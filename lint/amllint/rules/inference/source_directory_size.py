"""Much more than the script is uploaded with it.

## What it does
Weighs the folder that `sourceDirectory` names, and reports one of more than 100 MB or 20000
entries, and one that holds a git repository, a virtual environment or `node_modules`. Where
several folders could be meant, or one outside of the repository, nothing is said. A git
repository of less than 10 MB, with nothing else amiss, is advice.

## Why it matters
Nothing would have told. The whole folder is packed, uploaded on every deployment and unpacked
in the container; `.gitignore` and `.amlignore` are not looked at. A repository in it brings
the whole history along, with all that was ever taken out of it.

## Example
```json inferenceconfig.json {3}
{
  "entryScript": "score.py",
  "sourceDirectory": "src",
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
```python src/score.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```
```ini src/.venv/pyvenv.cfg
home = /usr/bin
```

## Use instead
```json inferenceconfig.json
{
  "entryScript": "score.py",
  "sourceDirectory": "src",
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
```python src/score.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```

## Sources
- azureml-core 1.61.0, `_util.py`, `upload_dependency`: executed; the archive holds `.git` and
  what `.amlignore` names, and no size is looked at. The 300 MB of training snapshots do not
  apply here; 100 MB is where a deployment begins to wait for its upload.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final

from amllint.artifacts.fields import Known
from amllint.artifacts.inference_config import InferenceConfig
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule
from amllint.source.folders import Weight, exceeds, weigh
from amllint.units import Linker

_MOST_MB: Final = 100
_MOST_ENTRIES: Final = 20_000
_SHOWN: Final = 3
_SMALL: Final = 10**7
"""Bytes that nobody waits for."""


@rule("AML212", "source-directory-size", severity="warning", stage="submit")
def source_directory_size(config: InferenceConfig, links: Linker) -> Iterator[Observation]:
    """Report a folder that is heavy, or that holds what nobody wants in an image."""
    field = config.source_directory
    path = links.uploaded_folder(config)
    if path is None or not isinstance(field, Known):
        return
    weight = weigh(path, _MOST_ENTRIES)
    what = _needless(weight) or _heavy(weight)
    if what is not None:
        yield finding(
            field.location,
            f"the folder `{field.value}` is uploaded as it stands, with {what}; `.gitignore` and "
            "`.amlignore` are not looked at; azureml-core accepts this silently",
            help="keep the script and its modules in a folder of their own, and name that",
            severity="info" if _is_small(path, weight) else None,
            key="size",
        )


def _is_small(folder: str, weight: Weight) -> bool:
    """Whether all that is amiss is a git repository that is uploaded in no time."""
    return _heavy(weight) is None and all(
        os.path.basename(path) == ".git" and not exceeds(os.path.join(folder, path), _SMALL)
        for path in weight.needless
    )


def _needless(weight: Weight) -> str | None:
    shown = [f"`{path}`" for path in weight.needless[:_SHOWN]]
    more = len(weight.needless) - len(shown)
    return (" and ".join(shown) + (f" and {more} more" if more else "")) if shown else None


def _heavy(weight: Weight) -> str | None:
    megabytes = weight.bytes // 10**6
    if not weight.complete:
        return f"more than {_MOST_ENTRIES} files and folders"
    if megabytes > _MOST_MB:
        return f"{megabytes} MB, and the largest file is `{weight.largest}`"
    return None
