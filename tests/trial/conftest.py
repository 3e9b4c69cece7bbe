"""The interpreter that has the inference server."""

from __future__ import annotations

from pathlib import Path

import pytest

from amllint.trial.interpreter import Interpreter
from tests.oracle.conftest import inference_server as inference_server
from tests.trial.trying import interpreter


@pytest.fixture(scope="session")
def python(inference_server: Path) -> Interpreter:
    """The oracle's Python."""
    return interpreter(inference_server)
