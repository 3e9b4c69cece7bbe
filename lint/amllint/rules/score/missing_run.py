'''The scoring script has no `run`.

## What it does
Reports a scoring script that leaves no module-level attribute `run` behind when it is
imported. A `def`, an import, an assignment, a lambda all count; a method of a class, a
function inside another function or a definition under `if __name__ == "__main__":` does not.

## Why it matters
The inference server looks `run` up before it calls `init`. Without one it stops with exit
code 3: CrashLoopBackOff on AKS, a failed deployment on an online endpoint.

## Example
```python score.py {12}
import json
import os


def init():
    os.listdir(os.environ["AZUREML_MODEL_DIR"])


class Scorer:
    """Its method is none of the module's own functions."""

    def run(self, raw_data):
        return {"rows": len(json.loads(raw_data)["data"])}
```

## Use instead
```python score.py
import json


def init():
    pass


def run(raw_data):
    try:
        data = json.loads(raw_data)["data"]
    except (ValueError, KeyError, TypeError):
        raise
    return {"rows": len(data)}
```

## Sources
- azureml-inference-server-http 1.5.1, `server/user_script.py`: executed; the server's own
  words are "does not have a run() function defined".
'''

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Observation
from amllint.rules.registry import rule
from amllint.rules.score.entry_functions import missing_entry


@rule("AML102", "missing-run", severity="error", stage="start")
def missing_run(script: ScoringScript) -> Iterator[Observation]:
    """Report where `run` should be."""
    yield from missing_entry(script, "run", "answers a request")
