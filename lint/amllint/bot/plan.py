"""From findings, the diff and the comments that are there to what has to be done.

Nothing here talks to a server. What is planned leads to a state in which planning again
gives nothing to do, each finding has at most one comment, and nothing that a person has
taken part in is deleted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, NamedTuple, TypeAlias

from amllint.bot.comments import comment, fingerprint, mended, normal
from amllint.bot.diff import Diff
from amllint.bot.results import Found
from amllint.bot.suggestion import suggestion
from amllint.findings.finding import SEVERITIES

Reason: TypeAlias = Literal["elsewhere", "not-shown", "differs", "too-many", "not-posted"]

REASONS: Final[dict[Reason, str]] = {
    "elsewhere": "outside the lines of this change",
    "not-shown": "in files whose changes the server does not show",
    "differs": "on lines that the checked files have otherwise than this change",
    "too-many": "beyond the number of comments",
    "not-posted": "without a comment",
}


class Anchor(NamedTuple):
    """Lines of a file on the new side of the diff, from 1, both included."""

    path: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """A comment that should be there; `plain` is what it says without a suggestion."""

    found: Found
    mark: str
    anchor: Anchor
    body: str
    plain: str


@dataclass(frozen=True, slots=True)
class Existing:
    """A comment of ours that is there.

    `anchor` is `None` where its lines have changed since; `answered` says that somebody
    else has written below it, `closed` that its conversation is resolved, `mended` that we
    have said that its finding has gone.
    """

    id: str
    thread: str
    mark: str
    anchor: Anchor | None
    body: str
    answered: bool = False
    closed: bool = False
    mended: bool = False

    @property
    def touched(self) -> bool:
        """Whether a person has taken part: such a comment is not deleted.

        A closed one has been closed by a person, unless we have said that its finding has gone.
        """
        return self.answered or (self.closed and not self.mended)


class Rest(NamedTuple):
    """A finding without a comment of its own, and why."""

    found: Found
    reason: Reason


class Edited(NamedTuple):
    """A comment to be given another text; `reopen` if its conversation had been closed."""

    existing: Existing
    body: str
    reopen: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """How to comment.

    `limit` is the number of comments on lines. `follows` says that the server moves comments
    with their lines and that gone ones are closed rather than deleted. An incomplete run
    (`complete` false) mends nothing: what it did not find may be there.
    """

    limit: int = 50
    follows: bool = False
    complete: bool = True
    commit: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do: new comments, other texts, ones to close as mended, ones to delete."""

    post: tuple[Wanted, ...] = ()
    edit: tuple[Edited, ...] = ()
    close: tuple[Edited, ...] = ()
    delete: tuple[Existing, ...] = ()
    rest: tuple[Rest, ...] = ()
    kept: int = 0

    @property
    def changes(self) -> int:
        """The number of comments that are written, closed or deleted."""
        return sum(map(len, (self.post, self.edit, self.close, self.delete)))


LineText: TypeAlias = Callable[[str, int], "str | None"]
"""The text of a line of the checked file, `None` if it is not to be had."""


def plan(
    findings: Iterable[Found],
    diff: Diff,
    existing: Sequence[Existing],
    policy: Policy,
    text: LineText = lambda path, line: None,
) -> Plan:
    """What makes the comments say what was found; see the module for what it promises."""
    placed, rest = _placed(findings, diff, text, policy)
    pairs, new, left = _matched(placed, existing)
    result = Plan(rest=tuple(rest))
    for want, old in pairs:
        result = _kept(result, want, old, policy)
    elsewhere: dict[str, list[Found]] = defaultdict(list)
    for entry in rest:
        elsewhere[fingerprint(entry.found)].append(entry.found)
    # What a person has taken part in stands for a finding first, for the others can go.
    for old in sorted(left, key=lambda o: not o.touched):
        here = elsewhere[old.mark].pop() if elsewhere[old.mark] else None
        result = _unpaired(result, old, here, policy)
    return _with_new(result, new, len(pairs), policy)


def _placed(
    findings: Iterable[Found], diff: Diff, text: LineText, policy: Policy
) -> tuple[list[Wanted], list[Rest]]:
    placed: list[Wanted] = []
    rest: list[Rest] = []
    for found in findings:
        reason = _reason(found, diff, text)
        if reason is None:
            placed.append(_wanted(found, diff, text, policy))
        else:
            rest.append(Rest(found, reason))
    # The gravest come first: where there is a limit, they are the ones to be told.
    placed.sort(key=lambda w: (-SEVERITIES.index(w.found.severity), w.anchor))
    return placed, rest


