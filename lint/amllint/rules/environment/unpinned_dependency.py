"""Packages of a serving environment that nothing holds at a version.

## What it does
Reports the packages of a serving environment that have no version, or only a lower bound: all of
them in one finding. It is advice, but a warning where the package that reads the model is listed
without any version, and will not stay the one that wrote it:

- scikit-learn, where the pickle lies in the repository and names another release than the newest
  one for the Python that is pinned;
- scikit-learn for a script that loads a pickle, PyTorch for `torch.load`, TensorFlow or Keras for
  `load_model`, on a Python that still gets their new releases. For older ones there is a last
  release, which stays the newest.

Python, pip, setuptools and wheel are left out, and so is what `-r` or a URL brings.

## Why it matters
The image is built again whenever a package or the base image changes, and pip then takes the
releases of that day. A model that was pickled with scikit-learn 1.2 ends `init()` under 1.3 with
`node array from the pickle has an incompatible dtype`; PyTorch 2.6 refuses checkpoints that 2.5
took; Keras 3 does not read what Keras 2 saved as a folder. Nobody changed a line.

## Example
```yaml conda.yml {8}
name: serving
channels:
  - conda-forge
dependencies:
  - python=3.12
  - pip
  - pip:
      - scikit-learn
      - azureml-inference-server-http==1.5.1
```
```yaml deployment.yml
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: scoring
code_configuration:
  code: .
  scoring_script: score.py
environment:
  image: mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20251130.v1
  conda_file: conda.yml
instance_type: Standard_DS3_v2
instance_count: 1
```
```python score.py
import os

import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(raw_data):
    return {"received": len(raw_data)}
```

## Use instead
```yaml conda.yml
name: serving
channels:
  - conda-forge
dependencies:
  - python=3.12
  - pip
  - pip:
      - scikit-learn==1.5.2
      - azureml-inference-server-http==1.5.1
```
```yaml deployment.yml
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: scoring
code_configuration:
  code: .
  scoring_script: score.py
environment:
  image: mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20251130.v1
  conda_file: conda.yml
instance_type: Standard_DS3_v2
instance_count: 1
```
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
- scikit-learn 1.2.2 and 1.3.2, a pickled tree model: executed, see `sklearn-pickles.json`.
- PyTorch 2.6, release notes: `torch.load` has `weights_only=True` by default. Keras 3, migration
  guide: SavedModel folders are no longer read by `load_model`.
- `schemas/released-packages.json`: the releases for each Python, from the package index.
- Azure Machine Learning documentation, Troubleshoot environment issues: unpinned dependencies.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from amllint.artifacts.conda_specs import conda_spec
from amllint.artifacts.environment import Environment, Requirement
from amllint.artifacts.pip_requirements import pip_line
from amllint.artifacts.requirements import normalize
from amllint.artifacts.scoring_script import ScoringScript
from amllint.artifacts.sklearn_pickles import failure, minor
from amllint.findings.finding import Observation, Related, finding
from amllint.rules.environment.listed_pins import listed_pins, newest_release
from amllint.rules.environment.model_files import model_files
from amllint.rules.registry import rule
from amllint.units import DeploymentUnit, Linker

_TOOLS: Final = frozenset({"python", "pip", "setuptools", "wheel", "conda"})
_PICKLES: Final = ("joblib.load", "pickle.load", "dill.load", "cloudpickle.load")
_READERS: Final = {
    **dict.fromkeys(_PICKLES, ("scikit-learn",)),
    **dict.fromkeys(("torch.load", "torch.jit.load"), ("torch", "pytorch")),
    "tensorflow.keras.models.load_model": ("tensorflow", "keras"),
    "keras.models.load_model": ("keras", "tensorflow"),
}
"""Packages that must read what a call loads, by the call."""
_NONE: Final = frozenset[str]()
_HOLDERS: Final = {
    "scikit-learn": frozenset(
        {"azureml-train-automl", "azureml-train-automl-runtime", "azureml-automl-runtime"}
        | {"azureml-sdk", "azureml-interpret", "azureml-explain-model", "pycaret", "auto-sklearn"}
    ),
    "torch": frozenset({"torchvision", "torchaudio", "torchtext", "fastai", "vllm", "xformers"}),
    "tensorflow": frozenset({"tensorflow-text", "tf-models-official", "tensorflow-intel"}),
}
"""Packages that ask for certain releases of what reads the model, so that it is not free."""
_MOST_SHOWN: Final = 5


class _Listed(NamedTuple):
    """A package that nothing keeps from being newer; `free` if it may be older as well."""

    name: str
    free: bool
    requirement: Requirement


@rule("AML306", "unpinned-dependency", severity="info", stage="operate")
def unpinned_dependency(
    environment: Environment, unit: DeploymentUnit, links: Linker
) -> Iterator[Observation]:
    """Report in one finding all that a later build takes in another version."""
    if not unit.serves or environment.is_python_env or environment.run_together:
        return
    listed = {p.name: p for p in _unpinned(environment) if p.name not in _TOOLS}
    pins = listed_pins(environment)
    for name in (*_bounded(environment), *(pins.resolution.held() if pins else ())):
        listed.pop(name, None)
    if not listed:
        return
    packages = list(listed.values())
    for name, why in _readers(environment, unit, links):
        if (
            name in listed
            and listed[name].free
            and not _HOLDERS.get(name, _NONE) & _all(environment)
        ):
            yield _observed(listed[name], why, packages)
            return
    yield _observed(packages[0], None, packages)


def _all(environment: Environment) -> set[str]:
    lines = {line.project for line in map(pip_line, environment.pip) if line}
    return lines | {normalize(s.name) for s in map(conda_spec, environment.conda) if s}


def _bounded(environment: Environment) -> Iterator[str]:
    """Packages that another entry of theirs holds."""
    for requirement in environment.conda:
        spec = conda_spec(requirement)
        if spec is not None and not _is_open_above(spec.versions):
            yield normalize(spec.name)
    for line in map(pip_line, environment.pip):
        if line is not None and not _is_open_above(line.versions):
            yield line.project


def _unpinned(environment: Environment) -> Iterator[_Listed]:
    for requirement in environment.conda:
        spec = conda_spec(requirement)
        if spec is None or any(sign in requirement.text for sign in "[|"):
            continue
        if _is_open_above(spec.versions):
            yield _Listed(normalize(spec.name), not spec.versions, requirement)
    for requirement in environment.pip:
        line = pip_line(requirement)
        if line is not None and _is_open_above(line.versions):
            yield _Listed(line.project, not line.versions, requirement)


def _is_open_above(versions: str) -> bool:
    clauses = [clause.strip() for clause in versions.strip("() ").split(",") if clause.strip()]
    return all(clause.startswith((">", "!=")) for clause in clauses)


def _readers(
    environment: Environment, unit: DeploymentUnit, links: Linker
) -> Iterator[tuple[str, str]]:
    """What reads the model and will be another release, and what tells so."""
    newest = newest_release(environment, "scikit-learn")
    for file in model_files(unit, links):
        written = file.contents.version_of("sklearn") if file.loaded else None
        if written is None:
            continue
        reader = minor(str(newest[0])) if newest else None
        if newest and reader and failure(file.contents, frozenset({reader})):
            taken = f"and the newest for this Python is {newest[0]}"
            yield "scikit-learn", f"`{file.path}` was written by scikit-learn {written}, {taken}"
        return
    for call, packages in _loads(unit.script) if unit.script is not None else ():
        for package in packages:
            found = newest_release(environment, package)
            if found and found[1]:
                yield package, f"the script loads its model by `{call}`"


def _loads(script: ScoringScript) -> Iterator[tuple[str, tuple[str, ...]]]:
    for reached in (*script.reached_calls("import"), *script.reached_calls("init")):
        if reached.name in _READERS:
            yield reached.name, _READERS[reached.name]


def _observed(first: _Listed, why: str | None, listed: list[_Listed]) -> Observation:
    others = [p for p in listed if p is not first]
    related = tuple(Related(p.requirement.location) for p in others)
    if why is not None:
        return finding(
            first.requirement.location,
            f"{why}; nothing pins `{first.name}`, and a release that the model was not made with "
            f"may not load it{_as_well(others)}",
            help=f"pin `{first.name}` to the version that the model was trained with",
            severity="warning",
            stage="start",
            related=related,
            key="unpinned",
        )
    return finding(
        first.requirement.location,
        f"nothing holds {_names(listed)} at a version: a later build takes other releases",
        help="pin what you have tested, as `name==1.2.3`",
        related=related,
        key="unpinned",
    )


def _as_well(others: list[_Listed]) -> str:
    """The other packages, as the end of a sentence."""
    return f" (also not pinned: {_names(others)})" if others else ""


def _names(packages: list[_Listed]) -> str:
    names = ", ".join(f"`{p.name}`" for p in packages[:_MOST_SHOWN])
    more = f" and {len(packages) - _MOST_SHOWN} more" if len(packages) > _MOST_SHOWN else ""
    return names + more
