"""Diagnoses texts and files, as the command does."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from amllint.diagnosis.judging import Diagnosis, judged
from amllint.diagnosis.scanning import Scan, scan
from amllint.source.log_lines import log_lines

LOGS = Path(__file__).resolve().parent / "logs"


def scanned(text: str) -> Scan:
    """What a log holds."""
    return scan(log_lines(io.BytesIO(text.encode())))


def diagnosed(text: str) -> list[Diagnosis]:
    """What a log says, the root first."""
    return judged(scanned(text))


def ids(text: str) -> list[str]:
    """The signatures that a log is diagnosed with, the root first."""
    return [d.id for d in diagnosed(text)]


def cases(kind: str) -> list[dict[str, Any]]:
    """The logs that are kept, with what each must be taken for: `failing` or `innocent`."""
    found: list[dict[str, Any]] = json.loads((LOGS / f"{kind}.json").read_text("utf-8"))
    return found


def log(kind: str, name: str) -> str:
    """A log that is kept."""
    return (LOGS / kind / f"{name}.log").read_bytes().decode()
