"""Lines of a log as they may be shown: without secrets, and not endless."""

from __future__ import annotations

import re
from typing import Final

from amllint.findings.secrets import concealed

WIDTH: Final = 300
"""Characters of a line that are shown."""
_CREDENTIALS: Final = re.compile(
    r"(?i)(\bauthorization\b\W{1,6}(?:(?:bearer|basic|sharedkey)\s+)?|\bdocker\s+login\b.*?\s-p[\s=]+|"
    r"(?:\b|_)(?:x-functions-key|ocp-apim-subscription-key|instrumentation_?key|sig|"
    r"(?:api|account|access|shared_?access|storage|primary|secondary)[_-]?key|"
    r"(?:client|app)?[_-]?secret|password|passwd|pwd|(?:access|auth|sas)?[_-]?token)"
    r"[\"']?\s*[=:]\s*[\"']?(?:bearer\s+)?)([^\s\"',;&*]{4,})"
)
_IN_ADDRESS: Final = re.compile(
    r"(://(?:[^\s/@:]*:|(?!git@)))([^\s/@:]{3,})(?=@)|(\.org/t/)([\w-]{8,})(?=/)"
)
"""The password, or the token alone, before the host of an address, and the token of a channel."""


def masked(text: str) -> str:
    """A text without its secrets: what is known by its format, and what a name gives away."""
    text = _CREDENTIALS.sub(_hidden, concealed(text))
    return _IN_ADDRESS.sub(_struck_out, text) if "://" in text else text


def _hidden(match: re.Match[str]) -> str:
    after = match.string[match.end() : match.end() + 2]
    sentence = match[1].endswith("token: ") and match[2].islower() and match[2].isalpha()
    if sentence and after[:1] in (" ", ":") and after != ": ":
        return match[0]  # what failed of a token is said, and not the token
    return match[1] + match[2][:2] + "*" * 8


def _struck_out(match: re.Match[str]) -> str:
    return (match[1] or match[3]) + (match[2] or match[4])[:2] + "*" * 8


def quoted(line: str, at: int = 0) -> str:
    """The part of a line around a character, without secrets."""
    shown = masked(line)
    if len(shown) <= WIDTH:
        return shown.strip()
    start = max(0, min(at, len(shown)) - WIDTH // 3)
    before, after = "…" if start else "", "…" if start + WIDTH < len(shown) else ""
    return before + shown[start : start + WIDTH].strip() + after
