"""What tests that ask the real inference server have in common."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.oracle.environments import OracleUnavailable, oracle_environment
from tests.oracle.oracle_runs import server_python


@pytest.fixture(scope="session")
def inference_server() -> Path:
    """The Python of the environment that holds the server; a test without it says so."""
    try:
        if not sys.platform.startswith("linux"):
            raise OracleUnavailable("the inference server's oracle needs gunicorn and /proc")
        return server_python()
    except OracleUnavailable as reason:
        if os.environ.get("AMLLINT_REQUIRE_ORACLES") == "1":
            pytest.fail(str(reason))
        pytest.skip(str(reason))


@pytest.fixture(scope="session")
def azureml_core() -> Path:
    """The Python of the environment that holds azureml-core; a test without it says so."""
    try:
        return oracle_environment("azureml-core")
    except OracleUnavailable as reason:
        if os.environ.get("AMLLINT_REQUIRE_ORACLES") == "1":
            pytest.fail(str(reason), pytrace=False)
        pytest.skip(str(reason))
