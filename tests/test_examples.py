"""The broken example shows most rules, the mended one is clean, and both are one service."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from amllint.config import load
from amllint.engine.check import Report, check
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
