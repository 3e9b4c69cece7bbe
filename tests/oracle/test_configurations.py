"""amllint refuses the configurations that azureml-core refuses, and no others."""

from __future__ import annotations

import os
from itertools import chain

import pytest

from tests.oracle.compare_configurations import compare
from tests.oracle.configurations import deployment_cases
from tests.oracle.environments import OracleUnavailable, oracle_environment
from tests.oracle.inference_trees import inference_cases

SEED = 20


@pytest.fixture(scope="module")
def _azureml_core() -> None:
    try:
        oracle_environment("azureml-core")
    except OracleUnavailable as reason:
        if os.environ.get("AMLLINT_REQUIRE_ORACLES") == "1":
            pytest.fail(str(reason), pytrace=False)
        pytest.skip(str(reason))


@pytest.mark.oracle
@pytest.mark.usefixtures("_azureml_core")
def test_errors_are_what_azureml_core_refuses() -> None:
    cases = chain(deployment_cases(300, SEED), inference_cases(60, SEED))
    disagreements = [str(comparison) for comparison in compare(cases) if not comparison.agrees]
    assert not disagreements, "\n\n".join(disagreements)


def test_the_same_seed_gives_the_same_cases() -> None:
    for cases in (deployment_cases, inference_cases):
        assert list(cases(20, SEED)) == list(cases(20, SEED))
