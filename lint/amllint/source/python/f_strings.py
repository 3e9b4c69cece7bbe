"""What f-strings may hold since Python 3.12, and could not before (PEP 701)."""

from __future__ import annotations

import re
from typing import Any, Final

import libcst as cst

_STRING: Final = re.compile(r"""'[^']*'|"[^"]*\"""")


def needs_new_f_string(string: Any, part: Any, expression: str) -> bool:
    """Whether one `{…}` of an f-string holds what older versions refuse.

    `expression` is the text of its expression.
    """
    quote: str = string.end
    if quote in expression or "\\" in expression:
        return True
    around = (part.whitespace_before_expression, part.whitespace_after_expression)
    plain = all(isinstance(blanks, cst.SimpleWhitespace) for blanks in around)
    if len(quote) == 1 and (not plain or "\n" in expression):
        return True
    if "#" in expression and "#" in _STRING.sub("", expression):
        return True
    return not plain and any(map(_is_commented, around))


def _is_commented(blanks: Any) -> bool:
    if not isinstance(blanks, cst.ParenthesizedWhitespace):
        return False
    lines: tuple[Any, ...] = (blanks.first_line, *blanks.empty_lines)
    return any(line.comment for line in lines)
