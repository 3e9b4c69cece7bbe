"""SARIF 2.1.0, for code scanning and viewers.

Sections (§) are those of the OASIS standard. Paths are relative to the repository, so that
nothing of the machine gets into the report.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, Final

from amllint import __version__
from amllint.engine.check import Report
from amllint.findings.finding import Finding
from amllint.findings.suppressions import Suppressed
from amllint.output.json_text import dump
from amllint.output.line_hashes import LineHashes
from amllint.output.sarif_places import SOURCE_ROOT, fix, location, message, related
from amllint.output.sarif_rules import LEVELS, PROJECT_URL, descriptor, reference
from amllint.output.style import Style
from amllint.rules.registry import RULES, find

SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_KINDS: Final = {"comment": "inSource", "configuration": "external"}
_TROUBLE: Final = frozenset({"internal-error", "unreadable-file"})


def render(report: Report, style: Style) -> Iterator[str]:
    """A log of one run."""
    yield dump({"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(report)]})


def _run(report: Report) -> dict[str, Any]:
    hashes = LineHashes(report)
    results = [_result(report, f, hashes) for f in report.findings]
    results += [_suppressed(report, s, hashes) for s in _told(report)]
    return {
        "tool": {
            "driver": {
                "name": "amllint",
                "semanticVersion": __version__,
                "version": __version__,
                "informationUri": PROJECT_URL,
                "rules": [descriptor(rule) for rule in RULES],
            }
        },
        "automationDetails": {"id": "amllint/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": SOURCE_ROOT,
        "invocations": [_invocation(report)],
        "results": results,
    }


def _result(report: Report, finding: Finding, hashes: LineHashes) -> dict[str, Any]:
    observation = finding.observation
    found: dict[str, Any] = {
        **reference(finding.code),
        "level": LEVELS[finding.severity],
        "message": message(finding),
        "locations": [location(report, finding.location)],
        "relatedLocations": related(report, finding),
        "partialFingerprints": {"amllint/v1": finding.fingerprint},
        "fixes": [fix(report, observation.fix)] if observation.fix else [],
        "suppressions": [],
        "properties": {
            "stage": finding.stage,
            "confidence": observation.confidence,
            "units": list(finding.units),
        },
    }
    line_hash = hashes.of(finding.location)
    if line_hash:
        found["partialFingerprints"]["primaryLocationLineHash"] = line_hash
    if finding.location.cell is not None:
        found["properties"]["cell"] = finding.location.cell
    return found


def _told(report: Report) -> list[Suppressed]:
    """The suppressed findings to tell: none to GitHub, which opens an alert for each."""
    return [] if os.environ.get("GITHUB_ACTIONS") == "true" else report.silenced


def _suppressed(report: Report, silenced: Suppressed, hashes: LineHashes) -> dict[str, Any]:
    suppression = {"kind": _KINDS[silenced.by], "status": "accepted"}
    if silenced.reason:
        suppression["justification"] = silenced.reason
    return {**_result(report, silenced.finding, hashes), "suppressions": [suppression]}


def _invocation(report: Report) -> dict[str, Any]:
    return {
        "executionSuccessful": not report.incomplete,
        "toolExecutionNotifications": list(_notifications(report)),
    }


def _notifications(report: Report) -> Iterator[dict[str, Any]]:
    """What was not checked: errors for files and rules that failed, notes for lack of facts."""
    for finding in report.findings:
        if finding.name in _TROUBLE:
            yield {
                "level": "error",
                "message": message(finding),
                "associatedRule": _associated(finding.name),
                "locations": [location(report, finding.location)],
            }
    for unchecked in report.unchecked:
        yield {
            "level": "note",
            "message": {"text": f"not checked: {unchecked.fact} is unknown: {unchecked.reason}"},
            "associatedRule": _associated(unchecked.rule),
        }


def _associated(name: str) -> dict[str, Any]:
    """A reference to a rule from outside a result, where its keys have other names (§3.52)."""
    info = find(name)
    if info is None:
        return {"id": name}
    number = reference(info.code)
    return {"id": number["ruleId"], "index": number["ruleIndex"]}
