"""The table of azureml-core's signatures is what azureml-core says of itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tools.azureml_core import TABLE, fresh


@pytest.mark.oracle
def test_the_table_is_what_azureml_core_gives(azureml_core: Path) -> None:
    known = json.loads(TABLE.read_text("utf-8"))
    assert known.pop("date")
    assert fresh(azureml_core) == known
