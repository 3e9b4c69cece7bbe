"""What an MLflow model says of its environment is not where Azure ML reads it.

## What it does
Looks at MLflow models that lie in the repository and are served without a scoring script and an
environment of their own (`model: path:` of an online deployment with `type: mlflow_model`), and
reports

- a model whose folder has no conda file, whatever `python_env.yaml` and `requirements.txt` say;
- versions in `requirements.txt` or `python_env.yaml` that are others than those of `conda.yaml`,
  where `MLmodel` shows that they were changed there: that changes nothing.

Where it is `conda.yaml` that was changed, as it should be, or where it cannot be seen which one
was, nothing is said. What `mlflow models serve` and images that MLflow
builds itself make of these files is another matter, and not looked at.

## Why it matters
MLflow writes the same list three times. Its own server takes `python_env.yaml` and
`requirements.txt`; Azure ML makes the environment of the conda dependencies alone. A version that
is mended in `requirements.txt` works on the own machine, and the endpoint goes on with the old
one. Without a conda file there is nothing to make an environment of.

## Example
```yaml deployment.yml
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: scoring
model:
  path: model
  type: mlflow_model
instance_type: Standard_DS3_v2
instance_count: 1
```
```yaml model/MLmodel
flavors:
  python_function:
    env:
      conda: conda.yaml
      virtualenv: python_env.yaml
    loader_module: mlflow.sklearn
    model_path: model.pkl
  sklearn:
    sklearn_version: 1.4.2
```
```yaml model/conda.yaml
name: mlflow-env
channels:
  - conda-forge
dependencies:
  - python=3.12
  - pip
  - pip:
      - mlflow==2.16.0
      - scikit-learn==1.4.2
      - azureml-ai-monitoring
```
```text model/requirements.txt {2}
mlflow==2.16.0
scikit-learn==1.5.2
```

## Use instead
```yaml deployment.yml
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: scoring
model:
  path: model
  type: mlflow_model
instance_type: Standard_DS3_v2
instance_count: 1
```
```yaml model/MLmodel
flavors:
  python_function:
    env:
      conda: conda.yaml
      virtualenv: python_env.yaml
    loader_module: mlflow.sklearn
    model_path: model.pkl
  sklearn:
    sklearn_version: 1.4.2
```
```yaml model/conda.yaml
name: mlflow-env
channels:
  - conda-forge
dependencies:
  - python=3.12
  - pip
  - pip:
      - mlflow==2.16.0
      - scikit-learn==1.5.2
      - azureml-ai-monitoring
```

## Sources
- Azure Machine Learning documentation, Guidelines for deploying MLflow models: the environment is
  built of “the conda dependencies that are specified in the MLflow model”.
- azureml-mlflow 1.62, `deploy`: makes the environment of the file that `env`, or `env: conda`,
  names, and of no other; it refuses a model that names none.
- MLflow 2.16 and 3.17, executed: without the conda file that is named, `get_model_dependencies`
  for conda ends with FileNotFoundError; `python_env.yaml` and `requirements.txt` alone are enough
  for its own server.
- azureml-examples, the models of its no-code deployments: versions were raised in `conda.yaml`
  alone.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from amllint.artifacts.conda import CondaEnvironment
from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.environment import Environment
from amllint.artifacts.fields import Known
from amllint.artifacts.pins import bounds, shown
from amllint.artifacts.pip_requirements import pip_line
from amllint.findings.finding import Location, Observation, Related, finding
from amllint.rules.environment.mlflow_models import MlflowModel, mlflow_model
from amllint.rules.registry import rule
from amllint.units import MLFLOW_ENVIRONMENT, MLFLOW_REQUIREMENTS, DeploymentUnit, Linker

_EXACT: Final = re.compile(r"==\s*([\w.+!]+)")
_PYTHON: Final = re.compile(r"(\d+)\.(\d+)(?:\.|$)")
_MOST_SHOWN: Final = 4


class _Difference(NamedTuple):
    """A version that a file has, that of the conda file, and that which wrote the model."""

    location: Location
    name: str
    here: str
    conda: str
    wrote: str


@rule("AML324", "mlflow-environment-file", severity="warning", stage="build")
def mlflow_environment_file(
    reference: DeploymentReference, unit: DeploymentUnit, links: Linker
) -> Iterator[Observation]:
    """Report a model without a conda file, and versions in files that are not read."""
    model = mlflow_model(unit, links) if unit.serves else None
    if model is None:
        return
    if not _has_conda_file(model, links):
        yield _without_conda_file(reference, model, links)
        return
    conda = unit.environment
    if model.conda not in (None, MLFLOW_ENVIRONMENT) or not isinstance(conda, CondaEnvironment):
        return
    for differences in (_in_requirements(model, conda, links), _in_python(model, conda, links)):
        changed = [d for d in differences if d.wrote == d.conda]
        if changed:
            yield _without_effect(changed, conda)


def _has_conda_file(model: MlflowModel, links: Linker) -> bool:
    named = {MLFLOW_ENVIRONMENT, model.conda or MLFLOW_ENVIRONMENT}
    return any(links.exists(os.path.normpath(os.path.join(model.folder, n))) for n in named)


def _without_conda_file(
    reference: DeploymentReference, model: MlflowModel, links: Linker
) -> Observation:
    shown_path = links.overlay.display(os.path.join(model.folder, "MLmodel"))
    names = f"`{shown_path}` names `{model.conda}`" if model.conda else f"`{shown_path}` names none"
    return finding(
        reference.model.location,
        f"the model's folder has no conda file ({names}), and Azure ML makes the environment of "
        "that alone: what `requirements.txt` or `python_env.yaml` list is not installed",
        help="put the `conda.yaml` that MLflow wrote with the model beside `MLmodel`, or give the "
        "deployment an environment and a scoring script",
        key="no conda file",
    )


def _in_requirements(
    model: MlflowModel, conda: CondaEnvironment, links: Linker
) -> Iterator[_Difference]:
    """Packages that `requirements.txt` pins to another version."""
    path = os.path.join(model.folder, MLFLOW_REQUIREMENTS)
    listed = links.environments.requirements(path) if links.exists(path) else None
    there = _exact(conda)
    for requirement in listed.own if listed else ():
        line = pip_line(requirement)
        pin = _EXACT.fullmatch(line.versions) if line and ";" not in line.rest else None
        if line and pin and there.get(line.project, pin[1]) != pin[1]:
            wrote = model.wrote.get(line.project, "")
            yield _Difference(
                requirement.location, line.project, pin[1], there[line.project], wrote
            )


def _exact(environment: Environment) -> dict[str, str]:
    """The versions that pip is asked for, where it is one each."""
    lines = [line for line in map(pip_line, environment.pip) if line and ";" not in line.rest]
    pins = ((line.project, _EXACT.fullmatch(line.versions)) for line in lines)
    found = {project: pin[1] for project, pin in pins if pin}
    return found if environment.complete else {}


def _in_python(model: MlflowModel, conda: CondaEnvironment, links: Linker) -> Iterator[_Difference]:
    """The Python of `python_env.yaml`, where it is another minor release."""
    path = os.path.join(model.folder, "python_env.yaml")
    files = (f for f in links.found.get(path, ()) if isinstance(f, CondaEnvironment))
    given = next((file.section.field("python") for file in files), None)
    python = bounds(conda, "python")
    found = _PYTHON.match(str(given.value)) if isinstance(given, Known) else None
    if given is None or found is None or python is None or python.is_open:
        return
    minor = (int(found[1]), int(found[2]))
    if python.is_before(minor) or python.is_from((minor[0], minor[1] + 1)):
        wrote = ".".join(model.python.split(".")[:2])
        yield _Difference(given.location, "python", shown(minor), shown(python.low[:2]), wrote)


def _without_effect(changed: list[_Difference], conda: CondaEnvironment) -> Observation:
    names = ", ".join(f"{d.name} {d.here}" for d in changed[:_MOST_SHOWN])
    there = ", ".join(d.conda for d in changed[:_MOST_SHOWN])
    known = ", the version that the model was written with" if len(changed) == 1 else ""
    verb = "have" if len(changed) > 1 else "has"
    return finding(
        changed[0].location,
        f"{names} here {verb} no effect: Azure ML makes the environment of `{conda.path}`, which "
        f"has {there}{known}",
        help=f"write it in `{conda.path}`; and here, for `mlflow models serve`",
        related=tuple(Related(d.location) for d in changed[1:]),
        key=f"no effect {changed[0].name}",
    )
