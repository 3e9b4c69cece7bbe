"""Files of plain lines: requirements of pip, and Dockerfiles. Their comments and statements."""

from __future__ import annotations

import os
import re
from typing import Final

from amllint.source.repository import EXTENSIONS, RUN
from amllint.source.requirement_lines import requirement_lines
from amllint.source.text import SourceText, Span

_ALONE: Final = re.compile(r"(?m)^[ \t]*(#[^\r\n]*)")
_BEHIND: Final = re.compile(r"(?m)(?:^|(?<=[ \t]))(#[^\r\n]*)")


def is_listing(path: str) -> bool:
    """Whether a file of ours by this name is one: nothing that is parsed as anything else."""
    return not path.lower().endswith((*EXTENSIONS, *RUN)) and ".ipynb:cell " not in path


def is_dockerfile_name(path: str) -> bool:
    """Whether a file is called like a Dockerfile."""
    name = os.path.basename(path).lower()
    return "dockerfile" in name or name.startswith("containerfile")


def comments(source: SourceText) -> list[Span]:
    """The spans of the comments; in a Dockerfile one stands on a line of its own."""
    pattern = _ALONE if is_dockerfile_name(source.path) else _BEHIND
    return [Span(*match.span(1)) for match in pattern.finditer(source.text)]


def statements(source: SourceText) -> list[Span]:
    """The spans of the lines that say something, continued ones whole."""
    return [line.span for line in requirement_lines(source)]


def meaning(source: SourceText) -> list[str]:
    """The lines without comments."""
    return [line.text for line in requirement_lines(source)]
