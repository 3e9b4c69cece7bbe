"""The environment does not bring the server that runs the scoring script.

## What it does
Reports the environment of an online deployment that lists neither `azureml-defaults` nor
`azureml-inference-server-http`, where the image does not bring the server either; or installs
neither, where a Dockerfile is all that it is made of and starts nothing of its own. Files
that pip lists with `-r` are looked into; where a line cannot be read off (a wheel, a git
URL, a placeholder), nothing is said. Where jobs use the same registered environment, it is the
deployment that is told of. Where the script is not there, or has no `init` or `run`, it is advice.

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
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Final

from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.docker_environment import DockerEnvironment
from amllint.artifacts.environment import Environment
from amllint.artifacts.fields import Known, Unknown, is_text, value_of
from amllint.artifacts.requirements import distribution_names, pip_name
from amllint.findings.finding import Fix, Observation, Related, Unchecked, finding
from amllint.rules.environment.conda_edits import add_pip_requirement
from amllint.rules.environment.misspelt_names import misspelt_lines
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
    environment: Environment, unit: DeploymentUnit, links: Linker
) -> Iterator[Observation | Unchecked]:
    """Report a serving environment without a server."""
    if not _served_here(unit) or not environment.complete:
        return
    brought = distribution_names(environment)
    if (
        brought is None
        or _image_brings_it(environment, unit)
        or _has_another_server(environment, unit)
    ):
        return
    if brought & _SERVERS:
        return
    if any(name in _SERVERS for _, name in misspelt_lines(environment)):
        return  # the name itself is told of, wherever it stands
    misspelt = _misspelt(environment)
    if misspelt is not None:
        yield misspelt
        return
    if any(_may_bring_it(n) for n in brought):
        return
    listed = "installed" if isinstance(environment, DockerEnvironment) else "listed"
    server = "azureml-inference-server-http" if unit.reference else "azureml-defaults"
    told = finding(
        environment.place,
        f"neither azureml-defaults nor azureml-inference-server-http is {listed}: the image "
        "builds, and the container finds no server to start",
        help=f"add `{server}` to the pip requirements",
        severity="info" if _is_for_nothing(unit, links) else None,
        fix=_fix(environment, server),
        key="no server",
    )
    shared = _shared_name(unit, links)
    yield told if shared is None else _of_deployment(told, shared, environment, server)


def _is_for_nothing(unit: DeploymentUnit, links: Linker) -> bool:
    """Whether the script is not there, or made for another server than this one."""
    script = unit.script
    if script is not None:
        return script.init is None or script.run is None
    return unit.reference is not None and any(links.missing_scripts(unit.reference))


def _shared_name(unit: DeploymentUnit, links: Linker) -> Known[str] | None:
    """The name of a registered environment, where it stands, if jobs use the same."""
    reference = unit.reference
    if reference is None or reference.named is None or reference.named.name is None:
        return None
    field = reference.environment_reference
    name = reference.named.name.encode()
    used = re.compile(rb"\bazureml:%b(?![\w.-])" % re.escape(name))
    for path in links.repository.files:
        if path.endswith((".yml", ".yaml")) and not _is_deployment(path, links):
            with suppress(Unreadable):
                data = links.overlay.data(path)
                if name in data and used.search(data):
                    return field if is_text(field) else None
    return None


def _is_deployment(path: str, links: Linker) -> bool:
    artifacts = links.found.get(path, ())
    return any(isinstance(a, DeploymentReference) and not a.is_job for a in artifacts)


def _of_deployment(
    told: Observation, named: Known[str], environment: Environment, server: str
) -> Observation:
    """The same at the deployment: to the jobs the environment is right as it is."""
    return replace(
        told,
        location=named.location,
        message=f"`{named.value}` is an environment of jobs, and brings neither azureml-defaults "
        "nor azureml-inference-server-http: the image builds, and the container finds no server "
        "to start",
        help=f"deploy with an environment that has `{server}`",
        related=(Related(environment.place, "listed here"),),
        fix=None,
    )


def _served_here(unit: DeploymentUnit) -> bool:
    """Whether the script is run by the inference server that this environment must bring."""
    if not unit.serves:
        return False
    if unit.reference is not None:
        return isinstance(unit.reference.scoring_script, (Known, Unknown))
    return unit.inference_config is not None or unit.declaration is not None


def _has_another_server(environment: Environment, unit: DeploymentUnit) -> bool:
    """Whether the container starts something of its own."""
    if unit.reference is not None and unit.reference.has_own_server:
        return True
    return isinstance(environment, DockerEnvironment) and environment.starts


def _image_brings_it(environment: Environment, unit: DeploymentUnit) -> bool:
    """Whether the image is a prebuilt inference image, or something that cannot be known."""
    if unit.reference is not None:
        image = unit.reference.image
        if isinstance(image, Unknown):
            return True
        return "inference" in str(value_of(image) or "").lower()
    if unit.inference_config is None:
        return False
    config = unit.inference_config
    stack = config.section.field("environment", "inferencingStackVersion")
    image = config.section.field("environment", "docker", "baseImage")
    if isinstance(environment, DockerEnvironment):
        return isinstance(stack, Unknown) or bool(value_of(stack))
    return (
        bool(value_of(config.user_managed))
        or bool(value_of(stack))
        or isinstance(config.base_dockerfile, (Known, Unknown))
        or isinstance(image, Unknown)
        or "inference" in str(value_of(image) or "").lower()
    )


def _misspelt(environment: Environment) -> Observation | None:
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


def _fix(environment: Environment, server: str) -> Fix | None:
    edit = add_pip_requirement(environment, server)
    return Fix("safe", f"add `{server}`", (edit,)) if edit else None
