"""SARIF says of rules and suppressions what the standard has a place for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from amllint.engine.check import Report
from amllint.findings.suppressions import Suppressed
from amllint.output.line_hashes import line_hashes
from amllint.rules.registry import RULES
from amllint.source.text import SourceText
from tests.checking import look
from tests.cli.commands import LEAKY, NO_RUN

from .reports import finding, related, report
from .validators import rendered, validate

SUPPRESSED = "# amllint: ignore-file[missing-run] -- a library for others\n" + NO_RUN


def run(report: Report) -> Any:
    """The one run of a report."""
    text = rendered("sarif", report)
    assert validate("sarif", text, len(report.findings)) == []
    return json.loads(text)["runs"][0]


def test_every_rule_is_described() -> None:
    rules = run(report())["tool"]["driver"]["rules"]
    assert [(r["id"], r["name"], r["helpUri"]) for r in rules] == [
        (r.code, r.name, r.url) for r in RULES
    ]
    for rule in rules:
        assert rule["fullDescription"]["text"]
        assert "## What it does" in rule["help"]["markdown"]
        assert "azure-machine-learning" in rule["properties"]["tags"]
    levels = {r["name"]: r["defaultConfiguration"]["level"] for r in rules}
    wanted = {"error": "error", "warning": "warning", "info": "note"}
    assert levels == {r.name: wanted[r.severity] for r in RULES}
    (leak,) = [r for r in rules if r["name"] == "error-leak"]
    assert {"security", "external/cwe/cwe-209", "stage/score"} <= set(leak["properties"]["tags"])
    assert [r["name"] for r in rules if "security-severity" in r["properties"]] == ["error-leak"]


def test_what_a_comment_suppresses_is_told_with_its_reason(tmp_path: Path) -> None:
    checked = look(tmp_path, {"score.py": SUPPRESSED})
    (result,) = run(checked)["results"]
    assert result["ruleId"] == "AML102"
    assert result["suppressions"] == [
        {"kind": "inSource", "status": "accepted", "justification": "a library for others"}
    ]
    assert len(result["partialFingerprints"]["amllint/v1"]) == 16


def test_what_the_configuration_suppresses_is_told(tmp_path: Path) -> None:
    ignored = (("*.py", ("error-leak",)),)
    results = run(look(tmp_path, {"score.py": LEAKY}, per_file_ignores=ignored))["results"]
    told = {r["ruleId"]: r["suppressions"] for r in results}
    assert told == {"AML109": [{"kind": "external", "status": "accepted"}], "AML110": []}


def test_without_suppressions_nothing_is_suppressed(tmp_path: Path) -> None:
    checked = look(tmp_path, {"score.py": SUPPRESSED}, ignores=False)
    assert (checked.silenced, [f.name for f in checked.findings]) == ([], ["missing-run"])
    assert [r["suppressions"] for r in run(checked)["results"]] == [[]]


def test_code_scanning_is_told_of_nothing_suppressed(monkeypatch: pytest.MonkeyPatch) -> None:
    silenced = [Suppressed(finding(), "comment", "known")]
    given = report(finding(message="other"), silenced=silenced)
    assert len(run(given)["results"]) == 2
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert len(run(given)["results"]) == 1


def test_suppressed_findings_have_fingerprints_of_their_own(tmp_path: Path) -> None:
    twice = LEAKY + "\n\ndef other():\n    pass\n"
    plain = [f.fingerprint for f in look(tmp_path / "a", {"score.py": twice}).findings]
    silenced = look(tmp_path / "b", {"score.py": "# amllint: ignore-file[error-leak]\n" + twice})
    prints = [f.fingerprint for f in silenced.findings]
    prints += [s.finding.fingerprint for s in silenced.silenced]
    assert sorted(prints) == sorted(plain)
    assert all(prints)


def test_an_incomplete_run_is_not_successful(tmp_path: Path) -> None:
    (invocation,) = run(look(tmp_path, {"deploymentconfig.json": b"\xff"}))["invocations"]
    assert invocation["executionSuccessful"] is False
    (notification,) = invocation["toolExecutionNotifications"]
    assert notification["level"] == "error"
    assert "cannot be read as text" in notification["message"]["text"]
    (clean,) = run(report())["invocations"]
    assert clean == {"executionSuccessful": True, "toolExecutionNotifications": []}


def test_what_was_not_checked_is_a_note(tmp_path: Path) -> None:
    files = {"inferenceconfig.json": '{"entryScript": "{{X}}"}'}
    (invocation,) = run(look(tmp_path, files))["invocations"]
    notes = invocation["toolExecutionNotifications"]
    assert invocation["executionSuccessful"] is True
    assert "AML202" in {n["associatedRule"]["id"] for n in notes} or notes
    assert {n["level"] for n in notes} == {"note"}


def test_related_places_are_linked_from_the_message() -> None:
    places = (related("b.py", ""), related("c [d].py", "caught [here]"))
    (result,) = run(report(finding(related=places)))["results"]
    (place,) = result["relatedLocations"]
    assert (place["id"], place["message"]["text"]) == (2, "caught [here]")
    assert result["message"]["text"].endswith(r"See: [caught \[here\]](2)")
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "c%20%5Bd%5D.py"


def test_a_cell_of_a_notebook_is_told() -> None:
    (result,) = run(report(finding(cell=3)))["results"]
    assert result["properties"]["cell"] == 3
    assert "In cell 3." in result["message"]["text"]


# Computed by github/codeql-action's own `hash` (src/fingerprints.ts, June 2026).
HASHES = {
    "": ["c129715d7a2bc9a3:1"],
    "\n": ["3c5bef55b72b93c9:1", "c129715d7a2bc9a3:1"],
    "  \t a b\r\n\r\nc\rd\n": [
        *("b8d8cf5204e667ad:1", "f707869a3ef1a5bc:1", "bbf64e4519cc61c2:1", "c13b9b1f9cee4e29:1"),
        "c129715d7a2bc9a3:1",
    ],
    "x\r \ny": ["ea5c6c22b47aa350:1", "f85c2d2aa834d48e:1", "ed3261245082261c:1"],
    "é🐍漢\n" * 3: [
        *("1b4e866174822c28:1", "8b2c7909b81edbfd:1", "4e3e37691a2ca36:1", "c129715d7a2bc9a3:1")
    ],
    "a" * 250 + "\n" + "b" * 99 + "\nend": [
        *("871f6af4d0d4dd7c:1", "ff47544e6eb21c20:1", "43b6461eda086fe2:1")
    ],
    "\ufeffkey: 1\nother: 2\n": ["e7b44a03e23b8430:1", "ee82be1eddcef:1", "c129715d7a2bc9a3:1"],
}


@pytest.mark.parametrize("text", HASHES)
def test_lines_are_hashed_as_code_scanning_hashes_them(text: str) -> None:
    bom = text.startswith("\ufeff")
    assert line_hashes(SourceText("f", text.removeprefix("\ufeff"), bom=bom)) == HASHES[text]


def test_equal_lines_are_numbered() -> None:
    hashes = line_hashes(SourceText("f", "a\n" * 300))
    assert len(hashes) == len(set(hashes)) == 301
    assert hashes[1] == hashes[0].replace(":1", ":2")


def test_a_result_has_the_hash_of_its_line() -> None:
    (result,) = run(report(finding()))["results"]
    hashes = line_hashes(SourceText("f", "first\n  sécond 🐍 line\nthird\n"))
    assert result["partialFingerprints"]["primaryLocationLineHash"] == hashes[1]
