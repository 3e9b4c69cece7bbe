"""Fingerprints survive what moves, and tell defects apart."""

from __future__ import annotations

from pathlib import Path

from amllint.findings.finding import SEVERITIES, at_least
from tests.checking import Files, look, names

SCRIPT = """\
import json


def init():
    pass


def run(raw_data):
    try:
        return json.loads(raw_data)["data"]
    except ValueError as e:
        return str(e)
    except OSError as e:
        return repr(e)
"""
AKS = '{\n  "computeType": "aks",\n  "sslEnabled": true,\n  "cpus": 2\n}\n'


def prints(folder: Path, files: Files, *paths: str) -> dict[str, list[str]]:
    """Fingerprints by rule, in the order of the file."""
    found: dict[str, list[str]] = {}
    for finding in look(folder, files, *paths).findings:
        found.setdefault(finding.name, []).append(finding.fingerprint)
    return found


def test_every_finding_has_its_own(tmp_path: Path) -> None:
    found = prints(tmp_path, {"score.py": SCRIPT, "deploymentconfig.json": AKS})
    every = [p for rule in found.values() for p in rule]
    assert len(every) == len(set(every)) == 7


def test_moved_lines_change_nothing(tmp_path: Path) -> None:
    before = prints(tmp_path / "a", {"score.py": SCRIPT})
    moved = SCRIPT.replace("import json\n", "# about it\nimport json\nimport os\n")
    assert prints(tmp_path / "b", {"score.py": moved}) == before


def test_other_keys_and_layout_change_nothing(tmp_path: Path) -> None:
    before = prints(tmp_path / "a", {"deploymentconfig.json": AKS})
    text = '{"numReplicas": 2, "computeType": "aks", "sslEnabled": true, "cpus": 4}'
    assert prints(tmp_path / "b", {"deploymentconfig.json": text}) == before


def test_blanks_within_the_text_change_nothing(tmp_path: Path) -> None:
    before = prints(tmp_path / "a", {"score.py": SCRIPT})
    spaced = SCRIPT.replace('json.loads(raw_data)["data"]', 'json.loads(\n  raw_data\n)["data"]')
    assert prints(tmp_path / "b", {"score.py": spaced})["error-leak"] == before["error-leak"]


def test_the_line_ends_change_nothing(tmp_path: Path) -> None:
    before = prints(tmp_path / "a", {"score.py": SCRIPT})
    assert prints(tmp_path / "b", {"score.py": SCRIPT.replace("\n", "\r\n")}) == before


def test_the_working_directory_changes_nothing(tmp_path: Path) -> None:
    files: Files = {"repo/.git": "", "repo/a/score.py": SCRIPT}
    outer = prints(tmp_path, files, "repo/a/score.py")
    assert prints(tmp_path / "repo", {}, "a/score.py") == outer
    assert prints(tmp_path / "repo" / "a", {}, "score.py") == outer


def test_another_file_is_another_defect(tmp_path: Path) -> None:
    found = prints(tmp_path, {"a/score.py": SCRIPT, "b/score.py": SCRIPT})
    assert len(set(found["error-leak"])) == 4


def test_the_same_defect_twice_is_numbered(tmp_path: Path) -> None:
    twice = SCRIPT.replace("return repr(e)", "return str(e)")
    first, second = prints(tmp_path, {"score.py": twice})["error-leak"]
    assert second == f"{first}-2"


def test_a_mended_defect_leaves_the_others_alone(tmp_path: Path) -> None:
    before = prints(tmp_path / "a", {"deploymentconfig.json": AKS})["unknown-deployment-key"]
    mended = AKS.replace('  "sslEnabled": true,\n', "")
    after = prints(tmp_path / "b", {"deploymentconfig.json": mended})["unknown-deployment-key"]
    assert after == before[1:]


def test_findings_are_sorted_by_place(tmp_path: Path) -> None:
    report = look(tmp_path, {"b.py": "", "score.py": SCRIPT, "deploymentconfig.json": AKS})
    keys = [(f.location.path, f.location.span, f.code) for f in report.findings]
    assert keys == sorted(keys)
    assert len(set(names(report))) > 1


def test_severities_are_ordered() -> None:
    assert [s for s in SEVERITIES if at_least(s, "warning")] == ["warning", "error"]
    assert [s for s in SEVERITIES if at_least(s, "error")] == ["error"]
