"""amllint and the real inference server agree on which scoring scripts start."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from tests.oracle.compare_scripts import described, disagreements
from tests.oracle.environments import OracleUnavailable
from tests.oracle.oracle_runs import available_distributions, judge, server_python
from tests.oracle.scoring_scripts import generated

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.oracle
COUNT, SEED = 60, 20


@pytest.fixture(scope="module")
def python() -> Path:
    try:
        if not sys.platform.startswith("linux"):
            raise OracleUnavailable("the inference server's oracle needs gunicorn and /proc")
        return server_python()
    except OracleUnavailable as reason:
        if os.environ.get("AMLLINT_REQUIRE_ORACLES") == "1":
            pytest.fail(str(reason))
        pytest.skip(str(reason))


def test_the_server_refuses_what_amllint_says_it_refuses(python: Path, tmp_path: Path) -> None:
    cases = generated(COUNT, SEED, available=available_distributions(python))
    judged = judge(python, cases, tmp_path)
    assert any(one.verdict["started"] for one in judged)
    assert not all(one.verdict["started"] for one in judged)
    assert not disagreements(judged), "\n".join(map(described, disagreements(judged)))
