"""What is planned leads to the state that is wanted, and then there is nothing to do."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from amllint.bot.comments import comment, fingerprint, mended
from amllint.bot.diff import Diff, FileDiff, Line, diff_of
from amllint.bot.plan import Anchor, Existing, Plan, Policy, plan
from amllint.bot.results import At, Change, Found, Mend, Place

PATHS = ("score.py", "conda.yml")
FOLLOWS = st.booleans()
COMMIT = "f" * 40


def finding(path: str, line: int, mark: str, severity: str = "error", fix: bool = False) -> Found:
    """A finding on a line, with a fix of this line if asked."""
    place = Place(path, At(line, 1), At(line, 2))
    mend = Mend("safe", "mend", (Change(place, "x"),)) if fix else None
    message = f"{mark} is wrong"
    return Found(
        "AML109",
        "error-leak",
        severity,
        "score",
        message,
        None,
        "",
        place,
        mark,
        (),
        mend,  # type: ignore[arg-type]
    )


def file(path: str, *hunks: range) -> FileDiff:
    """A file's diff with hunks of lines `n: line n`."""
    lines = {n: Line(f"line {n}", h) for h, hunk in enumerate(hunks) for n in hunk}
    return FileDiff(path, lines)


MARKS = st.sampled_from(["aaaaaaaa", "bbbbbbbb", "cccccccc"])
FINDINGS = st.lists(
    st.builds(
        finding,
        st.sampled_from(PATHS),
        st.integers(1, 12),
        MARKS,
        st.sampled_from(["error", "warning", "info"]),
        st.booleans(),
    ),
    max_size=8,
)
DIFFS = st.builds(
    lambda a, b: diff_of([f for f in (a, b) if f]),
    st.sampled_from(
        [None, file("score.py", range(2, 6), range(8, 11)), FileDiff("score.py", shown=False)]
    ),
    st.sampled_from([None, file("conda.yml", range(1, 13))]),
)
ANCHORS = st.one_of(
    st.none(), st.builds(lambda p, n: Anchor(p, n, n), st.sampled_from(PATHS), st.integers(1, 12))
)


@st.composite
def conversations(draw: st.DrawFn) -> list[Existing]:
    """Comments of ours that may be there, from whatever earlier runs."""
    found = []
    for number in range(draw(st.integers(0, 6))):
        mark = draw(MARKS)
        body = comment(finding("score.py", 1, mark))
        gone = draw(st.booleans())
        existing = Existing(
            str(number), f"t{number}", mark, draw(ANCHORS), mended(body, COMMIT) if gone else body,
            answered=draw(st.booleans()), closed=draw(st.booleans()), mended=gone,
        )  # fmt: skip
        found.append(existing)
    return found


POLICIES = st.builds(
    Policy, st.integers(0, 6), FOLLOWS, st.sampled_from([True, True, False]), st.just(COMMIT)
)


def after(planned: Plan, existing: list[Existing], numbers: itertools.count[int]) -> list[Existing]:
    """The comments once everything is done."""
    now = {e.id: e for e in existing}
    for old in planned.delete:
        del now[old.id]
    for edited in planned.edit:
        old = edited.existing
        closed = old.closed and not edited.reopen
        now[old.id] = replace(old, body=edited.body, mended=False, closed=closed)
    for edited in planned.close:
        now[edited.existing.id] = replace(
            edited.existing, body=edited.body, mended=True, closed=True
        )
    for want in planned.post:
        id = f"new{next(numbers)}"
        now[id] = Existing(id, id, want.mark, want.anchor, want.body)
    return list(now.values())


@settings(max_examples=500, deadline=None)
@given(FINDINGS, DIFFS, conversations(), POLICIES)
def test_planning_again_gives_nothing_to_do(
    findings: list[Found], diff: Diff, existing: list[Existing], policy: Policy
) -> None:
    numbers = itertools.count()
    first = plan(findings, diff, existing, policy)
    now = after(first, existing, numbers)
    again = plan(findings, diff, now, policy)
    assert again.changes == 0
    assert set(again.rest) == set(first.rest)


@settings(max_examples=500, deadline=None)
@given(FINDINGS, DIFFS, conversations(), POLICIES)
def test_each_finding_is_commented_once_or_listed_once(
    findings: list[Found], diff: Diff, existing: list[Existing], policy: Policy
) -> None:
    planned = plan(findings, diff, existing, policy)
    now = after(planned, existing, itertools.count())
    wanted = Counter(map(fingerprint, findings))
    listed = Counter(fingerprint(r.found) for r in planned.rest)
    assert listed <= wanted
    live = Counter(e.mark for e in now if not e.mended)
    for mark, count in wanted.items():
        assert live[mark] >= count - listed[mark]
    # More comments than findings are only those that people have taken part in, those that
    # were closed, and those that an incomplete run leaves alone.
    loose = Counter(e.mark for e in now if not e.mended and not e.touched and not policy.follows)
    if policy.complete:
        for mark, count in loose.items():
            assert count <= wanted[mark] - listed[mark]


