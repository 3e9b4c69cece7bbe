"""A model's pickle calls what no model needs: loading it runs somebody's commands.

## What it does
Reads the pickles of the deployed models that lie in the repository, opcode by opcode and without
loading them, and reports those that look up functions such as `os.system`, `subprocess.Popen`
or `builtins.eval`. Pickles are found in joblib files (compressed ones too), in torch archives and
in arrays of objects that numpy saved. What is imported otherwise, be it of a library that is
not known, is not reported.

## Why it matters
Loading a pickle calls whatever it names. One that names a shell is not a model that went wrong:
somebody made it so, and who deploys it runs that command in the container, with the identity
of the endpoint.

## Example
```yaml deployment.yml {5}
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: scoring
model:
  path: model/regression.pkl
code_configuration:
  code: src
  scoring_script: score.py
environment: azureml:serving:1
instance_type: Standard_DS3_v2
instance_count: 1
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
cos
system
(Vecho loaded
tR.
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
environment: azureml:serving:1
instance_type: Standard_DS3_v2
instance_count: 1
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
csklearn.linear_model._base
LinearRegression
)R.
```

## Sources
- Python's documentation of `pickle`: "it is possible to construct malicious pickle data which
  will execute arbitrary code during unpickling"; the example was loaded, and its command ran.
- `unsafe-pickles.json` holds the functions. This is a check of what is deployed, not a scanner
  for malware: code can be hidden from it.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.model_file import ModelFile
from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Observation, finding
from amllint.rules.environment.model_files import model_files
from amllint.rules.registry import rule
from amllint.schemas import load_table
from amllint.units import DeploymentUnit, Linker

_SHOWN = 3


@rule("AML317", "unsafe-model-file", severity="warning", stage="start")
def unsafe_model_file(
    loader: ScoringScript | DeploymentReference, unit: DeploymentUnit, links: Linker
) -> Iterator[Observation]:
    """Report each file that names a function which acts, if something is there to load it."""
    for file in model_files(unit, links):
        names = _unsafe(file)
        if names:
            listed = " and ".join(f"`{name}`" for name in names[:_SHOWN])
            more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
            yield finding(
                file.location,
                f"`{file.path}` looks up {listed}{more}, which no model needs: whoever loads it "
                "runs what its maker wanted",
                help="do not load it; save the model again, and find out where this file is from",
                key=f"unsafe/{file.path}",
            )


def _unsafe(file: ModelFile) -> list[str]:
    """The functions a file names that act, sorted."""
    references = file.contents.references
    if not references:
        return []
    unsafe = load_table("unsafe-pickles")["names"]
    return sorted(r.dotted for r in references if r.name in unsafe.get(r.module, ()))
