"""What a comment says about a finding, and the marks by which it is known again."""

from __future__ import annotations

import hashlib
import re
from typing import Final, NamedTuple

from amllint.bot.markdown import code, escaped, fenced, link, one_line, prose
from amllint.bot.results import Found
from amllint.bot.suggestion import Suggestion
from amllint.findings.finding import STAGES

SUMMARY: Final = "summary"
"""The mark of the comment that sums up; no fingerprint is like it."""

MAX_SUGGESTION: Final = 10_000
_FINGERPRINT: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{7,79}")
_MENDED: Final = "<!-- amllint:v1:no-longer-found -->"
_MARK: Final = re.compile(
    r"(?:\A|\n)<!-- amllint:v1:([0-9A-Za-z._-]{1,80}) -->(\n" + re.escape(_MENDED) + r")?\s*\Z"
)
_SUGGESTED: Final = re.compile(r"(?m)^(`{3,})suggestion$")
_UNSAFE: Final = "This fix is **unsafe**: it may change what the deployment does. Read it first."


class Marks(NamedTuple):
    """What the hidden end of a comment says: which finding, and whether it had gone."""

    fingerprint: str
    mended: bool


def fingerprint(found: Found) -> str:
    """The finding's fingerprint as it can stand in a mark."""
    given = found.fingerprint
    if _FINGERPRINT.fullmatch(given):
        return given
    return hashlib.blake2b(given.encode("utf-8", "replace"), digest_size=8).hexdigest()


def marks(body: str) -> Marks | None:
    """The marks at the very end of a comment, `None` if it has none.

    Anywhere else they could come from a text that is quoted.
    """
    found = _MARK.search(normal(body))
    return Marks(found[1], found[2] is not None) if found else None


def marked(text: str, mark: str) -> str:
    """A comment's text with its mark, which is not shown."""
    return f"{text}\n\n<!-- amllint:v1:{mark} -->"


def normal(body: str) -> str:
    """A body as it can be compared: servers change line ends, and cut blanks at the ends."""
    return body.replace("\r\n", "\n").strip()


def comment(found: Found, suggested: Suggestion | None = None, proposed: str = "") -> str:
    """The comment on a finding, with a suggestion to take over or a fix that is only shown."""
    parts = [f"**{found.severity}**{_cell(found)}: {prose(found.message)}"]
    if found.help:
        parts.append(f"**Instead:** {prose(found.help)}")
    parts += _fix(found, suggested, proposed)
    if found.related:
        parts.append("\n".join(f"- {place}: {said}" for place, said in _related(found)))
    parts.append(_footer(found))
    return marked("\n\n".join(parts), fingerprint(found))


def _cell(found: Found) -> str:
    """Where in a notebook: the line that the comment stands on is one of its JSON."""
    place = found.place
    if place.cell is None:
        return ""
    line = f", line {place.in_cell.line}" if place.in_cell else ""
    return f" in cell {place.cell}{line}"


def mended(body: str, commit: str) -> str:
    """A comment whose finding has gone, which stays because somebody has answered it."""
    text = _SUGGESTED.sub(r"\1text", normal(body))
    return f"**No longer found** in {commit[:12]}. It said:\n\n{text}\n{_MENDED}"


def rule(found: Found) -> str:
    """The rule's name, linked to its page."""
    return link(escaped(one_line(found.name, 100)), found.url)


def _fix(found: Found, suggested: Suggestion | None, proposed: str) -> list[str]:
    mend = found.mend
    if mend is None:
        return []
    unsafe = [_UNSAFE] if mend.applicability == "unsafe" else []
    if suggested is not None and len(suggested.text or "") <= MAX_SUGGESTION:
        return [*unsafe, _suggested(suggested)]
    if proposed and len(proposed) <= MAX_SUGGESTION:
        return [*unsafe, "It would become:", fenced(proposed)]
    flags = "--fix --unsafe-fixes" if unsafe else "--fix"
    return [f"`amllint check {flags}` would mend it: {prose(mend.message)}."]


def _suggested(suggested: Suggestion) -> str:
    if suggested.text is None:
        return "```suggestion\n```"
    return fenced(suggested.text, "suggestion")


def _related(found: Found) -> list[tuple[str, str]]:
    shown = found.related[:10]
    return [(code(f"{p.path}:{p.start.line}"), prose(said, 200)) for said, p in shown]


def _footer(found: Found) -> str:
    stage = f"stage {found.stage}, {STAGES[found.stage]}" if found.stage else "amllint itself"
    return f"{rule(found)} ({one_line(found.code)}): {stage}"
