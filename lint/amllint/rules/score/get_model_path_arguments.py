"""`Model.get_model_path` is called with what it cannot find.

## What it does
Reports calls of azureml-core's `Model.get_model_path` that raise whatever is deployed: a
`version` that is no whole number (`"1"`, `1.0`), a name with the version in it (`"model:1"`),
`None` for a name. Where the deployment's models are known, from `models` of a declared
deployment or from `model` of a v2 deployment file, a name that is none of theirs is
reported too. Names and versions are followed through variables; anything else is unknown,
and nothing is said about it.

## Why it matters
The name is the one that the model was registered under, not that of its file, and case
counts. A name that is not found is then looked for in the working directory, which is why
the call works on a laptop; in the container it raises `ModelNotFoundException` or
`WebserviceException`, `init()` fails, and the container never starts.

## Example
```python score.py {6}
from azureml.core.model import Model


def init():
    global path
    path = Model.get_model_path("diabetes", version="3")


def run(raw_data):
    return {"model": path}
```
```yaml conda.yml
name: serving
channels:
  - conda-forge
dependencies:
  - python=3.10
  - pip
  - pip:
      - azureml-defaults==1.60.0
```
```json inferenceconfig.json
{"entryScript": "score.py", "runtime": "python", "condaFile": "conda.yml"}
```

## Use instead
```python score.py
from azureml.core.model import Model


def init():
    global path
    path = Model.get_model_path("diabetes", version=3)


def run(raw_data):
    return {"model": path}
```
```yaml conda.yml
name: serving
channels:
  - conda-forge
dependencies:
  - python=3.10
  - pip
  - pip:
      - azureml-defaults==1.60.0
```
```json inferenceconfig.json
{"entryScript": "score.py", "runtime": "python", "condaFile": "conda.yml"}
```

## Sources
- azureml-core 1.61.0, `Model.get_model_path` (every case executed): `version should be an
  int` for text and 1.0; `model_name is None`; not found for `name:version`, for a name in
  other case, and for the name of the file.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from amllint.artifacts.file_reads import distinct_calls, is_optional, mentions
from amllint.artifacts.scoring_script import ScoringScript
from amllint.artifacts.script_module import ReachedCall
from amllint.findings.finding import Observation, Related, finding
from amllint.rules.registry import rule
from amllint.rules.score.deployed_models import DeployedModel, deployed_models
from amllint.rules.score.model_dir import LOOKUPS, lookup_arguments
from amllint.source.python import syntax as s
from amllint.units import DeploymentUnit, Linker


@rule("AML117", "get-model-path-arguments", severity="error", stage="start")
def get_model_path_arguments(
    script: ScoringScript, unit: DeploymentUnit, links: Linker
) -> Iterator[Observation]:
    """Report each look-up whose arguments are known to fail."""
    if not mentions(script, "get_model_path"):
        return
    lookups = [
        reached
        for reached in distinct_calls(script, "import", "init", "run")
        if reached.name in LOOKUPS and (reached.module.name or script.is_azure_model(reached.call))
    ]
    models = deployed_models(unit, links) if lookups else ()
    for reached in lookups:
        if is_optional(reached):
            continue
        arguments = lookup_arguments(reached.call)
        if arguments is not None:
            yield from _version(reached, arguments.version)
            yield from _name(reached, arguments.name, models)


def _version(reached: ReachedCall, version: s.Expr | None) -> Iterator[Observation]:
    constant = reached.module.facts.variables.constant(version)
    if version is None or constant is None:
        return
    if constant.value is None or isinstance(constant.value, int):
        return
    whole = re.fullmatch(r"\d+(?:\.0)?", str(constant.value))
    instead = f"write it as a number: `{int(float(constant.value))}`" if whole else None
    shown = repr(constant.value)
    yield finding(
        reached.module.at(version.span),
        f"the version `{shown}` is no whole number: get_model_path raises before it looks",
        help=instead or "pass a whole number, or leave it out for the latest version",
    )


def _name(
    reached: ReachedCall, name: s.Expr, models: tuple[DeployedModel, ...]
) -> Iterator[Observation]:
    constant = reached.module.facts.variables.constant(name)
    if constant is None:
        return
    place = reached.module.at(name.span)
    if constant.value is None:
        yield finding(
            place,
            "the model's name is `None`: get_model_path raises",
            help="pass the name that the model is registered under",
        )
        return
    text = constant.value
    if not isinstance(text, str):
        return
    base, colon, version = text.partition(":")
    if colon and base:
        wanted = f'`Model.get_model_path("{base}", version={version})`'
        yield finding(
            place,
            f"`{text}` is no model's name: get_model_path looks for one that is called just that",
            help=f"pass the version apart: {wanted}" if version.isdigit() else "pass the name",
        )
        return
    yield from _not_deployed(reached, name, text, models)


def _not_deployed(
    reached: ReachedCall, name: s.Expr, text: str, models: tuple[DeployedModel, ...]
) -> Iterator[Observation]:
    names = [model.name for model in models]
    known = [n for n in names if n is not None]
    if not known or None in names or text in known:
        return
    close = difflib.get_close_matches(text, known, 1, 0.6)
    wanted = close[0] if close else known[0] if len(known) == 1 else None
    listed = ", ".join(f"`{n}`" for n in known)
    yield finding(
        reached.module.at(name.span),
        f"no model called `{text}` is deployed, only {listed}: get_model_path does not find it",
        help=f'write "{wanted}", the registered name' if wanted else "pass a registered name",
        related=(Related(models[0].location, "the models are named here"),),
    )
