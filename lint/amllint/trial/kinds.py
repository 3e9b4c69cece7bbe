"""The kinds of failure that a trial sees: which rules tell of each beforehand, or why none can."""

from __future__ import annotations

from typing import Final, NamedTuple


class Tells(NamedTuple):
    """A rule that tells of a failure.

    Only of these exceptions, if any are named; with `at_frame` only where it stands on a line
    that the traceback goes through.
    """

    rule: str
    exceptions: tuple[str, ...] = ()
    at_frame: bool = False


class Kind(NamedTuple):
    """A kind: a title, the rules, and why the failure is not known where none of them spoke.

    One that does not `fail` is a remark about an answer that is a success.
    """

    title: str
    rules: tuple[Tells, ...]
    why: str
    fails: bool = True


def _rules(*names: str) -> tuple[Tells, ...]:
    return tuple(Tells(name) for name in names)


def _framed(*names: str) -> tuple[Tells, ...]:
    return tuple(Tells(name, at_frame=True) for name in names)


_NAMES: Final = ("NameError", "UnboundLocalError")
_UNSET: Final = (*_NAMES, "AttributeError", "TypeError")
_PATHS: Final = (
    "model-path-missing",
    "model-path-outside-model-dir",
    "relative-data-path",
    "get-model-path",
    "get-model-path-arguments",
)

