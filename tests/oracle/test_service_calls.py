"""What the rules about calls say of azureml-core is what it does with a made-up service."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).with_name("service_calls.py")


@pytest.fixture(scope="module")
def answer(azureml_core: Path) -> dict[str, Any]:
    done = subprocess.run(
        [str(azureml_core), str(SCRIPT)], capture_output=True, encoding="utf-8", timeout=120
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.oracle
def test_waiting_raises_for_a_deployment_that_failed(answer: dict[str, Any]) -> None:
    assert "non-successful terminal state" in answer["waiting for a failure"]
    assert "the log" in answer["waiting for a failure"]


@pytest.mark.oracle
def test_an_update_is_sent_while_another_one_goes_on(answer: dict[str, Any]) -> None:
    assert answer["updating twice"] == 2


@pytest.mark.oracle
def test_a_cluster_may_be_of_any_size(answer: dict[str, Any]) -> None:
    assert answer["size"] == "Standard_PB6s"
