"""What fails on every call of the real inference server is what amllint's cases say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.oracle.oracle_runs import available_distributions, starting
from tests.oracle.request_uses import CASES, HEAD
from tests.oracle.scoring_scripts import ScriptCase

pytestmark = pytest.mark.oracle


def test_uses_of_another_type_fail_every_call(inference_server: Path) -> None:
    if available_distributions(inference_server) != {"numpy", "pandas"}:
        pytest.skip("the oracle has no numpy and pandas")
    cases = [
        ScriptCase(name, {"score.py": (HEAD + text).encode()}, body)
        for name, (body, text) in CASES.items()
    ]
    verdicts = starting(inference_server, cases)
    assert all(v["started"] for v in verdicts), [v["error"] for v in verdicts]
    failed = {n: v["call"]["status"] == 500 for n, v in zip(CASES, verdicts, strict=True)}
    assert failed == {n: "# fails" in text for n, (_, text) in CASES.items()}
