"""SARIF's descriptions of rules, out of the rules' own pages."""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from typing import Any, Final

from amllint.rules.registry import DOCS_URL, RULES, RuleInfo

PROJECT_URL: Final = DOCS_URL.removesuffix("rules/")
LEVELS: Final = {"error": "error", "warning": "warning", "info": "note"}

_SECURITY: Final = {"error-leak": ("5.3", "external/cwe/cwe-209")}
"""Rules about security, with a score of CVSS 3.1 and a weakness of MITRE's list.

`error-leak` is AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N: whoever may call reads some of what they
should not.
"""
_INDEX: Final = {rule.code: number for number, rule in enumerate(RULES)}
_FENCE: Final = re.compile(r"```(\w+) (\S+)[^\n]*")


def reference(code: str) -> dict[str, Any]:
    """A result's reference to its rule."""
    index = {"ruleIndex": _INDEX[code]} if code in _INDEX else {}
    return {"ruleId": code, **index}


def descriptor(info: RuleInfo) -> dict[str, Any]:
    """A `reportingDescriptor` (§3.49) of a rule."""
    page = inspect.getdoc(import_module(f"amllint.rules.{info.module}")) or info.summary
    body = page.partition("\n")[2].strip()
    return {
        "id": info.code,
        "name": info.name,
        "shortDescription": {"text": info.summary},
        "fullDescription": {"text": _first_section(body) or info.summary},
        "help": {"text": page, "markdown": _FENCE.sub(r"`\2`:\n\n```\1", body)},
        "helpUri": info.url,
        "defaultConfiguration": {"level": LEVELS[info.severity]},
        "properties": _properties(info),
    }


def _first_section(body: str) -> str:
    """The text of the section "What it does", in one line."""
    section = re.match(r"## What it does\n(.*?)(?=\n## |\Z)", body, re.DOTALL)
    return " ".join(section[1].split()) if section else ""


def _properties(info: RuleInfo) -> dict[str, Any]:
    family = info.module.partition(".")[0]
    tags = ["azure-machine-learning", f"family/{family}"]
    tags += [f"stage/{info.stage}"] if info.stage else []
    if info.name not in _SECURITY:
        return {"tags": tags}
    score, weakness = _SECURITY[info.name]
    return {"tags": [*tags, "security", weakness], "security-severity": score}
