"""Fixes of the scripts of `scoring/`: applied, final, and without a side effect."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests.corpus import fixed_scripts
from tests.corpus.test_corpus import SCRIPTS


def test_every_script_is_fixed_as_meant(tmp_path: Path) -> None:
    for script in SCRIPTS.glob("*.py"):
        folder = tmp_path / script.stem
        folder.mkdir()
        (folder / "score.py").write_bytes(script.read_bytes())
    first, again = fixed_scripts.fixed(tmp_path)
    assert not list(fixed_scripts.complaints(first, again))
    counts = Counter(f.name for f, _ in first.applied)
    # Some of each kind are left to a person; were it most, there would be nothing to test.
    # Answers that are not JSON are rare in scripts that were deployed.
    common = set(fixed_scripts.RULES) - {"not-serializable-return", "double-encoded-json"}
    assert all(counts[rule] >= 2 for rule in common), counts
    found = Counter(f.name for f in first.first.findings if f.severity != "info")
    assert sum(counts.values()) > 0.9 * sum(found.values())


def test_a_change_of_what_a_script_does_is_seen() -> None:
    before = "def run(data):\n    rows = json.loads(data)\n    log(rows)\n    return rows\n"
    guarded = (
        "def run(data):\n    try:\n        rows = json.loads(data)\n"
        "    except ValueError:\n        return AMLResponse('invalid request', 400)\n"
        "    log(rows)\n    return rows\n"
    )
    assert fixed_scripts.statements(before) == fixed_scripts.statements(guarded)
    lost = guarded.replace("    log(rows)\n", "")
    assert fixed_scripts.statements(before) != fixed_scripts.statements(lost)
