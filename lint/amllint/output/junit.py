"""JUnit XML: a test case for each finding, and one for each file without any."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from amllint.engine.check import Report
from amllint.findings.finding import Finding
from amllint.output.places import extent, own_extent
from amllint.output.style import Style, printable, printable_path
from amllint.rules.registry import find
from amllint.source.cells import split_path

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_NO_XML: Final = re.compile("[\ufffe\uffff]")
_TROUBLE: Final = frozenset({"internal-error", "unreadable-file"})
"""Rules that say that checking itself failed, which is an error of a test, and no failure."""


def render(report: Report, style: Style) -> Iterator[str]:
    """One test suite in ASCII, so that no reader has to guess an encoding."""
    from xml.etree import ElementTree as ET

    root = ET.Element("testsuites", name="amllint")
    suite = ET.SubElement(root, "testsuite", name="amllint")
    suite.extend([_case(report, f) for f in report.findings])
    suite.extend([_passed(name) for name in _clean(report)])
    counts = {tag: str(len(suite.findall(f"testcase/{tag}"))) for tag in ("failure", "error")}
    for element in (root, suite):
        element.set("tests", str(len(suite)))
        element.set("failures", counts["failure"])
        element.set("errors", counts["error"])
        element.set("time", "0")
    ET.indent(root)
    yield '<?xml version="1.0" encoding="us-ascii"?>'
    yield ET.tostring(root, encoding="us-ascii").decode("ascii")


def _case(report: Report, finding: Finding) -> Element:
    """A test case that fails; advice (severity info) is told by one that passes."""
    from xml.etree import ElementTree as ET

    line, column = own_extent(report, finding.location).start
    cell = f"cell {finding.location.cell}, " if finding.location.cell is not None else ""
    case = ET.Element("testcase", time="0", classname=_legal(finding.location.path))
    case.set("name", f"{finding.code} {finding.name} ({cell}line {line}, column {column})")
    text = "\n".join(_legal(part) for part in _told(report, finding))
    if finding.severity == "info":
        ET.SubElement(case, "system-out").text = text
        return case
    tag = "error" if finding.name in _TROUBLE else "failure"
    result = ET.SubElement(case, tag, type=finding.severity, message=_legal(finding.message))
    result.text = text
    return case


def _told(report: Report, finding: Finding) -> Iterator[str]:
    path = printable_path(finding.location.path)
    line = extent(report, finding.location).start.line
    yield f"{path}:{line}: {finding.severity}: {finding.message}"
    for related in finding.observation.related:
        if related.message:
            there = extent(report, related.location).start.line
            yield f"{printable_path(related.location.path)}:{there}: {related.message}"
    if finding.observation.help:
        yield f"help: {finding.observation.help}"
    info = find(finding.code)
    if info:
        yield info.url


def _clean(report: Report) -> list[str]:
    """Checked files without a finding; the run itself where there is nothing else to list."""
    found = {f.location.path for f in report.findings}
    files = sorted({split_path(r.path)[0] for r in report.listed if r.kind != "none"} - found)
    return files if files or report.findings else ["amllint"]


def _passed(name: str) -> Element:
    from xml.etree import ElementTree as ET

    return ET.Element("testcase", time="0", classname=_legal(name), name="no findings")


def _legal(text: str) -> str:
    """Text without characters that XML forbids."""
    return _NO_XML.sub(lambda m: f"\\u{ord(m[0]):04x}", printable(text))
