"""Deployments to one cluster in two folders: naming one of them tells of that one alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from amllint.config import Settings
from amllint.engine.check import Report, check
from amllint.snapshot.document import render
from amllint.snapshot.reading import parse
from amllint.source.overlay import Overlay
from amllint.source.text import SourceText
from tests.checking import DAY, write
from tests.cli.commands import SCRIPT
from tests.rules.clusters import compute, computes, known, kubernetes, pool, pools

CODE = "code_configuration:\n  code: src\n  scoring_script: score.py\n"
DEPLOYMENT = kubernetes(f"instance_count: 9\n{CODE}")
ONE = computes(compute("churn-aks", kind="Kubernetes"))
NODES = pools("churn-aks", pool("Standard_D2_v3", 3))


def looked_at(folder: Path, *paths: str, cluster: tuple[object, ...] = NODES) -> Report:
    snapshot = render(known(ONE, cluster))
    (folder / ".git").mkdir()  # so that both are files of one repository
    for name in "ab":
        write(folder / name, {"deployment.yml": DEPLOYMENT, "src/score.py": SCRIPT})
    settings = Settings(today=DAY, select=("AML502",))
    again = parse(SourceText("snapshot.json", snapshot))
    return check(paths, settings, Overlay(cwd=str(folder)), snapshot=again)


@pytest.mark.parametrize("paths", [("a",), ("b",), ("a", "b"), ("a/src/score.py",)])
def test_the_cluster_asks_for_no_deployment(paths: tuple[str, ...], tmp_path: Path) -> None:
    report = looked_at(tmp_path, *paths)
    assert [f.location.path for f in report.findings] == expected(paths)
    assert all("snapshot.json" in finding.paths for finding in report.findings)


@pytest.mark.parametrize("paths", [("a",), ("b",), ("a", "b"), ("a/src/score.py",)])
def test_nor_does_what_is_not_known_of_it(paths: tuple[str, ...], tmp_path: Path) -> None:
    unknown = (NODES[0], "HTTP 403: AuthorizationFailed", "churn-aks")
    report = looked_at(tmp_path, *paths, cluster=unknown)
    assert {record.location.path[0] for record in report.unchecked} == {p[0] for p in paths}


def expected(paths: tuple[str, ...]) -> list[str]:
    return [f"{path}/deployment.yml" for path in paths if not path.endswith(".py")]
