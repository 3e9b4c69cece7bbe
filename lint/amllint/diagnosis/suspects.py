"""Lines that look like a failure, whatever it is: what is shown of a log that is not known."""

from __future__ import annotations

import re
from typing import Final

from amllint.diagnosis.prose import is_row

HINTS: Final = (
    *("error", "fatal", "crit", "exception", "traceback", "panic", "fail", "kill", "oom"),
    *("dumped", "fault", "illegal", "abort", "terminate", "exit", "non-zero", "nonzero", "return"),
    *("unable", "cannot", "could not", "couldn't", "can't", "denied", "refused", "timed out"),
    *("timeout", "no such", "not found", "no space", "unauthorized", "forbidden", "reset"),
    *("unreachable", "unavailable", "gateway", "too many", "exceeded", "backoff", "back-off"),
    *("err!", "emerg", "signal", "out of memory", "glibc", "invalid", "evicted", "not ready"),
    *("[e", " e [", " c [", "severe", "broken pipe", "undefined symbol", "rc=", "smashing"),
    *("double free", "free():", "malloc", "corrupted", "no nodes", "unhealthy", "pressure"),
    *(
        "throttl",
        "conflict",
        "unsupported",
        "does not exist",
        "mismatch",
        "expired",
        "warning ",
        "curl: (",
        "statuscode.",
    ),
)
"""Texts in lower case of which one stands in every line that looks like a failure."""

