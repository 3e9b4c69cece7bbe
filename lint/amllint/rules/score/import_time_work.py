"""Importing the script already does the work of `init` or `run`.

## What it does
Reports an `init()` or `run(...)` that the module itself calls when it is imported, outside of
`if __name__ == "__main__":`, directly or through a function. A model that is loaded, or
something that is fetched over the network at module level, is advice: it works, and belongs
into `init`.

## Why it matters
The server imports the script and then calls `init` itself. A left-over call loads the model
twice, with twice the time and for a moment twice the memory, and a test call of `run` makes
every start depend on its sample. What fails there is told as a failed import rather than as
a failed `init`, and tests cannot import the script without the model.

## Example
```python score.py {15}
import os

import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(raw_data):
    return {"received": len(raw_data)}


init()
```

## Use instead
```python score.py
import os

import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(raw_data):
    return {"received": len(raw_data)}


if __name__ == "__main__":
    init()
```

## Sources
- azureml-inference-server-http 1.5.1 (executed): the script is imported as `entry_module`,
  then `init` is called whatever the import has done; an exception on import ends the worker
  with exit code 3.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.analysis.known_downloads import source_of
from amllint.analysis.known_loads import load_of
from amllint.artifacts.file_reads import distinct_calls
from amllint.artifacts.scoring_script import ScoringScript
from amllint.artifacts.script_module import ReachedCall
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule

_NETWORK = ("requests.", "httpx.", "urllib.request.urlopen", "azureml.core.Workspace")
_MAKERS = ("Session", "Client", "AsyncClient", "Request", "adapters.HTTPAdapter")


@rule("AML133", "import-time-work", severity="warning", stage="start")
def import_time_work(script: ScoringScript) -> Iterator[Observation]:
    """Report calls of the entries, loads and requests that importing the script makes."""
    if script.init is None:
        return
    again = False
    for reached in distinct_calls(script, "import"):
        own = not reached.module.name and not reached.name.partition(".")[2]
        if own and reached.name in ("init", "run") and _is_entry(script, reached.name):
            again = True
            yield _entry_called(script, reached)
    if again:
        return
    for reached in distinct_calls(script, "import"):
        work = _work(reached)
        if work is not None:
            yield finding(
                reached.module.at(reached.call.span),
                f"`{reached.module.text(reached.call.span)}` {work} while the script is imported",
                help="do it in `init`",
                severity="info",
                key=f"{reached.module.name}/{reached.body.name}/{reached.name}",
            )


def _is_entry(script: ScoringScript, name: str) -> bool:
    entry = script.init if name == "init" else script.run
    return entry is not None and entry.function is not None


def _entry_called(script: ScoringScript, reached: ReachedCall) -> Observation:
    name = reached.name
    then = "the server calls it again" if name == "init" else "it runs at every start"
    return finding(
        script.at(reached.call.span),
        f"importing the script calls `{name}`, and {then}",
        help='keep it for runs by hand, under `if __name__ == "__main__":`',
        key=f"import/{name}",
    )


def _work(reached: ReachedCall) -> str | None:
    if load_of(reached.name) is not None:
        return "loads a model"
    source = source_of(reached.call, reached.name)
    if source is not None:
        return f"fetches from {source}"
    asks = reached.name.startswith(_NETWORK) and not reached.name.endswith(_MAKERS)
    return "goes over the network" if asks and "()" not in reached.name else None
