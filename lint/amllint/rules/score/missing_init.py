'''The scoring script has no `init`.

## What it does
Reports a scoring script that leaves no module-level attribute `init` behind when it is
imported. A `def`, an import, an assignment, a lambda all count; a method of a class, a
function inside another function or a definition under `if __name__ == "__main__":` does not.

## Why it matters
The inference server imports the script under the name `entry_module` and asks for `init`
before it takes a request. Without one it stops with exit code 3, which AKS shows as
CrashLoopBackOff and an online endpoint as a failed deployment, ten minutes after the build.

## Example
```python score.py {1}
import json


def run(raw_data):
    try:
        data = json.loads(raw_data)["data"]
    except (ValueError, KeyError, TypeError):
        raise
    return {"rows": len(data)}
```

## Use instead
```python score.py
import json


def init():
    """Load the model here; without one, there is nothing to do."""


def run(raw_data):
    try:
        data = json.loads(raw_data)["data"]
    except (ValueError, KeyError, TypeError):
        raise
    return {"rows": len(data)}
```

## Sources
- azureml-inference-server-http 1.5.1, `server/user_script.py`: executed; the server's own
  words are "does not have a init() function defined".
'''

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Observation
from amllint.rules.registry import rule
from amllint.rules.score.entry_functions import missing_entry


@rule("AML101", "missing-init", severity="error", stage="start")
def missing_init(script: ScoringScript) -> Iterator[Observation]:
    """Report where `init` should be."""
    yield from missing_entry(script, "init", "loads the model")
