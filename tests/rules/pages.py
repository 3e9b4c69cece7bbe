"""The pages of the rules, taken apart: sections, and the files in their fences."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from tools.generate import rule_modules

_FENCE = re.compile(r"```\w+ (\S+)(?: \{([\d,]+)\})?([^\n]*)\n(.*?)\n```", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One `## Example` or `## Use instead`: its files, marked lines and persona."""

    files: dict[str, str]
    marks: frozenset[tuple[str, int]]
    persona: str


@dataclass(frozen=True)
class Page:
    """A rule and its page."""

    rule: Any
    text: str

    @property
    def summary(self) -> str:
        return self.text.partition("\n")[0]

    @property
    def headings(self) -> list[str]:
        return re.findall(r"(?m)^## (.*)$", self.text)

    def section(self, title: str) -> str | None:
        match = re.search(rf"(?ms)^## {title}\n(.*?)(?=^## |\Z)", self.text)
        return match and match.group(1)

    def block(self, title: str) -> Block:
        files: dict[str, str] = {}
        marks: set[tuple[str, int]] = set()
        persona = "regular"
        for name, lines, rest, text in _FENCE.findall(self.section(title) or ""):
            assert name not in files, f"{name} is written twice in {title}"
            files[name] = text + "\n"
            marks.update((name, int(number)) for number in lines.split(",") if number)
            persona = "pedantic" if "persona=pedantic" in rest else persona
        return Block(files, frozenset(marks), persona)


@cache
def pages() -> tuple[Page, ...]:
    """Every rule's page, by code."""
    found = [Page(rule, inspect.getdoc(module) or "") for _, module, rule in rule_modules()]
    return tuple(sorted(found, key=lambda p: p.rule.code))
