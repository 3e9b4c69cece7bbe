"""Runs of the two judges of a folder of scoring scripts: the inference server and amllint."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.oracle.environments import oracle_environment
from tests.oracle.scoring_scripts import ScriptCase, requests, write_cases

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).resolve().parents[2]
SERVER_VERDICTS = Path(__file__).with_name("server_verdicts.py")
OVERRIDE = "AMLLINT_ORACLE_INFERENCE_SERVER"
AMLLINT = (
    "check",
    "--isolated",
    "--no-ignores",
    "--persona",
    "pedantic",
    "--output-format",
    "json",
)
OPTIONAL_DISTRIBUTIONS = ("numpy", "pandas")


@dataclass(frozen=True)
class Judged:
    """A case, what the server did, and the findings in its files."""

    name: str
    case: ScriptCase
    verdict: Mapping[str, Any]
    findings: Sequence[Mapping[str, Any]]


def server_python() -> Path:
    """The interpreter of the oracle. Raises OracleUnavailable."""
    chosen = os.environ.get(OVERRIDE)
    return Path(chosen) if chosen else oracle_environment("inference-server")


def available_distributions(python: Path) -> frozenset[str]:
    question = "import importlib.util, sys; print(*filter(importlib.util.find_spec, sys.argv[1:]))"
    command = [str(python), "-c", question, *OPTIONAL_DISTRIBUTIONS]
    return frozenset(
        subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    )


def server_verdicts(
    python: Path, cases: Path, named: Mapping[str, ScriptCase]
) -> dict[str, dict[str, Any]]:
    """The server's verdicts on cases that are written already."""
    with tempfile.TemporaryDirectory() as other:
        questions = Path(other) / "requests.json"
        questions.write_text(json.dumps(requests(dict(named))))
        command = [str(python), str(SERVER_VERDICTS), str(cases), "--requests", str(questions)]
        done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{SERVER_VERDICTS.name} ended with {done.returncode}:\n{done.stderr}")
    return dict(json.loads(done.stdout))


def starting(python: Path, cases: Sequence[ScriptCase]) -> list[dict[str, Any]]:
    """The verdicts on cases, in their order."""
    with tempfile.TemporaryDirectory() as folder:
        named = write_cases(cases, Path(folder))
        verdicts = server_verdicts(python, Path(folder), named)
    return [verdicts[name] for name in named]


def amllint_findings(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """amllint's findings by case, in whichever of its files."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "lint")}
    command = [sys.executable, "-m", "amllint", AMLLINT[0], str(folder), *AMLLINT[1:]]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=folder)
    if done.returncode not in (0, 1, 4) or not done.stdout:
        raise RuntimeError(f"amllint ended with {done.returncode}:\n{done.stderr}")
    report = json.loads(done.stdout)
    found: dict[str, list[dict[str, Any]]] = {}
    for finding in report["findings"] if isinstance(report, dict) else report:
        case = Path(finding_path(finding)).parts[0]
        found.setdefault(case, []).append(finding)
    return found


def finding_path(finding: Mapping[str, Any]) -> str:
    location = finding.get("location")
    return str(finding.get("path") or (location or {}).get("path") or "")


def judge(python: Path, cases: Sequence[ScriptCase], folder: Path) -> list[Judged]:
    """Write the cases under ``folder`` and ask both."""
    named = write_cases(cases, folder)
    verdicts = server_verdicts(python, folder, named)
    findings = amllint_findings(folder)
    return [
        Judged(name, case, verdicts[name], findings.get(name, [])) for name, case in named.items()
    ]
