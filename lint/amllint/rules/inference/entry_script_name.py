"""The entry script has a name that cannot be imported.

## What it does
Reports an `entryScript` whose extension is not exactly `.py`, or whose name is no Python
identifier (a dash, a leading digit, a second dot) or a keyword.

## Why it matters
azureml-core refuses it when the deployment is submitted: the script is imported as a module.

## Example
```json inferenceconfig.json {2}
{
  "entryScript": "score-v2.py"
}
```
```python score-v2.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```

## Use instead
```json inferenceconfig.json
{
  "entryScript": "score_v2.py"
}
```
```python score_v2.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```

## Sources
- azureml-core 1.61.0, `model.py` and `_util.py`: executed.
"""

from __future__ import annotations

import keyword
import os
import re
from collections.abc import Iterator

from amllint.artifacts.fields import Known
from amllint.artifacts.inference_config import InferenceConfig
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule
from amllint.units import Linker


@rule("AML204", "entry-script-name", severity="error", stage="submit")
def entry_script_name(config: InferenceConfig, links: Linker) -> Iterator[Observation]:
    """Report a name that azureml-core cannot import."""
    script = config.entry_script
    if not isinstance(script, Known) or not isinstance(script.value, str) or not script.value:
        return
    resolution = links.entry_script(config)
    if resolution is None or resolution.path is None:
        return
    stem, extension = os.path.splitext(os.path.basename(script.value))
    if extension != ".py":
        yield finding(
            script.location,
            f"`{script.value}` is no `.py` file; azureml-core refuses this",
            help="name the Python script that defines `init` and `run`",
            key="extension",
        )
    elif not stem.isidentifier() or keyword.iskeyword(stem):
        better = re.sub(r"\W", "_", stem)
        better = f"score_{better}" if keyword.iskeyword(stem) or better[:1].isdigit() else better
        yield finding(
            script.location,
            f"`{stem}` is no name that Python can import; azureml-core refuses this",
            help=f"rename the file to `{better}.py`",
            key="name",
        )
