"""What the server did with a case against what amllint says of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from tests.oracle.script_causes import CALL_CAUSES, START_CAUSES, Cause, cause_of
from tests.oracle.script_exclusions import (
    CLAIM_EXCLUSIONS,
    EXCLUSIONS,
    SILENCE_EXCLUSIONS,
    Exclusion,
    excuse,
)
from tests.oracle.script_rules import claims

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from tests.oracle.oracle_runs import Judged


class Failure(NamedTuple):
    """A start or a call that failed: at which stage, what the log says, and why that is."""

    stage: str
    error: str
    cause: Cause


class Judgement(NamedTuple):
    """A case with its failure, the claims about either stage, and what excuses a wrong one.

    ``silent`` excuses that nothing was said of the failure, ``spoken`` holds the exclusions that
    excuse errors of a rule about a call that was answered.
    """

    judged: Judged
    failure: Failure | None
    claimed: Mapping[str, frozenset[str]]
    silent: Exclusion | None
    spoken: Mapping[str, Exclusion]

    @property
    def explained(self) -> bool:
        """Whether one of the rules that are to explain the failure has an error."""
        failure = self.failure
        if failure is None:
            return False
        said = self.claimed["start"] | self.claimed["score"]
        return bool(said & set(failure.cause.rules))

    @property
    def missed(self) -> str | None:
        """The rule that should have told of the failure, and did not."""
        failure = self.failure
        foreseen = failure is None or self.claimed[failure.stage] or not failure.cause.rules
        if failure is None or foreseen or self.silent is not None:
            return None
        return failure.cause.rules[0]

    @property
    def wrong(self) -> frozenset[str]:
        """The rules whose error is about a start or a call that did not fail."""
        failed = self.failure.stage if self.failure else None
        wrong = frozenset() if failed == "start" else self.claimed["start"]
        if failed is None:
            wrong |= self.claimed["score"] - set(self.spoken)
        return wrong


def judgement(judged: Judged) -> Judgement:
    """Judge one case."""
    failure = _failure(judged)
    claimed = {stage: claims(judged.findings, stage) for stage in ("start", "score")}
    kind = judged.case.kind + _traits(judged)
    silent = None
    if failure is not None and not claimed[failure.stage]:
        known = EXCLUSIONS if failure.stage == "start" else SILENCE_EXCLUSIONS
        silent = excuse(known, kind, failure.error)
    spoken = {
        rule: found
        for rule in claimed["score"]
        if failure is None
        and (found := excuse([e for e in CLAIM_EXCLUSIONS if e.rule == rule], kind, ""))
    }
    return Judgement(judged, failure, claimed, silent, spoken)


def _traits(judged: Judged) -> str:
    """What exclusions ask of a real script, besides the kind of its mutation."""
    answering = {"AML109", "AML110", "AML112"} & {str(f["code"]) for f in judged.findings}
    text = judged.case.text
    traits = {
        "has:answering-handler": bool(answering),
        "has:star-import": bool(re.search(r"^from \S+ import \*", text, re.MULTILINE)),
        "has:ellipsis": bool(re.search(r"^\s*\.\.\.\r?$", text, re.MULTILINE)),
    }
    warned = {str(f["code"]) for f in judged.findings if f["severity"] == "warning"}
    traits |= {f"warned:{code}": True for code in sorted(warned)}
    return "".join(f" {trait}" for trait, has in traits.items() if has)


def _failure(judged: Judged) -> Failure | None:
    verdict: Mapping[str, Any] = judged.verdict
    if not verdict["started"]:
        error = verdict["error"] or ""
        return Failure("start", error, cause_of(START_CAUSES, error))
    error = _call_error(judged)
    return Failure("score", error, cause_of(CALL_CAUSES, error)) if error else None


def _call_error(judged: Judged) -> str:
    """What a call failed with, empty if it did not; an answer may quote the exception itself."""
    call, intended = judged.verdict["call"], judged.case.intended
    status, cause = call["status"], str(judged.verdict["cause"])
    if status == 200:
        told = re.search(r"name '\w+' is not defined", str(call["body"]))
        lost = intended is not None and "/same-value/" not in judged.case.kind
        if told:
            return f"NameError: {told[0]}, as the answer says"
        return "another answer than intended" if lost and call["body"] != intended else ""
    if status is None:
        return cause if cause != "nothing in the log" else "no answer"
    if status in (400, 415):
        return f"refused {call['body']}"
    return cause if cause != "nothing in the log" else f"status {status}"
