"""A file is installed from that is not there where the image is built.

## What it does
Reports lines of a `pip` list that name a file by a relative path (`-r requirements.txt`,
`-c constraints.txt`, `-e .`, `./wheels/ours.whl`), in the environment of something that serves.
Azure ML sends the list alone: the image is built in a folder that has nothing but the list.

Where an image is built from a folder (`build:` with a Dockerfile), everything in it is there. Then
files are reported that the Dockerfile copies by name and that the folder does not have, or that lie
outside of it. With `--persona pedantic` that includes those that another file of the repository
mentions, and may make, and those that list no packages. Files that the Dockerfile installs from
(`pip install -r`, `conda env create -f`), and those that these include, are reported where nothing
that was copied before is or has them. Nothing is said where not all copies are known, or another
command or the base image may have brought the file.

## Why it matters
The same file works on the machine of whoever wrote it: conda runs pip in the folder of the conda
file. In Azure ML the build ends, after all conda packages are installed, with “Could not open
requirements file: No such file or directory”.

## Example
```yaml deployment.yml
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: scoring
code_configuration:
  code: src
  scoring_script: score.py
environment:
  image: mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20251130.v1
  conda_file: conda.yml
instance_type: Standard_DS3_v2
instance_count: 1
```
```yaml conda.yml {7}
name: serving
channels: [conda-forge]
dependencies:
  - python=3.11
  - pip
  - pip:
      - -r requirements.txt
```
```text requirements.txt
azureml-inference-server-http==1.5.1
```
```python src/score.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```

## Use instead
```yaml deployment.yml
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: scoring
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
channels: [conda-forge]
dependencies:
  - python=3.11
  - pip
  - pip:
      - azureml-inference-server-http==1.5.1
```
```python src/score.py
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```

## Sources
- azureml-core 1.61.0, executed: `Environment.from_conda_specification` and
  `from_pip_requirements` keep `-r requirements.txt` as the text that it is, and what is sent holds
  nothing of the file. azure-ai-ml: `conda_file` is sent as text.
- pip 23.2, executed: “ERROR: Could not open requirements file”, exit code 1.
- Docker's reference, `COPY`: a source that the context does not have ends the build; one above it
  is looked for in it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Final

from amllint.artifacts.conda import CondaEnvironment
from amllint.artifacts.docker_absent import AbsentFile
from amllint.artifacts.docker_environment import DockerEnvironment
from amllint.artifacts.docker_reading import CopiedFile
from amllint.artifacts.environment import Environment, Requirement
from amllint.artifacts.requirements_file import RequirementsFile
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule
from amllint.units import DeploymentUnit, Linker

_OPTION: Final = re.compile(r"(-r|-c|-e|--requirement|--constraint|--editable)(?:\s*=\s*|\s*)(\S+)")
_PATH: Final = re.compile(r"\.{1,2}(?:[/\\]|$)|[\w./\\-]+\.(?:whl|tar\.gz|zip)\s*$")
_LISTS_PACKAGES: Final = re.compile(r"(?i)requirements[^/]*\.txt|conda[^/]*\.ya?ml|env[^/]*\.ya?ml")

_NOT_OPENED: Final = "Could not open requirements file"


@rule("AML323", "file-not-in-build", severity="error", stage="build")
def file_not_in_build(
    environment: Environment, unit: DeploymentUnit, links: Linker
) -> Iterator[Observation]:
    """Report files that are installed from and are not where the image is built."""
    if not unit.serves:
        return
    if isinstance(environment, DockerEnvironment):
        for copied in environment.missing:
            yield _not_copied(environment, copied, links)
        for absent in environment.absent:
            yield _not_there(environment, absent, links)
    elif unit.inference_config is not None or _sends_a_list(unit):
        for requirement in _own(environment):
            name = _file(requirement)
            if name is not None:
                yield _not_sent(requirement, name)


def _sends_a_list(unit: DeploymentUnit) -> bool:
    """Whether a deployment has a conda file of its own, rather than that of an MLflow model."""
    return unit.reference is not None and not unit.reference.is_no_code


def _own(environment: Environment) -> tuple[Requirement, ...]:
    """The lines of the list that is sent."""
    if isinstance(environment, CondaEnvironment):
        return environment.own_pip
    return environment.own if isinstance(environment, RequirementsFile) else ()


def _file(requirement: Requirement) -> str | None:
    """The file or folder that a line installs from, by a path relative to that of the list."""
    text = requirement.text.strip()
    option = _OPTION.match(text)
    name = option[2] if option else text
    if requirement.unknown or "://" in name or name.startswith(("/", "git+")) or "\\" in name:
        return None
    return name if option or _PATH.match(text) else None


def _not_sent(requirement: Requirement, name: str) -> Observation:
    text = requirement.text.strip()
    listed = text.startswith(("-r", "--r"))
    said = _NOT_OPENED if listed else "No such file or directory"
    return finding(
        requirement.location,
        f"`{name}` is not there where the image is built: Azure ML sends this list alone, and pip "
        f"ends with “{said}”",
        help="list the packages here, or build the image from a folder that has the file"
        if listed
        else "install from an index or a URL, or build the image from a folder that has the file",
        key=f"sent {text}",
    )


def _not_copied(environment: DockerEnvironment, copied: CopiedFile, links: Linker) -> Observation:
    name = os.path.basename(copied.name.rstrip("/"))
    lists = copied.near is not None or _LISTS_PACKAGES.fullmatch(name) is not None
    certain = copied.outside or (lists and not _is_mentioned(environment, name, links))
    where = "lies outside" if copied.outside else "is not in"
    help = f"did you mean `{copied.near}`? Give" if copied.near else "give"
    return finding(
        copied.location,
        f"`{copied.name}` {where} the folder that the image is built from: the build fails",
        help=f"{help} its path from that folder, or put it there",
        severity=None if certain else "info",
        key=f"copied {copied.name}",
    )


def _not_there(environment: DockerEnvironment, absent: AbsentFile, links: Linker) -> Observation:
    name = os.path.basename(absent.name)
    made = absent.folder and _is_mentioned(environment, name, links)
    tool = "conda ends with “does not exist”" if absent.conda else f"pip ends with “{_NOT_OPENED}”"
    missing = "put it into the folder that is copied, or give the path that it has there"
    help = missing if absent.folder else "copy it into the image before, to this path"
    return finding(
        absent.location,
        f"`{absent.name}` is not in the image where it is installed from: {tool}",
        help=f"did you mean `{absent.near}`?" if absent.near else help,
        severity="info" if made else None,
        key=f"absent {absent.name}",
    )


def _is_mentioned(environment: DockerEnvironment, name: str, links: Linker) -> bool:
    """Whether a file of the repository mentions another one, and may make it."""
    sought = re.compile(rb"(?<![\w.-])%b(?![\w-])" % re.escape(os.fsencode(name)))
    return links.mentions(environment.path, sought, os.fsencode(name))
