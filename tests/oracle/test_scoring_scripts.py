"""amllint and the real inference server agree on which scripts start, and answer a good call."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from amllint.rules.registry import RULES
from tests.oracle.compare_scripts import described, disagreements
from tests.oracle.oracle_runs import available_distributions, judge
from tests.oracle.scoring_scripts import generated
from tests.oracle.script_judgement import judgement
from tests.oracle.script_rules import JUDGED, OUTSIDE

if TYPE_CHECKING:
    from pathlib import Path

COUNT, SEED = 100, 20


@pytest.mark.oracle
def test_starts_and_calls_fail_where_amllint_says_so(
    inference_server: Path, tmp_path: Path
) -> None:
    cases = generated(COUNT, SEED, available=available_distributions(inference_server))
    judged = judge(inference_server, cases, tmp_path)
    failures = [judgement(one).failure for one in judged]
    assert {failure.stage if failure else None for failure in failures} == {"start", "score", None}
    assert not disagreements(judged), "\n".join(map(described, disagreements(judged)))


def test_every_rule_about_scripts_is_judged_or_outside_with_its_reason() -> None:
    family = {rule.code for rule in RULES if rule.code.startswith("AML1")}
    assert family <= {*JUDGED, *OUTSIDE}
    assert not set(JUDGED) & set(OUTSIDE)


def test_an_error_that_is_not_judged_is_outside() -> None:
    stages = {"start", "score"}
    errors = {r.code for r in RULES if r.severity == "error" and r.code.startswith("AML1")}
    judged = {r.code for r in RULES if r.code in errors and r.stage in stages} & set(JUDGED)
    assert errors - judged <= set(OUTSIDE)
