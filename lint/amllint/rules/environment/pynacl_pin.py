"""The PyNaCl workaround of 2018: stale, or missing where it still is needed.

## What it does
Reports `pynacl==1.2.1` in a serving environment with a present-day pip: the pin is a left over;
up to Python 3.6, where it costs least, this is advice. Where pip is pinned below 19.3 and
something brings PyNaCl, it says the opposite as advice: that the pin is missing. How old the base
image's own pip is does not matter: conda installs another one into the environment that it makes,
the newest that its channels have for that Python unless the file pins it, also where the file
lists none; and that one installs the `pip` section.

## Why it matters
The troubleshooting guide still says to add `pynacl==1.2.1` when the image build fails. That
was right for a few days in September 2018, when pip took the 1.3.0 source archive and could
not compile it, and holds for any pip too old to see today's wheels. Everywhere else the pin
freezes a cryptography library of 2018 and drags paramiko down to 2.12.

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
      - pynacl==1.2.1
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
      - azureml-defaults==1.60.0
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
Unsafe: removing the pin lets pip choose other versions of PyNaCl and paramiko.

## Sources
- Troubleshooting guide for remote deployments, image building failure.
- conda 4.3.16, 4.4.11, 4.5.11, 4.6.4, 4.6.14, 4.7.12, 4.12.0, 23.11.0 and 26.7.0, executed
  with an older and with a newer pip outside the environment: the environment's own pip ran
  each time. A pip in the image's `PYTHONPATH` or user site, or a `pinned_packages` in its
  `.condarc`, can stand in for it; nothing in the checked files tells of those.
- Package index: dates and wheels of PyNaCl 1.2.1 to 1.6.2; pip 19.3 is the first to take
  manylinux2014 wheels; azureml-defaults 1.62 with the pin resolved by execution.
- `schemas/released-packages.json`: which releases of azureml-core require paramiko, and with it
  PyNaCl.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from amllint.artifacts.environment import Environment, Requirement
from amllint.artifacts.pins import bounds
from amllint.artifacts.requirements import conda_name, pip_name
from amllint.findings.finding import Fix, Observation, Related, finding
from amllint.rules.environment.conda_edits import add_pip_requirement, remove_requirement
from amllint.rules.environment.listed_pins import brings
from amllint.rules.registry import rule
from amllint.units import DeploymentUnit

_PIN: Final = "pynacl==1.2.1"
_FIRST_PIP_WITH_WHEELS: Final = (19, 3)
_WITHOUT_ITS_WHEEL: Final = (3, 7)
"""The first Python that 1.2.1 has no wheel for: from it on, paramiko has newer releases too."""
_NEEDS_IT: Final = "paramiko"
"""What brings PyNaCl to azureml-core: releases before 1.0.44, and those from 1.37 on."""


@rule("AML308", "pynacl-pin", severity="warning", stage="build", fix="unsafe")
def pynacl_pin(environment: Environment, unit: DeploymentUnit) -> Iterator[Observation]:
    """Report the pin where it is stale, and its absence where pip is too old."""
    if not unit.serves or not environment.complete:
        return
    pinned = [r for r in (*environment.pip, *environment.conda) if _is_pin(r)]
    old = _old_pip(environment)
    if old is None:
        python = bounds(environment, "python")
        as_then = python is not None and python.is_before(_WITHOUT_ITS_WHEEL)
        for requirement in pinned:
            edit = remove_requirement(environment, requirement)
            yield finding(
                requirement.location,
                f"`{requirement.text}` is a workaround for a pip of 2018: today it holds "
                f"{'PyNaCl' if as_then else 'PyNaCl and paramiko'} back and helps nothing",
                help="remove it",
                severity="info" if as_then else None,
                fix=Fix("unsafe", "remove the pin", (edit,)) if edit else None,
                key="stale pin",
            )
        return
    if "pynacl" not in _names(environment) and brings(environment, _NEEDS_IT):
        yield _missing(environment, *old)


def _missing(environment: Environment, reason: str, requirement: Requirement) -> Observation:
    edit = add_pip_requirement(environment, _PIN)
    return finding(
        environment.place,
        f"{reason} is too old for PyNaCl's wheels: it takes the source archive, which the "
        "image must compile",
        severity="info",
        help=f"add `{_PIN}`, or better, move to pip 19.3 or later",
        related=(Related(requirement.location, "this pip"),),
        fix=Fix("unsafe", f"add `{_PIN}`", (edit,)) if edit else None,
        key="missing pin",
    )


def _is_pin(requirement: Requirement) -> bool:
    return bool(re.match(r"(?i)\s*pynacl\s*={1,2}\s*1\.2\.1\s*(?:#.*)?$", requirement.text))


def _names(environment: Environment) -> set[str]:
    pip = {pip_name(r) or "" for r in environment.pip}
    return pip | {conda_name(r) or "" for r in environment.conda}


def _old_pip(
    environment: Environment,
) -> tuple[str, Requirement] | None:
    """The pin that makes pip older than its first release with today's wheels, if there is one."""
    for requirement in (*environment.conda, *environment.pip):
        match = re.match(r"(?i)\s*pip\s*[=<]=?\s*(\d+)(?:\.(\d+))?", requirement.text)
        if match:
            version = (int(match.group(1)), int(match.group(2) or 0))
            strict = "<" in requirement.text and "=" not in requirement.text
            limit = version < _FIRST_PIP_WITH_WHEELS or (
                strict and version <= _FIRST_PIP_WITH_WHEELS
            )
            return (f"`{requirement.text.strip()}`", requirement) if limit else None
    return None
