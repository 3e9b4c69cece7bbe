"""A model is loaded from a place where the platform does not put it.

## What it does
Reports an online script that loads a model (`joblib.load`, `torch.load`, `load_model`,
`InferenceSession` and many more) from a path written out in the script: one that is relative
to wherever the server runs, a folder of somebody's own machine, or
`/var/azureml-app/azureml-models/...` spelled out. The path is followed through variables,
`os.path.join`, `pathlib`, f-strings and helper functions. A model that ships in the source
directory or code folder is found there and is fine, and so are a path that is only taken
where `AZUREML_MODEL_DIR` is not set, one that the script itself fetches, writes or asks for,
and the name of a model on a hub.

## Why it matters
A registered model is mounted below the folder that `AZUREML_MODEL_DIR` names. The server is
started in `/var/azureml-app` (v1) or in the code folder (v2), so that a relative path works
on the machine where the model was trained, and in the container `init()` ends with
`FileNotFoundError`: the worker exits with 3 and the container never starts. A path with the
model's version in it breaks with the next version.

## Example
```python score.py {6}
import joblib


def init():
    global model
    model = joblib.load("outputs/model.pkl")


def run(raw_data):
    return {"received": len(raw_data)}
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
```

## Sources
- azureml-inference-server-http 1.5.1 (executed): a relative path is looked up in the folder
  that the server was started in; what is not there ends the worker with exit code 3.
- The start script of the inference images changes to `AML_APP_ROOT`, or `/var/azureml-app`,
  before it starts the server; azureml-core 1.61.0 ships a source directory as a folder below
  that.
- Deployment guides for v1 and v2, the parts on `AZUREML_MODEL_DIR`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Final

from amllint.analysis.places import Place
from amllint.artifacts.file_reads import FileRead, model_loads
from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Observation, Related, finding
from amllint.rules.registry import rule
from amllint.rules.score.server_folder import (
    ServerFolder,
    changes_folder,
    is_provided,
    server_folder,
)
from amllint.units import DeploymentUnit, Linker

_MOUNT: Final = "/var/azureml-app/azureml-models/"
_OWN_MACHINE: Final = re.compile(
    r"(?i)^(?:[a-z]:[\\/]|/home/|/users/|/mnt/batch/tasks/|/mnt/azmnt/|/content/|/dbfs/|~)"
)
_HELP: Final = 'load it from os.path.join(os.environ["AZUREML_MODEL_DIR"], "<file>")'


@rule("AML118", "model-path-outside-model-dir", severity="warning", stage="start")
def model_path_outside_model_dir(
    script: ScoringScript, unit: DeploymentUnit, links: Linker
) -> Iterator[Observation]:
    """Report each load whose path is known not to lead to a model in the container."""
    if not script.online:
        return
    found = [(read, read.places) for read in model_loads(script, "import", "init", "run")]
    literal = [(r, places) for r, places in found if {p.base for p in places} == {"literal"}]
    if not literal or changes_folder(script):
        return
    folder = server_folder(script, unit, links)
    for read, places in literal:
        whys = [_why(read, place, folder) for place in places]
        if not all(whys) or read.is_optional:
            continue
        place, why = places[0], str(whys[0])
        apart = not read.reached.call.span.contains(place.span)
        yield finding(
            read.location,
            f"`{place.text}` {why}",
            help=_HELP,
            related=(Related(read.reached.module.at(place.span), "the path"),) if apart else (),
            key=script.structural(read.reached.call.span) if not read.reached.module.name else None,
        )


def _why(read: FileRead, place: Place, folder: ServerFolder) -> str | None:
    """Why a model is not there in the container; `None` if it may be."""
    if place.base != "literal" or not place.is_known or not _is_path(read, place.text):
        return None
    if is_provided(read.reached.module.facts, place):
        return None
    if place.text.startswith(_MOUNT):
        return (
            "spells out where one version of one model is mounted: with the next version it is gone"
        )
    if _OWN_MACHINE.match(place.text):
        return "is a folder of one machine: in the container it does not exist, and loading fails"
    if place.is_absolute or folder.ships(place):
        return None
    beside = folder.beside_script(place)
    if beside is None:
        return (
            "is looked for in the folder that the server is started in, and a deployed model is "
            "not put there: loading fails before the script serves"
        )
    if folder.route == "v1":
        return (
            "is looked for in /var/azureml-app, and what is beside the script ships one folder "
            "further down: loading fails before the script serves"
        )
    return None


def _is_path(read: FileRead, text: str) -> bool:
    """Whether a text is a path and not the name of a model on a hub, a package or a registry."""
    if not text or re.match(r"^\w{2,}:", text):
        return False
    if read.load is not None and read.load.hub:
        return text.startswith(("/", "./", "../", "~"))
    return read.reached.name != "spacy.load" or os.sep in text
