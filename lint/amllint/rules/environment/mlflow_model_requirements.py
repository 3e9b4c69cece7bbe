"""An MLflow model served without code lacks what Azure ML's own script imports.

## What it does
Reports the `conda.yaml` of an MLflow model whose deployment has neither a scoring script nor an
environment, where it does not list `azureml-ai-monitoring`. Only models whose folder lies in the
repository can be looked at: `model: path:` of an online deployment with `type: mlflow_model`.
Where a line brings what cannot be read off, nothing is said; batch deployments are not
concerned.

## Why it matters
Azure ML writes the scoring script of such a deployment, and makes its environment of the
model's `conda.yaml`. Since May 2026 that script begins with
`from azureml.ai.monitoring import Collector`. MLflow does not list the package, as the model
never needed it: the worker ends with `No module named 'azureml.ai'`, the probes get a 502, and a
model that was deployed the same way for years no longer can be.

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
    env: conda.yaml
    loader_module: mlflow.sklearn
    model_path: model.pkl
```
```yaml model/conda.yaml {7}
name: mlflow-env
channels:
  - conda-forge
dependencies:
  - python=3.11
  - pip
  - pip:
      - mlflow==2.16.0
      - scikit-learn==1.5.2
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
    env: conda.yaml
    loader_module: mlflow.sklearn
    model_path: model.pkl
```
```yaml model/conda.yaml
name: mlflow-env
channels:
  - conda-forge
dependencies:
  - python=3.11
  - pip
  - pip:
      - mlflow==2.16.0
      - scikit-learn==1.5.2
      - azureml-ai-monitoring
```

## Fix safety
Safe: the fix adds one requirement at the end of the `pip` list. The model itself does not
import it. To have MLflow write it, pass `extra_pip_requirements=["azureml-ai-monitoring"]` when
the model is logged.

## Sources
- azureml-examples, pull requests 3904, 3923, 3928, 4008 and 4031 (April to June 2026): the
  generated `mlflow_score_script.py` imports `azureml.ai.monitoring`, which the models' own
  environments lack.
- Package metadata: neither mlflow nor azureml-inference-server-http depends on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amllint.artifacts.conda import CondaEnvironment
from amllint.artifacts.requirements import distribution_names
from amllint.findings.finding import Fix, Observation, Related, finding
from amllint.rules.environment.conda_edits import add_pip_requirement
from amllint.rules.environment.model_files import mlflow_folder
from amllint.rules.registry import rule
from amllint.units import DeploymentUnit, Linker

_NEEDED: Final = "azureml-ai-monitoring"


@rule("AML320", "mlflow-model-requirements", severity="warning", stage="start", fix="safe")
def mlflow_model_requirements(
    environment: CondaEnvironment, unit: DeploymentUnit, links: Linker
) -> Iterator[Observation]:
    """Report the environment of a model that is served without code, if it lacks the package."""
    if mlflow_folder(unit, links) is None or not environment.complete:
        return
    names = distribution_names(environment)
    if names is None or _NEEDED in names or unit.reference is None:
        return
    edit = add_pip_requirement(environment, _NEEDED)
    path = environment.pip_path or ("dependencies",)
    yield finding(
        environment.section.locate(path, key=True),
        f"`{_NEEDED}` is not listed, and the script that Azure ML writes for an MLflow model "
        "imports it: the worker ends with `No module named 'azureml.ai'`",
        help=f"add `{_NEEDED}`, and log the model with it among its `extra_pip_requirements`",
        related=(Related(unit.reference.model.location, "served without a script"),),
        fix=Fix("safe", f"add `{_NEEDED}`", (edit,)) if edit else None,
        key="no monitoring",
    )
