"""The model is looked up with `Model.get_model_path`.

## What it does
Reports calls of azureml-core's `Model.get_model_path` that importing or serving the script
can reach, through import aliases, local names and helper functions too. It is an error where
the linked environment is known not to bring azureml-core. It is advice where that
environment brings it, or, if none is linked, any file of the repository or notebook beside
the script mentions it; and where a `try` stands around the call. A call that is only made
where `AZUREML_MODEL_DIR` is not set is left alone, and so are batch scripts, where v1 jobs
have no other way.

## Why it matters
The call needs azureml-core in the serving image, which v2 images do not have, and takes a
second to import where they do. It wants the *registered* name, not the file's; it falls
back to a path in the working directory, so that it works on a laptop and fails in the
container; a model with several files at its top level raises; and inside a run context it
asks the workspace. Any of these ends `init()` with an exception: CrashLoopBackOff.

## Example
```python score.py {6}
from azureml.core.model import Model


def init():
    global path
    path = Model.get_model_path("diabetes")


def run(raw_data):
    return {"model": path}
```

## Use instead
```python score.py
import os


def init():
    global path
    path = os.path.join(os.environ["AZUREML_MODEL_DIR"], "diabetes.pkl")


def run(raw_data):
    return {"model": path}
```
With several models, `AZUREML_MODEL_DIR` holds `<name>/<version>/<file>` for each.

## Fix safety
Unsafe: all calls of the script become the path of the one entry in AZUREML_MODEL_DIR, or in
`<name>/<version>` below it where several names are looked up or declared; a name that reads
like a file's is taken for the file's. Where the only model lies in the repository (`model: path:`),
its file's or folder's own name is written. If more models are deployed than the script looks up,
declare them. The import goes where nothing else needs it. The path is no longer found on a
laptop unless the variable is set; nothing is offered where the script is run by hand too
(`__main__`), or where a `try` catches that the model is not found.

## Sources
- azureml-core 1.61.0, `model.py`, every branch executed; troubleshooting guide, the part on
  `get_model_path`; inference server 1.5.1: `No module named 'azureml'` without azureml-core.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Final

from amllint.artifacts.environment import Environment
from amllint.artifacts.requirements import distribution_names
from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Observation, Related, Severity, finding
from amllint.rules.registry import rule
from amllint.rules.score.deployed_models import deployed_models
from amllint.rules.score.model_dir import LOOKUPS, from_model_dir
from amllint.units import DeploymentUnit, Linker

_PACKAGES: Final = re.compile(rb"azureml[-_](?:core|defaults|sdk)\b")
_ADVICE: Final[tuple[Severity, str]] = (
    "info",
    "looks the model up by its registered name, which a rename breaks, through a retired SDK",
)
_BRINGS_CORE: Final = frozenset({"azureml-core", "azureml-defaults", "azureml-sdk"})


@rule("AML116", "get-model-path", severity="warning", stage="start", fix="unsafe")
def get_model_path(
    script: ScoringScript, unit: DeploymentUnit, links: Linker
) -> Iterator[Observation]:
    """Report each call that the server can reach."""
    if not script.online:
        return
    calls = [
        call
        for call in script.served_calls(LOOKUPS)
        if script.is_azure_model(call) and not script.is_fallback(call)
    ]
    declared = unit.declaration.models if unit.declaration else ()
    by_hand = script.facts.is_program or any(script.is_tried(call) for call in calls)
    models = deployed_models(unit, links) if calls else ()
    path = models[0].path if len(models) == 1 else None
    entry = os.path.basename(path) if path else None
    fix = None if by_hand else from_model_dir(script, calls, declared, entry)
    for call in calls:
        severity, why = _judge(unit.environment)
        if severity is None and (script.is_tried(call) or links.mentions(script.path, _PACKAGES)):
            severity, why = _ADVICE
        related: tuple[Related, ...] = ()
        if unit.environment is not None and severity == "error":
            related = (Related(unit.environment.place, "this environment"),)
        yield finding(
            script.at(call.span),
            f"`{script.text(call.span)}` {why}",
            help="use the folder that the platform sets: "
            'os.path.join(os.environ["AZUREML_MODEL_DIR"], "<file>"), '
            'with "<name>/<version>/<file>" where several models are deployed',
            severity=severity,
            related=related,
            fix=fix,
            key=script.structural(call.span),
        )


def _judge(environment: Environment | None) -> tuple[Severity | None, str]:
    if environment is None or not environment.complete:
        return None, (
            "needs azureml-core in the image and the registered model's name; "
            "without them the script fails before it serves, and the container never starts"
        )
    names = distribution_names(environment)
    if names is None or any(n in _BRINGS_CORE for n in names):
        return _ADVICE
    if any(n.startswith("azureml-") and n not in ("azureml-inference-server-http",) for n in names):
        return None, "needs azureml-core, which this environment does not list itself"
    return "error", "needs azureml-core, which the environment does not bring: the import fails"
