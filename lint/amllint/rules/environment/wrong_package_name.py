"""A name in a list of packages that is not the name of the package that is meant.

## What it does
Reports requirements of pip that are named after the module (`sklearn`, `cv2`, `PIL`, `yaml`)
or after the project (`pytorch`, `opencv`) where the package has another name, and
`tensorflow-gpu` where no release is pinned that there still is. `sklearn` is not told where the
Python that is pinned may be older than 3.7: its pip passes over the placeholder that fails, and
installs an older one that brings scikit-learn. So are `python`, which pip does not install, and
modules that are part of it (`json`, `pickle`), where the index has no package of that name, and
a `requirements.txt` that is named without `-r`.

Near misses of well-known names (`numoy`, `azureml-default`) are reported where the package index
had no project of that name on the day of the table, and no other index is named. Names that exist
are never told of, whatever they resemble.

Among the conda packages it reports names that the usual channels do not have: `sklearn`, `torch`,
`cv2`, and packages such as `azureml-defaults` that only the package index has. Where another
channel is listed, which may have them, nothing is said.

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
Safe: the name is replaced and the version stays; a module of Python is removed. There is no fix
where the version can only be one of the wrong package, or where the right package is listed too.
For a near miss the same is unsafe: what was meant is a guess. So is an `-r` before a file.

## Sources
- `schemas/wrong-package-names.json`: each name installed by pip, with what it said; `sklearn`
  also by the pips of Python 3.6 (19.3.1 to 21.3.1) and 3.7. Under `conda`, a report for each of
  what conda said.
- pip 23, executed: `pip install requirements.txt` ends with “No matching distribution found”.
- pip 23, asked for `python` and each of these modules: “No matching distribution found”.
- `schemas/misspelt-names.json`: near misses that are not among the names of all projects of the
  package index on its day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from amllint.artifacts.conda import CondaEnvironment
from amllint.artifacts.conda_specs import CondaSpec, conda_spec
from amllint.artifacts.environment import Environment
from amllint.artifacts.pins import bounds
from amllint.artifacts.pip_requirements import PipLine, pip_line
from amllint.artifacts.requirements import conda_name, normalize
from amllint.findings.finding import Fix, Observation, finding
from amllint.rules.environment.conda_edits import remove_requirement, replace_in
from amllint.rules.environment.misspelt_names import misspelt_lines
from amllint.rules.registry import rule
from amllint.schemas import load_table

_CHANNELS: Final = frozenset({"anaconda", "conda-forge", "defaults", "main", "nvidia", "pytorch"})
"""The channels of which the reports speak."""

_FILE: Final = re.compile(r"[\w.-]+\.txt")
"""A file that pip takes for the name of a package, as `-r` is missing before it."""


@rule("AML312", "wrong-package-name", severity="error", stage="build", fix="safe")
def wrong_package_name(environment: Environment) -> Iterator[Observation]:
    """Report names that pip does not find, or finds something else by."""
    if environment.is_python_env or environment.run_together:
        return
    lines = [line for line in map(pip_line, environment.pip) if line]
    table = load_table("wrong-package-names")["names"]
    listed = {normalize(conda_name(r) or "") for r in environment.conda}
    listed |= {line.project for line in lines}
    for line in lines:
        if _FILE.fullmatch(line.text):
            yield _is_file(environment, line)
            continue
        row = table.get(line.project)
        if row is None or _is_there(line, row) or _is_forgiven(environment, row):
            continue
        if "itself" in row:
            yield _is_python(environment, line, row, lines)
        else:
            yield _observed(environment, line, row, normalize(row["meant"]) in listed)
    for line, name in misspelt_lines(environment):
        yield _is_no_project(environment, line, name)
    if isinstance(environment, CondaEnvironment) and _has_usual_channels(environment):
        yield from _of_conda(environment, listed)


def _is_file(environment: Environment, line: PipLine) -> Observation:
    edit = replace_in(line.requirement, line.text, f"-r {line.text}")
    return finding(
        line.requirement.location,
        f"`{line.text}` is a file: without `-r` pip takes it for the name of a package; the image "
        f"build fails with “No matching distribution found for {line.text}”",
        help=f"write `-r {line.text}`",
        fix=Fix("unsafe", f"write `-r {line.text}`", (edit,)) if edit else None,
        key=f"file {line.text}",
    )


def _is_python(
    environment: Environment, line: PipLine, row: dict[str, Any], lines: list[PipLine]
) -> Observation:
    """What is told of Python itself, and of what is part of it."""
    edit, help = None, "remove it"
    if line.project == "python":
        says = "pip does not install Python"
        help = f"remove it; {_where_python_stands(environment, line)}"
    else:
        says = "this is a module of Python, and no package"
        table = load_table("wrong-package-names")["names"]
        if any("itself" not in table.get(other.project, {}) for other in lines):
            edit = remove_requirement(environment, line.requirement)
    return finding(
        line.requirement.location,
        f"`{line.text}`: {says}; the image build fails with “{row['says']}”",
        help=help,
        fix=Fix("safe", "remove it", (edit,)) if edit else None,
        key=f"name {line.project}",
    )


def _where_python_stands(environment: Environment, line: PipLine) -> str:
    """Which Python there is without it, or where to say so."""
    if not isinstance(environment, CondaEnvironment):
        return "the image brings its own"
    listed = next((r for r in environment.conda if conda_name(r) == "python"), None)
    if listed is not None:
        return f"conda installs `{listed.text.strip()}`"
    version = re.fullmatch(r"={2,3}\s*(\d+(?:\.\d+)*)", line.versions)
    wanted = f"python={version[1]}" if version else "python=3.12"
    return f"list `{wanted}` among the conda packages"


def _is_no_project(environment: Environment, line: PipLine, meant: str) -> Observation:
    edit = replace_in(line.requirement, line.name, meant)
    day = load_table("misspelt-names")["date"]
    return finding(
        line.requirement.location,
        f"there was no package `{line.name}` on the index on {day}: the image build fails with "
        f"“No matching distribution found for {line.name}”",
        help=f"did you mean `{meant}`?",
        fix=Fix("unsafe", f"write `{meant}`", (edit,)) if edit else None,
        key=f"name {line.project}",
    )


def _has_usual_channels(environment: CondaEnvironment) -> bool:
    data = environment.section.data
    channels = data.get("channels") or ["defaults"] if isinstance(data, dict) else None
    return isinstance(channels, list) and all(
        isinstance(channel, str) and channel in _CHANNELS for channel in channels
    )


def _of_conda(environment: CondaEnvironment, listed: set[str]) -> Iterator[Observation]:
    table = load_table("wrong-package-names")["conda"]
    for spec in filter(None, map(conda_spec, environment.conda)):
        row = table.get(spec.name)
        if row is not None and "::" not in spec.requirement.text:
            yield _is_in_no_channel(environment, spec, row, listed)


def _is_in_no_channel(
    environment: CondaEnvironment, spec: CondaSpec, row: dict[str, Any], listed: set[str]
) -> Observation:
    meant = row.get("meant", "")
    edit = None
    if meant and normalize(meant) not in listed:
        edit = replace_in(spec.requirement, spec.name, meant)
    here = f"write `{meant}`" if edit else "remove it"
    return finding(
        spec.requirement.location,
        f"conda's channels have no package `{spec.name}`: the image build fails with "
        "“ResolvePackageNotFound” or “PackagesNotFoundError”",
        help=here if meant else f"list `{row['pip']}` in the `pip` section: only pip finds it",
        fix=Fix("safe", f"write `{meant}`", (edit,)) if edit else None,
        key=f"conda {spec.name}",
    )


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
    edit = None if listed else replace_in(line.requirement, line.name, meant)
    return finding(
        line.requirement.location,
        f"`{line.name}` is not the name of a package that pip can install: "
        f"the image build fails with “{said}”",
        help="remove it" if listed else f"write `{meant}`",
        fix=Fix("safe", f"write `{meant}`", (edit,)) if edit else None,
        key=f"name {line.project}",
    )
