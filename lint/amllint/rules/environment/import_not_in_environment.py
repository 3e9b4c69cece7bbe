"""The script imports a package that its environment does not bring.

## What it does
Reports imports of well-known packages that nothing in the script's environment brings, directly
or as a dependency of what is listed: in the script, and in the modules that ship with it and are
imported with it. The environment is what a conda file, a file of requirements or a Dockerfile
makes: nothing is said of images with dependencies of their own, or files with lines that cannot
be read off.

It is an error where all that is listed is known with its dependencies, and a warning where only
older releases of what is listed might bring the package. Where a listed package is not known at
all it is advice: of the imports found like that in public repositories, most came with such a
package.

A module that no file of the repository is, and that no package of an environment which is known
as a whole is called nearly like, is advice: packages may have modules of other names.

It also reports modules of the standard library that only newer Pythons have than the one that is
pinned; those that are gone are told by `removed-api`. Imports that may fail (`try` with
`except ImportError`, `TYPE_CHECKING`, a platform test) and local modules are none of its business.
That `Model.get_model_path` needs
azureml-core is told by `get-model-path`.

## Why it matters
The image builds, and the container stops at the import with `ModuleNotFoundError`, again and
again, until the deployment times out. What was there while the script was written, in a
notebook's environment, is not there where it serves.

## Example
```python score.py {1}
import pandas as pd


def init():
    pass


def run(raw_data):
    return {"rows": len(pd.DataFrame([raw_data]))}
```
```yaml conda.yml
name: serving
channels:
  - conda-forge
dependencies:
  - python=3.10
  - pip
  - pip:
      - azureml-inference-server-http
      - scikit-learn==1.5.2
```
```json inferenceconfig.json
{"entryScript": "score.py", "runtime": "python", "condaFile": "conda.yml"}
```

## Use instead
```python score.py
import pandas as pd


def init():
    pass


def run(raw_data):
    return {"rows": len(pd.DataFrame([raw_data]))}
```
```yaml conda.yml
name: serving
channels:
  - conda-forge
dependencies:
  - python=3.10
  - pip
  - pip:
      - azureml-inference-server-http
      - scikit-learn==1.5.2
      - pandas==2.2.3
```
```json inferenceconfig.json
{"entryScript": "score.py", "runtime": "python", "condaFile": "conda.yml"}
```

## Fix safety
Safe: the package is added at the end of the `pip` list, without a version. Pin the one that the
model was trained with.

## Sources
- `schemas/package-closures.json`: what each package brings, resolved from the package index.
- `schemas/standard-library.json`: imported with Python 3.6 to 3.13.
- `tests/oracle/results/environments.json`: environments that were installed and served.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from amllint.artifacts.closures import Brought
from amllint.artifacts.environment import Environment
from amllint.artifacts.pins import Bounds, numbers
from amllint.artifacts.python_releases import written_python
from amllint.artifacts.scoring_script import ScoringScript
from amllint.artifacts.sure_imports import SureImport, sure_imports
from amllint.findings.finding import Fix, Observation, Related, finding
from amllint.rules.environment.brought_modules import (
    distributions,
    import_names,
    imported_with,
    is_local,
    is_made_of_lists,
    known_module,
)
from amllint.rules.environment.conda_edits import add_pip_requirement
from amllint.rules.registry import rule
from amllint.rules.score.model_dir import LOOKUPS
from amllint.rules.score.server_path import SERVER_MODULES
from amllint.schemas import load_table
from amllint.source.python import syntax as s
from amllint.source.text import Span
from amllint.units import DeploymentUnit, Linker

_OTHER_MODULES: Final = frozenset({"google", "pylab", "jwt", "OpenSSL", "socks", "pkg_resources"})
"""Modules of packages of quite other names."""
_SHOWN: Final = 3
"""How many packages are named that may bring what is not listed."""


@rule("AML309", "import-not-in-environment", severity="error", stage="start", fix="safe")
def import_not_in_environment(
    script: ScoringScript, environment: Environment, unit: DeploymentUnit, links: Linker
) -> Iterator[Observation]:
    """Report imports that nothing in the environment brings."""
    if not (unit.serves and script.online) or script.draft or not is_made_of_lists(unit):
        return
    names, found = import_names(), distributions(environment)
    yield from _of_the_standard_library(script, environment, links, found)
    if found is None:
        return
    told = {"azureml.core"} if _is_told_of_calls(script) else set()
    for sure in sure_imports(script):
        written = _modules(sure.statement)
        for name, span in ((n, span) for whole, span in written for n in imported_with(whole)):
            known = known_module(name, names)
            if known is None and _is_nowhere(name, script, found, links):
                first = name.partition(".")[0]
                if first not in told:
                    told.add(first)
                    yield _nowhere(environment, first, sure, span)
            if known is None or known in told or found.names & set(names[known]):
                continue
            if is_local(script, links, name):
                continue
            told.add(known)
            missing = _missing(environment, known, names[known], sure, span)
            yield missing if found.is_all else _perhaps(missing, known, sure, found)


def _is_nowhere(name: str, script: ScoringScript, found: Brought, links: Linker) -> bool:
    """Whether no file of the repository is a module, and no package is called nearly like it."""
    first = name.partition(".")[0]
    spelt = first.lower().replace("_", "").replace("-", "")
    if "sys.path" in script.source.text:
        return False
    if not found.is_all or first in sys.stdlib_module_names or first in SERVER_MODULES:
        return False
    if any(spelt in n.replace("-", "") or n.replace("-", "") in spelt for n in found.names):
        return False
    if is_local(script, links, name) or first in _OTHER_MODULES:
        return False
    beside = os.path.dirname(links.absolute(script.file))
    places = [os.path.join(beside, f"{first}.py"), os.path.join(beside, first)]
    return not (_lies_anywhere(first, links) or links.repository.ignores(places))


def _lies_anywhere(first: str, links: Linker) -> bool:
    files = (*links.repository.files, *links.written)
    return any(f"/{first}/" in f or f.endswith(f"/{first}.py") for f in files)


def _nowhere(environment: Environment, name: str, sure: SureImport, span: Span) -> Observation:
    return finding(
        sure.module.at(span),
        f"no file here is the module `{name}`, and nothing in {environment.path} is known to bring "
        f"it: if nothing does, {_stopped(sure)} stops with ModuleNotFoundError",
        help="put the module into the folder that is uploaded, or list the package that has it",
        stage="score" if sure.part == "run" else None,
        related=(*_way(sure), Related(environment.place, "listed here")),
        severity="info",
        confidence="medium",
        key=f"import {name}",
    )


def _is_told_of_calls(script: ScoringScript) -> bool:
    """Whether get-model-path says of calls that azureml-core is not there for them."""
    return any(script.is_azure_model(call) for call in script.served_calls(LOOKUPS))


def _of_the_standard_library(
    script: ScoringScript, environment: Environment, links: Linker, found: Brought | None
) -> Iterator[Observation]:
    """Modules that only newer Pythons have; a backport may come with what is not known."""
    python = written_python(environment)
    if python is None:
        return
    modules = load_table("standard-library")["modules"]
    told: set[str] = set()
    for sure in sure_imports(script):
        for name, span in _modules(sure.statement):
            known = known_module(name, modules)
            if known is None or known in told or is_local(script, links, name):
                continue
            row = modules[known]
            if row["brought"] and _may_be(row["brought"], found):
                continue
            if python.is_before(numbers(row["since"])):
                told.add(known)
                yield _too_new(known, row["since"], python, sure, span)


def _may_be(packages: list[str], found: Brought | None) -> bool:
    """Whether one of some packages is brought, as far as is known."""
    return found is None or not found.is_all or bool(found.names & set(packages))


def _too_new(name: str, since: str, python: Bounds, sure: SureImport, span: Span) -> Observation:
    text = python.requirement.text.strip()
    return finding(
        sure.module.at(span),
        f"`{name}` came with Python {since}, and the environment has `{text}`: {_stopped(sure)} "
        "stops with ModuleNotFoundError",
        help=f"pin Python {since} or newer, or do without it",
        stage="score" if sure.part == "run" else None,
        related=(*_way(sure), Related(python.requirement.location, "this Python")),
        key=f"import {name}",
    )


def _stopped(sure: SureImport) -> str:
    return "the first call" if sure.part == "run" else "the container"


def _way(sure: SureImport) -> tuple[Related, ...]:
    return tuple(Related(place, "this import leads there") for place in sure.way)


def _missing(
    environment: Environment, name: str, packages: list[str], sure: SureImport, span: Span
) -> Observation:
    package = packages[0]
    edit = add_pip_requirement(environment, package)
    return finding(
        sure.module.at(span),
        f"nothing in {environment.path} brings `{name}`: {_stopped(sure)} stops with "
        "ModuleNotFoundError",
        help=f"add `{package}` to the pip requirements, with the version that you trained with",
        stage="score" if sure.part == "run" else None,
        related=(*_way(sure), Related(environment.place, "listed here")),
        fix=Fix("safe", f"add `{package}`", (edit,)) if edit else None,
        key=f"import {name}",
    )


def _perhaps(missing: Observation, name: str, sure: SureImport, found: Brought) -> Observation:
    """What comes at most with packages whose dependencies are not known, or not of old releases."""
    packages = tuple(dict.fromkeys((*found.unknown, *found.older)))
    shown = ", ".join(f"`{package}`" for package in packages[:_SHOWN])
    more = len(packages) - _SHOWN
    others = f"{shown} and {more} more" if more > 0 else shown
    known = "" if found.unknown else " in the versions listed"
    return replace(
        missing,
        message=f"`{name}` is not listed in {missing.related[-1].location.path}, and comes at most "
        f"with {others}{known}: if it does not, {_stopped(sure)} stops with ModuleNotFoundError",
        severity="info" if found.unknown else "warning",
        confidence="low" if found.unknown else "medium",
    )


def _modules(statement: s.Import) -> Iterator[tuple[str, Span]]:
    """The modules that an absolute import may name, the longest first."""
    if statement.level:
        return
    for alias in statement.names:
        whole = f"{statement.module}.{alias.name}" if statement.module else alias.name
        yield whole, alias.span if statement.module is None else statement.span
