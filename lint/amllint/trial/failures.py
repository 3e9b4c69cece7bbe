"""What went wrong in a trial: the kind of failure, by what the server and the log say."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from amllint.trial.answers import Body
from amllint.trial.client import Answer
from amllint.trial.raised import Raised, raised_by_script
from amllint.trial.server import Ending, Start

_RAN: Final = "x-ms-run-fn-exec-ms"
"""A header of the server that only answers have which `run` gave."""
_NO_ENTRY: Final = re.compile(r"does not have a (init|run)\(\) function defined")
_REFUSED_RUN: Final = re.compile(r"run\(\) (?:cannot|needs to) [^\n]*")
_SETTINGS: Final = re.compile(
    r"=+Configuration Error=+\s*\n(?P<error>[^\n]*)"
    r"|(?P<file>Invalid config file!|server/swagger\.py\", line)"
)
_REACHED: Final = re.compile(r"\bUserScript\w*Exception\b")
_SERVER_ENDS: Final = re.compile(r"(?m)^\S[^\n]*(?:Error|Exception)\b[^\n]*$")
_TIMEOUT: Final = re.compile(r"Scoring timeout after [\d.]+ ms")
_SYNTAX: Final = ("SyntaxError", "IndentationError", "TabError", "UnicodeDecodeError")
_IMPORT: Final = ("ImportError", "ModuleNotFoundError")
_NAME: Final = ("NameError", "UnboundLocalError")
_REQUEST: Final = (400, 405, 415, 431)


class Failure(NamedTuple):
    """A failure: its kind (of `kinds.KINDS`), a sentence, and what the script raised, if it did."""

    kind: str
    message: str
    raised: tuple[Raised, ...] = ()


def of_start(start: Start, log: str) -> Failure | None:
    """Why the server did not become healthy; `None` if it did."""
    if start.ending is None:
        return None
    if start.ending != "ended":
        return _given_up(start.ending, start.seconds, "start")
    refused = _refused(log)
    if refused is not None:
        return refused
    raised = raised_by_script(log)
    if not raised or not _REACHED.search(log):
        return Failure("server", f"the server itself did not start: {_last_words(log)}", raised)
    last = raised[-1]
    where = "cannot be imported" if _while_importing(log) else "has an `init` that fails"
    return Failure(_kind_of_start(last), f"the script {where}: {last.text}", raised)


def _refused(log: str) -> Failure | None:
    """What the server finds wrong with the script before it calls anything of it."""
    found = _NO_ENTRY.search(log)
    if found:
        return Failure("entry-function", f"the script has no `{found[1]}`")
    found = _REFUSED_RUN.search(log)
    if found:
        return Failure("entry-signature", f"the server refuses `run`: {found[0]}")
    found = None if _REACHED.search(log) else _SETTINGS.search(log)
    if found:
        said = found["error"] or "a file of settings beside the script cannot be read"
        return Failure("settings", f"the server refuses its settings: {said}")
    return None


def _while_importing(log: str) -> bool:
    return "User's init function failed" not in log


def _kind_of_start(raised: Raised) -> str:
    if raised.short in _SYNTAX:
        return "syntax"
    if raised.short in _IMPORT:
        return "import"
    if raised.short in _NAME:
        return "undefined-name"
    return "exit" if raised.short == "SystemExit" else "start-exception"


def _last_words(log: str) -> str:
    said = _SERVER_ENDS.findall(log)
    lines = [line for line in log.splitlines() if line.strip()]
    return str((said or lines or ["it said nothing"])[-1])[:300]


def of_call(answer: Answer, body: Body, log: str) -> Failure | None:
    """Why an answer is none that a caller can use; `None` if it is one. `log` is the call's."""
    if 200 <= answer.status < 300:
        if body.failure is None:
            return None
        said = f"answered with {answer.status}, but it is a failure: {body.failure}"
        return Failure("error-as-success", said)
    if _RAN in answer.headers:
        return Failure("own-status", f"the script itself answered with {answer.status}")
    told = _message(body)
    if _TIMEOUT.search(told):
        return Failure("scoring-timeout", f"the server ended the call: {told}")
    if answer.status in _REQUEST:
        return Failure("refused-request", f"the server refused the request: {told}")
    if not body.is_json:
        # An answer of gunicorn: what happened went past the server's own handlers.
        return Failure("no-answer", f"the worker ended in the call: {_last_words(log)}")
    raised = raised_by_script(log)
    said = raised[-1].text if raised else told
    if any(r.short == "SystemExit" for r in raised):
        return Failure("no-answer", f"`run` ended its process: {said}", raised)
    if "in scoring script" in told or answer.headers.get("x-ms-run-function-failed") == "True":
        return Failure("script-exception", f"`run` raised {said}", raised)
    # The frames are those of the encoder and of the server: they lead to no line of the script.
    bare = tuple(r._replace(frames=()) for r in raised)
    return Failure("answer-not-json", f"what `run` returned cannot be sent: {said}", bare)


def of_missing_answer(reason: str, seconds: float) -> Failure:
    """A call that got no answer: the connection was closed, or the wait was given up."""
    if reason in ("time", "memory", "restarts", "address"):
        return _given_up(reason, seconds, "call")  # type: ignore[arg-type]
    said = "the server ended" if reason == "ended" else reason
    return Failure("no-answer", f"there was no answer: {said}")


def _message(body: Body) -> str:
    value = body.value
    if isinstance(value, dict) and isinstance(value.get("message"), str):
        return str(value["message"])
    return str(value)[:300]


_GIVEN_UP: Final = {
    "restarts": "the worker ends as soon as it begins, and is started again for ever",
    "memory": "the processes held more memory than --memory allows",
    "address": "the server listens on other addresses than 127.0.0.1, so it was ended",
}


def _given_up(ending: Ending, seconds: float, stage: str) -> Failure:
    if ending == "time":
        what = "the server is not healthy" if stage == "start" else "there is no answer"
        said = f"{what} after {seconds:.1f} s, all that --timeout gives"
        return Failure(f"{stage}-time", said)
    return Failure("server" if ending == "address" else ending, _GIVEN_UP[ending])
