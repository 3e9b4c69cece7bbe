"""amllint and the real inference server agree on which scoring scripts start."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.oracle.compare_scripts import described, disagreements
from tests.oracle.oracle_runs import available_distributions, judge
from tests.oracle.scoring_scripts import generated

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.oracle
COUNT, SEED = 60, 20


def test_the_server_refuses_what_amllint_says_it_refuses(
    inference_server: Path, tmp_path: Path
) -> None:
    cases = generated(COUNT, SEED, available=available_distributions(inference_server))
    judged = judge(inference_server, cases, tmp_path)
    assert any(one.verdict["started"] for one in judged)
    assert not all(one.verdict["started"] for one in judged)
    assert not disagreements(judged), "\n".join(map(described, disagreements(judged)))
