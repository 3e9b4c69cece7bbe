"""Tests say themselves which build service they run in; whatever runs them is none of it."""

from __future__ import annotations

import pytest

SERVICES = (
    "AGENT_TEMPDIRECTORY",
    "GITHUB_ACTIONS",
    "GITHUB_STEP_SUMMARY",
    "GITHUB_WORKSPACE",
    "GITLAB_CI",
    "TF_BUILD",
)


@pytest.fixture(autouse=True)
def _no_build_service(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SERVICES:
        monkeypatch.delenv(name, raising=False)
