"""A trial: start the script under the real server, call it, and compare with what `check` says."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from amllint.engine.check import Report
from amllint.trial import failures
from amllint.trial.agreement import Agreement, agreement
from amllint.trial.answers import Body, read
from amllint.trial.client import GivenUp, NoAnswer
from amllint.trial.failures import Failure
from amllint.trial.measurements import Latency, latency
from amllint.trial.model_layout import Model, lay_out
from amllint.trial.samples import Sample, sample_of
from amllint.trial.server import Server, Serving, Start

_LOG_LINES: Final = 12


@dataclass(frozen=True, slots=True)
class Call:
    """A call: status and body as the client gets them, `None` where there was no answer.

    `remarks` are what is odd about an answer that is a success.
    """

    status: int | None
    body: Body | None
    seconds: float
    failure: Failure | None
    remarks: tuple[Failure, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """What a trial came to. `log` is the end of the server's log where the start failed."""

    serving: Serving
    start: Start
    failure: Failure | None
    sample: Sample | None
    calls: tuple[Call, ...]
    peak_bytes: int | None
    log: str = ""
    agreements: tuple[Agreement, ...] = field(default=())

    @property
    def latency(self) -> Latency | None:
        """The latency of the calls that were answered as a success."""
        good = [c.seconds for c in self.calls if c.failure is None]
        return latency(good)

    @property
    def failed(self) -> bool:
        """Whether the start or a call failed."""
        return self.failure is not None or any(c.failure for c in self.calls)

    @property
    def seen(self) -> tuple[Failure, ...]:
        """Each failure and remark once: those of one kind that raised the same are one."""
        every = [self.failure] if self.failure else []
        for call in self.calls:
            every += [*([call.failure] if call.failure else []), *call.remarks]
        return tuple({(f.kind, _places(f)): f for f in reversed(every)}.values())[::-1]


def _places(failure: Failure) -> tuple[tuple[str, int, str], ...]:
    frames = (f for r in failure.raised for f in r.frames)
    return tuple((f.file, f.line, f.function) for f in frames)


def run(
    serving: Serving, models: Sequence[Model], samples: Sequence[Sample], requests: int
) -> Trial:
    """Try a script: so many requests, of the samples in turn. Raises `NoModel`.

    Without samples they are made from the schema decorators of `run`; without those there is no
    call. Nothing is left behind, however it ends.
    """
    with tempfile.TemporaryDirectory(prefix="amllint-models-") as folder:
        if models:
            serving = replace(serving, model_dir=lay_out(models, folder))
        with Server(serving) as server:
            start = server.wait_until_healthy()
            server.log.quiet()
            failure = failures.of_start(start, server.log.text())
            chosen = list(samples)
            if failure is None and requests and not chosen:
                made = sample_of(server)
                chosen = [made] if made else []
            calls: tuple[Call, ...] = ()
            if failure is None and chosen:
                calls = _calls(server, chosen, requests)
            end = "\n".join(server.log.text().splitlines()[-_LOG_LINES:]) if failure else ""
            peak = server.peak_bytes
    return Trial(serving, start, failure, chosen[0] if chosen else None, calls, peak, end)


def compared(trial: Trial, report: Report) -> Trial:
    """The trial with what a report of `check` tells of each failure and remark."""
    return replace(trial, agreements=tuple(agreement(f, report) for f in trial.seen))


def _calls(server: Server, samples: Sequence[Sample], requests: int) -> tuple[Call, ...]:
    calls = []
    for number in range(requests):
        call, last = _call(server, samples[number % len(samples)])
        calls.append(call)
        if last:
            break
    return tuple(calls)


def _call(server: Server, sample: Sample) -> tuple[Call, bool]:
    """One call, and whether another one makes no sense after it."""
    since, began = server.log.size, time.monotonic()
    try:
        answer = server.score(sample.body, sample.content_type)
    except (NoAnswer, GivenUp) as gone:
        seconds = time.monotonic() - began
        missing = failures.of_missing_answer(str(gone), seconds)
        return Call(None, None, seconds, missing), isinstance(gone, GivenUp)
    body = read(answer.body, answer.status)
    if not 200 <= answer.status < 300:
        server.log.quiet()
    failure = failures.of_call(answer, body, server.log.text(since))
    remarks = () if failure else _remarks(body)
    return Call(answer.status, body, answer.seconds, failure, remarks), False


def _remarks(body: Body) -> tuple[Failure, ...]:
    found = []
    if body.doubled:
        said = "the answer is a JSON text that holds JSON: a client has to parse it twice"
        found.append(Failure("double-encoded", said))
    if body.is_json and not body.strict:
        said = "the answer has NaN or Infinity, which is no JSON: many clients refuse all of it"
        found.append(Failure("not-strict-json", said))
    return tuple(found)
