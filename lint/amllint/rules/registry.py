"""What a rule is, and the index of all of them.

The index is generated (`python -m tools.generate`), so that start-up knows every rule's
code, name and needs without importing a single rule module.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Final, NamedTuple

from amllint.findings.finding import Applicability, Observation, Severity, Stage, Unchecked
from amllint.findings.intent import Hardening
from amllint.rules import _index

Check = Callable[..., Iterable[Observation | Unchecked]]
DOCS_URL: Final = "https://amllint.dev/rules/"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as its own module defines it."""

    code: str
    name: str
    severity: Severity
    stage: Stage | None
    fix: Applicability | None
    check: Check
    hardening: Hardening | None = None


def rule(
    code: str,
    name: str,
    *,
    severity: Severity,
    stage: Stage | None,
    fix: Applicability | None = None,
    hardening: Hardening | None = None,
) -> Callable[[Check], Rule]:
    """Make a rule of a generator of observations.

    What the function reads is said by its parameters' types: artifacts, `DeploymentUnit`,
    `Repository`, and single facts. It runs where all of them are there.

    `hardening` is for rules about what only a service for others must withstand. Their warnings
    are advice in scripts that are samples, and with "demo" in demos as well.
    """

    def wrap(check: Check) -> Rule:
        return Rule(code, name, severity, stage, fix, check, hardening)

    return wrap


class RuleInfo(NamedTuple):
    """A row of the index.

    `reads` holds, for each parameter, the names of the types that satisfy it; `fix` whether
    findings can carry one; `summary` the first line of the rule's page; `hardening` see `rule`.
    """

    code: str
    name: str
    severity: Severity
    stage: Stage | None
    fix: Applicability | None
    module: str
    reads: tuple[tuple[str, ...], ...]
    summary: str
    hardening: Hardening | None = None

    @property
    def url(self) -> str:
        """Where the rule's page is published."""
        return f"{DOCS_URL}{self.name}"

    def load(self) -> Rule:
        """The rule itself; its module is imported on first use."""
        return _load(self.module)


@cache
def _load(name: str) -> Rule:
    module: Any = import_module(f"amllint.rules.{name}")
    return next(v for v in vars(module).values() if isinstance(v, Rule))


RULES: Final[tuple[RuleInfo, ...]] = tuple(RuleInfo(*row) for row in _index.ROWS)
_BY_NAME: Final = {key: info for info in RULES for key in (info.code, info.name)}


def find(name: str) -> RuleInfo | None:
    """A rule by its code or name."""
    return _BY_NAME.get(name) or _BY_NAME.get(name.upper())


def matching(selector: str) -> list[RuleInfo]:
    """Rules that a selector means: `ALL`, a name, a code, or the beginning of codes (`AML1`)."""
    if selector.upper() == "ALL":
        return list(RULES)
    exact = find(selector)
    if exact is not None:
        return [exact]
    prefix = selector.upper()
    if prefix.startswith("AML") and prefix[3:].isdigit():
        return [r for r in RULES if r.code.startswith(prefix)]
    return []


def suggestion(name: str) -> str:
    """`, did you mean X?` for a name that is no rule, or nothing."""
    if name.upper().startswith("AML"):
        # Letters that look like digits come first: AML1O9 was meant for AML109.
        digits = name.upper()[3:].translate(str.maketrans("OIL", "011"))
        close = difflib.get_close_matches(f"AML{digits}", [r.code for r in RULES], 1, 0.83)
    else:
        close = difflib.get_close_matches(name.lower(), [r.name for r in RULES], 1, 0.6)
    return f", did you mean `{close[0]}`?" if close else ""
