"""A serving environment lists what exists for another system alone.

## What it does
Reports, for environments that serve, in one finding each:

- conda and pip packages of Windows, and those of macOS, as an export from such a machine has them;
- pip requirements with a local version (`torch==2.2.0+cpu`, `0+unknown`) where no line says of
  which index: the package index has no local versions;
- pip requirements that are files of a Windows machine: `C:\\wheels\\model.whl`, `..\\model.whl`,
  `model @ file:///C:/…`, as `pip freeze` writes of what conda installed there.

Builds (`numpy=1.19.2=py38hadc3359_0`) and a `prefix:` are advice: a build is of one system and of
one channel's past, but which one cannot be seen, and `prefix:` is not read where the folder is
given, as Azure ML does. Requirements with a marker are left alone.

## Why it matters
Images are Linux. conda stops with `ResolvePackageNotFound` and pip with "No matching distribution
found", after minutes. It is a frequent cause in public threads: the file was exported from the
machine of whoever trained the model.

## Example
```yaml conda.yml {6}
name: serving
channels:
  - conda-forge
dependencies:
  - python=3.12
  - vs2015_runtime=14.42.34433
  - pip
  - pip:
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
  - python=3.12
  - pip
  - pip:
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
def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
```

## Fix safety
Safe: the lines of these packages are removed, and that of `prefix:`. Nothing of it is in the image
now: with them there is no image.

## Sources
- `schemas/platform-packages.json`: each package of the index asked of pip for Linux and Python
  3.6 to 3.14; each of the channels with a report of what conda said on Linux.
- `tests/oracle/results/environments.json`: `pywin32`, `pypiwin32` and `0+unknown`, executed.
- conda 4.12 and 26.7, `conda env create -p`: executed with a `prefix:` of Windows in the file.
- PyPI refuses uploads of local versions: PEP 440, local version identifiers.
- pip 24 and 26 on Linux, executed: `C:\\w\\x-1-py3-none-any.whl` and `..\\x-1-py3-none-any.whl` are
  “Invalid requirement”, `x @ file:///C:/w/x` ends with “No such file or directory”.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from amllint.artifacts.conda import CondaEnvironment
from amllint.artifacts.conda_specs import conda_spec
from amllint.artifacts.environment import Environment, Requirement
from amllint.artifacts.fields import Absent
from amllint.artifacts.pins import bounds, numbers
from amllint.artifacts.pip_requirements import pip_line
from amllint.findings.finding import Fix, Observation, Related, finding
from amllint.rules.environment.conda_edits import remove_key, remove_requirements
from amllint.rules.registry import rule
from amllint.schemas import load_table
from amllint.units import DeploymentUnit

_LOCAL: Final = re.compile(r"={2,3}\s*[\w.!]+\+[\w.]+$")
_PLACES: Final = re.compile(r"\s*(?:-i|-f|-r|-c|--index-url|--extra-index-url|--find-links|--req)")
_OF_WINDOWS: Final = re.compile(
    r"(?:-[ef]\s+|--(?:editable|find-links)[ =]\s*)?(?:[\w.-]+(?:\[[^\]]*\])?\s*@\s*)?"
    r"(?:(?:file:/*)?[A-Za-z]:[\\/]|\.{1,2}\\)\S"
)
"""A file or folder with a letter for its drive, or a path with the separators of Windows."""
_MOST_SHOWN: Final = 4


class _Foreign(NamedTuple):
    """A package of another system."""

    requirement: Requirement
    system: str
    tool: str


@rule("AML313", "not-portable", severity="error", stage="build", fix="safe")
def not_portable(environment: Environment, unit: DeploymentUnit) -> Iterator[Observation]:
    """Report what a Linux image cannot have, and what is of one machine."""
    if not unit.serves or environment.is_python_env or environment.run_together:
        return
    foreign = [*_of_conda(environment), *_of_pip(environment)]
    if foreign:
        yield from _told(environment, foreign)
    elif environment.conda:
        yield from _builds(environment)
    yield from _local_versions(environment, unit)
    yield from _files_of_windows(environment)
    if isinstance(environment, CondaEnvironment):
        yield from _prefix(environment)


def _of_conda(environment: Environment) -> Iterator[_Foreign]:
    table = {row["package"]: row for row in load_table("platform-packages")["conda"]}
    for requirement in environment.conda:
        spec = conda_spec(requirement)
        row = table.get(spec.name) if spec else None
        if row is not None and _is_meant(environment, row):
            yield _Foreign(requirement, row["system"], "conda")


def _is_meant(environment: Environment, row: dict[str, Any]) -> bool:
    """Whether every version that is admitted is one that there is for one system alone."""
    if "below" not in row:
        return True
    pinned = bounds(environment, row["package"])
    return pinned is not None and pinned.is_before(numbers(row["below"]))


def _of_pip(environment: Environment) -> Iterator[_Foreign]:
    table = {row["package"]: row for row in load_table("platform-packages")["pip"]}
    for requirement in environment.pip:
        line = pip_line(requirement)
        if line is not None and ";" not in line.rest and line.project in table:
            yield _Foreign(requirement, table[line.project]["system"], "pip")


def _told(environment: Environment, foreign: list[_Foreign]) -> Iterator[Observation]:
    """One finding for each system and tool."""
    removable = bool(remove_requirements(environment, [f.requirement for f in foreign]))
    groups: dict[tuple[str, str], list[_Foreign]] = {}
    for one in foreign:
        groups.setdefault((one.system, one.tool), []).append(one)
    for group in groups.values():
        yield _of_one_system(environment, group, removable)


def _of_one_system(
    environment: Environment, foreign: list[_Foreign], removable: bool
) -> Observation:
    first = foreign[0]
    edits = remove_requirements(environment, [f.requirement for f in foreign])
    names = [f"`{f.requirement.text.strip()}`" for f in foreign[:_MOST_SHOWN]]
    more = f" and {len(foreign) - _MOST_SHOWN} more" if len(foreign) > _MOST_SHOWN else ""
    several = len(foreign) > 1
    return finding(
        first.requirement.location,
        f"{', '.join(names)}{more} {'exist' if several else 'exists'} for {first.system} alone: "
        f"{first.tool} finds nothing for Linux, and the image build fails",
        help=f"remove {'them' if several else 'it'}; `conda env export --from-history` lists what "
        "was asked for, and no more",
        related=tuple(Related(f.requirement.location) for f in foreign[1:]),
        fix=Fix("safe", "remove what Linux does not have", edits) if edits and removable else None,
        key=f"foreign {first.system} {first.tool}",
    )


def _builds(environment: Environment) -> Iterator[Observation]:
    specs = [s for s in map(conda_spec, environment.conda) if s is not None and s.build]
    built = [s for s in specs if s.build and "*" not in s.build]
    if built:
        names = ", ".join(f"`{s.requirement.text.strip()}`" for s in built[:_MOST_SHOWN])
        more = f" and {len(built) - _MOST_SHOWN} more" if len(built) > _MOST_SHOWN else ""
        yield finding(
            built[0].requirement.location,
            f"{names}{more}: a build is of one system, and channels remove old ones; conda then "
            "finds nothing, and the image build fails",
            help="leave the builds out, as `conda env export --no-builds` does",
            severity="info",
            related=tuple(Related(s.requirement.location) for s in built[1:]),
            key="builds",
        )


def _local_versions(environment: Environment, unit: DeploymentUnit) -> Iterator[Observation]:
    """Versions that only another index has, where none is named."""
    config = unit.inference_config
    custom = config and config.section.field("environment", "docker", "baseDockerfile")
    if not environment.complete or (custom is not None and not isinstance(custom, Absent)):
        return
    if any(_PLACES.match(requirement.text) for requirement in environment.pip):
        return
    for requirement in environment.pip:
        line = pip_line(requirement)
        if line is not None and ";" not in line.rest and _LOCAL.search(line.versions):
            yield finding(
                requirement.location,
                f"`{line.text}`: the package index has no local versions (`+…`), and no line "
                "names another index; the image build fails",
                help="name the index that has it by `--extra-index-url` or `--find-links`, or "
                "write the version without `+…`",
                key=f"local {line.project}",
            )


def _files_of_windows(environment: Environment) -> Iterator[Observation]:
    """What is installed from a path of Windows, in one finding."""
    lines = (r for r in environment.pip if not r.unknown and ";" not in r.text)
    found = [r for r in lines if _OF_WINDOWS.match(r.text.strip())]
    if found:
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        verb = "are paths" if more else "is a path"
        yield finding(
            found[0].location,
            f"`{found[0].text.strip()}`{more} {verb} of Windows: where the image is built there is "
            "no such file, and pip fails",
            help="name the package and its version; what no index has goes into a folder that the "
            "image is built from",
            related=tuple(Related(r.location) for r in found[1:]),
            key="windows",
        )


def _prefix(environment: CondaEnvironment) -> Iterator[Observation]:
    node = environment.node("prefix")
    if node is None or environment.embedded:
        return
    edit = remove_key(environment, "prefix")
    yield finding(
        environment.section.locate(("prefix",), key=True),
        "`prefix` is a folder of the machine that exported the file: it is not read",
        help="remove it",
        severity="info",
        fix=Fix("safe", "remove `prefix`", (edit,)) if edit else None,
        key="prefix",
    )
