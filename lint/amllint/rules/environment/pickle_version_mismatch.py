"""A model's pickle cannot be loaded in the environment that it is deployed with.

## What it does
Reads the pickles of the deployed models that lie in the repository, opcode by opcode and without
loading them, and compares what they name with the environment:

- classes and functions of scikit-learn that the pinned version does not have, and states that it
  cannot read or that its methods then fail with;
- `numpy._core`, which numpy has since 1.26.1;
- classes of `__main__`: those of the script or notebook that trained the model;
- packages that nothing in the environment brings, and modules of the repository that do not ship
  with the script, where all that the environment lists is known with its dependencies.

Only a file that the deployment is known to load is looked at: the model's only one, or one that
the script or the `MLmodel` names. Where the pin admits versions that load it, or versions that
were not tried, nothing is said. That the versions differ is only advice where the model was seen
to load and to answer.

## Why it matters
A pickle holds the names of private modules and the raw state of objects, and these change from
one version to the next. The image builds, the model is found, and `joblib.load` ends `init()`
with `No module named 'sklearn.ensemble.forest'` or `node array from the pickle has an
incompatible dtype`; or it loads, and each call fails with an `AttributeError`. It is the ninth
most frequent cause in public threads.

## Example
```yaml deployment.yml
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: scoring
model:
  path: model/regression.pkl
code_configuration:
  code: src
  scoring_script: score.py
environment:
  image: mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20251130.v1
  conda_file: conda.yml
instance_type: Standard_DS3_v2
instance_count: 1
```
```yaml conda.yml {8}
name: serving
channels:
  - conda-forge
dependencies:
  - python=3.11
  - pip
  - pip:
      - scikit-learn==1.5.2
      - azureml-inference-server-http==1.5.1
```
```python src/score.py
import os

import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "regression.pkl"))


def run(raw_data):
    return {"received": len(raw_data)}
```
```text model/regression.pkl
csklearn.ensemble.forest
RandomForestRegressor
)R(dV_sklearn_version
V0.21.3
sb.
```

## Use instead
```yaml deployment.yml
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: scoring
model:
  path: model/regression.pkl
code_configuration:
  code: src
  scoring_script: score.py
environment:
  image: mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20251130.v1
  conda_file: conda.yml
instance_type: Standard_DS3_v2
instance_count: 1
```
```yaml conda.yml
name: serving
channels:
  - conda-forge
dependencies:
  - python=3.11
  - pip
  - pip:
      - scikit-learn==1.5.2
      - azureml-inference-server-http==1.5.1
```
```python src/score.py
import os

import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "regression.pkl"))


def run(raw_data):
    return {"received": len(raw_data)}
```
```text model/regression.pkl
csklearn.ensemble._forest
RandomForestRegressor
)R(dV_sklearn_version
V1.5.2
sb.
```

## Sources
- scikit-learn 0.22 to 1.7, executed: `sklearn-pickles.json` holds what fails. Of 23749 pairs of
  a pickled estimator and a version that loads it, what the table tells is true of 4086 and wrong
  of none; a linear model of 0.24 loads and predicts in 1.7, so that another version alone is no
  error.
- scikit-learn, model persistence: loading with another version is not supported, and warns.
- numpy, executed: an array pickled by numpy 2 loads in 1.26.4 and not in 1.25; wheels have
  `numpy._core` from 1.26.1 on.
- azureml-inference-server-http 1.5.1, executed: a class of `__main__` ends the worker with exit
  code 3; the server's own `__main__` is not the script.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.environment import Environment
from amllint.artifacts.model_file import ModelFile
from amllint.artifacts.pins import Bounds, bounds
from amllint.artifacts.scoring_script import ScoringScript
from amllint.artifacts.sklearn_pickles import Failure, admitted, failure, minor
from amllint.findings.finding import Observation, finding
from amllint.rules.environment.listed_pins import is_without_wheel
from amllint.rules.environment.mlflow_models import mlflow_model
from amllint.rules.environment.model_files import mlflow_folder, model_files
from amllint.rules.environment.pickled_modules import lacking_modules
from amllint.rules.registry import rule
from amllint.units import DeploymentUnit, Linker

_FIRST_NUMPY_WITH_CORE: Final = (1, 26, 1)
_OF_MAIN: Final = re.compile(r"""__main__(?!['"]\s*:)""")
"""Code that puts something into `__main__`, unlike `if __name__ == "__main__":`."""


@rule("AML316", "pickle-version-mismatch", severity="error", stage="start")
def pickle_version_mismatch(
    loader: ScoringScript | DeploymentReference, unit: DeploymentUnit, links: Linker
) -> Iterator[Observation]:
    """Report each model that is loaded where it cannot be, if something is there to load it."""
    for file in model_files(unit, links):
        if not file.loaded:
            continue
        if _has_own_main(unit, links):
            yield from _of_main(file)
        if unit.environment is not None:
            yield from _of_scikit_learn(file, unit.environment, _says_it_wrote(unit, links))
            yield from _of_numpy(file, unit.environment)
            yield from lacking_modules(file, unit.environment, unit, links)


def _has_own_main(unit: DeploymentUnit, links: Linker) -> bool:
    """Whether the model is loaded by a script that nothing is known to prepare `__main__` for."""
    script = unit.script
    if script is None:
        return mlflow_folder(unit, links) is not None
    sources = (script.source, *(module.source for module in script.modules.values()))
    return not any(_OF_MAIN.search(source.code) for source in sources)


def _of_main(file: ModelFile) -> Iterator[Observation]:
    names = sorted(r.name for r in file.contents.references if r.module == "__main__")
    if names:
        yield finding(
            file.location,
            f"`{file.path}` needs `{names[0]}` of `__main__`, the script that trained it: the "
            "server has no such class there, and loading the model ends with an AttributeError",
            help=f"move `{names[0]}` into a module that ships with the script, import it from "
            "there in training, and save the model again",
            key=f"main/{file.path}",
        )


def _says_it_wrote(unit: DeploymentUnit, links: Linker) -> str | None:
    """The scikit-learn that wrote an MLflow model, as its `MLmodel` says."""
    model = mlflow_model(unit, links)
    return model.wrote.get("scikit-learn") if model else None


def _of_scikit_learn(
    file: ModelFile, environment: Environment, said: str | None
) -> Iterator[Observation]:
    pin = bounds(environment, "scikit-learn")
    readers = admitted(pin) if pin is not None else frozenset()
    if pin is None or not readers:
        return
    failing = failure(file.contents, readers)
    if failing is not None:
        yield _fails(file, failing, pin, environment)
        return
    written = file.contents.version_of("sklearn") or (said if _has_scikit_learn(file) else None)
    if written is not None and minor(written) not in readers:
        yield finding(
            pin.requirement.location,
            f"`{file.path}` was written by scikit-learn {written}, and the environment has "
            f"`{pin.requirement.text.strip()}`: it loads with a warning, and what it answers is "
            "not promised",
            help=_help(written, environment),
            severity="info",
            key=f"sklearn/{file.path}",
        )


def _has_scikit_learn(file: ModelFile) -> bool:
    return any(r.module.partition(".")[0] == "sklearn" for r in file.contents.references)


def _fails(file: ModelFile, failing: Failure, pin: Bounds, environment: Environment) -> Observation:
    written = file.contents.version_of("sklearn")
    by = f", written by scikit-learn {written}," if written else ""
    pinned = pin.requirement.text.strip()
    if failing.symptom is None:
        what = f"needs `{failing.name}`, which `{pinned}` does not have: loading it fails"
    elif failing.stage == "start":
        what = f"cannot be loaded by `{pinned}`: {failing.symptom}"
    else:
        what = f"loads with `{pinned}`, and calling it fails: {failing.symptom}"
    return finding(
        pin.requirement.location,
        f"`{file.path}`{by} {what}",
        help=_help(written, environment),
        stage=failing.stage,
        key=f"sklearn/{file.path}",
    )


def _help(written: str | None, environment: Environment) -> str:
    if written is None:
        return "pin the version that the model was trained with, or train it again with this one"
    if is_without_wheel(environment, "scikit-learn", written):
        return (
            f"train the model again with the version that is pinned: scikit-learn {written} has no "
            "wheel for this Python, and would take an older one"
        )
    return f"pin scikit-learn {written}, or train the model again with the version that is pinned"


def _of_numpy(file: ModelFile, environment: Environment) -> Iterator[Observation]:
    modules = sorted(
        r.module
        for r in file.contents.references
        if r.module == "numpy._core" or r.module.startswith("numpy._core.")
    )
    pin = bounds(environment, "numpy") if modules else None
    if pin is not None and pin.is_before(_FIRST_NUMPY_WITH_CORE):
        yield finding(
            pin.requirement.location,
            f"`{file.path}` was written by numpy 2, and needs `{modules[0]}`, which "
            f"`{pin.requirement.text.strip()}` does not have: loading it fails",
            help="pin numpy 1.26.4 or 2, or train the model again with the numpy that is pinned",
            key=f"numpy/{file.path}",
        )
