"""amllint refuses the configurations that azureml-core refuses, and no others."""

from __future__ import annotations

import pytest

from amllint.rules.registry import RULES
from tests.oracle.compare_configurations import GENERATORS
from tests.oracle.configuration_answers import compare
from tests.oracle.configuration_rules import HEDGED_RULES, SDK_RULES, STRICTER

SEED = 20
SAMPLE = 60
"""Cases of each kind and route; the full run takes 20,000 of each."""


@pytest.mark.oracle
@pytest.mark.usefixtures("azureml_core")
@pytest.mark.parametrize("kind", GENERATORS)
def test_errors_are_what_azureml_core_refuses(kind: str) -> None:
    done = list(compare(GENERATORS[kind](SAMPLE, SEED)))
    disagreements = [str(comparison) for comparison in done if not comparison.agrees]
    assert not disagreements, "\n\n".join(disagreements)
    assert {c.accepted for c in done} == {True, False}


@pytest.mark.parametrize("kind", GENERATORS)
def test_the_same_seed_gives_the_same_cases(kind: str) -> None:
    assert list(GENERATORS[kind](20, SEED)) == list(GENERATORS[kind](20, SEED))


def test_the_rules_that_are_judged_are_there() -> None:
    judged = SDK_RULES | HEDGED_RULES | STRICTER.keys()
    assert judged <= {rule.code for rule in RULES}


def test_what_goes_further_says_how_that_is_known() -> None:
    assert all(stricter.reason and stricter.source for stricter in STRICTER.values())
