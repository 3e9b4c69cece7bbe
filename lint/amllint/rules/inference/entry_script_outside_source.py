"""The entry script is not in the folder that is uploaded.

## What it does
Reports an `entryScript` that leads out of `sourceDirectory` (`../score.py`), and an absolute
path beside a `sourceDirectory`. An absolute path alone is advice: the script is uploaded by
itself, but only from a machine that has it in that place. A script that does not exist is
reported as such (entry-script-missing).

## Why it matters
azureml-core accepts this silently, since the file exists on the machine that deploys. Only
the source directory is uploaded, and the container is told to start `src/../score.py`, or a
path of your machine: the server finds no script and stops (CrashLoopBackOff).

## Example
```json inferenceconfig.json {2}
{
  "entryScript": "../score.py",
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
```python score.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```
```python src/cleaning.py
def cleaned(text):
    return text.strip()
```

## Use instead
```json inferenceconfig.json
{
  "entryScript": "score.py",
  "sourceDirectory": ".",
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
```python src/cleaning.py
def cleaned(text):
    return text.strip()
```

## Sources
- azureml-core 1.61.0, `model.py`, `_handle_assets`: executed; only the source directory is
  uploaded, and `AZUREML_ENTRY_SCRIPT` is `src/../score.py`, or the absolute path.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from amllint.artifacts.fields import Absent, Known
from amllint.artifacts.inference_config import InferenceConfig
from amllint.findings.finding import Observation, Related, finding
from amllint.rules.registry import rule
from amllint.units import Linker


@rule("AML205", "entry-script-outside-source", severity="error", stage="start")
def entry_script_outside_source(config: InferenceConfig, links: Linker) -> Iterator[Observation]:
    """Report a script that stays behind when its folder is uploaded."""
    script, folder = config.entry_script, config.source_directory
    if not isinstance(script, Known) or not isinstance(script.value, str):
        return
    name, absolute = config.name_of("entry_script"), os.path.isabs(script.value)
    if isinstance(folder, Known) and isinstance(folder.value, str) and folder.value:
        resolution = links.entry_script(config)
        there = resolution is not None and resolution.path is not None
        if not absolute and not (there and _leads_out(folder.value, script.value)):
            return
        what = "is an absolute path" if absolute else "leads out of it"
        yield finding(
            script.location,
            f"only `{folder.value}` is uploaded, and `{name}` {what}: `{script.value}` is not in "
            "the container; azureml-core accepts this silently",
            help="move the script into the source directory and give its path from there",
            related=(Related(folder.location, "the folder that is uploaded"),),
            key="outside",
        )
    elif absolute and isinstance(folder, Absent):
        yield finding(
            script.location,
            f"`{name}` is an absolute path: it only exists on a machine like the one it was "
            "written on",
            help="give its path from where `az ml model deploy` is run",
            severity="info",
            stage="submit",
            key="absolute",
        )


def _leads_out(folder: str, script: str) -> bool:
    """Whether a script is not below the folder, as it is called in the container."""
    base = os.path.basename(os.path.normpath(folder))
    inside = os.path.normpath(os.path.join(base, script))
    return os.path.normpath(script).startswith("..") and not inside.startswith(f"{base}{os.sep}")
