"""Versions that cannot be installed together, or break at the first import.

## What it does
Compares what an environment pins with a table of combinations that were executed: Flask 1
beside newer Jinja2, itsdangerous, Werkzeug and MarkupSafe, wheels of pandas, scikit-learn, h5py,
pyarrow, OpenCV and onnxruntime that were compiled for numpy 1 beside numpy 2, protobuf 4, old
inference servers, and releases of the Azure ML packages on Pythons that they do not support.

A package that is not listed counts as the newest there is where nothing holds it back: the older
one asks for no upper bound, the Python has the newer one, and everything else listed is known
not to care. Conda builds are left out: conda checks them against each other.

## Why it matters
The old pin was right when it was written. A rebuild takes today's releases of all that
is not pinned, and the container stops with `ImportError: cannot import name 'escape' from
'jinja2'` or "numpy.dtype size changed". Together these are among the most frequent causes in
public threads.

## Example
```yaml conda.yml {9}
name: serving
channels:
  - conda-forge
dependencies:
  - python=3.10
  - pip
  - pip:
      - azureml-inference-server-http
      - pandas==2.0.3
      - numpy==2.0.2
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
      - azureml-inference-server-http
      - pandas==2.0.3
      - numpy<2
```

## Sources
- `schemas/incompatible-pins.json`: each combination installed by pip and imported, with what it
  said; Pythons from the metadata of the wheels.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from amllint.artifacts.environment import Environment
from amllint.artifacts.pins import Bounds, Version, bounds, numbers, shown
from amllint.artifacts.pip_requirements import pip_line
from amllint.artifacts.python_releases import written_python
from amllint.artifacts.requirements import conda_name
from amllint.findings.finding import Observation, Related, finding
from amllint.rules.environment.listed_pins import refused_packages
from amllint.rules.registry import rule
from amllint.schemas import load_table

_CAPPED: Final[dict[str, Version]] = {"azureml-inference-server-http": (0, 7)}
"""Older releases of these hold others back."""


@rule("AML307", "incompatible-pins", severity="error", stage="start")
def incompatible_pins(environment: Environment) -> Iterator[Observation]:
    """Report pins that the table has as broken beside what else is installed."""
    if environment.is_python_env or not environment.complete:
        return
    lines = {line.project: line for line in map(pip_line, environment.pip) if line}
    if all(line.versions == "" for line in lines.values()):
        return
    table = load_table("incompatible-pins")
    python = written_python(environment)
    told: set[str] = set()
    for row in table["pairs"]:
        if row["package"] in lines and not told & {row["package"], row["beside"]}:
            for observation in _beside(environment, row, python, table):
                told |= {row["package"], row["beside"]}
                if told.isdisjoint(refused_packages(environment)):
                    yield observation


def _beside(
    environment: Environment, row: dict[str, Any], python: Bounds | None, table: dict[str, Any]
) -> Iterator[Observation]:
    pinned = bounds(environment, row["package"])
    if pinned is None or pinned.is_open:
        return
    if not _within(pinned, row.get("from-package"), row.get("below")):
        return
    other = bounds(environment, row["beside"])
    text = pinned.requirement.text.strip()
    if other is not None and not other.is_open and other.is_from(numbers(row["from"])):
        listed, related = f"`{other.requirement.text.strip()}`", other.requirement.location
        yield finding(
            pinned.requirement.location,
            f"`{text}` does not work with {listed}: “{row['symptom']}”",
            help=f"write `{row['write']}`, or a newer {row['package']}",
            related=(Related(related, "beside this"),),
            key=f"{row['package']} {row['beside']}",
        )
    elif other is None and _is_free(environment, row, pinned, python, table):
        newest = f"{row['beside']} {shown(numbers(row['from']))} or newer"
        yield finding(
            pinned.requirement.location,
            f"nothing holds {row['beside']} back: pip installs {newest} beside `{text}`, and "
            f"{row.get('then', 'the import fails with')} “{row['symptom']}”",
            help=f"add `{row['write']}`, or pin a newer {row['package']}",
            key=f"{row['package']} {row['beside']}",
        )


def _is_free(
    environment: Environment,
    row: dict[str, Any],
    pinned: Bounds,
    python: Bounds | None,
    table: dict[str, Any],
) -> bool:
    """Whether pip takes the newest release of what is not listed."""
    free = row["free"]
    if not _within(pinned, free.get("from"), free["below"]):
        return False
    if python is None or python.is_open or not python.is_from(numbers(free["python"])):
        return False
    if any(conda_name(r) not in ("python", "pip", "setuptools") for r in environment.conda):
        return False
    uncapped = {r["package"]: r["free"] for r in table["pairs"] if r["beside"] == row["beside"]}
    for requirement in environment.pip:
        line = pip_line(requirement)
        if line is None or line.project not in table["neutral"] or line.rest.startswith("["):
            return False
        its = bounds(environment, line.project)
        if its is None or not _lets_be(line.project, its, uncapped.get(line.project)):
            return False
    return True


def _lets_be(name: str, pinned: Bounds, free: dict[str, str] | None) -> bool:
    """Whether a package listed beside it sets no upper bound to what is not listed."""
    if free is not None and not pinned.is_open:
        return _within(pinned, None, free["below"])
    capped = _CAPPED.get(name)
    return capped is None or pinned.is_open or pinned.is_from(capped)


def _within(pinned: Bounds, low: str | None, below: str | None) -> bool:
    """Whether every version that is admitted lies between two, as far as they are given."""
    after = low is None or pinned.is_from(numbers(low))
    return after and (below is None or pinned.is_before(numbers(below)))
