"""Tells a line of a log from a sentence about one: guides and chats name failures as well."""

from __future__ import annotations

import re
from typing import Final

_ROW: Final = re.compile(r"^\s*\|.*\|\s*$")
_CODE: Final = re.compile(r"(?<!`)(`{1,2})(?!`)[^`]+\1(?!`)")
_BEFORE: Final = re.compile(
    r"(?:^|[\s(])(?:an?|the|is|in|into|of|as|for|means|says|said|to|and|or|that|from|by|on|like|"
    r"shows?|see|seeing|get|gets|getting|got|goes|went|this|my|your|our|be|are|was|it|still|about|"
    r"when|why|what|how|if|every|each|any|no|not|with|called|named|typical|common|possible)"
    r"\s+[\"'*_(]{0,2}$",
    re.IGNORECASE,
)
_AFTER: Final = re.compile(
    r"^[\"'*_)]{0,2}(?:,|\?|\s+(?:is|are|means?|and|or|when|because|if|can|could|may|might|will|"
    r"would|should|errors?|status|state|loop|problem|issue|messages?|of|in|that|which|usually|"
    r"often|again|happens?|after|for|since|on|at|with|pods?)\b)"
)


def is_row(line: str) -> bool:
    """Whether a line is a row of a table in Markdown."""
    return "|" in line and _ROW.match(line) is not None


def is_told(line: str, start: int, end: int) -> bool:
    """Whether what stands from `start` to `end` is quoted as code in a text."""
    if "`" not in line:
        return False
    return any(m.start() < start and end < m.end() for m in _CODE.finditer(line))


def is_spoken(line: str, start: int, end: int) -> bool:
    """Whether a word stands within a sentence, rather than in a column or behind a label."""
    after = line[end : end + 40]
    if after[:1] in (":", '"'):
        return False
    return bool(_BEFORE.search(line[max(0, start - 40) : start]) or _AFTER.match(after))