@settings(max_examples=500, deadline=None)
@given(FINDINGS, DIFFS, conversations(), POLICIES)
def test_nothing_that_a_person_took_part_in_is_deleted(
    findings: list[Found], diff: Diff, existing: list[Existing], policy: Policy
) -> None:
    planned = plan(findings, diff, existing, policy)
    assert not any(e.touched for e in planned.delete)
    if policy.follows:
        assert planned.delete == ()
    if not policy.complete:
        assert planned.close == ()
        gone = {e.mark for e in planned.delete} - set(map(fingerprint, findings))
        assert gone == set()


@settings(max_examples=300, deadline=None)
@given(FINDINGS, DIFFS, conversations(), POLICIES)
def test_comments_are_on_lines_of_one_hunk(
    findings: list[Found], diff: Diff, existing: list[Existing], policy: Policy
) -> None:
    planned = plan(findings, diff, existing, policy)
    for want in planned.post:
        path, start, end = want.anchor
        assert diff.files[path].covers(start, end)
    assert len(planned.post) <= max(policy.limit, len(existing))


# -- one by one ---------------------------------------------------------------------------

WHOLE = diff_of([file("score.py", range(1, 13))])
OLD = finding("score.py", 3, "aaaaaaaa")
THERE = Existing("1", "t", "aaaaaaaa", Anchor("score.py", 3, 3), comment(OLD))


def test_two_findings_of_one_fingerprint_have_two_comments() -> None:
    both = [OLD, finding("score.py", 7, "aaaaaaaa")]
    assert len(plan(both, WHOLE, [], Policy()).post) == 2
    second = plan(both, WHOLE, [THERE], Policy())
    assert [w.anchor.start for w in second.post] == [7]
    assert second.kept == 1
    other = replace(THERE, id="2", anchor=Anchor("score.py", 7, 7))
    assert plan([OLD], WHOLE, [THERE, other], Policy()).delete == (other,)


def test_a_comment_that_nobody_answered_moves_with_its_finding() -> None:
    moved = finding("score.py", 9, "aaaaaaaa")
    planned = plan([moved], WHOLE, [THERE], Policy())
    assert planned.delete == (THERE,)
    assert [w.anchor.start for w in planned.post] == [9]
    answered = replace(THERE, answered=True)
    assert plan([moved], WHOLE, [answered], Policy()).changes == 0


def test_what_a_person_resolved_is_not_raised_again() -> None:
    closed = replace(THERE, closed=True, anchor=None)
    assert plan([OLD], WHOLE, [closed], Policy()).changes == 0


def test_what_comes_back_is_reopened() -> None:
    gone = replace(THERE, answered=True, closed=True, mended=True, body=mended(THERE.body, COMMIT))
    planned = plan([OLD], WHOLE, [gone], Policy())
    assert [(e.body, e.reopen) for e in planned.edit] == [(THERE.body, True)]
    outside = plan([OLD], diff_of([]), [gone], Policy())
    assert [(e.body, e.reopen) for e in outside.edit] == [(THERE.body, True)]


def test_an_incomplete_run_mends_nothing() -> None:
    assert plan([], WHOLE, [THERE], Policy(complete=False)).changes == 0
    assert plan([], WHOLE, [THERE], Policy()).delete == (THERE,)


def test_the_gravest_come_first_where_there_is_a_limit() -> None:
    found = [finding("score.py", n, f"aaaaaaa{n}", "warning") for n in range(1, 5)]
    found.append(finding("score.py", 5, "bbbbbbbb", "error"))
    planned = plan(found, WHOLE, [], Policy(limit=2))
    assert [w.anchor.start for w in planned.post] == [1, 5]
    assert [r.reason for r in planned.rest] == ["too-many"] * 3


def test_a_line_that_was_checked_otherwise_is_not_commented() -> None:
    def text(path: str, line: int) -> str:
        return "something else" if line == 3 else f"line {line}\r"

    there = finding("score.py", 4, "bbbbbbbb")
    planned = plan([OLD, there], WHOLE, [], Policy(), text)
    assert [(r.found, r.reason) for r in planned.rest] == [(OLD, "differs")]
    assert [w.found for w in planned.post] == [there]


def test_a_suggestion_needs_all_of_its_lines_as_checked() -> None:
    place = Place("score.py", At(2, 1), At(2, 7))
    fixed = replace(OLD, mend=Mend("safe", "m", (Change(place, "x = 1"),)))

    def text(path: str, line: int) -> str:
        return "something else" if line == 2 else f"line {line}"

    (right,) = plan([fixed], WHOLE, [], Policy()).post
    assert (right.anchor, "suggestion\nx = 1\nline 3\n" in right.body) == (("score.py", 2, 3), True)
    (wrong,) = plan([fixed], WHOLE, [], Policy(), text).post
    assert (wrong.anchor, "suggestion" in wrong.body) == (("score.py", 3, 3), False)


def test_a_fingerprint_that_cannot_stand_in_a_mark_is_replaced() -> None:
    odd = replace(OLD, fingerprint="--> <!-- x")
    assert fingerprint(odd) == fingerprint(replace(odd))
    assert fingerprint(odd).isalnum()
    (want,) = plan([odd], WHOLE, [], Policy()).post
    assert want.mark == fingerprint(odd)
