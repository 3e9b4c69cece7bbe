"""A version that pip or conda cannot read, or that none can meet.

## What it does
Reports requirements of the `pip` list that pip refuses: a single `=`, `=>` and `=<`, a version
without an operator, conda's build behind a version, a star behind `>=`. In the conda packages it
reports `=>` and `=<`. In both it reports ranges that no version is in.

In the `RUN` lines of Dockerfiles it reports versions without quotation marks: `>` and `<` are
the shell's there. `pip install numpy>=1.26` installs any numpy and writes a file `=1.26`, which
is a warning; with `<` the line fails.

Lines that only new releases of pip refuse (a star behind `>=`, versions such as `2004d`) are
told where pip is new: conda installs the newest that the environment's Python has, which
up to Python 3.7 is one that still takes them.

## Why it matters
conda and pip write versions differently, and `name=1.0`, right for conda, is "Invalid
requirement" to pip. The image build stops there, after it has solved and downloaded all of
the conda packages.

## Example
```yaml conda.yml {8}
name: serving
channels:
  - conda-forge
dependencies:
  - python=3.10
  - pip
  - pip:
      - azureml-defaults=1.60.0
      - pandas>=2.2,<3.0
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
      - pandas>=2.2,<3.0
```

## Fix safety
Safe, and only for operators whose meaning is plain: `=` becomes `==` for pip, `=>` and `=<`
become `>=` and `<=`, and a whole version without an operator (`numpy 1.26.4`, as `pip list` shows
it) gets `==`. Of a shorter one (`numpy=1.26`, `numpy 1.26`, which conda reads as any 1.26) that is
unsafe, and so are quotation marks in Dockerfiles: what is installed changes.

## Sources
- pip 26 and the `packaging` library: executed.
- conda 26.7 reads `=>1.0` as a pattern, `>1.0*`; rattler 0.2 (which mamba and pixi share the
  grammar with) refuses it: executed.
- POSIX, Shell Command Language 2.7: redirections need no blanks around them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from amllint.artifacts.docker_environment import DockerEnvironment
from amllint.artifacts.environment import Environment, Requirement
from amllint.artifacts.pins import bounds
from amllint.artifacts.pip_requirements import PipLine, parsed, pip_line
from amllint.artifacts.version_ranges import contradiction
from amllint.findings.finding import Applicability, Edit, Fix, Location, Observation, finding
from amllint.rules.environment.conda_edits import replace_in
from amllint.rules.registry import rule

_PLAIN: Final = re.compile(r"(\[[\w,. -]*\])?\s*((==|>=|<=|~=|<|>|!=)\s*\d+(\.\d+)*(\.post\d+)?)?")
"""What stands behind most names: nothing to look into."""
_SWAPPED: Final = re.compile(r"=([<>])")
_SINGLE: Final = re.compile(r"(?<![=!<>~])=(?![=<>])\s*v?\d[^\s,;=]*\s*$")
_BARE: Final = re.compile(r"\d+(?:\.\d+)+(?:\.?post\d+)?")
_CONDA: Final = re.compile(r"[\w./:-]+?\s*(?P<versions>[=<>!~].*)$")
_FIRST_STRICT_PIP: Final = (24, 1)
_FIRST_PYTHON_OF_IT: Final = (3, 8)


@rule("AML314", "version-operator", severity="error", stage="build", fix="safe")
def version_operator(environment: Environment) -> Iterator[Observation]:
    """Report versions that cannot be read or met."""
    if isinstance(environment, DockerEnvironment):
        for place in environment.cut:
            yield _cut(environment, place)
    if environment.is_python_env or environment.run_together:
        return
    for requirement in environment.pip:
        line = pip_line(requirement)
        if line is not None and not _PLAIN.fullmatch(line.rest.strip()):
            yield from _of_pip(environment, line)
    for requirement in environment.conda:
        match = _CONDA.match(requirement.text)
        if match is not None and not requirement.unknown:
            yield from _of_conda(environment, requirement, match.group("versions"))


def _cut(environment: DockerEnvironment, place: Location) -> Observation:
    """A requirement of which the shell takes a part for a file."""
    span = place.span
    text = environment.source.text[span.start : span.end]
    name, file = re.split("[<>]", text, maxsplit=1)
    fails = "<" in text
    said = (
        "reads a file for it, which is not there: the image build fails"
        if fails
        else f"writes a file `{file}`, and any version of `{name}` is installed"
    )
    return finding(
        place,
        f"the shell takes `{text[len(name) :]}` for a redirection: it {said}",
        help=f'write `"{text}"`, with the quotation marks',
        severity=None if fails else "warning",
        fix=Fix("unsafe", f'write `"{text}"`', (Edit(place.path, span, f'"{text}"'),)),
        key=f"cut {name}",
    )


def _of_pip(environment: Environment, line: PipLine) -> Iterator[Observation]:
    if parsed(line) is not None:
        yield from _impossible(line.requirement, contradiction(line.versions), "pip")
        return
    if _BARE.fullmatch(line.versions):
        yield _without_operator(environment, line)
        return
    edit = None
    written, meant = _mistyped(line.versions)
    if written:
        edit = replace_in(line.requirement, line.versions, meant)
    elif _only_new_pip_minds(line) and not _has_new_pip(environment):
        return
    yield finding(
        line.requirement.location,
        f"pip cannot read `{line.text}`: {_reason(line, written)}; the image build fails",
        help=f"write `{line.text.replace(line.versions, meant)}`" if written else None,
        fix=Fix(_sure(written, meant), f"write `{meant}`", (edit,)) if edit else None,
        key=f"operator {line.project}",
    )


def _sure(written: str, meant: str) -> Applicability:
    """Whether it is plain which release is meant: `=1.26` is any 1.26 to conda."""
    return "safe" if written != "=" or meant.count(".") > 1 else "unsafe"


def _without_operator(environment: Environment, line: PipLine) -> Observation:
    """A version that stands behind a name, as in the tables of `pip list` and `conda list`."""
    behind = line.text.partition(line.name)[2]
    gap = re.search(rf"\s*{re.escape(line.versions)}", behind)
    old = gap.group() if gap else line.versions
    meant = line.name + behind.replace(old, f"=={line.versions}", 1)
    edit = replace_in(line.requirement, old, f"=={line.versions}")
    sure: Applicability = "safe" if line.versions.count(".") > 1 else "unsafe"
    return finding(
        line.requirement.location,
        f"pip cannot read `{line.text}`: there is no operator before the version; the image build "
        "fails",
        help=f"write `{meant}`",
        fix=Fix(sure, f"write `{meant}`", (edit,)) if edit else None,
        key=f"operator {line.project}",
    )


def _mistyped(versions: str) -> tuple[str, str]:
    """The operator that is wrong, and the versions as they are meant; empty where that is open."""
    swapped = _SWAPPED.search(versions)
    if swapped is not None and versions.count("=") == 1:
        return swapped.group(), _SWAPPED.sub(r"\1=", versions)
    if _SINGLE.fullmatch(versions):
        return "=", f"={versions}"
    return "", ""


def _reason(line: PipLine, written: str) -> str:
    if written:
        return f"`{written}` is no operator"
    if re.match(r"\d", line.versions):
        return "there is no operator before the version"
    if re.match(r"={1,2}\s*[\w.]+=\w+$", line.versions):
        return "builds are something that only conda has"
    if re.search(r"(?:[<>]=?|~=)\s*[\d.]+\*", line.versions):
        return "a star can only stand behind `==` and `!=`"
    return f"`{line.rest.strip()}` is neither versions nor a marker"


def _only_new_pip_minds(line: PipLine) -> bool:
    """Whether a pip of old takes it: a star anywhere, and versions of any form."""
    return bool(re.fullmatch(r"\s*(?:(?:==|>=|<=|~=|<|>|!=)\s*[\w.*+!-]+\s*,?\s*)+", line.versions))


def _has_new_pip(environment: Environment) -> bool:
    """Whether the pip of the environment is one that holds to PEP 440."""
    pip, python = bounds(environment, "pip"), bounds(environment, "python")
    if pip is not None and not pip.is_open:
        return pip.is_from(_FIRST_STRICT_PIP)
    return python is not None and python.is_from(_FIRST_PYTHON_OF_IT)


def _of_conda(
    environment: Environment, requirement: Requirement, versions: str
) -> Iterator[Observation]:
    swapped = _SWAPPED.search(versions)
    if swapped is None or versions.count("=") != 1:
        yield from _impossible(requirement, contradiction(versions.strip(), True), "conda")
        return
    right = swapped.group()[::-1]
    edit = replace_in(requirement, swapped.group(), right)
    yield finding(
        requirement.location,
        f"`{swapped.group()}` in `{requirement.text.strip()}` is no operator: conda takes it for a "
        "pattern, others refuse the file",
        help=f"write `{right}`",
        severity="warning",
        fix=Fix("safe", f"write `{right}`", (edit,)) if edit else None,
        key=f"operator {requirement.text.strip()}",
    )


def _impossible(
    requirement: Requirement, clauses: tuple[str, str] | None, tool: str
) -> Iterator[Observation]:
    if clauses is not None:
        yield finding(
            requirement.location,
            f"no version is both `{clauses[0]}` and `{clauses[1]}`: {tool} cannot install "
            f"`{requirement.text.strip()}`, and the image build fails",
            key=f"range {requirement.text.strip()}",
        )
