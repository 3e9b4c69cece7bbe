"""A rule of amllint failed.

## What it does
Reports that a rule raised while it looked at a file. The other rules went on; this one has
not checked the file.

## Why it matters
The result is incomplete, so the exit code is 4: a run in which a rule failed must not count
as clean. Please report it with the file, or the part of it that you can share.

## Sources
- Nothing of your making: this is a defect of amllint.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.run_records import RuleFailure
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule


@rule("AML902", "internal-error", severity="error", stage=None)
def internal_error(failure: RuleFailure) -> Iterator[Observation]:
    """Report which rule failed, and on what."""
    yield finding(
        failure.location,
        f"the rule {failure.rule} failed on this file ({failure.error})",
        help="a defect of amllint: please report it; the other rules have run",
        key=failure.rule,
    )
