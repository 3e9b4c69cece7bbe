"""A name in the `pip` list that is not the name of the package that is meant.

## What it does
Reports requirements of pip that are named after the module (`sklearn`, `cv2`, `PIL`, `yaml`)
or after the project (`pytorch`, `opencv`) where the package has another name, and
`tensorflow-gpu` where no release is pinned that there still is. `sklearn` is not told where the
Python that is pinned may be older than 3.7: its pip passes over the placeholder that fails, and
installs an older one that brings scikit-learn.

## Why it matters
The image build stops after minutes, with "No matching distribution found" or with the
complaint of a placeholder package. `sklearn==0.0` is worse: it installs, brings nothing, and
the container stops at the import.

## Example
```yaml conda.yml {9}
name: serving
channels:
  - conda-forge
dependencies:
  - python=3.10
  - pip
  - pip:
      - azureml-defaults==1.60.0
      - sklearn==1.5.2
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
      - azureml-defaults==1.60.0
      - scikit-learn==1.5.2
```

## Fix safety
Safe: the name is replaced and the version stays. There is no fix where the version can only be
one of the wrong package, or where the right package is listed too.

## Sources
- `schemas/wrong-package-names.json`: each name installed by pip, with what it said; `sklearn`
  also by the pips of Python 3.6 (19.3.1 to 21.3.1) and 3.7.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from amllint.artifacts.environment import Environment
from amllint.artifacts.pins import bounds
from amllint.artifacts.pip_requirements import PipLine, pip_line
from amllint.artifacts.requirements import conda_name, normalize
from amllint.findings.finding import Fix, Observation, finding
from amllint.rules.environment.conda_edits import replace_in
from amllint.rules.registry import rule
from amllint.schemas import load_table


@rule("AML312", "wrong-package-name", severity="error", stage="build", fix="safe")
def wrong_package_name(environment: Environment) -> Iterator[Observation]:
    """Report names that pip does not find, or finds something else by."""
    if environment.is_python_env or environment.run_together or not environment.pip:
        return
    lines = [line for line in map(pip_line, environment.pip) if line]
    table = load_table("wrong-package-names")["names"]
    listed = {normalize(conda_name(r) or "") for r in environment.conda}
    listed |= {line.project for line in lines}
    for line in lines:
        row = table.get(line.project)
        if row is not None and not (_is_there(line, row) or _is_forgiven(environment, row)):
            yield _observed(environment, line, row, normalize(row["meant"]) in listed)


def _is_there(line: PipLine, row: dict[str, Any]) -> bool:
    """Whether a release of the name is asked for that can still be installed."""
    if "from" not in row:
        return False
    match = re.match(r"(===?|~=|<=?)\s*(\d+)\.(\d+)", line.versions)
    if match is None:
        return False
    named = (int(match.group(2)), int(match.group(3)))
    last: tuple[int, ...] = tuple(map(int, row["from"].split(".")))
    return named < last or (match.group(1) == "<" and named == last)


def _is_forgiven(environment: Environment, row: dict[str, Any]) -> bool:
    """Whether the environment's Python may be so old that its pip gets along with the name."""
    since = tuple(int(part) for part in row.get("python", "0").split("."))
    python = bounds(environment, "python")
    return python is not None and not python.is_open and not python.is_from(since)


def _observed(
    environment: Environment, line: PipLine, row: dict[str, Any], listed: bool
) -> Observation:
    meant, said = row["meant"], row["says"]
    empty = row.get("empty")
    if empty and line.versions.replace(" ", "") == f"=={empty}":
        return finding(
            line.requirement.location,
            f"`{line.text}` is an empty package: it installs and brings no {meant}",
            help=f"list `{meant}` instead, with the version that the model was trained with",
            stage="start",
            key=f"name {line.project}",
        )
    edit = None if listed else replace_in(environment, line.requirement, line.name, meant)
    return finding(
        line.requirement.location,
        f"`{line.name}` is not the name of a package that pip can install: "
        f"the image build fails with “{said}”",
        help="remove it" if listed else f"write `{meant}`",
        fix=Fix("safe", f"write `{meant}`", (edit,)) if edit else None,
        key=f"name {line.project}",
    )
