"""What goes into a format comes out of it for whoever reads it, whatever it is."""

from __future__ import annotations

import json
import os
import re
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from amllint.findings.edits import apply
from amllint.output.formats import FORMATS
from amllint.output.style import printable, printable_path
from amllint.source.text import SourceText, Span

from . import grammars
from .reports import HOSTILE, PATHS, ROOT, TEXT, TEXTS, carried, finding, fixed, related, report
from .validators import VALIDATORS, markdown_tree, rendered, validate

UNHURRIED = settings(deadline=None)


def command_path(path: str) -> str:
    return f"./{path}" if path.startswith("=") else path


@UNHURRIED
@given(PATHS, TEXTS)
def test_github_reads_path_and_message_as_they_are(path: str, message: str) -> None:
    (line,) = rendered("github", report(finding(path, message))).splitlines()
    command = grammars.github(line)
    assert command is not None
    assert command.name == "warning"
    assert command.data.split("\n")[0] == printable(message)
    assert command.properties["title"] == "AML109 error-leak"
    if carried(path):
        assert command.properties["file"] == command_path(path)
    assert grammars.azure(line) is None


@UNHURRIED
@given(PATHS, TEXTS)
def test_azure_reads_path_and_message_as_they_are(path: str, message: str) -> None:
    (line,) = rendered("azure", report(finding(path, message))).splitlines()
    command = grammars.azure(line)
    assert command is not None
    assert command.name == "task.logissue"
    assert command.properties["type"] == "warning"
    assert command.properties["code"] == "AML109"
    assert command.data.split("\n")[0] == printable(message)
    if carried(path):
        assert command.properties["sourcepath"] == command_path(path)
    assert grammars.github(line) is None


@UNHURRIED
@given(PATHS, TEXTS, TEXTS, TEXTS)
def test_no_text_forges_a_command(path: str, message: str, help: str, near: str) -> None:
    told = [
        finding(path, message, help=help, related=(related(path, near),), severity=severity)
        for severity in ("error", "info")
    ] * 12
    for format in FORMATS:
        lines = rendered(format, report(*told)).splitlines()
        seen = [c for line in lines for c in (grammars.github(line), grammars.azure(line)) if c]
        allowed = {"github": {"error", "notice"}, "azure": {"task.logissue"}}.get(format, set())
        assert {c.name for c in seen} == allowed
        assert len(seen) == {"github": 20, "azure": 10}.get(format, 0)


@UNHURRIED
@given(PATHS, TEXTS)
def test_json_formats_read_path_and_message_as_they_are(path: str, message: str) -> None:
    def shown(text: str) -> str:
        return re.sub("[\ud800-\udfff]", lambda m: f"\\u{ord(m[0]):04x}", text)

    given = report(finding(path, message))
    (diagnostic,) = json.loads(rendered("rdjson", given))["diagnostics"]
    assert diagnostic["location"]["path"] == shown(path)
    assert diagnostic["message"] == shown(message)
    (issue,) = json.loads(rendered("gitlab", given))
    assert issue["location"]["path"] == shown(path)
    assert issue["description"] == f"{printable(message)} (AML109)"