KINDS: Final[dict[str, Kind]] = {
    "syntax": Kind(
        "The script cannot be parsed",
        _rules("syntax-error", "syntax-too-new", "unreadable-file"),
        "The interpreter of the trial does not know syntax that newer ones do. Which Python the"
        " image has is only known where an environment is linked to the script and pins it.",
    ),
    "entry-function": Kind(
        "The script has no `init` or no `run`",
        _rules("missing-init", "missing-run"),
        "The name is made while the script runs: by `exec`, through `globals()`, by a star import,"
        " or under a condition that did not hold here.",
    ),
    "entry-signature": Kind(
        "The server refuses the signature of `run`",
        _rules("run-signature", "schema-decorator-mismatch", "missing-run"),
        "A decorator out of a library, or a callable that is made while the script runs, decides"
        " what the signature is.",
    ),
    "import": Kind(
        "The script imports what is not there",
        (
            *_rules("local-import-unresolved", "removed-api", "missing-inference-server"),
            *_framed("import-not-in-environment", "get-model-path"),
        ),
        "What an interpreter has installed, and which names a version of a library has, does not"
        " stand in the files; nor does what a package that amllint does not know brings along."
        " `--env` compares the interpreter with the environment of the deployment: if that lists"
        " the distribution, only the trial lacks it.",
    ),
    "settings": Kind(
        "The server refuses its settings",
        _rules("server-settings-file", "server-environment-variable"),
        "The setting comes from the environment of the shell that the trial was started from.",
    ),
    "undefined-name": Kind(
        "A name is not defined while the script starts",
        (*_rules("undefined-name", "missing-global", "syntax-too-new"),),
        "The name may be bound in ways that cannot be followed: a star import, `exec`,"
        " `globals()`, or a branch that was not taken here.",
    ),
    "exit": Kind(
        "The script ends its process while it starts",
        _rules("process-exit"),
        "The exit is in a library or in a module that does not ship with the script, or depends on"
        " what is found when it runs.",
    ),
    "start-exception": Kind(
        "Importing the script, or `init`, raises an exception",
        (
            *_rules("init-parameters", "schema-decorator-mismatch", "run-signature"),
            *_framed(*_PATHS, "removed-api", "import-time-work", "cuda-on-cpu", "blocking-call"),
            *_framed("debugger-left-in", "no-timeout-network-call", "download-at-start"),
            *_framed("undefined-name", "local-import-unresolved"),
        ),
        "Whether a file is there, what a variable of the environment says and what a library makes"
        " of both is known when it runs. If it is the model that is missing, give it with"
        " `--model` or `--model-dir`.",
    ),
    "start-time": Kind(
        "The start does not come to an end in time",
        _rules(
            "blocking-call",
            "debugger-left-in",
            "no-timeout-network-call",
            "download-at-start",
            "import-time-work",
        ),
        "How long a library takes to load, or a model, is not to be read off a file; it may also"
        " need more than `--timeout`.",
    ),
    "restarts": Kind(
        "The worker ends as soon as it begins",
        _rules("process-exit"),
        "A library ended the process or crashed: what compiled code does is not in the script.",
    ),
    "memory": Kind(
        "More memory is held than is allowed",
        _rules("model-loaded-per-request", "mutable-global-state"),
        "What a model and the libraries hold is known when they are loaded. `--memory` says what a"
        " trial may hold, and the memory of the deployment what the container may.",
    ),
    "server": Kind(
        "The server itself does not start",
        _rules("server-environment-variable", "server-settings-file"),
        "The interpreter's own packages do not go together, or the environment of the shell stops"
        " the server; the script was not reached.",
    ),
    "script-exception": Kind(
        "`run` raises an exception",
        (
            *_rules("async-entry", "schema-decorator-mismatch", "swallowed-init-error"),
            Tells("run-extra-parameter", ("TypeError",)),
            Tells("undefined-name", _NAMES),
            Tells("missing-global", _UNSET),
            Tells("blocking-call", ("EOFError",)),
            *_framed("unhandled-run-error", "unvalidated-input", "request-type-mismatch"),
            *_framed("removed-api", "no-timeout-network-call", "request-forgery", *_PATHS),
            *_framed("amlresponse-body", "local-import-unresolved", "cuda-on-cpu"),
            *_framed("import-not-in-environment"),
            *_framed("untrusted-deserialization", "model-loaded-per-request"),
        ),
        "What a model or a library does with the values of a request is known when they are there."
        " A request that is none the service is meant for fails like this as well.",
    ),
    "answer-not-json": Kind(
        "What `run` returns cannot be sent",
        _rules("not-serializable-return", "async-entry", "amlresponse-body"),
        "The type of what a library returns is not in the script: what `predict` gives depends on"
        " the model.",
    ),
    "refused-request": Kind(
        "The server refuses the request",
        _rules("schema-decorator-mismatch"),
        "The request is not the script's: it does not have the keys, the shape or the content type"
        " that the schema decorators ask for. The page `/swagger.json` of the server says what it"
        " should be.",
    ),
    "own-status": Kind(
        "The script answers with an error status of its own",
        (),
        "That is as it should be for a request that is wrong, and only the request decides whether"
        " it is. Give one that the service is meant for with `--sample`.",
    ),
    "scoring-timeout": Kind(
        "The server ends the call by its own time limit",
        _rules(
            "scoring-timeout",
            "blocking-call",
            "no-timeout-network-call",
            "server-environment-variable",
            "model-loaded-per-request",
        ),
        "How long a call takes is measured, not read.",
    ),
    "no-answer": Kind(
        "The worker ends in the middle of a call",
        _rules("process-exit"),
        "A library ended the process or crashed: what compiled code does is not in the script.",
    ),
    "call-time": Kind(
        "A call does not come to an end in time",
        _rules(
            "blocking-call",
            "no-timeout-network-call",
            "debugger-left-in",
            "model-loaded-per-request",
            "request-forgery",
        ),
        "How long a call takes is measured, not read; it may also need more than `--timeout`.",
    ),
    "error-as-success": Kind(
        "A failure is answered as a success",
        _rules("error-as-success", "error-leak", "broad-except"),
        "The answer only looks like a failure: its words do, or it has a key such as `error`. What"
        " a library puts into an answer is not in the script.",
    ),
    "double-encoded": Kind(
        "The answer is JSON within a JSON text",
        _rules("double-encoded-json"),
        "The text comes out of a library, or of a value that cannot be followed to its origin.",
        fails=False,
    ),
    "not-strict-json": Kind(
        "The answer has `NaN` or `Infinity`, which JSON does not know",
        _rules("not-serializable-return"),
        "The value comes out of the model. Python reads it, and most other clients refuse the"
        " whole answer.",
        fails=False,
    ),
}
