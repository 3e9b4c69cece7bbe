"""A package is pinned to what pip cannot install there.

## What it does
Holds the packages that pip is asked for against what their releases say of themselves: whether
the release was ever published, for which Pythons it is, and what it requires in turn. Reported
is what no release that the line admits gets around: another line excludes it, or the Python of
the environment does. The releases of some fifty packages are known, those of Azure Machine
Learning and those that models are mostly made with.

## Why it matters
pip refuses such a list, and the image is not built: after some minutes the log ends with
`No matching distribution found` or `ResolutionImpossible`. A pin that was right once is wrong
beside a newer Python, or beside a newer pin.

## Example
```yaml conda.yml {9}
name: serving
channels:
  - conda-forge
dependencies:
  - python=3.10
  - pip
  - pip:
      - azureml-inference-server-http==1.5.1
      - pandas==2.2.2
      - numpy==1.20.3
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
      - azureml-inference-server-http==1.5.1
      - pandas==2.2.2
      - numpy==1.26.4
```

## Sources
- `schemas/released-packages.json`: the metadata of the releases on the public package index, read
  by `tools/released_packages.py`; each verdict of the test environments was executed with pip.
- pip 20.3 and newer refuse requirements that exclude each other; older ones only warn.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from amllint.artifacts.environment import Environment
from amllint.artifacts.pins import Bounds, bounds
from amllint.artifacts.pip_requirements import PipLine, parsed, pip_line
from amllint.artifacts.requirements import is_index_option
from amllint.findings.finding import Observation, Related, finding
from amllint.rules.registry import rule
from amllint.schemas import load_table

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet

    from amllint.artifacts.releases import Obstacle

_RESOLVES: Final = (20, 3)
"""The first pip that refuses requirements which exclude each other."""
_FIRST_PYTHON: Final = (3, 6)
"""The first Python for which conda has such a pip."""


@rule("AML322", "impossible-pin", severity="error", stage="build")
def impossible_pin(environment: Environment) -> Iterator[Observation]:
    """Report pins that pip cannot meet beside the others and this Python."""
    lines = _lines(environment)
    if not any(line.versions for line in lines.values()):
        return
    from amllint.artifacts.releases import Resolution

    python = bounds(environment, "python")
    listed = {project: found for project, line in lines.items() if (found := _specifier(line))}
    public = not any(map(is_index_option, environment.pip))
    written = python if python and _is_written(python) else None
    packages = load_table("released-packages")["packages"]
    resolution = Resolution(packages, listed, _one_python(written), public)
    for project in listed:
        line = lines[project]
        nearest = resolution.missing(project)
        if nearest:
            yield _missing(line, nearest)
            continue
        obstacle = resolution.obstacle(project)
        if obstacle and obstacle.listed and _resolves(environment, python):
            yield _excluded(line, obstacle, lines[obstacle.listed])
        elif obstacle and obstacle.pythons and written:
            yield _not_for_python(line, obstacle, written)


def _lines(environment: Environment) -> dict[str, PipLine]:
    """The lines of packages that are listed once, without a marker."""
    found: dict[str, PipLine] = {}
    alone = any(r.text.strip().startswith("--no-deps") for r in environment.pip)
    if not environment.complete or environment.is_python_env or alone:
        return found
    lines = [line for line in map(pip_line, environment.pip) if line]
    projects = [line.project for line in lines]
    return {
        line.project: line
        for line in lines
        if projects.count(line.project) == 1 and ";" not in line.rest
    }


def _specifier(line: PipLine) -> SpecifierSet | None:
    requirement = parsed(line)
    return requirement.specifier if requirement else None


def _is_written(python: Bounds) -> bool:
    """Whether the Python stands in the text: what an SDK fills in depends on its release."""
    written = python.requirement.source.slice(python.requirement.location.span)
    version = python.requirement.text.strip().lstrip("pythonPYTHON=<>~! ")
    return bool(version) and version in written


def _one_python(python: Bounds | None) -> str | None:
    """The Python, if only one minor version is admitted, and it is written down."""
    if python is None or python.is_open:
        return None
    low, below = python.low, python.below
    minor = low[:2]
    if below > (minor[0], minor[1] + 1, 0, 0):
        return None
    exact = below[:3] == low[:3]
    return ".".join(map(str, low[:3] if exact else minor))


def _resolves(environment: Environment, python: Bounds | None) -> bool:
    """Whether the pip that installs them refuses what excludes each other."""
    pip = bounds(environment, "pip")
    if pip is not None and not pip.is_open and pip.is_before(_RESOLVES):
        return False
    return python is None or python.is_open or python.is_from(_FIRST_PYTHON)


def _missing(line: PipLine, nearest: tuple[str, ...]) -> Observation:
    return finding(
        line.requirement.location,
        f"there is no release `{line.text}` asks for: pip finds no matching distribution, and the "
        "image build fails",
        help=f"the releases next to it are {' and '.join(nearest)}",
        key=f"missing {line.project}",
    )


def _excluded(line: PipLine, obstacle: Obstacle, other: PipLine) -> Observation:
    needs = ", which needs ".join(f"`{step}`" for step in obstacle.steps)
    return finding(
        line.requirement.location,
        f"`{line.text}` needs {needs}, and `{other.text}` is listed: pip refuses both, and the "
        "image build fails",
        help=f"write `{obstacle.steps[-1]}`, leave {other.name} out, or pin another {line.name}",
        related=(Related(other.requirement.location, "this pin"),),
        key=f"excluded {line.project} {other.project}",
    )


def _not_for_python(line: PipLine, obstacle: Obstacle, python: Bounds) -> Observation:
    steps = ", which needs ".join(f"`{step}`" for step in obstacle.steps)
    what = f"`{line.text}` needs {steps}, which" if steps else f"`{line.text}`"
    return finding(
        line.requirement.location,
        f"{what} is for {obstacle.pythons}, the environment has "
        f"`{python.requirement.text.strip()}`: pip finds no matching distribution, and the image "
        "build fails",
        help=f"pin another {line.name}, or another Python",
        related=(Related(python.requirement.location, "this Python"),),
        key=f"python {line.project}",
    )
