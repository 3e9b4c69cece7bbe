"""Text of others in Markdown, where it must stay text."""

from __future__ import annotations

import re
from typing import Final

from amllint.output.style import printable

_SPECIAL: Final = re.compile(r"[^\w \u0080-\U0010ffff]|_", re.ASCII)
# What forges make links, mails and pictures of, even where Markdown sees plain text: @user,
# #12, !34, ~label, https://…, www.…, :smile:. They leave alone what is code.
_REFERENCE: Final = re.compile(r"[@#!~$%&*^:](?=[\w\"/])|(?<=[wW]{3})\.")
_HARMLESS: Final = frozenset(" ,;'\"/?()=+-.{}")


def inert(text: str) -> str:
    """Text that shows as it is: no markup, link, HTML, table cell or mention comes of it.

    Every character that could be markup becomes a character reference, which Markdown never
    takes for markup, and what is quoted in backticks becomes code.
    """
    parts = printable(text).split("`")
    if len(parts) % 2 == 0:
        return _plain(printable(text))
    shown = ""
    for number, part in enumerate(parts):
        quoted = number % 2 and part.strip()
        # Code spans that touch would be one.
        touching = shown.endswith("`")
        shown += (_element(part) if touching else code(part)) if quoted else _plain(part)
    return shown


def code(text: str) -> str:
    """Text as code, in which no forge looks for mentions."""
    text = printable(text)
    if not text.strip():
        return ""
    # No code span in a table can hold these two; the others look better than references.
    return _element(text) if "|" in text or "\\" in text else _span(text)


def _span(text: str) -> str:
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _element(text: str) -> str:
    # To Markdown itself this is text, so that what could be a link is taken apart.
    apart = _REFERENCE.sub("\0\\g<0>", text)
    return f"<code>{_references(apart).replace('&#0;', '<!-- -->')}</code>"


def _plain(text: str) -> str:
    shown, at = "", 0
    for match in _REFERENCE.finditer(text):
        shown += _references(text[at : match.start()]) + _element(match.group())
        at = match.end()
    return shown + _references(text[at:])


def _references(text: str) -> str:
    return _SPECIAL.sub(lambda m: m[0] if m[0] in _HARMLESS else f"&#{ord(m[0])};", text)
