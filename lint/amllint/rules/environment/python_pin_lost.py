"""azureml-core does not see the Python that a conda file pins and puts its own in.

## What it does
Reports spellings of the `python` entry in which azureml-core finds no version, in conda files
that SDK or CLI v1 read: `python=3.8.*` and `python=3.8=build` are replaced by the default,
beside `python 3.8`, `python =3.8`, `Python=3.8` and `conda-forge::python=3.8` the default is
added as a second entry. Spellings that admit the default are left alone.

## Why it matters
The image is built with another Python than the file says. Its packages are then missing for
that Python, or models do not load; with two entries conda finds no Python that is both and
the build fails.

## Example
```yaml conda.yml {5}
name: serving
channels:
  - conda-forge
dependencies:
  - python=3.12.*
  - pip
  - pip:
      - azureml-defaults==1.62.0
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
      - azureml-defaults==1.62.0
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
Safe: the same versions, spelled as azureml-core reads them. `python=3.9` means any 3.9 to conda,
as `python=3.9.*` does. A build is dropped.

## Sources
- azureml-core 1.61.0, `Environment.from_conda_specification`: executed for each spelling; its
  default is 3.10.18. Older releases put in 3.6.2 or 3.8.13 instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from amllint.artifacts.conda import CondaEnvironment
from amllint.artifacts.conda_specs import conda_spec
from amllint.artifacts.environment import Requirement
from amllint.artifacts.version_ranges import contradiction
from amllint.findings.finding import Fix, Observation, finding
from amllint.rules.environment.conda_edits import replace_in
from amllint.rules.registry import rule
from amllint.units import DeploymentUnit

_DEFAULT: Final = "3.10.18"
_VERSION: Final = re.compile(r"\d+\.\d+(\.\d+)?([ab]\d+)?$")
"""What azureml-core takes for a version: it must be the end of the entry."""


@rule("AML304", "python-pin-lost", severity="error", stage="build", fix="safe")
def python_pin_lost(environment: CondaEnvironment, unit: DeploymentUnit) -> Iterator[Observation]:
    """Report a Python that azureml-core replaces or doubles."""
    entry = lost_python(environment, unit)
    if entry is not None:
        yield _lost(environment, entry)


def lost_python(environment: CondaEnvironment, unit: DeploymentUnit) -> Requirement | None:
    """The entry of a Python that azureml-core does not see, if its default is another one."""
    if unit.inference_config is None or environment.embedded or not environment.complete:
        return None
    entries = [r for r in environment.conda if (s := conda_spec(r)) and s.name == "python"]
    spec = conda_spec(entries[0]) if len(entries) == 1 else None
    if spec is None or not spec.versions or _is_seen(entries[0].text):
        return None
    other = contradiction(f"{spec.versions},=={_DEFAULT}") is not None
    return entries[0] if other else None


def _is_found(text: str) -> bool:
    """Whether azureml-core takes the entry for that of Python."""
    return text.startswith("python") and re.split(r"[\[=|<>~!]", text)[0] == "python"


def _is_seen(text: str) -> bool:
    return _is_found(text) and _VERSION.search(text) is not None


def _lost(environment: CondaEnvironment, entry: Requirement) -> Observation:
    text = entry.text
    meant = _respelled(text)
    edit = replace_in(entry, text, meant) if _is_seen(meant) else None
    doubled = not _is_found(text)
    what = (
        f"adds its default (`{_DEFAULT}` in 1.61.0) beside it, and conda finds no Python that is "
        "both"
        if doubled
        else f"puts its default (`{_DEFAULT}` in 1.61.0) in its place"
    )
    return finding(
        entry.location,
        f"azureml-core does not see the version in `{text}`: it {what}",
        help=f"write `{meant}`" if edit else "let the entry end with the version, as `python=3.9`",
        severity=None if doubled else "warning",
        fix=Fix("safe", f"write `{meant}`", (edit,)) if edit else None,
        key="python",
    )


def _respelled(text: str) -> str:
    """The same versions without what azureml-core stumbles over."""
    bare = text.strip().rpartition("::")[2].lower()
    match = re.fullmatch(r"python\s+(\d[\d.]*)(?:\.\*|\*)?", bare)
    if match:
        return f"python=={match.group(1)}" if "*" not in bare else f"python={match.group(1)}"
    bare = re.sub(r"\s+", "", bare)
    bare = re.sub(r"^python=(\d[\d.]*)=[\w.*]+$", r"python==\1", bare)
    return re.sub(r"^(python==?)(\d+(?:\.\d+)+)\.\*$", r"python=\2", bare)