_LEVELS: Final = (
    r"(?:^|[\s|\]\[:>(])(?:ERROR|CRITICAL|FATAL|SEVERE|PANIC|EMERG|ERR!)(?:$|[\s:|\]\[!(])",
    r"\[(?:error|fatal|crit|critical|emerg|alert|panic)\]|::error\b|##\[error\]",
    r"(?:^|[\s,{])[\"']?(?:level|severity|lvl)[\"']?[=:] ?[\"']?(?i:error|fatal|panic|critical)\b",
    r"^[EF]\d{4} \d\d:| [EC] \[\d+\] |(?:^|\s)[EF] \S+\.(?:cc|cpp|go):\d+",
    r"(?:^|\s)(?:[\w./-]+: (?:line \d+: )?)?(?i:(?:fatal )?error|fatal|panic)(?:\[\w*\])?:",
    r"(?i:\berror\b[^.]{0,40}:\s)|Error response from|Internal error|^\W{0,8}\"error\": ?[{\"]",
    r"(?:^|\s)critical:|: \[?ERROR\b|\] Error\b|\[ERROR\]|\"code\": ?\"\w*(?:TimedOut|Failed)",
)
_RAISED: Final = (
    r"Traceback \(most recent call last\)|Unhandled exception|panicked at|(?i:an error occurred)",
    r"(?:^|[\s:'\"(.\[_])[A-Z]\w*(?:Error|Exception|Failure|Fault|Failed)\b",
)
_ENDED: Final = (
    r"core dumped|Segmentation fault|\bsegfault\b|Bus error|Illegal instruction|stack smashing",
    r"double free|free\(\): |malloc\(\): |corrupted (?:size|double)|terminate called",
    r"(?:^|\s)Aborted(?:$|[\s(.])|(?:^|\s)Killed(?:$|[\s:.])|(?i:\b(?:was|been|got|is) killed\b)",
    r"(?i:\boom[- ]?kill|\bout of memory\b|\bMemoryPressure\s+True|\bDiskPressure\s+True)",
    r"(?i:exit(?:ed|s|ing)?[ _-]?(?:with )?(?:code|status|value)?[ :=(\"]{1,4}-?[1-9]\d*\b)",
    r"(?i:exit(?:ed)? (?:abnormally|unexpectedly|prematurely)|non-?zero (?:exit|code|status))",
    r"(?i:\breturned (?:error )?(?:code |status )?-?[1-9]\d*\b(?! (?:row|item|result|record)))",
    r"(?i:\brc=-?[1-9])|(?i:terminated by signal|killed by|signal[: ]+\d+)",
    r"\bSIG(?:SEGV|KILL|ABRT|BUS|ILL|FPE)\b",
)
_FAILED: Final = (
    r"(?:^|[\s\]:|])(?:FAILED|FAILURE)\b|(?i:failed[:!])|(?:^|[:\]|>=] ?)Failed\b",
    r"(?i:\bfailed (?:to|with|because|due|on|at|in|for|while|after)\b)",
    r"(?i:\b(?:has|have|was|is|build|deployment|deploy|install|installation|job|run|step|upgrade|"
    r"release|pull|start|probe|health ?check|request|download|command|process|init|mount|"
    r"verify|certificate|provisioning|operation|validation|creation) failed\b)",
    r"^\s+Warning\s+(?!Scheduled)\w+|(?i:upstream connect error|bad gateway)",
    r"(?i:service (?:temporarily )?unavailable|gateway time-?out|unhealthy upstream)",
    r"^curl: \(\d+\)|^\([A-Z]\w+\) \S|(?i:certificate problem|StatusCode\.[A-Z]{3,})",
)
_LOUD: Final = re.compile("|".join((*_LEVELS, *_RAISED, *_ENDED, *_FAILED)))
_SAID: Final = re.compile(
    "|".join(
        (
            r"(?:^|[\]:|>] ?|(?:^|\s)[EW]: )(?:Unable to|Cannot|Can't|Could not|Couldn't)\s",
            r"(?i:permission denied|access (?:is |to .{1,60} was )?denied|broken pipe)",
            r"(?i:connection (?:was )?(?:refused|reset|timed out|aborted|broken))",
            r"(?i:(?:operation|request|read|connect|attempt|deployment|worker|pull) timed out)",
            r"(?i:timed out(?: after| waiting|$)|no such (?:file|host|image|container|key)\b)",
            r"(?i:command not found|no space left|\b40[13] (?:unauthorized|forbidden))",
            r"(?i:\S+: not found\b|too many requests|deadline exceeded|undefined symbol)",
            r"(?i:back-?off\b|unreachable|cannot open shared object)",
            r"(?i:\bevicted\b|no nodes available)",
            r"(?i:\bquota exceeded|exceeded (?:quota|the limit)|does not exist$|has expired)",
        )
    )
)
_CALM: Final = re.compile(
    r"(?:^|[\s|\]\[])(?:WARN(?:ING)?|INFO|DEBUG|TRACE|NOTICE)(?:$|[\s:|\]\[])"
    r"|level=(?:warn|info|debug)| [WID] \[\d+\] |(?:^|\s)[IW] \S+\.(?:cc|cpp|go):\d+"
    r"|^[IW]\d{4} \d\d:|(?i:\bretry|\bretried|no longer|deprecat)"
)
"""Lines that their writer holds for less than a failure: they count for what is loudest alone."""
_LOUDEST: Final = re.compile(
    r"(?:^|[\s|\]])\[?(?:ERROR|CRITICAL|FATAL)\]?[\s:|\]]|Traceback \(most recent call last\)"
    r"|core dumped|Segmentation fault|^\s+Warning\s+Failed\s|(?:^|\s)Killed(?:$|\s)"
)
_NOTHING: Final = re.compile(
    r"(?i)\b(?:no|0|zero|without(?: any)?) (?:errors?|failures?|failed)\b"
    r"|\b(?:errors?|failures?|failed|fails)\"?[=:]\s*(?:0|none|null|false)\b|errors?, 0 "
    r"|\b(?:mean|squared|absolute|root|training|validation|test|train|val|relative|standard)[ _]"
    r"(?:\w+[ _])?error\b|error[_ ](?:rate|handl(?:er|ing\b(?! req))|page|score|bound|code: 0\b)"
    r"|\"swagger\": |\bon[_ ]error\b"
    r"|exit(?:ed)?(?: with)? (?:code|status) (?:0\b|\d+ is normal)"
    r"|(?:raise|except|return|import) \w*(?:Error|Exception)"
    r"|\bnode\.kubernetes\.io/[\w-]+:No(?:Execute|Schedule)\b"
)


def is_suspect(line: str) -> bool:
    """Whether a line of a log looks like a failure."""
    if _NOTHING.search(line) or is_row(line):
        return False
    if _CALM.search(line):
        return _LOUDEST.search(line) is not None
    return _LOUD.search(line) is not None or _SAID.search(line) is not None
