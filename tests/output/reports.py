"""Reports made by hand, with names and texts that no rule would think of."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from amllint.engine.check import Report
from amllint.findings.finding import (
    Edit,
    Finding,
    Fix,
    Location,
    Observation,
    Related,
    Severity,
)
from amllint.output.style import printable
from amllint.source.overlay import Overlay
from amllint.source.text import Span

ROOT = os.path.abspath("repository")
TEXT = "first\n  sécond 🐍 line\nthird\n"

HOSTILE = [
    *("%", "%25", "%0A", "%3A", "%AZP25", "%5D", "100%:,;]", "a:b,c;d]e", "=a", "a=b", "=="),
    *("a b", " a ", "'\"`", "`code` and `", "é漢🐍", "\udcff", "\ud83d", "]]>", "<!--", "#"),
    *("::error file=a::b", "\n::error::b", "\r\n::set-env name=x::y", "::stop-commands::x"),
    *("##vso[task.complete]", "##VsO[a.b c=d;]e", "##[error]x", "##[add-mask]x", "#[x]"),
    *("\x00", "\x1b[31m", "\x7f\x9b", "\u202e", "\u2028", "\ufffe\uffff", "\t", "|", "| a |"),
    *("@user", "#12", "owner/repo#1", "[a](https://evil.example)", "![a](b)", "[a](1)", "{0}"),
    *("<img src=x>", "<script>", "</code>", "</a>", "&amp;", "--> @user <!--", "a@evil.example"),
    *("https://evil.example", "www.evil.example", "`https://evil.example|@user`", "{a}", "`", "``"),
    *("\\", "\\|", "\\`", "`\\|`", "`a|b`", "*a* _b_ ~~c~~", "# a", "- a", "1. a", "> a"),
    *("$x$", "$`x`$", ":smile:", "!1 ~x", "`a``b` `c``` d"),
]
TEXTS = st.one_of(
    st.sampled_from(HOSTILE),
    st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=5)), max_size=5).map("".join),
    st.text(st.characters(), max_size=30),
).filter(bool)
"""Texts of messages, lone surrogates among them."""

NAMES = TEXTS.map(lambda t: t.replace("/", "").replace("\0", "")).filter(
    lambda t: t.strip(".") and len(t) < 60
)
PATHS = st.lists(NAMES, min_size=1, max_size=2).map("/".join)
"""Paths as a file system could hold them."""


def finding(path: str = "score.py", message: str = "wrong", **more: Any) -> Finding:
    """A finding of `error-leak` in `sécond 🐍`, unless told otherwise."""
    span = more.pop("span", Span(8, 16))
    severity: Severity = more.pop("severity", "warning")
    fingerprint = more.pop("fingerprint", "0123456789abcdef")
    observation = Observation(Location(path, span, more.pop("cell", None)), message, **more)
    return Finding("AML109", "error-leak", severity, "score", observation, ("unit",), fingerprint)


def fixed(path: str, *edits: tuple[int, int, str]) -> Fix:
    """A fix of one file."""
    return Fix("safe", "mend it", tuple(Edit(path, Span(a, b), text) for a, b, text in edits))


def related(path: str, message: str) -> Related:
    """A related place in the third line."""
    return Related(Location(path, Span(23, 28)), message)


def report(*findings: Finding, cwd: str = ROOT, text: str = TEXT, **more: Any) -> Report:
    """A report of findings, with `text` in every file that they name."""
    paths = {p for f in findings for p in f.paths}
    buffers = {os.path.normpath(os.path.join(cwd, p)): text.encode() for p in paths}
    numbered = [replace(f, fingerprint=f"{n:016x}") for n, f in enumerate(findings)]
    return Report(
        numbered, asked=max(1, len(paths)), overlay=Overlay(cwd, buffers), root=ROOT, **more
    )


def many(severity: Severity, count: int, path: str = "score.py") -> list[Finding]:
    """Findings of one severity, told apart by their messages."""
    return [finding(path, f"{severity} {n}", severity=severity) for n in range(count)]


def carried(path: str) -> bool:
    """Whether a command of a build service can hold a path as it is."""
    bare = path.replace("\r", "").replace("\n", "").replace("\t", "")
    return printable(bare) == bare


def real_file(folder: Path, name: str, text: str) -> str:
    """Write a file, and give its path."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)
