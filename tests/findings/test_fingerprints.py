"""Fingerprints survive what moves, and tell defects apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from amllint.findings.finding import SEVERITIES, at_least
from amllint.findings.fingerprints import code_key
from tests.checking import Files, look, names

SCRIPT = """\
import json


def init():
    pass


def run(raw_data):
    try:
        return json.loads(raw_data)["data"]
    except (ValueError, EOFError) as e:
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


# -- what the keys are made of ----------------------------------------------------------------

ALIKE = [
    ("f(a, b)", "f(\n    a,\n    b,\n)"),
    ("return x", "return (x)"),
    ("f('a')", 'f("a")'),
    ('f("it\'s")', "f('it\\'s')"),
    ("f(U'a', R'b', F'{c}')", 'f("a", r"b", f"{c}")'),
    ("x = 1  # why", "x = 1"),
    ("a+b", "a  +  b"),
    ("a = b \\\n + c", "a = b + c"),
    ("f('''a\n  b''')", 'f("""a\n      b""")'),
]
UNLIKE = [
    ("f(a)", "f(b)"),
    ("f('a')", "f('b')"),
    ("f('a')", "f(a)"),
    ("f('# a')", "f('# b')"),
    ("return e", "return str(e)"),
    ("not a", "nota"),
    ("f(b'a')", "f('a')"),
    ("f('a b')", "f('ab')"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_what_a_formatter_changes_is_no_part_of_a_key(one: str, other: str) -> None:
    assert code_key(one) == code_key(other)


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_what_the_code_says_is(one: str, other: str) -> None:
    assert code_key(one) != code_key(other)


@pytest.mark.parametrize("text", ["'" * 200_000, '"""' * 50_000, "\\" * 200_000, "'a\\" * 60_000])
def test_odd_texts_have_keys_too(text: str) -> None:
    assert isinstance(code_key(text), str)
    assert isinstance(code_key(text[:19_999]), str)


def test_long_code_is_told_apart_in_its_middle(tmp_path: Path) -> None:
    long = SCRIPT.replace("str(e)", "{'error': 'a text of many words: %s and more' % str(e)}")
    other = long.replace("many", "some")
    assert prints(tmp_path / "a", {"score.py": long}) != prints(tmp_path / "b", {"score.py": other})


def test_an_item_before_it_in_the_list_changes_nothing(tmp_path: Path) -> None:
    config = {
        "inferenceconfig.yml": "entryScript: score.py\ncondaFile: conda.yml\n",
        "score.py": SCRIPT,
    }
    conda = "dependencies:\n  - python=3.10\n  - 7\n  - pip:\n      - azureml-defaults\n"
    before = prints(tmp_path / "a", {**config, "conda.yml": conda})["conda-schema"]
    moved = conda.replace("  - python=3.10\n", "  - numpy\n  - python=3.10\n")
    assert prints(tmp_path / "b", {**config, "conda.yml": moved})["conda-schema"] == before
    other = conda.replace("- 7", "- 8")
    assert prints(tmp_path / "c", {**config, "conda.yml": other})["conda-schema"] != before


def test_another_missing_file_is_another_defect(tmp_path: Path) -> None:
    config = "entryScript: score.py\ncondaFile: {}\n"
    found = [
        prints(tmp_path / n, {"inferenceconfig.yml": config.format(n), "score.py": SCRIPT})
        for n in ("a.yml", "b.yml")
    ]
    assert found[0]["referenced-file-missing"] != found[1]["referenced-file-missing"]
