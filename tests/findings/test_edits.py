"""Edits: chosen so that none overlaps, applied exactly, shown as a patch that applies."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amllint.findings import edits
from amllint.findings.finding import Applicability, Edit, Finding, Fix, Location, Observation
from amllint.source.text import SourceText, Span


def fixing(*places: Any, applicability: Applicability = "safe", path: str = "f") -> Finding:
    """A finding whose fix replaces the given spans."""
    changes = tuple(Edit(path, Span(*p[:2]), p[2] if len(p) > 2 else "") for p in places)
    fix = Fix(applicability, "mend it", changes)
    observation = Observation(Location(path, Span(0, 0)), "broken", fix=fix)
    return Finding("AML100", "rule", "error", None, observation)


def chosen(*findings: Finding, unsafe: bool = False) -> list[int]:
    taken = [f for f, _ in edits.select(findings, unsafe)]
    return [number for number, f in enumerate(findings) if any(f is t for t in taken)]


def test_edits_apart_are_applied_together() -> None:
    assert chosen(fixing((0, 2)), fixing((2, 4)), fixing((9, 9, "x"))) == [0, 1, 2]


def test_of_edits_that_overlap_the_first_is_applied() -> None:
    assert chosen(fixing((0, 3)), fixing((2, 4)), fixing((4, 5))) == [0, 2]
    assert chosen(fixing((2, 4)), fixing((0, 9))) == [0]


def test_two_insertions_at_one_place_wait_for_each_other() -> None:
    assert chosen(fixing((3, 3, "a")), fixing((3, 3, "b"))) == [0]


def test_a_fix_is_applied_whole_or_not_at_all() -> None:
    assert chosen(fixing((0, 3)), fixing((5, 6), (2, 4)), fixing((5, 6, "x"))) == [0, 2]


def test_the_same_edit_of_two_fixes_is_made_once() -> None:
    first, second = fixing((0, 0, "import a\n"), (5, 6)), fixing((0, 0, "import a\n"), (7, 8))
    assert chosen(first, second) == [0, 1]
    both = [e for f in (first, second) for e in (f.observation.fix or Fix("safe", "", ())).edits]
    assert edits.apply(SourceText("f", "01234567"), both) == "import a\n012346"


def test_edits_of_other_files_do_not_overlap() -> None:
    assert chosen(fixing((0, 3)), fixing((0, 3), path="g")) == [0, 1]


def test_unsafe_fixes_are_chosen_only_when_asked_for() -> None:
    findings = (fixing((0, 1)), fixing((2, 3), applicability="unsafe"))
    assert chosen(*findings) == [0]
    assert chosen(*findings, unsafe=True) == [0, 1]


def test_a_finding_without_a_fix_is_left_alone() -> None:
    finding = Finding("AML100", "rule", "error", None, Observation(Location("f", Span(0, 1)), "x"))
    assert chosen(finding) == []


spans = st.tuples(st.integers(0, 30), st.integers(0, 8), st.text(alphabet="xyz\n", max_size=4))


@given(st.text(alphabet="ab\r\né🐍", min_size=38, max_size=50), st.lists(spans, max_size=8))
def test_what_is_chosen_is_replaced_and_nothing_else(text: str, wanted: list[Any]) -> None:
    findings = [fixing((start, start + length, new)) for start, length, new in wanted]
    own = sorted({e for _, fix in edits.select(findings, False) for e in fix.edits})
    kept = text
    for edit in reversed(own):
        kept = kept[: edit.span.start] + "\0" + kept[edit.span.end :]
    rebuilt = kept.split("\0")
    expected = "".join(
        part + (own[number].content if number < len(own) else "")
        for number, part in enumerate(rebuilt)
    )
    assert edits.apply(SourceText("f", text), own) == expected


PATCHES = [
    ("a\nb\nc\n", "a\nB\nc\n"),
    ("a\nb", "a\nB"),
    ("a\nb", "a\nb\n"),
    ("a\nb\n", "a\nb"),
    ("a\r\nb\r\n", "a\r\nB\r\nc\r\n"),
    ("a\r\nb", "a\r\nB"),
    ("é\n🐍\n", "é\nü\n"),
    ("a\rb\rc\n", "a\rB\rc\n"),
    ("a\n\x0cb\nc\n", "a\n\x0cb\nd\n"),
    ("a\u2028b\nc\n", "a\u2028b\nd\n"),
    ("a\x85b\nc\n", "a\x85b\nd\n"),
    ("a\x1cb\nc\n", "A\x1cb\nc\n"),
    ("".join(f"{n}\n" for n in range(50)), "".join(f"{n}\n" for n in range(50) if n != 25)),
]


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@pytest.mark.parametrize(("before", "after"), PATCHES)
def test_git_applies_the_patch(before: str, after: str, tmp_path: Path) -> None:
    path = tmp_path / "a" / "f.yml"
    path.parent.mkdir()
    path.write_bytes(before.encode())
    patch = edits.diff("a/f.yml", before, after)
    done = subprocess.run(
        ["git", "apply", "--whitespace=nowarn", "-"],
        cwd=tmp_path,
        input=patch.encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert path.read_bytes() == after.encode()


def test_nothing_changed_is_no_patch() -> None:
    assert edits.diff("f", "a\n", "a\n") == ""


def test_insertions_at_one_place_keep_their_order() -> None:
    source = SourceText("a.py", "x\n")
    inserted = [Edit("a.py", Span(1, 1), text) for text in ("c", "a", "b", "a")]
    assert edits.apply(source, inserted) == "xcab\n"