@UNHURRIED
@given(PATHS, TEXTS)
def test_sarif_reads_path_and_message_as_they_are(path: str, message: str) -> None:
    given = report(finding(path, message))
    (result,) = json.loads(rendered("sarif", given))["runs"][0]["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri.isascii()
    try:
        encoded = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        encoded = path.encode("utf-8", "surrogatepass")
    assert unquote_to_bytes(uri) == encoded
    text = result["message"]["text"]
    assert re.sub(r"\{\{(\d+)\}\}", r"{\1}", text).replace("] (", "](") == printable(
        message
    ).replace("] (", "](")
    assert not re.search(r"(?<!\{)\{\d+\}(?!\})", text)
    assert "](" not in text


@UNHURRIED
@given(PATHS, TEXTS)
def test_junit_reads_path_and_message_as_they_are(path: str, message: str) -> None:
    def shown(text: str) -> str:
        text = printable(text)
        return text.replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")

    tree = etree.fromstring(rendered("junit", report(finding(path, message))).encode("ascii"))
    (case,) = tree.iter("testcase")
    assert case.get("classname") == shown(path)
    assert case[0].get("message") == shown(message)
    place = shown(printable_path(path))
    assert case[0].text.split("\n")[0] == f"{place}:2: warning: {shown(message)}"


@UNHURRIED
@given(PATHS, TEXTS)
def test_markdown_shows_path_and_message_as_they_are(path: str, message: str) -> None:
    def shown(text: str) -> str:
        return " ".join(text.split())

    tree = markdown_tree(rendered("markdown", report(finding(path, message))))
    (heading,) = tree.iter("h3")
    assert shown(heading.text_content()) == shown(printable(path))
    cell = tree.findall(".//tbody/tr/td")[3]
    told = "".join([cell.text or "", *_until_break(cell)])
    quoted = printable(message)
    plain = quoted.replace("`", "") if quoted.count("`") % 2 == 0 else quoted
    assert shown(told) == shown(plain)


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_shows_every_hostile_text_as_it_is(text: str) -> None:
    test_markdown_shows_path_and_message_as_they_are.hypothesis.inner_test("a", text)


def _until_break(cell: etree._Element) -> list[str]:
    parts = []
    for child in cell:
        if child.tag == "br":
            break
        parts.append(child.text_content() + (child.tail or ""))
    return parts


@UNHURRIED
@given(TEXTS)
def test_markdown_mentions_nobody(text: str) -> None:
    tree = markdown_tree(rendered("markdown", report(finding(text or "a", text, help=text))))
    for element in tree.iter(etree.Element):
        inside = element.tag == "code"
        for piece in (None if inside else element.text, element.tail):
            assert not re.search(r"[@#]\w|https?://|www\.", piece or ""), piece


@settings(UNHURRIED, max_examples=60)
@given(st.lists(st.tuples(PATHS, TEXTS, TEXTS, TEXTS), min_size=1, max_size=4))
def test_every_format_holds_to_its_schema(told: list[tuple[str, str, str, str]]) -> None:
    findings = [
        finding(path, message, help=help, related=(related(path, near),), cell=None)
        for path, message, help, near in told
    ]
    given = report(*findings)
    for format in VALIDATORS:
        assert validate(format, rendered(format, given), len(findings)) == [], format


@pytest.mark.parametrize("format", VALIDATORS)
def test_every_hostile_text_holds_to_the_schema(format: str) -> None:
    for text in HOSTILE:
        path = f"a/{text.replace('/', '').replace(chr(0), '')}b"
        found = finding(path, text, help=text, related=(related("b", text),))
        assert validate(format, rendered(format, report(found)), 1) == []


@pytest.mark.parametrize("format", VALIDATORS)
def test_a_report_without_findings_holds_to_the_schema(format: str) -> None:
    assert validate(format, rendered(format, report()), 0) == []


@pytest.mark.parametrize("format", VALIDATORS)
def test_a_validator_sees_that_something_is_missing(format: str) -> None:
    text = rendered(format, report(finding(), finding(message="also")))
    assert validate(format, text, 2) == []
    assert validate(format, text, 3) != []


# -- places -----------------------------------------------------------------------------------

EDITS = st.lists(st.integers(0, len(TEXT)), min_size=2, max_size=6).map(sorted)


@UNHURRIED
@given(EDITS, st.text(max_size=5))
def test_the_suggestion_for_reviewdog_does_what_the_fix_does(ends: list[int], new: str) -> None:
    pairs = [(a, b, new) for a, b in zip(ends[::2], ends[1::2], strict=False) if a < b]
    if not pairs:
        return
    mend = fixed("score.py", *pairs)
    given = report(finding(fix=mend))
    (suggestion,) = json.loads(rendered("rdjson", given))["diagnostics"][0]["suggestions"]
    lines = TEXT.encode().split(b"\n")

    def offset(position: dict[str, int]) -> int:
        return sum(len(x) + 1 for x in lines[: position["line"] - 1]) + position["column"] - 1

    data = TEXT.encode()
    start, end = (offset(suggestion["range"][k]) for k in ("start", "end"))
    after = data[:start] + suggestion["text"].encode("utf-8", "surrogatepass") + data[end:]
    wanted = apply(SourceText("score.py", TEXT), mend.edits)
    assert after.decode("utf-8", "surrogatepass") == wanted


@UNHURRIED
@given(EDITS, st.text(st.characters(exclude_categories=["Cs"]), max_size=5))
def test_the_fix_in_sarif_does_what_the_fix_does(ends: list[int], new: str) -> None:
    pairs = [(a, b, new) for a, b in zip(ends[::2], ends[1::2], strict=False) if a < b]
    if not pairs:
        return
    mend = fixed("score.py", *pairs)
    (result,) = json.loads(rendered("sarif", report(finding(fix=mend))))["runs"][0]["results"]
    (change,) = result["fixes"][0]["artifactChanges"]
    source = SourceText("score.py", TEXT)
    text = TEXT
    for part in reversed(change["replacements"]):
        region = part["deletedRegion"]
        start = source.offset(region["startLine"], region["startColumn"])
        end = source.offset(region["endLine"], region["endColumn"])
        text = text[:start] + part.get("insertedContent", {"text": ""})["text"] + text[end:]
    assert text == apply(source, mend.edits)


def test_columns_count_what_each_format_counts() -> None:
    given = report(finding())
    region = json.loads(rendered("sarif", given))["runs"][0]["results"][0]["locations"][0]
    assert region["physicalLocation"]["region"] == {
        "startLine": 2,
        "startColumn": 3,
        "endLine": 2,
        "endColumn": 11,
    }
    (diagnostic,) = json.loads(rendered("rdjson", given))["diagnostics"]
    assert diagnostic["location"]["range"] == {
        "start": {"line": 2, "column": 3},
        "end": {"line": 2, "column": 3 + len("sécond 🐍".encode())},
    }


def test_bytes_of_a_byte_order_mark_count_for_reviewdog() -> None:
    given = report(finding(span=Span(0, 5)), text="\ufeff" + TEXT)
    (diagnostic,) = json.loads(rendered("rdjson", given))["diagnostics"]
    assert diagnostic["location"]["range"]["start"] == {"line": 1, "column": 4}


@pytest.mark.parametrize("below", ["", "services/churn"])
def test_paths_are_relative_to_the_repository(below: str) -> None:
    given = report(finding(), cwd=os.path.join(ROOT, below) if below else ROOT)
    wanted = f"{below}/score.py" if below else "score.py"
    command = grammars.github(rendered("github", given).splitlines()[0])
    assert command is not None
    assert command.properties["file"] == wanted
    assert json.loads(rendered("gitlab", given))[0]["location"]["path"] == wanted
    assert f'"uri": "{wanted}"' in rendered("sarif", given)
    assert ROOT not in "".join(rendered(format, given) for format in FORMATS)
