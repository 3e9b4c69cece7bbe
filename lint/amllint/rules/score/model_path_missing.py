"""A path below AZUREML_MODEL_DIR leads to nothing in the deployed model.

## What it does
Reports an online script that reads a file or loads a model below `AZUREML_MODEL_DIR` where
the deployed model has no such file. What the model holds is known where its files lie in the
repository: `model: path:` of a v2 deployment file, or a path among the `models` of a declared
deployment. Then it is told whether a folder's own name is missing from the path or is too
much, whether case or a stray blank differs, or the model is called otherwise. What is joined to
`Model.get_model_path(…)` counts too: with one model that is the model's own file or folder. Where
several
models are declared, a path that leaves out `<name>/<version>` is reported, and a version
written into the path is a warning. A file that may only be missing from the repository, as
models often are, is not.

## Why it matters
With one model, `AZUREML_MODEL_DIR` is the folder of that model's version, and a model that
was a folder lies in it *under its own name*; with several (v1) it is the folder above all of
them. A path that misses by one name ends `init()` with `FileNotFoundError`, and the container
never starts.

## Example
```python src/score.py {8}
import os

import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "regression.pkl"))


def run(raw_data):
    return {"received": len(raw_data)}
```
```yaml deployment.yml
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: scoring
model:
  path: model/
code_configuration:
  code: src
  scoring_script: score.py
environment: azureml:serving:1
instance_type: Standard_DS3_v2
instance_count: 1
```
```text model/regression.pkl
the model
```

## Use instead
```python src/score.py
import os

import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model", "regression.pkl"))


def run(raw_data):
    return {"received": len(raw_data)}
```
```yaml deployment.yml
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: scoring
model:
  path: model/
code_configuration:
  code: src
  scoring_script: score.py
environment: azureml:serving:1
instance_type: Standard_DS3_v2
instance_count: 1
```

## Sources
- azureml-inference-server-http 1.5.1 (executed with models laid out as the deployment lays
  them out): a path that is not there ends the worker with exit code 3.
- Concept page on model specification for online deployments: a folder keeps its own name;
  azure-ai-ml 1.34 mounts the parent of the path for local endpoints.
- azureml-core 1.61.0, local deployments: `<name>/<version>` below the folder where several
  models are deployed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from amllint.analysis.places import HOLE, MODEL_DIR, Place
from amllint.artifacts.file_reads import FileRead, all_reads, mentions
from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Observation, Related, Severity, finding
from amllint.rules.registry import rule
from amllint.rules.score.deployed_models import DeployedModel, deployed_models
from amllint.rules.score.model_layout import Layout, layout_of
from amllint.rules.score.server_folder import is_provided
from amllint.units import DeploymentUnit, Linker


class _Miss(NamedTuple):
    """Why a path leads to nothing, what to write instead, and how sure that is."""

    why: str
    help: str
    severity: Severity = "error"


@rule("AML119", "model-path-missing", severity="error", stage="mount")
def model_path_missing(
    script: ScoringScript, unit: DeploymentUnit, links: Linker
) -> Iterator[Observation]:
    """Report each path below the model folder that the deployed models do not have."""
    looked_up = script.online and mentions(script, "get_model_path")
    if not script.online or not (looked_up or mentions(script, MODEL_DIR)):
        return
    models = deployed_models(unit, links)
    layout = layout_of(models[0], links) if len(models) == 1 else None
    for read in all_reads(script, "import", "init", "run"):
        written = _below_model_dir(read)
        place = _from_model_dir(written, layout) if written else None
        if written is None or place is None or read.is_optional:
            continue
        miss = _glued(place) or _missing(place, models, layout)
        if miss is not None and not is_provided(read.reached.module.facts, written):
            yield finding(
                read.location,
                f"`{_shown(place)}` below AZUREML_MODEL_DIR {miss.why}",
                help=miss.help,
                severity=miss.severity,
                related=(Related(models[0].location, "the model"),) if models else (),
                key=f"{read.reached.module.name}/{place.text}",
            )


def _below_model_dir(read: FileRead) -> Place | None:
    """The one path that a call reads, where it begins with the model folder or a look-up."""
    places = read.places
    place = places[0] if len(places) == 1 else None
    below = place is not None and place.base in ("model-dir", "get-model-path")
    return place if below and place is not None and place.parts else None


def _from_model_dir(place: Place, layout: Layout | None) -> Place | None:
    """The path from the model folder on: a look-up of the only model gives that itself."""
    if place.base == "model-dir":
        return place
    entry = layout.entry if layout is not None else None
    if entry is None or not place.text.startswith(("/", "./")):
        return None
    return Place("model-dir", f"/{entry}/{place.text}", place.span)


def _shown(place: Place) -> str:
    return "/".join(place.parts).replace(HOLE, "…")


def _glued(place: Place) -> _Miss | None:
    """`os.environ["AZUREML_MODEL_DIR"] + "model.pkl"`: no slash between the two."""
    if place.text.startswith(("/", "./", "..", HOLE)):
        return None
    return _Miss(
        "is glued to the folder's name: no `/` stands between them, and nothing is called that",
        f'os.path.join(os.environ["AZUREML_MODEL_DIR"], "{place.text}")',
    )


def _missing(
    place: Place, models: tuple[DeployedModel, ...], layout: Layout | None
) -> _Miss | None:
    if len(models) > 1:
        return _among_several(place, models)
    if layout is not None:
        return _within_one(place, layout) if place.is_known else None
    name = models[0].name if models else None
    parts = place.parts
    if name is not None and len(parts) > 2 and parts[0] == name and parts[1].isdigit():
        return _Miss(
            f"repeats the model's name and version: with one model the folder is that of "
            f"`{name}`'s version already",
            f'join the file alone: "{parts[-1]}"',
            "warning",
        )
    return None


def _among_several(place: Place, models: tuple[DeployedModel, ...]) -> _Miss | None:
    names = [model.name for model in models]
    first, *rest = place.parts
    if None in names or HOLE in first or first == "..":
        return None
    listed = ", ".join(f"`{n}`" for n in names)
    if first not in names:
        return _Miss(
            f"is not there: with several models the folder holds {listed}",
            "put the model's name and version ahead: <name>/<version>/<file>",
        )
    if rest and rest[0].isdigit():
        return _Miss(
            f"holds version {rest[0]} of `{first}`: the path ends with the next version",
            'find the version: glob.glob(os.path.join(folder, "<name>", "*", "<file>"))[0]',
            "warning",
        )
    if rest and "*" not in rest[0] and HOLE not in rest[0]:
        return _Miss(f"leaves out the version of `{first}`", "put the version behind the name")
    return None


def _within_one(place: Place, layout: Layout) -> _Miss | None:
    parts = place.parts
    if layout.holds(parts) or parts[0] == "..":
        return None
    instead = layout.instead_of(parts)
    if instead is not None:
        joined = ", ".join(f'"{p}"' for p in instead.split("/"))
        return _Miss(
            f"is not in the model `{layout.model.shown}`, which has it as `{instead}`",
            f'os.path.join(os.environ["AZUREML_MODEL_DIR"], {joined})',
        )
    if len(layout.files) > 1 and not layout.has_kind_of(parts[-1]):
        return None
    some = sorted(layout.files)[:3]
    listed = ", ".join(f"`{f}`" for f in some) + (", …" if len(layout.files) > 3 else "")
    return _Miss(
        f"is not in the model `{layout.model.shown}`, which holds {listed}",
        "join the path as the model has it",
    )
