"""A fake Azure over https on loopback, whose certificate is made when the tests run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands import Commands

from .fake_azure import TOKEN, FakeAzure, make_certificate


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for loopback, with its key."""
    file = tmp_path_factory.mktemp("tls") / "loopback.pem"
    make_certificate(file)
    return file


@pytest.fixture
def azure(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeAzure]:
    """The server, trusted as certificates of proxies are, and a token for it."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv("AMLLINT_AZURE_TOKEN", TOKEN)
    fake = FakeAzure()
    with fake.serving(certificate):
        yield fake


@pytest.fixture
def amllint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Commands:
    """Runs command lines in an empty folder."""
    return Commands(tmp_path, monkeypatch, capsys)
