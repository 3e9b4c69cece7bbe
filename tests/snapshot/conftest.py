"""A fake Azure over https on loopback, whose certificate is made when the tests run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from amllint.snapshot.live import azureml_core
from amllint.snapshot.live.azureml_core_process import Installation
from tests.cli.commands import Commands
from tests.oracle.environments import OracleUnavailable, oracle_environment

from .fake_azure import TOKEN, FakeAzure, make_certificate


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for loopback, with its key."""
    file = tmp_path_factory.mktemp("tls") / "loopback.pem"
    make_certificate(file)
    return file


@pytest.fixture
def azure(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeAzure]:
    """The server, trusted as certificates of proxies are, and a token for it.

    It is asked without azureml-core, whether that is installed beside the tests or not.
    """
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv("AMLLINT_AZURE_TOKEN", TOKEN)
    monkeypatch.setattr(azureml_core, "installed", lambda: None)
    fake = FakeAzure()
    with fake.serving(certificate):
        yield fake


@pytest.fixture
def amllint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Commands:
    """Runs command lines in an empty folder."""
    return Commands(tmp_path, monkeypatch, capsys)


@pytest.fixture(scope="session")
def azureml_core_python() -> Path:
    """The Python of the environment that has azureml-core; a test without it says so."""
    return _oracle("azureml-core")


@pytest.fixture(scope="session")
def azure_ai_ml_python() -> Path:
    """The Python of the environment that has azure-ai-ml; a test without it says so."""
    return _oracle("azure-ai-ml")


def _oracle(name: str) -> Path:
    try:
        return oracle_environment(name)
    except OracleUnavailable as problem:
        if os.environ.get("AMLLINT_REQUIRE_ORACLES") == "1":
            pytest.fail(str(problem), pytrace=False)
        pytest.skip(str(problem))


@pytest.fixture
def through_core(
    azure: FakeAzure, azureml_core_python: Path, monkeypatch: pytest.MonkeyPatch
) -> FakeAzure:
    """The server, asked by a Python that has azureml-core."""
    found = Installation(str(azureml_core_python), ())
    monkeypatch.setattr(azureml_core, "installed", lambda: found)
    return azure
