"""A trial for programs: the document of `trial.schema.json`."""

from __future__ import annotations

import os
from typing import Any, Final

from amllint import __version__
from amllint.trial.agreement import Agreement
from amllint.trial.failures import Failure
from amllint.trial.measurements import document as measurements
from amllint.trial.raised import shown
from amllint.trial.report import Outcome
from amllint.trial.trial import Call

VERSION: Final = 1


def document(outcome: Outcome) -> dict[str, Any]:
    """Everything that the trial came to."""
    trial = outcome.trial
    return {
        "version": VERSION,
        "script": outcome.script,
        "folder": trial.serving.root,
        "model_dir": trial.serving.model_dir,
        "failed": trial.failed,
        "start": {
            "healthy": trial.failure is None,
            "seconds": round(trial.start.seconds, 3),
            "init_seconds": _rounded(trial.start.init_seconds),
            "exit_code": trial.start.exit_code,
            "failure": _failure(trial.failure),
        },
        "sample": trial.sample.origin if trial.sample else None,
        "calls": [_call(call) for call in trial.calls],
        "measurements": saved(outcome),
        "differences": [d._asdict() for d in outcome.differences],
        "warnings": list(outcome.warnings),
        "agreement": [_agreement(a) for a in trial.agreements],
    }


def saved(outcome: Outcome, folder: str | None = None) -> dict[str, Any]:
    """The document that `--save` writes into a folder; without one, the script is as shown."""
    trial = outcome.trial
    script = outcome.script
    if folder is not None:
        script = os.path.relpath(trial.serving.script, folder).replace(os.sep, "/")
    versions = {
        "amllint": __version__,
        "server": trial.serving.interpreter.server,
        "python": trial.serving.interpreter.python,
    }
    return measurements(script, trial.latency, trial.start.seconds, trial.peak_bytes, versions)


def _failure(failure: Failure | None) -> dict[str, Any] | None:
    if failure is None:
        return None
    traceback = shown(failure.raised) if failure.raised else None
    return {"kind": failure.kind, "message": failure.message, "traceback": traceback}


def _call(call: Call) -> dict[str, Any]:
    body = call.body
    return {
        "status": call.status,
        "seconds": round(call.seconds, 6),
        "is_json": body.is_json if body else None,
        "body": body.value if body and body.strict else str(body.value) if body else None,
        "failure": _failure(call.failure),
        "remarks": [_failure(remark) for remark in call.remarks],
    }


def _agreement(known: Agreement) -> dict[str, Any]:
    return {
        "kind": known.kind,
        "told_by": [told._asdict() for told in known.told],
        "why_not": known.why or None,
        "page": known.page,
    }


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 6)
