"""What the real inference server refuses to send is what amllint says it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checking import look
from tests.oracle.answers import ARRAYS, STANDARD, script
from tests.oracle.oracle_runs import available_distributions, starting
from tests.oracle.scoring_scripts import case_from

pytestmark = pytest.mark.oracle


def refused_by_server(python: Path, texts: dict[str, str]) -> dict[str, bool]:
    verdicts = starting(python, [case_from(name, text) for name, text in texts.items()])
    assert all(v["started"] for v in verdicts), [v["error"] for v in verdicts]
    return {n: v["call"]["status"] == 500 for n, v in zip(texts, verdicts, strict=True)}


def refused_by_amllint(folder: Path, texts: dict[str, str]) -> dict[str, bool]:
    files: dict[str, str | bytes] = {f"{n}/score.py": t for n, t in enumerate(texts.values())}
    report = look(folder, files, select=("AML122",))
    found = {Path(f.location.path).parent.name for f in report.findings}
    return {name: str(number) in found for number, name in enumerate(texts)}


@pytest.mark.parametrize("arrays", [False, True], ids=["standard library", "numpy and pandas"])
def test_an_answer_is_refused_by_both_or_by_none(
    inference_server: Path, tmp_path: Path, arrays: bool
) -> None:
    if arrays and available_distributions(inference_server) != {"numpy", "pandas"}:
        pytest.skip("the oracle has no numpy and pandas")
    expressions = ARRAYS if arrays else STANDARD
    texts = {e: script(e, arrays) for e in expressions}
    assert refused_by_amllint(tmp_path, texts) == refused_by_server(inference_server, texts)
