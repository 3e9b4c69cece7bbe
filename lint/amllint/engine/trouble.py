"""Which files are worth telling of when they cannot be read or parsed."""

from __future__ import annotations

import re

from amllint.artifacts import classify
from amllint.engine import notebooks
from amllint.source.overlay import Overlay
from amllint.source.problem import Unreadable


def content_of(overlay: Overlay, path: str) -> bytes:
    """The bytes of a file, blanks of UTF-16 taken out; nothing where there are none."""
    try:
        return overlay.data(path).replace(b"\0", b"")
    except Unreadable:
        return b""


def looks_ours(path: str, content: bytes) -> bool:
    """Whether a file that cannot be classified looks like part of a deployment."""
    if path.endswith(".py"):
        hints = set(re.findall(rb"(?m)^(?:async[ \t]+)?def[ \t]+(init|run)\b", content))
        named = classify.is_our_name(path)
        return (named and (bool(hints) or not content)) or len(hints) == 2
    if path.endswith(".ipynb"):
        return notebooks.mentions(content) and notebooks.defines_both(content)
    if b"contentVersion" in content or b"deploymentTemplate.json" in content:
        return False
    return bool(classify.OURS.search(content)) or (
        classify.is_our_name(path) and (not content or classify.mentions(path, content))
    )


def outside(shown: str) -> Unreadable:
    """The refusal of a declared file that does not belong to the repository."""
    what = "lies outside the repository and is not read"
    return Unreadable(shown, "outside", what, "declare a file of the repository")
