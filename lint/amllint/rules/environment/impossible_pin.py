"""A package is pinned to what pip cannot install there.

## What it does
Holds the packages that pip is asked for against what their releases say of themselves: whether
the release was ever published, for which Pythons it is, and what it requires in turn. Reported
is what no release that the line admits gets around: another line excludes it, the Python of the
environment does, or what it requires is no longer on the index, as with azureml-defaults 1.17 to
1.33. Where a patch may have come since the day of the table, it is a warning. In environments that
nothing deploys it is advice. The releases of some seventy packages are known, those of Azure
Machine Learning and those that models are mostly made with.

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
  - python=3.12
  - pip
  - pip:
      - azureml-inference-server-http==1.5.1
      - pandas==2.2.2
      - numpy==1.24.4
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
  - python=3.12
  - pip
  - pip:
      - azureml-inference-server-http==1.5.1
      - pandas==2.2.2
      - numpy==1.26.4
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

## Sources
- `schemas/released-packages.json`: the metadata of the releases on the public package index, read
  by `tools/released_packages.py`; each verdict of the test environments was executed with pip.
- pip 20.3 and newer refuse requirements that exclude each other; older ones only warn.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from amllint.artifacts.environment import Environment
from amllint.artifacts.pins import Bounds
from amllint.artifacts.pip_requirements import PipLine
from amllint.findings.finding import Observation, Related, finding
from amllint.rules.environment.listed_pins import ListedPins, listed_pins
from amllint.rules.registry import rule
from amllint.schemas import load_table
from amllint.units import DeploymentUnit

if TYPE_CHECKING:
    from packaging.version import Version

    from amllint.artifacts.releases import Obstacle


@rule("AML322", "impossible-pin", severity="error", stage="build")
def impossible_pin(environment: Environment, unit: DeploymentUnit) -> Iterator[Observation]:
    """Report pins that pip cannot meet beside the others and this Python."""
    pins = listed_pins(environment)
    for observation in _refused(pins) if pins else ():
        # What nothing deploys may be what an old pip once made, and is only worth a hint.
        yield observation if unit.serves else replace(observation, severity="info")


def _refused(pins: ListedPins) -> Iterator[Observation]:
    for project in pins.resolution.listed:
        line = pins.lines[project]
        nearest = pins.resolution.missing(project)
        if nearest:
            yield _missing(line, nearest, pins.resolution.may_follow(project))
            continue
        obstacle = pins.resolution.obstacle(project)
        if obstacle and obstacle.listed and pins.refused:
            yield _excluded(line, obstacle, pins.lines[obstacle.listed])
        elif obstacle and obstacle.pythons and pins.python:
            yield _not_for_python(line, obstacle, pins.python)
        elif obstacle and obstacle.steps and not obstacle.listed and not obstacle.pythons:
            yield _unmet(line, obstacle, pins.resolution.next_installable(project))


def _missing(line: PipLine, nearest: tuple[str, ...], may_follow: bool) -> Observation:
    day = load_table("released-packages")["packages"][line.project]["date"]
    return finding(
        line.requirement.location,
        f"there was no release `{line.text}` asks for on {day}: pip finds no matching "
        "distribution, and the image build fails",
        help=f"the releases next to it are {' and '.join(nearest)}",
        severity="warning" if may_follow else None,
        key=f"missing {line.project}",
    )


def _unmet(line: PipLine, obstacle: Obstacle, later: Version | None) -> Observation:
    *before, last = (f"`{step}`" for step in obstacle.steps)
    needs = ", which needs ".join([*before, last])
    return finding(
        line.requirement.location,
        f"`{line.text}` needs {needs}, and the index has no release of that: pip finds no matching "
        "distribution, and the image build fails",
        help=f"`{line.name}=={later}` is the next release that can be installed"
        if later
        else f"pin another {line.name}",
        key=f"unmet {line.project}",
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
