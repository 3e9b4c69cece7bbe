"""The broken example shows most rules, the mended one is clean, and both are one service."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from amllint.config import load
from amllint.engine.check import Report, check
from amllint.snapshot.document import Snapshot
from amllint.snapshot.exports import from_files
from amllint.snapshot.facts import Read
from amllint.snapshot.reading import read
from amllint.source.overlay import Overlay

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
SHOWN = {
    "autoscale-conflict",
    "deployment-config-schema",
    "error-as-success",
    "error-leak",
    "get-model-path",
    "missing-global",
    "missing-inference-server",
    "pynacl-pin",
    "unhandled-run-error",
    "unknown-deployment-key",
}


def look(name: str, persona: str) -> Report:
    settings = load(str(EXAMPLES / "amllint.toml"), Overlay())
    return check([str(EXAMPLES / name)], replace(settings, persona=persona), Overlay())


def test_the_broken_example_has_each_of_its_defects_once() -> None:
    names = [finding.name for finding in look("broken", "regular").findings]
    assert sorted(names) == sorted(SHOWN)


@pytest.mark.parametrize("persona", ["regular", "pedantic"])
def test_the_mended_example_has_no_findings(persona: str) -> None:
    report = look("mended", persona)
    defects = [finding for finding in report.findings if finding.severity != "info"]
    assert defects == []
    assert report.asked == 4


def test_both_examples_are_made_of_the_same_files() -> None:
    broken, mended = (
        sorted(p.name for p in (EXAMPLES / n).iterdir()) for n in ("broken", "mended")
    )
    assert broken == mended


def test_the_mended_example_keeps_the_settings_that_were_right() -> None:
    broken, mended = (
        json.loads((EXAMPLES / name / "deploymentconfig.json").read_text("utf-8"))
        for name in ("broken", "mended")
    )
    kept = broken.keys() & mended.keys() - {"containerResourceRequirements"}
    assert {"computeType", "autoScaler", "scoringTimeoutMs"} <= kept
    assert {key: broken[key] for key in kept} == {key: mended[key] for key in kept}


# -- a cluster that is full ------------------------------------------------------------------

FULL = EXAMPLES / "full-cluster"


def held(folder: Path) -> list[tuple[str, str]]:
    """What is found of a deployment, held against the snapshot of the example."""
    settings = load(str(FULL / "amllint.toml"), Overlay())
    snapshot = read(str(FULL / "snapshot.json"), Overlay())
    report = check([str(folder / "deploymentconfig.json")], settings, Overlay(), snapshot=snapshot)
    unchecked = [(u.rule, u.fact) for u in report.unchecked]
    assert unchecked == [("role-missing", "deployer"), ("workspace-deleted", "workspace")]
    return [(f.name, f.severity) for f in report.findings]


def test_the_deployment_to_the_full_cluster_finds_no_node_until_it_asks_for_less(
    tmp_path: Path,
) -> None:
    assert held(FULL) == [("replicas-do-not-fit", "error")]
    config = json.loads((FULL / "deploymentconfig.json").read_text("utf-8"))
    config |= {"numReplicas": 2, "containerResourceRequirements": {"cpu": 0.5, "memoryInGB": 2}}
    (tmp_path / "deploymentconfig.json").write_text(json.dumps(config), "utf-8")
    assert held(tmp_path) == []


def test_the_snapshot_of_the_full_cluster_is_made_of_its_exports() -> None:
    def values(snapshot: Snapshot) -> dict[tuple[str, str], object]:
        return {k: f.value for k, f in snapshot.facts.items() if isinstance(f, Read)}

    made = values(from_files(str(FULL / "exports")).snapshot)
    assert values(read(str(FULL / "snapshot.json"), Overlay())) == made
    assert len(made) == 5
