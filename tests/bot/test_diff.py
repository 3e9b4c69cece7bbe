"""Hunks give the lines of the new file, whoever made them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amllint.bot import git
from amllint.bot.diff import FileDiff, diff_of, file_diff
from amllint.bot.texts import CONTEXT, hunks, rows_of

from .pull_requests import Repository

ROWS = st.lists(
    st.sampled_from(["a", "b", "c", "", " ", "-x", "+x", "@@ -1 +1 @@", "\\ x", "\x0c\u2028"]),
    max_size=40,
)
TEXTS = ROWS.map("\n".join)


@settings(max_examples=600, deadline=None)
@given(TEXTS, TEXTS)
def test_hunks_between_texts_have_every_change_and_its_context(old: str, new: str) -> None:
    file = file_diff("f", hunks(old, new))
    rows = rows_of(new)
    assert all(rows[number - 1] == line.text for number, line in file.lines.items())
    assert all(1 <= number <= len(rows) for number in file.lines)
    # What is not shown is the same in both, in the same order.
    hidden = [row for number, row in enumerate(rows, 1) if number not in file.lines]
    assert is_subsequence(hidden, rows_of(old))
    if rows_of(old) == rows:
        assert file.lines == {}


def is_subsequence(short: list[str], long: list[str]) -> bool:
    """Whether all of `short` stand in `long` in that order."""
    rest = iter(long)
    return all(row in rest for row in short)


def test_a_change_has_three_lines_of_context() -> None:
    old = "\n".join(f"line {n}" for n in range(1, 41))
    new = old.replace("line 10\n", "changed\n").replace("line 30\n", "")
    file = file_diff("f", hunks(old, new))
    assert sorted(file.lines) == [*range(10 - CONTEXT, 10 + CONTEXT + 1), *range(27, 33)]
    assert file.covers(7, 13)
    assert not file.covers(13, 27)
    assert not file.covers(13, 14)


def test_git_and_we_see_the_same_lines(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    old = "".join(f"line {n}\n" for n in range(1, 60))
    new = old.replace("line 5\n", "five\n").replace("line 12\n", "twelve\n")
    new = new.replace("line 30\n", "").replace("line 58\n", "a\nb\n")
    base = repository.commit({"f": old, "gone": "x\n"})
    head = repository.commit({"f": new, "new ü.py": "first\nno end"})
    patch = git.patch(str(tmp_path), base, head, "f", "f")
    assert patch is not None
    theirs, ours = file_diff("f", patch), file_diff("f", hunks(old, new))
    assert theirs.lines == ours.lines
    added = git.patch(str(tmp_path), base, head, "", "new ü.py")
    assert added is not None
    assert {n: line.text for n, line in file_diff("f", added).lines.items()} == {
        1: "first",
        2: "no end",
    }


@pytest.mark.parametrize("commit", ["HEAD", "-x", "", "f" * 40, "--output=x"])
def test_git_is_asked_for_commits_that_are_there_only(tmp_path: Path, commit: str) -> None:
    head = Repository(tmp_path).commit({"f": "x\n"})
    assert git.patch(str(tmp_path), commit, head, "f", "f") is None
    assert sorted(p.name for p in tmp_path.iterdir()) == [".git", "f"]


def test_git_runs_nothing_that_the_repository_configures(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    base = repository.commit({"f": "x\n"})
    head = repository.commit({"f": "y\n", ".gitattributes": "* diff=trap\n"})
    for key in ("diff.external", "diff.trap.command", "diff.trap.textconv", "core.fsmonitor"):
        repository.git("config", key, f"touch {tmp_path}/trapped; false")
    assert git.patch(str(tmp_path), base, head, "f", "f") is not None
    assert not (tmp_path / "trapped").exists()


def test_a_patch_that_is_cut_off_gives_the_lines_that_are_there() -> None:
    file = file_diff("f", "@@ -1,3 +1,9 @@ def f\n a\n+b")
    assert {n: line.text for n, line in file.lines.items()} == {1: "a", 2: "b"}


def test_removed_lines_and_remarks_are_not_of_the_new_side() -> None:
    file = file_diff("f", "@@ -1,2 +1 @@\n-a\n-b\n\\ No newline at end of file\n+c\n\\ No newline")
    assert {n: line.text for n, line in file.lines.items()} == {1: "c"}


def test_a_file_without_a_patch_is_not_shown() -> None:
    assert not file_diff("f", None).shown
    assert file_diff("f", "").shown
    assert diff_of([FileDiff("f")]).file("g") is None


def test_long_texts_are_compared_in_bounded_time() -> None:
    old = "\n".join(str(n % 7) for n in range(30_000))
    new = "\n".join(str(n % 5) for n in range(30_000))
    assert len(file_diff("f", hunks(old, new)).lines) > 20_000
