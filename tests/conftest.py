"""Tests say themselves which build service they run in; whatever runs them is none of it.

Neither do they find what other runs kept: one that wants a cache says where it is.
"""

from __future__ import annotations

import os

import pytest

os.environ["AMLLINT_NO_CACHE"] = "1"

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
