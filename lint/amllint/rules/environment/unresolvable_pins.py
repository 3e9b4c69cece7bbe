"""Pip packages that cannot be installed together, as the index has them.

## What it does
With `amllint check --resolve`, asks the package index, by pip's own resolver, whether the pip
packages of an environment can be installed together, for the environment's Python and Linux.
Reports what pip cannot bring together, a package or version that the index does not have, and
one that it has for other Pythons or platforms only. It reads conda files, environments in
inference configs and in code, files named by `-r`, and requirements files given by name.

```text
$ amllint check --resolve conda.yml
error[unresolvable-pins]: pip cannot install `azureml-inference-server-http==1.5.1` and
`flask==1.0.3` together on Python 3.11: azureml-inference-server-http 1.5.1 asks for flask~=3.1.0
```

Without that option nothing is asked, and this rule is silent. Conda's packages are not resolved.
Where the index does not answer, or pip comes to no end, that is said on standard error and the
exit code is 4.

## Why it matters
The image is built minutes after the deployment was submitted, and stops with
`ResolutionImpossible` or `No matching distribution found`.

What a release that is there as source alone depends on is only known to its build, and nothing
is built: it counts as depending on nothing. So no list is reported for such a package; one that
is refused by what it depends on is not noticed.

## Sources
- pip 26.3: `pip install --dry-run`, with wheels for the Python that the file names. pip
  judges markers by the Python that it runs on; here it is told the other one.
- 81 environments that were installed to see: `tests/oracle/results/resolved.json`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from amllint.artifacts.pin_verdicts import Cause, RefusedPins, UnaskedPins
from amllint.artifacts.pip_requirements import PipLine
from amllint.artifacts.requirements import normalize
from amllint.findings.finding import Location, Observation, Related, Unchecked, finding
from amllint.rules.registry import rule

_TOLD: Final = 3
"""Causes that a message names."""


@rule("AML321", "unresolvable-pins", severity="error", stage="build")
def unresolvable_pins(verdict: RefusedPins | UnaskedPins) -> Iterator[Observation | Unchecked]:
    """Report what the index said against a list."""
    if isinstance(verdict, UnaskedPins):
        yield Unchecked(verdict.place, "the index's answer", verdict.reason)
    elif verdict.refusal.met:
        yield from _conflict(verdict)
    else:
        yield _unmet(verdict, verdict.refusal.causes[0])


def _conflict(verdict: RefusedPins) -> Iterator[Observation]:
    causes = verdict.refusal.causes
    lines = list(dict.fromkeys(line for c in causes for line in _lines(verdict, c)))
    if all(not c.by for c in causes) and len({line.project for line in lines}) == 1:
        return  # the same package twice, which duplicate-dependency is about
    shown = [c for c in causes if c.by] or causes
    said = ", ".join(f"{c.by or 'the list'} asks for {c.wants}" for c in shown[:_TOLD])
    more = f", and {len(shown) - _TOLD} more" if len(shown) > _TOLD else ""
    texts = " and ".join(f"`{line.text}`" for line in lines)
    what = f"{texts} together" if len(lines) > 1 else texts or "this list"
    yield finding(
        lines[0].requirement.location if lines else verdict.place,
        f"pip cannot install {what} on Python {_short(verdict.python)}: {said}{more}; the image "
        "build fails",
        help="loosen or leave out one of them",
        related=_related(verdict, lines),
        key="conflict " + " ".join(sorted(line.project for line in lines)),
    )


def _unmet(verdict: RefusedPins, cause: Cause) -> Observation:
    lines = _lines(verdict, cause)
    refusal = verdict.refusal
    asked = f"`{lines[0].text}`" if lines and not cause.by else f"`{cause.wants}`"
    by = f", which `{lines[0].text}` brings in," if lines and cause.by else ""
    why = f": {refusal.why}" if refusal.why else ""
    return finding(
        lines[0].requirement.location if lines else verdict.place,
        f"the index has no release for {asked}{by} on Python {_short(verdict.python)}{why}; the "
        "image build fails",
        help=_help(cause.wants, refusal.there),
        related=_related(verdict, lines[:1]),
        key=f"unmet {_project(cause.wants)}",
    )


def _lines(verdict: RefusedPins, cause: Cause) -> list[PipLine]:
    """The lines of the list that a side of a conflict comes from."""
    project = _project(cause.by or cause.wants)
    own = [line for line in verdict.lines if line.project == project]
    if own:
        exact = [line for line in own if not cause.by and _same(line.text, cause.wants)]
        return exact or own[:1]
    origin = dict(verdict.refusal.brought_by).get(project)
    return [line for line in verdict.lines if line.project == origin][:1]


def _related(verdict: RefusedPins, lines: list[PipLine]) -> tuple[Related, ...]:
    """The lines beside the first, and those that name the file where it stands."""
    places: list[Location] = [line.requirement.location for line in lines]
    elsewhere = any(place.path != verdict.path for place in places)
    beside = (Related(place, "together with this") for place in places[1:])
    return (*beside, *(verdict.named_by if elsewhere else ()))


def _help(wants: str, there: tuple[str, ...]) -> str:
    project = re.match(r"[\w.-]*", wants)
    name = project.group() if project else wants
    if not there:
        return f"there is no {name} for this Python at all: look at its name"
    near = _nearest(wants, there)
    return f"there {'are' if len(near) > 1 else 'is'} {name} {' and '.join(near)}"


def _nearest(wants: str, there: tuple[str, ...]) -> list[str]:
    """The releases before and after a version that is asked for; else the newest."""
    from packaging.version import InvalidVersion, Version

    final = [v for v in there if re.fullmatch(r"[\d.]+(\.post\d+)?", v)] or list(there)
    pinned = re.search(r"==\s*([\w.]+)\s*$", wants)
    if pinned is None:
        return final[-1:]
    try:
        meant = Version(pinned.group(1))
        before = [v for v in final if Version(v) < meant]
        after = [v for v in final if Version(v) > meant]
    except InvalidVersion:
        return final[-1:]
    return [*before[-1:], *after[:1]] or final[-1:]


def _project(text: str) -> str:
    match = re.match(r"[A-Za-z0-9][\w.-]*", text)
    return normalize(match.group()) if match else ""


def _same(one: str, other: str) -> bool:
    return re.sub(r"\s+", "", one).lower() == re.sub(r"\s+", "", other).lower()


def _short(python: str) -> str:
    return python.removesuffix(".99")
