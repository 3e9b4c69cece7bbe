"""A trial for people."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from amllint.output.style import Style, printable
from amllint.trial.agreement import Agreement
from amllint.trial.answers import Body
from amllint.trial.failures import Failure
from amllint.trial.kinds import KINDS
from amllint.trial.measurements import mib
from amllint.trial.raised import shown
from amllint.trial.report import Outcome
from amllint.trial.trial import Call, Trial

_MOST: Final = 300
_LABEL: Final = 10


def lines(outcome: Outcome, style: Style) -> Iterator[str]:
    """The lines of the report."""
    trial = outcome.trial
    yield from _head(outcome)
    yield from _start(trial, style)
    if trial.sample is not None and trial.calls:
        yield _line("request", f"from {trial.sample.origin}")
    yield from _calls(trial, style)
    yield from _measured(trial)
    for warning in outcome.warnings:
        yield _line("warning", style.paint(printable(warning), "warning"))
    for number, known in enumerate(trial.agreements):
        yield from _agreement(known, trial.seen[number], style)


def _head(outcome: Outcome) -> Iterator[str]:
    serving = outcome.trial.serving
    what = serving.interpreter
    yield _line("server", f"azureml-inference-server-http {what.server}, Python {what.python}")
    yield _line("folder", serving.root)
    if serving.model_dir is not None:
        yield _line("models", f"AZUREML_MODEL_DIR={serving.model_dir}")
    for other in outcome.differences:
        has = f"has {other.installed}" if other.installed else "does not have it"
        yield _line("differs", f"the environment asks for {other.wanted}, this Python {has}")


def _start(trial: Trial, style: Style) -> Iterator[str]:
    start = trial.start
    if trial.failure is not None:
        yield _line("start", style.paint(printable(trial.failure.message), "error"))
        yield from _traceback(trial.failure)
        if not trial.failure.raised:
            yield from (f"    | {printable(line)}" for line in trial.log.splitlines())
        return
    init = "" if start.init_seconds is None else f", {start.init_seconds:.2f} s of it in `init`"
    yield _line("start", f"healthy after {start.seconds:.2f} s{init}")


def _traceback(failure: Failure) -> Iterator[str]:
    if failure.raised and any(r.frames for r in failure.raised):
        yield from (f"    | {printable(line)}" for line in shown(failure.raised).splitlines())


def _calls(trial: Trial, style: Style) -> Iterator[str]:
    """Calls that went alike, one after the other, are one line."""
    number = 0
    while number < len(trial.calls):
        call, first = trial.calls[number], number + 1
        while number < len(trial.calls) and _alike(call) == _alike(trial.calls[number]):
            number += 1
        which = f"call {first}" if number == first else f"calls {first}-{number}"
        yield from _call(which, call, style)


def _alike(call: Call) -> tuple[object, ...]:
    body = repr(call.body.value) if call.body else None
    return call.status, body, call.failure and call.failure.message


def _call(which: str, call: Call, style: Style) -> Iterator[str]:
    if call.body is not None:
        role = "error" if call.failure else "help"
        yield _line(which, f"{style.paint(str(call.status), role)} {_body(call.body)}")
    else:
        yield _line(which, style.paint("no answer", "error"))
    if call.failure is not None:
        yield f"    {style.paint(printable(call.failure.message), 'error')}"
        yield from _traceback(call.failure)
    for remark in call.remarks:
        yield f"    {style.paint(printable(remark.message), 'warning')}"


def _body(body: Body) -> str:
    text = json.dumps(body.value, ensure_ascii=False) if body.is_json else str(body.value)
    text = printable(text)
    return text if len(text) <= _MOST else f"{text[:_MOST]}… ({len(text)} characters)"


def _measured(trial: Trial) -> Iterator[str]:
    taken = trial.latency
    if taken is not None:
        times = f"p50 {_time(taken.p50)}, p95 {_time(taken.p95)}, max {_time(taken.most)}"
        yield _line("latency", f"{times} over {taken.calls} calls")
    peak = mib(trial.peak_bytes)
    if peak is not None:
        yield _line("memory", f"{peak:.0f} MiB at most")


def _time(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def _agreement(known: Agreement, failure: Failure, style: Style) -> Iterator[str]:
    title = KINDS[failure.kind].title
    if known.told:
        for told in known.told:
            where = printable(f"{told.path}:{told.line}")
            yield _line("check", f"tells it: {where} {told.code} {style.paint(told.name, 'bold')}")
        return
    yield _line("check", f"does not tell it ({title}). {known.why}")
    yield f"{'':{_LABEL}}see {known.page}"


def _line(label: str, text: str) -> str:
    return f"{label:{_LABEL - 1}} {text}"