def _reason(found: Found, diff: Diff, text: LineText) -> Reason | None:
    """Why a finding cannot be commented where it stands; `None` if it can."""
    place = found.place
    file = diff.file(place.path)
    if file is None:
        return "elsewhere" if diff.complete else "not-shown"
    if not file.shown:
        return "not-shown"
    unplaced = place.cell is not None and place.in_cell is None
    if unplaced or place.start.line not in file.lines:
        return "elsewhere"
    return None if _same(diff, place.path, place.start.line, place.start.line, text) else "differs"


def _same(diff: Diff, path: str, start: int, end: int, text: LineText) -> bool:
    """Whether the checked file has the lines that the diff shows.

    A run may have checked the merge with another branch, in which lines stand elsewhere.
    """
    lines = diff.files[path].lines
    for number in range(start, end + 1):
        checked = text(path, number)
        if checked is not None and checked.rstrip("\r") != lines[number].text.rstrip("\r"):
            return False
    return True


def _wanted(found: Found, diff: Diff, text: LineText, policy: Policy) -> Wanted:
    place, file = found.place, diff.files[found.place.path]
    suggested = suggestion(found, file)
    if suggested and not _same(diff, place.path, suggested.start, suggested.end, text):
        suggested = None
    end = place.last_line
    if not (file.covers(place.start.line, end) and end - place.start.line < 20):
        end = place.start.line
    anchor = Anchor(place.path, place.start.line, end)
    plain = comment(found)
    if suggested is None:
        return Wanted(found, fingerprint(found), anchor, plain, plain)
    if policy.follows:
        # Where a comment moves with its lines, a button could replace the wrong ones.
        body = comment(found, proposed=suggested.text or "")
        return Wanted(found, fingerprint(found), anchor, body, body)
    anchor = Anchor(place.path, suggested.start, suggested.end)
    return Wanted(found, fingerprint(found), anchor, comment(found, suggested), plain)


_FITS: Final[tuple[Callable[[Existing, Wanted], bool], ...]] = (
    lambda old, want: old.anchor == want.anchor and normal(old.body) == normal(want.body),
    lambda old, want: old.anchor == want.anchor,
    lambda old, want: normal(old.body) == normal(want.plain),
    lambda old, want: True,
)
"""How well a comment fits a finding of its fingerprint, the best first."""


def _matched(
    placed: list[Wanted], existing: Sequence[Existing]
) -> tuple[list[tuple[Wanted, Existing]], list[Wanted], list[Existing]]:
    """Pairs of one finding and one comment, unpaired findings, unpaired comments."""
    free: dict[str, list[Existing]] = defaultdict(list)
    for old in sorted(existing, key=lambda o: (not o.touched, o.mended)):
        free[old.mark].append(old)
    pairs: list[tuple[Wanted, Existing]] = []
    for fits in _FITS:
        left: list[Wanted] = []
        for want in placed:
            best = next((o for o in free[want.mark] if fits(o, want)), None)
            if best is None:
                left.append(want)
            else:
                free[want.mark].remove(best)
                pairs.append((want, best))
        placed = left
    return pairs, placed, [o for olds in free.values() for o in olds]


def _kept(result: Plan, want: Wanted, old: Existing, policy: Policy) -> Plan:
    """A finding that has its comment: told anew where it moved or says something else."""
    moved = old.anchor != want.anchor and not policy.follows
    if moved and not old.touched:
        return replace(result, delete=(*result.delete, old), post=(*result.post, want))
    body = want.plain if moved else want.body
    if normal(old.body) == normal(body):
        return replace(result, kept=result.kept + 1)
    edited = Edited(old, body, reopen=old.mended)
    return replace(result, edit=(*result.edit, edited))


def _unpaired(result: Plan, old: Existing, here: Found | None, policy: Policy) -> Plan:
    """A comment whose finding has gone, or is not on lines of the diff any more (`here`)."""
    kept = replace(result, kept=result.kept + 1)
    stays = old.touched or policy.follows or not policy.complete
    if not stays:
        return replace(result, delete=(*result.delete, old))
    if here is not None and old.mended:
        edited = Edited(old, comment(here), reopen=True)
        return replace(result, edit=(*result.edit, edited))
    if here is not None or not policy.complete or old.mended or old.closed:
        return kept
    closing = Edited(old, mended(old.body, policy.commit))
    return replace(result, close=(*result.close, closing))


def _with_new(result: Plan, new: list[Wanted], taken: int, policy: Policy) -> Plan:
    """New comments as far as the limit goes; the others go to the rest."""
    room = max(0, policy.limit - taken)
    over = tuple(Rest(w.found, "too-many") for w in new[room:])
    post = sorted((*result.post, *new[:room]), key=lambda w: w.anchor)
    return replace(result, post=tuple(post), rest=(*result.rest, *over))
