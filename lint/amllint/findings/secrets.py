"""Secrets in a text: where they are, and the text without them.

Published formats are found wherever they stand, in comments too. Beyond them, what a name
such as `api_key` or `password` is given counts if it looks like one: long and mixed, no
placeholder, no words, no identifier.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from amllint.findings.secret_formats import (
    FORMATS,
    KEY_NAMES,
    PASSWORD_NAMES,
    PLACEHOLDERS,
    PUBLISHED,
)
from amllint.source.text import SourceText, Span

_NAMED: Final = re.compile(
    r"(?<![\w.-])(?P<name>[A-Za-z_][\w.-]*)"
    r"(?:[\"']\s*,\s*|[\"']?\s*\]?\s*(?::\s*[A-Za-z.\[\]| ]+=\s*|={1,2}\s*|:\s*|\(\s*))"
    r"(?=[rRbBuU]?(?P<quote>[\"'])(?:Bearer |Token )?(?P<value>[^\"'\s\\]{6,300})(?P=quote))"
)
_NAME_HINTS: Final = ("passw", "pwd", "passphrase", "secret", "key", "token", "authorization")
_REPEATED: Final = re.compile(r"(.)\1{4}")
_UUID: Final = re.compile(r"(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_KEY_TEXT: Final = re.compile(r"[\w+/=.~-]{16,}")
_NAME_OF_ONE: Final = re.compile(
    r"%\w+%|__\w+__|\[[\w -]+\]|(?:[A-Z]+_)+[A-Z]+|[A-Z]{4,16}|[xX_-]+"
    r"|(?:[A-Za-z]{2,12}[_-]){0,3}(?i:pat|credentials?)(?:[_-][A-Za-z]{2,12}){0,3}"
)
"""What names the secret that is put in its place: a variable, a word in capitals."""
_LOW_ENTROPY: Final = 3.2
"""Bits per character; 32 random hexadecimal digits have 3.2 or more in 99 of 100 cases."""
_LEAST_CHANGES: Final = 0.25
"""Share of neighbours of another kind (small, capital, digit); words and versions have less."""


class Secret(NamedTuple):
    """A secret: where it stands, what it is, and as much of it as may be shown."""

    span: Span
    what: str
    shown: str


@lru_cache(maxsize=16)
def secrets_in(text: str) -> tuple[Secret, ...]:
    """All secrets of a text, in order, without overlaps."""
    found = sorted({*_formatted(text), *_named(text)})
    kept: list[Secret] = []
    for secret in found:
        if not kept or secret.span.start >= kept[-1].span.end:
            kept.append(secret)
    return tuple(kept)


def concealed(text: str) -> str:
    """A text with everything but the first characters of its secrets struck out."""
    return _struck_out(text, secrets_in(text), 0)


def concealed_slice(source: SourceText, span: Span) -> str:
    """Part of a file, with its secrets struck out, those that it holds a piece of included."""
    inside = [s for s in secrets_in(source.text) if s.span.start < span.end]
    return _struck_out(source.slice(span), tuple(inside), span.start)


def _struck_out(text: str, secrets: tuple[Secret, ...], offset: int) -> str:
    characters = list(text) if secrets else []
    for secret in secrets:
        first = max(secret.span.start + len(secret.shown) - offset, 0)
        last = min(secret.span.end - offset, len(text))
        for at in range(first, last):
            if characters[at] not in "\r\n":
                characters[at] = "*"
    return "".join(characters) if secrets else text


def _formatted(text: str) -> Iterator[Secret]:
    for kind in FORMATS:
        if kind.hint not in text:
            continue
        for match in kind.pattern.finditer(text):
            value = match[1]
            said = kind.what == "a private key" or not is_placeholder(value)
            if said and (not value.startswith("eyJ") or _is_token(value)):
                yield _secret(match.start(1), value, kind.what)


def _named(text: str) -> Iterator[Secret]:
    for match in _given(text):
        name = re.sub(r"[^a-z]", "", match["name"].lower())
        value = match["value"]
        if name.endswith(PASSWORD_NAMES):
            what = "a password" if _is_password(value) else None
        else:
            what = _key_kind(name, match["name"], value)
        if what and not is_placeholder(value):
            yield _secret(match.start("value"), value, what)


def _given(text: str) -> Iterator[re.Match[str]]:
    """Where names that may hold a secret are given a text: only their lines are looked at."""
    lower = text.lower() if text.isascii() else text
    starts: set[int] = set()
    for hint in _NAME_HINTS:
        at = lower.find(hint)
        while at >= 0:
            end = text.find("\n", at)
            starts.add(text.rfind("\n", 0, at) + 1)
            at = lower.find(hint, end) if end >= 0 else -1
    for start in sorted(starts):
        end = text.find("\n", start)
        yield from _NAMED.finditer(text, start, end if end >= 0 else len(text))


def _key_kind(name: str, written: str, value: str) -> str | None:
    """What a text is that is given to a name, if it looks like a key."""
    if not _KEY_TEXT.fullmatch(value) or not _is_random(value):
        return None
    if name.endswith(KEY_NAMES):
        return "a key or token"
    mixed = any(c.islower() for c in value) and any(c.isupper() for c in value)
    alone = written.lower() == "key" and mixed and len(value) >= 32
    return "a key or token" if alone else None


def _secret(start: int, value: str, what: str) -> Secret:
    shown = value[: min(4, len(value) // 6)]
    return Secret(Span(start, start + len(value)), what, shown)


def is_placeholder(value: str) -> bool:
    """Whether a text stands for a secret, or is one that everyone knows."""
    return (
        value in PUBLISHED
        or PLACEHOLDERS.search(value) is not None
        or _REPEATED.search(value) is not None
        or _NAME_OF_ONE.fullmatch(value) is not None
        or len(set(value)) <= 4
    )


def _is_password(value: str) -> bool:
    """Whether a text is no word or name: digits or signs, and letters."""
    signs = any(not c.isalnum() and c not in "-_./: " for c in value)
    letters = any(c.isalpha() for c in value)
    digits = any(c.isdigit() for c in value)
    named = value.isupper() and "_" in value
    calls = "(" in value or value.startswith(("/", "$", "%", "--", "http"))
    return len(value) >= 8 and letters and (digits or signs) and not named and not calls


def _is_random(value: str) -> bool:
    """Whether a text is one that nobody made up: mixed, and of many different characters."""
    if _UUID.fullmatch(value) or not any(c.isdigit() for c in value):
        return False
    kinds = [(c.isdigit(), c.isupper()) for c in value if c.isalnum()]
    changes = sum(a != b for a, b in pairwise(kinds))
    counts = Counter(value).values()
    entropy = -sum(n / len(value) * math.log2(n / len(value)) for n in counts)
    return changes >= _LEAST_CHANGES * len(value) and entropy >= _LOW_ENTROPY


def _is_token(value: str) -> bool:
    """Whether the first part of a JSON web token says how it is signed."""
    head = value.partition(".")[0]
    try:
        return b'"alg"' in base64.urlsafe_b64decode(head + "=" * (-len(head) % 4))
    except binascii.Error:
        return False
