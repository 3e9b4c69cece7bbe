"""A rule's page without the marks of Markdown."""

from __future__ import annotations

import inspect
import re
from importlib import import_module

import pytest

from amllint.output.page_text import page_lines
from amllint.output.style import Style
from amllint.rules.registry import RULES

PAGE = """\
First *line* of `code`.

## What it does
Reports a **thing**, see [the list](https://amllint.dev/):
- one: `a * b * c`
- two, which `goes(
  on)`

## Example
```python score.py {2} persona=pedantic
x = 1
y = 2  # `not` *marked*

```
"""
PLAIN = """\
First line of `code`.

What it does
------------
Reports a thing, see the list (https://amllint.dev/):
• one: `a * b * c`
• two, which `goes(
  on)`

Example
-------
  score.py
    x = 1
  > y = 2  # `not` *marked*

"""


def test_a_pipe_gets_plain_text() -> None:
    assert list(page_lines(PAGE, Style(False))) == PLAIN.splitlines()


def test_a_terminal_gets_colours_instead_of_marks() -> None:
    lines = list(page_lines(PAGE, Style(True)))
    assert "\x1b[1mWhat it does\x1b[0m" in lines
    assert "First \x1b[1mline\x1b[0m of \x1b[32mcode\x1b[0m." in lines
    assert "\x1b[1;33m  > y = 2  # `not` *marked*\x1b[0m" in lines


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_nothing_of_a_page_is_lost(rule: object) -> None:
    page = inspect.getdoc(import_module(f"amllint.rules.{rule.module}")) or ""  # type: ignore[attr-defined]
    text = "\n".join(page_lines(page, Style(False)))
    assert not re.search(r"(?m)^(#+ |```|- )", text)
    words = re.findall(r"[A-Za-z_]{4,}", re.sub(r"(?m)^```.*$", "", page))
    assert [w for w in words if w not in text] == []
