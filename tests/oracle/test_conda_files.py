"""Conda files as azureml-core reads them, and match specs as rattler does: a seeded sample."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from tests.oracle import compare_conda, compare_match_specs
from tests.oracle.conda_spec_texts import spec_texts
from tests.oracle.environments import OracleUnavailable, oracle_environment

SEED = 20261127


@pytest.mark.oracle
def test_conda_files_are_read_as_azureml_core_reads_them(azureml_core: Path) -> None:
    rows = list(compare_conda.compared(250, SEED, azureml_core))
    assert [(r.question, r.file.text, r.azureml, r.amllint) for r in rows if not r.agrees] == []
    said = Counter((r.question, bool(r.azureml)) for r in rows)
    assert all(said[q, yes] >= 20 for q in ("refused", "python lost") for yes in (True, False))
    assert said["pip packages", True] >= 50


@pytest.mark.oracle
def test_match_specs_are_read_as_rattler_reads_them() -> None:
    try:
        python = oracle_environment("rattler")
    except OracleUnavailable as reason:
        if os.environ.get("AMLLINT_REQUIRE_ORACLES") == "1":
            raise
        pytest.skip(str(reason))
    rows = list(compare_match_specs.compared(spec_texts(1000, SEED), python))
    assert [row for row in rows if row.verdict.startswith("wrong")] == []
    said = Counter(row.verdict for row in rows)
    assert said["read alike"] >= 400
    assert said["refused"] >= 80
