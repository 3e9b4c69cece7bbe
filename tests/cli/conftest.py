"""A folder for each test, in which commands are run."""

from __future__ import annotations

from pathlib import Path

import pytest

from .commands import Commands


@pytest.fixture
def amllint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Commands:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return Commands(tmp_path, monkeypatch, capsys)
