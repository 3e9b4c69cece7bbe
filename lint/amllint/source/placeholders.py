"""Template placeholders: text that a pipeline fills in later.

They are stood in for by plain characters of the same length, so that a templated file
parses and every position holds; what they stand for stays unknown.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from amllint.source.text import Span

_TRIGGER = re.compile(r"\{\{|\{%|#\{|\$\(|\$\{|__[A-Z]|<['A-Za-z_]")
_VALUE = re.compile(
    r"""
      \$?\{\{[^{}\r\n]{1,200}\}\}            # {{X}} and ${{ x }}
    | \#\{[^{}\r\n]{1,200}\}\#               # #{x}#
    | \$\([A-Za-z_][\w.:-]{0,100}\)          # $(x)
    | \$\{[A-Za-z_][\w.:-]{0,100}\}          # ${x}
    | (?<!\w)__[A-Z][A-Z0-9_]{0,100}?__(?!\w)  # __X__
    | (?<![\w=!~<>.\])])<[A-Za-z_][\w .-]{0,100}>(?!\w)  # <x>
    | (?<=")<'[^<>"\r\n]{1,200}>(?=")       # "<'this' or 'that'>"
    """,
    re.VERBOSE,
)
_BLOCK = re.compile(r"\{%[^%\r\n]{0,200}%\}")


def mask(text: str) -> tuple[str, list[Span]]:
    """The text with placeholders stood in for, and where they were.

    Control blocks such as `{% if x %}` leave blanks; values leave a run of `x`.
    """
    if not _TRIGGER.search(text):
        return text, []
    text = _BLOCK.sub(lambda m: " " * len(m.group()), text)
    spans: list[Span] = []

    def stand_in(match: re.Match[str]) -> str:
        spans.append(Span(*match.span()))
        return "x" * len(match.group())

    return _VALUE.sub(stand_in, text), spans


def touches(spans: list[Span], span: Span) -> bool:
    """Whether any of the sorted, disjoint `spans` shares a character with `span`."""
    index = bisect_left(spans, span.start, key=lambda s: s.end - 1)
    return index < len(spans) and spans[index].start < span.end
