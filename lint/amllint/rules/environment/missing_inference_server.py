"""The environment does not bring the server that runs the scoring script.

## What it does
Reports the conda environment of an online deployment that lists neither `azureml-defaults`
nor `azureml-inference-server-http`, where the image does not bring the server either. Files
that pip lists with `-r` are looked into; where a line cannot be read off (a wheel, a git
URL, a placeholder), nothing is said.

## Why it matters
The image builds, which takes ten minutes; then the container says `exec: gunicorn: not
found` or "A required package azureml-inference-server-http is missing" and restarts until
the deployment times out. It is the fifth most frequent cause in public threads.

## Example
```yaml conda.yml {7}
name: serving
channels:
  - conda-forge
dependencies:
  - python=3.10
  - pip
  - pip:
      - scikit-learn==1.5.2
```
```json inferenceconfig.json
{"entryScript": "score.py", "runtime": "python", "condaFile": "conda.yml"}
```
```python score.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```

## Use instead
```yaml conda.yml
name: serving
channels:
  - conda-forge
dependencies:
  - python=3.10
  - pip
  - pip:
      - scikit-learn==1.5.2
      - azureml-defaults
```
```json inferenceconfig.json
{"entryScript": "score.py", "runtime": "python", "condaFile": "conda.yml"}
```
```python score.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```

## Fix safety
Safe: the fix adds one requirement at the end of the `pip` list, or a `pip` list at the end
of the dependencies. v1 configurations get `azureml-defaults`, v2 deployments
`azureml-inference-server-http`.

## Sources
- Microsoft's v1 deployment documentation: `azureml-defaults` must be listed to serve.
- azureml-core 1.61.0: `InferenceConfig` only warns, and looks for a substring.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterator
from typing import Final

from amllint.artifacts.conda import CondaEnvironment
from amllint.artifacts.fields import Known, Unknown, value_of
from amllint.artifacts.requirements import (
    conda_name,
    is_index_option,
    normalize,
    pip_name,
)
from amllint.findings.finding import Fix, Observation, Unchecked, finding
from amllint.rules.environment.conda_edits import add_pip_requirement
from amllint.rules.registry import rule
from amllint.source.problem import Unreadable
from amllint.units import DeploymentUnit, Linker

_SERVERS: Final = frozenset({"azureml-defaults", "azureml-inference-server-http"})
_WITHOUT_SERVER: Final = frozenset(
    {"azureml-core", "azureml-mlflow", "azureml-monitoring", "azureml-ai-monitoring"}
    | {"azureml-telemetry", "azureml-dataprep", "azureml-dataset-runtime", "azureml-interpret"}
    | {"azureml-fsspec", "azureml-featurestore", "azureml-pipeline-core"}
)
"""Distributions of the family that do not depend on the server; of the others it is not known."""
_MEANT: Final = {"azureml-inference-server": "azureml-inference-server-http"}


@rule("AML302", "missing-inference-server", severity="error", stage="start", fix="safe")
def missing_inference_server(
    environment: CondaEnvironment, unit: DeploymentUnit, links: Linker
) -> Iterator[Observation | Unchecked]:
    """Report a serving environment without a server."""
    if not _served_here(unit) or environment.dependencies is None:
        return
    brought = _brought(environment, links)
    if brought is None or _image_brings_it(unit):
        return
    if brought & _SERVERS:
        return
    misspelt = _misspelt(environment)
    if misspelt is not None:
        yield misspelt
        return
    if any(_may_bring_it(n) for n in brought):
        return
    server = "azureml-inference-server-http" if unit.reference else "azureml-defaults"
    place = environment.section.locate(environment.pip_path or ("dependencies",), key=True)
    yield finding(
        place,
        "neither azureml-defaults nor azureml-inference-server-http is listed: the image "
        "builds, and the container finds no server to start",
        help=f"add `{server}` to the pip requirements",
        fix=_fix(environment, server),
        key="no server",
    )


def _served_here(unit: DeploymentUnit) -> bool:
    """Whether the script is run by the inference server that this environment must bring."""
    if not unit.serves:
        return False
    if unit.reference is not None:
        return isinstance(unit.reference.scoring_script, (Known, Unknown))
    return unit.inference_config is not None or unit.declaration is not None


def _image_brings_it(unit: DeploymentUnit) -> bool:
    """Whether the image is a prebuilt inference image, or something that cannot be known."""
    if unit.reference is not None:
        image = unit.reference.image
        if isinstance(image, Unknown):
            return True
        return "inference" in str(value_of(image) or "").lower()
    if unit.inference_config is None:
        return False
    section = unit.inference_config.section
    python = section.field("environment", "python", "userManagedDependencies")
    stack = section.field("environment", "inferencingStackVersion")
    image = section.field("environment", "docker", "baseImage")
    custom = section.field("environment", "docker", "baseDockerfile")
    return (
        bool(value_of(python))
        or bool(value_of(stack))
        or isinstance(custom, (Known, Unknown))
        or isinstance(image, Unknown)
        or "inference" in str(value_of(image) or "").lower()
    )


def _misspelt(environment: CondaEnvironment) -> Observation | None:
    """A requirement whose name is almost that of a server, told with what is meant."""
    for requirement in environment.pip:
        name = pip_name(requirement) or ""
        close = difflib.get_close_matches(name, _SERVERS, 1, 0.92)
        meant = _MEANT.get(name) or (close[0] if close and name.startswith("azur") else None)
        if meant is not None:
            return finding(
                requirement.location,
                f"there is no distribution `{name}`: the image build fails",
                help=f"did you mean `{meant}`?",
                stage="build",
                key="no server",
            )
    return None


def _may_bring_it(name: str) -> bool:
    return name.startswith("azureml-") and name not in _WITHOUT_SERVER


def _brought(environment: CondaEnvironment, links: Linker) -> set[str] | None:
    """Names of everything listed, files of requirements included; `None` if not all is known."""
    names: set[str] = set()
    if not environment.complete:
        return None
    for requirement in environment.conda:
        names.add(normalize(conda_name(requirement) or ""))
    for requirement in environment.pip:
        name = pip_name(requirement)
        if name is not None:
            names.add(name)
            continue
        included = _included(requirement.text, environment, links)
        if included is not None:
            names |= included
        elif not is_index_option(requirement):
            return None
    return names


def _included(line: str, environment: CondaEnvironment, links: Linker) -> set[str] | None:
    """Names in a file listed with `-r`; `None` if it is no such line or cannot be read off."""
    match = re.match(r"\s*(?:-r|--requirement)[ =]+(\S+)\s*$", line)
    if match is None:
        return None
    folder = os.path.dirname(links.absolute(environment.path))
    path = os.path.normpath(os.path.join(folder, match.group(1)))
    if not links.repository.contains(path):
        return None
    try:
        text = links.overlay.text(path).text
    except Unreadable:
        return None
    names: set[str] = set()
    for raw in text.splitlines():
        stripped = raw.partition("#")[0].strip()
        if stripped.startswith("-") or "://" in stripped:
            return None
        found = re.match(r"[A-Za-z0-9][\w.-]*", stripped)
        if found:
            names.add(normalize(found.group()))
    return names


def _fix(environment: CondaEnvironment, server: str) -> Fix | None:
    edit = add_pip_requirement(environment, server)
    return Fix("safe", f"add `{server}`", (edit,)) if edit else None
