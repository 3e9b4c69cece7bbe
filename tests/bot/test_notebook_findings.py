"""Findings in notebooks are commented on the line of the JSON, if the diff shows it."""

from __future__ import annotations

import json
from pathlib import Path

from amllint.bot.diff import diff_of, file_diff
from amllint.bot.plan import Policy, plan
from amllint.bot.results import Found, parse
from amllint.bot.texts import hunks
from amllint.output.formats import renderer
from amllint.output.style import Style
from tests.checking import look
from tests.engine.notebooks import CLEAN, notebook, writes


def found_in(folder: Path, text: str) -> tuple[Found, ...]:
    report = look(folder, {"n.ipynb": text})
    return parse(json.loads("\n".join(renderer("json")(report, Style(False))))).findings


def test_a_comment_stands_on_the_line_of_the_json(tmp_path: Path) -> None:
    before, text = notebook(writes("score.py", CLEAN)), notebook(writes("score.py"))
    diff = diff_of([file_diff("n.ipynb", hunks(before, text))])
    planned = plan(found_in(tmp_path, text), diff, [], Policy())
    assert len(planned.post) == 2
    for wanted in planned.post:
        assert wanted.anchor is not None
        assert "return str(e)" in text.split("\n")[wanted.anchor.start - 1]
        assert "** in cell 1, line 13: " in wanted.body
        assert "```suggestion" not in wanted.body


def test_a_line_that_the_diff_does_not_show_gets_none(tmp_path: Path) -> None:
    text = notebook(writes("score.py"))
    diff = diff_of([file_diff("n.ipynb", "@@ -1,1 +1,1 @@\n-[\n+{")])
    planned = plan(found_in(tmp_path, text), diff, [], Policy())
    assert not planned.post
    assert {rest.reason for rest in planned.rest} == {"elsewhere"}
