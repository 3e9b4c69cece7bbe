"""The table of releases: shaped as its reader expects, each package with its date."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from amllint.artifacts.releases import releases_of
from amllint.schemas import load_table

TABLE = load_table("released-packages")
PACKAGES: dict[str, Any] = TABLE["packages"]
KEYS = {"versions", "python", "wheels", "built", "asks"}


def test_the_table_names_its_source() -> None:
    assert TABLE["source"].startswith("https://pypi.org/")
    assert {"azureml-core", "azureml-defaults", "azureml-inference-server-http"} <= PACKAGES.keys()


@pytest.mark.parametrize("name", sorted(PACKAGES))
def test_each_package_has_a_date_and_readable_releases(name: str) -> None:
    known = PACKAGES[name]
    assert canonicalize_name(name) == name
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", known["date"])
    assert known["releases"]
    for row in known["releases"]:
        assert {"versions"} <= row.keys() <= KEYS
        assert all(re.fullmatch(r"3\.\d+", python) for python in row.get("wheels", ()))
        for text in row.get("asks", ()):
            assert "extra ==" not in str(Requirement(text).marker)


@pytest.mark.parametrize("name", sorted(PACKAGES))
def test_releases_are_in_order_and_once(name: str) -> None:
    texts = [v for row in PACKAGES[name]["releases"] for v in row["versions"]]
    versions = [Version(text) for text in texts]
    assert versions == sorted(set(versions))
    assert [r.version for r in releases_of(PACKAGES[name])] == versions[::-1]


@pytest.mark.parametrize("name", sorted(PACKAGES))
def test_prereleases_are_known_and_nothing_else(name: str) -> None:
    early = [Version(text) for text in PACKAGES[name]["prereleases"]]
    assert early == sorted(set(early))
    assert all(version.is_prerelease for version in early)


def test_pythons_that_pip_cannot_read_are_any() -> None:
    (release,) = releases_of({"releases": [{"versions": ["3.5"], "python": ">=3.5.*"}]})
    assert release.python is None


def test_the_table_is_written_a_row_a_line() -> None:
    path = Path(__file__).resolve().parents[2] / "schemas/released-packages.json"
    lines = path.read_text("utf-8").splitlines()
    rows = [line for line in lines if line.startswith('   {"versions"')]
    assert len(rows) == sum(len(p["releases"]) for p in PACKAGES.values())
    assert json.loads(path.read_text("utf-8")) == TABLE
