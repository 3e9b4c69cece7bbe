"""Fingerprints: names of defects that outlive moved lines, other layout and other line ends.

A fingerprint is made of the rule's code, the file and the structural key of the finding. It
says nothing about positions and nothing in amllint's own words, so that neither an edit
elsewhere in the file nor a better worded message brings an accepted finding back.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import Final

_TOKEN: Final = re.compile(
    r"(?P<comment>\#[^\r\n]*)"
    r"|(?P<prefix>\b[rRbBuUfFtT]{1,2})?(?P<string>"
    r'"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*"""'
    r"|'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'''"
    r'|"[^"\\\r\n]*(?:\\.[^"\\\r\n]*)*"'
    r"|'[^'\\\r\n]*(?:\\.[^'\\\r\n]*)*')"
    r"|(?P<word>\w+)"
    r"|(?P<layout>[\s(),\\]+)"
    r"|(?P<sign>.)",
    re.DOTALL,
)
_LONGEST: Final = 20_000
_QUOTE: Final = re.compile(r"""\\(['"])""")


def fingerprint(code: str, path: str, key: str) -> str:
    """Sixteen hexadecimal digits for a rule, a path with `/` and a structural key."""
    parts = "\0".join((code, path, plain(key)))
    return hashlib.blake2b(parts.encode("utf-8", "replace"), digest_size=8).hexdigest()


def plain(key: str) -> str:
    """A key with blanks and line ends as single blanks."""
    return " ".join(key.split())


def code_key(text: str) -> str:
    """A piece of Python as a key: what a formatter may change is left out of it.

    That is blanks, line ends, comments, parentheses, commas, the kind of quotes and the case
    of what stands before them. It does not depend on the version of Python.
    """
    return " ".join(_tokens(text)) if len(text) <= _LONGEST else plain(text)


def _tokens(text: str) -> Iterator[str]:
    for match in _TOKEN.finditer(text):
        string = match["string"]
        if string is not None:
            marks = 3 if string[:3] in ('"""', "'''") and len(string) >= 6 else 1
            body = " ".join(_QUOTE.sub(r"\1", string[marks:-marks]).split())
            yield f"{(match['prefix'] or '').lower().replace('u', '')}'{body}'"
        elif match["comment"] is None and match["layout"] is None:
            yield match.group()


def path_key(path: Iterable[object]) -> str:
    """A path in a document as a key: `dependencies[].pip`; positions in lists do not count."""
    steps = ["[]" if isinstance(step, int) else f".{step}" for step in path]
    return "".join(steps).removeprefix(".")
