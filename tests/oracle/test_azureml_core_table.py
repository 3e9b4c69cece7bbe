"""The table of azureml-core's signatures is what azureml-core says of itself."""

from __future__ import annotations

import json
import os

import pytest

from tests.oracle.environments import OracleUnavailable, oracle_environment
from tools import azureml_core


@pytest.mark.oracle
def test_the_table_is_what_azureml_core_gives() -> None:
    try:
        python = oracle_environment("azureml-core")
    except OracleUnavailable as reason:
        if os.environ.get("AMLLINT_REQUIRE_ORACLES") == "1":
            pytest.fail(str(reason), pytrace=False)
        pytest.skip(str(reason))
    known = json.loads(azureml_core.TABLE.read_text("utf-8"))
    assert known.pop("date")
    assert azureml_core.fresh(python) == known
