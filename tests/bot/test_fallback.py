"""Annotations of the build say what they mean to the agents' own grammars."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from amllint.bot.fallback import build_annotations, logging_command, step_summary, workflow_command
from amllint.bot.markdown import one_line
from amllint.bot.results import At, Found, Place, Results

HOSTILE = st.lists(
    st.sampled_from(
        [*"%:,;]=#[\n\r a", "::error::", "##vso[task.setvariable]", "%0A", "%AZP25", "ü"]
    ),
    max_size=12,
).map("".join)


def found(path: str = "f", message: str = "m", **changes: Any) -> Found:
    """A finding with a path and a message."""
    values: dict[str, Any] = {
        "code": "AML109", "name": "error-leak", "severity": "error", "stage": "score",
        "message": message, "help": None, "url": "", "place": Place(path, At(2, 3), At(2, 5)),
        "fingerprint": "a" * 16,
    }  # fmt: skip
    return Found(**{**values, **changes})


def as_github_reads(line: str) -> tuple[str, dict[str, str], str]:
    """A workflow command as GitHub's runner takes it apart."""
    match = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line)
    assert match is not None
    pairs = (p.partition("=") for p in match[2].split(","))
    properties = {k: unescaped(v, {"%3A": ":", "%2C": ","}) for k, _, v in pairs}
    return match[1], properties, unescaped(match[3], {})


def unescaped(text: str, more: dict[str, str]) -> str:
    """A value with its escapes undone, the percent sign last."""
    for escape, mark in {"%0D": "\r", "%0A": "\n", **more, "%25": "%"}.items():
        text = text.replace(escape, mark)
    return text


@settings(max_examples=500, deadline=None)
@given(HOSTILE, HOSTILE)
def test_github_reads_what_was_said(path: str, message: str) -> None:
    line = workflow_command(found(path, message))
    assert "\n" not in line
    assert "\r" not in line
    kind, properties, said = as_github_reads(line)
    assert kind == "error"
    assert properties == {
        "file": path, "line": "2", "endLine": "2", "col": "3", "endColumn": "5",
        "title": "AML109 error-leak",
    }  # fmt: skip
    assert said == re.sub(r"##(?=(?:vso)?\[)", "# #", one_line(message))


@settings(max_examples=500, deadline=None)
@given(HOSTILE, HOSTILE)
def test_azure_pipelines_reads_what_was_said(path: str, message: str) -> None:
    line = logging_command(found(path, message))
    match = re.fullmatch(r"##vso\[task\.logissue ([^\]]*)\](.*)", line)
    assert match is not None
    pairs = (p.partition("=") for p in match[1].rstrip(";").split(";"))
    escapes = {"%3B": ";", "%5D": "]", "%0D": "\r", "%0A": "\n", "%AZP25": "%"}
    properties = {}
    for key, _, value in pairs:
        for escape, mark in escapes.items():
            value = value.replace(escape, mark)
        properties[key] = value
    place = {"sourcepath": path, "linenumber": "2", "columnnumber": "3"}
    assert properties == {"type": "error", "code": "AML109", **place}
    assert "##vso[" not in match[2]
    assert "##[" not in match[2]


def test_columns_of_several_lines_are_not_told() -> None:
    several = found(place=Place("f", At(2, 3), At(4, 1)))
    _, properties, _ = as_github_reads(workflow_command(several))
    assert properties == {"file": "f", "line": "2", "endLine": "3", "title": "AML109 error-leak"}


def test_each_platform_has_its_levels() -> None:
    results = Results(tuple(found(severity=s) for s in ("error", "warning", "info")))
    github = [line.split(" ")[0] for line in build_annotations(results, "github")]
    assert github == ["::error", "::warning", "::notice"]
    azure = list(build_annotations(results, "azure-devops"))
    assert [re.search(r"type=(\w+)", line)[1] for line in azure] == ["error", "warning"]  # type: ignore[index]


def test_a_step_summary_stays_below_a_mebibyte() -> None:
    many = Results(tuple(found(message="ü" * 900) for _ in range(20_000)))
    assert 100_000 < len(step_summary(many).encode()) < 2**20
