"""Files of requirements in other encodings than UTF-8, as pip decodes them."""

from __future__ import annotations

import codecs
import re
from typing import Final

from amllint.source.text import SourceText

_MARKS: Final = (
    (codecs.BOM_UTF32_LE, None),  # pip takes it for that of UTF-16, with which it begins
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CODING: Final = re.compile(rb"coding[:=]\s*([-\w.]{1,40})")
_NO_TEXT: Final = frozenset({"idna", "punycode"})
"""Codecs of names, not of texts; they take quadratic time."""


def decode_for_pip(shown: str, data: bytes) -> SourceText | None:
    """The text of a file that has a byte order mark or a coding line; `None` for all others.

    Source: pip 23.2, executed; `auto_decode` in `utils/encoding.py`, later `_decode_req_file`.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(shown, data[len(mark) :], encoding, True) if encoding else None
    for line in data.split(b"\n", 2)[:2]:
        match = _CODING.search(line) if line[:1] == b"#" else None
        if match is not None:
            return _decoded(shown, data, match[1].decode("ascii", "replace"), False)
    return None


def _decoded(shown: str, data: bytes, encoding: str, mark: bool) -> SourceText | None:
    try:
        name = codecs.lookup(encoding).name
        # Codecs that are not from bytes to text (rot13, zip) are refused by `decode`.
        return None if name in _NO_TEXT else SourceText(shown, data.decode(name), name, mark)
    except (LookupError, ValueError):
        return None
