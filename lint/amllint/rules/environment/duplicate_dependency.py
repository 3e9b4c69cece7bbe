"""A package that is listed twice, with versions that exclude each other.

## What it does
Reports a package that the `pip` list asks for in two versions, that the conda packages ask for
in two versions, or that conda shall install in one version and pip in another. It also reports
a `pip` section that stands before another one. With `--persona pedantic` it reports every
package that is listed twice, also where pip is only asked for something newer than conda.

Requirements with markers are alternatives, and one with and one without an extra add up:
neither is told of. In a file that code of the repository writes over it is only advice: what is
mended in the file the next run undoes.

## Why it matters
pip refuses two versions of one package, and the image build stops. What both conda and pip
install is installed twice: pip's version replaces the one that conda chose and checked the
others against. Of two `pip` sections, conda and azureml-core take the last and drop the other.

## Example
```yaml conda.yml {10}
name: serving
channels:
  - conda-forge
dependencies:
  - python=3.10
  - pip
  - pip:
      - azureml-defaults==1.60.0
      - joblib==1.4.2
      - joblib==1.3.2
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
      - joblib==1.4.2
```

## Sources
- pip 26 refuses two versions of one package: executed.
- conda 4.12, 23.11 and 26.7: `Dependencies` keeps the last `pip` section: executed. azureml-core
  1.61 does likewise.
- conda runs pip behind its own installation, with `--upgrade` and the whole list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import NamedTuple

from amllint.artifacts.conda import CondaEnvironment
from amllint.artifacts.conda_specs import conda_spec
from amllint.artifacts.docker_environment import DockerEnvironment
from amllint.artifacts.environment import Environment, Requirement
from amllint.artifacts.pip_requirements import pip_line
from amllint.artifacts.requirements import normalize
from amllint.artifacts.version_ranges import contradiction
from amllint.findings.finding import Observation, Related, finding
from amllint.rules.environment.rewritten import is_rewritten
from amllint.rules.registry import rule
from amllint.source.nodes import Mapping
from amllint.units import Linker


class _Listed(NamedTuple):
    """One entry of a list; `name` as the tool compares it, `versions` as pip writes them."""

    requirement: Requirement
    tool: str
    name: str
    versions: str
    extras: str

    @property
    def text(self) -> str:
        return self.requirement.text.strip()


@rule("AML311", "duplicate-dependency", severity="warning", stage="build")
def duplicate_dependency(environment: Environment, links: Linker) -> Iterator[Observation]:
    """Report what is listed twice, and `pip` sections that nothing reads."""
    if environment.is_python_env or environment.run_together:
        return
    found = list(_repeated(environment))
    eased = bool(found) and is_rewritten(environment, links)
    for observation in found:
        yield replace(observation, severity="info") if eased else observation


def _repeated(environment: Environment) -> Iterator[Observation]:
    if isinstance(environment, CondaEnvironment):
        yield from _lost_sections(environment)
    if isinstance(environment, DockerEnvironment) and environment.installations > 1:
        return  # what one command installs the next one replaces
    found: dict[str, list[_Listed]] = {}
    for entry in _entries(environment):
        found.setdefault(normalize(entry.name), []).append(entry)
    for entries in found.values():
        told = False
        for first, second in combinations(entries, 2):
            if not told and _same(first, second):
                yield _twice(first, second)
                told = True


def _entries(environment: Environment) -> Iterator[_Listed]:
    for requirement in environment.conda:
        spec = conda_spec(requirement)
        if spec is not None:
            yield _Listed(requirement, "conda", spec.name, spec.versions, "")
    for requirement in environment.pip:  # pip has no `python` to install: wrong-package-name
        line = pip_line(requirement)
        if line is not None and ";" not in line.rest and line.project != "python":
            extras = line.rest.strip().partition("]")[0] if line.rest.strip()[:1] == "[" else ""
            yield _Listed(requirement, "pip", line.project, line.versions, extras)


def _same(first: _Listed, second: _Listed) -> bool:
    if first.tool == second.tool == "conda":
        return first.name == second.name  # conda knows `a_b` and `a-b` as two packages
    return first.extras == second.extras or _apart(first, second)


def _apart(first: _Listed, second: _Listed) -> bool:
    both = [v for v in (first.versions, second.versions) if v]
    return len(both) == 2 and contradiction(",".join(both)) is not None


def _is_floor(versions: str) -> bool:
    """Whether only newer versions are asked for, as one does to be safe of a defect."""
    return bool(versions) and all(v.strip().startswith((">=", ">")) for v in versions.split(","))


def _twice(first: _Listed, second: _Listed) -> Observation:
    related = (Related(first.requirement.location, "and here"),)
    key = f"twice {second.name}"
    place = second.requirement.location
    if not _apart(first, second):
        return finding(
            place,
            f"`{second.text}` is listed twice, as `{first.text}` too",
            help="remove one of the two",
            severity="info",
            stage="operate",
            related=related,
            key=key,
        )
    if first.tool != second.tool:
        return finding(
            place,
            f"conda installs `{first.text}`, and pip then replaces it by `{second.text}`",
            help="list the package once, where the others that need it are",
            severity="info" if _is_floor(second.versions) else None,
            stage="operate",
            related=related,
            key=key,
        )
    return finding(
        place,
        f"no version is both `{first.text}` and `{second.text}`: {second.tool} refuses them, and "
        "the image build fails",
        help="remove one of the two",
        severity="error" if second.tool == "pip" else None,
        related=related,
        key=key,
    )


def _lost_sections(environment: CondaEnvironment) -> Iterator[Observation]:
    items = environment.dependencies.items if environment.dependencies else ()
    sections = [
        ("dependencies", number, "pip")
        for number, item in enumerate(items)
        if isinstance(item, Mapping) and item.get("pip") is not None
    ]
    for path in sections[:-1]:
        yield finding(
            environment.section.locate(path, key=True),
            "a later `pip` section replaces this one: nothing that is listed here is installed",
            help="put both lists together",
            stage="start",
            related=(Related(environment.section.locate(sections[-1], key=True), "the later one"),),
            key=f"section {path[1]}",
        )
