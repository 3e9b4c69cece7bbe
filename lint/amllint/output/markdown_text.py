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
    return "".join(code(p) if odd % 2 else _plain(p) for odd, p in enumerate(parts))


def code(text: str) -> str:
    """Text as code, in which no forge looks for mentions."""
    return f"<code>{_references(printable(text))}</code>" if text else ""


def _plain(text: str) -> str:
    shown, at = "", 0
    for match in _REFERENCE.finditer(text):
        shown += _references(text[at : match.start()]) + code(match.group())
        at = match.end()
    return shown + _references(text[at:])


def _references(text: str) -> str:
    return _SPECIAL.sub(lambda m: m[0] if m[0] in _HARMLESS else f"&#{ord(m[0])};", text)
