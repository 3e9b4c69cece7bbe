"""What of a repository registers models or environments in the same run that deploys them."""

from __future__ import annotations

import os
import re
from typing import Final

from amllint.artifacts.running_texts import RunningTexts
from amllint.source.repository import is_guide

_REGISTERS: Final = {
    "model": re.compile(
        rb"\bmodel[ \t]+(?:create|register)\b|\bModel\.register\b|\bregister_model\b"
        rb"|\bregistered_model_name\b|\bmodels\.create_or_update\b"
        rb"|\bModel\([\s\S]*\.create_or_update\b|\.create_or_update\b[\s\S]*\bModel\("
    ),
    "environment": re.compile(
        rb"\benvironment[ \t]+(?:create|register)\b|\benvironments\.create_or_update\b"
        rb"|\benv(?:ironment)?\w*\.register\b"
        rb"|\bEnvironment\([\s\S]*\.create_or_update\b|\.create_or_update\b[\s\S]*\bEnvironment\("
    ),
}
_DEPLOYS: Final = re.compile(
    rb"(?:online|batch)-deployment[ \t]+(?:create|update)\b|\bmodel[ \t]+deploy\b"
    rb"|\bModel\.deploy\b|\.begin_create_or_update\b"
)


def registered_before(what: str, name: str, deployed: str, running: RunningTexts) -> str | None:
    """The name of a file that registers some `what` and then deploys a file, if there is one.

    It counts where it names what is registered, or the file that is deployed: a snapshot that was
    made before it is run lacks what it registers.
    """
    words = (name, os.path.basename(deployed))
    named = re.compile(rb"(?<![\w-])(?:%s)(?![\w-])" % b"|".join(map(_escaped, words)))
    for path, data in running.once(_deploying):
        if _REGISTERS[what].search(data) and named.search(data):
            return os.path.basename(path)
    return None


def _deploying(running: RunningTexts) -> tuple[tuple[str, bytes], ...]:
    run = (p for p, data in running.all.items() if _DEPLOYS.search(data) and not is_guide(p))
    return tuple((p, running.plain(p)) for p in run if _DEPLOYS.search(running.plain(p)))


def _escaped(word: str) -> bytes:
    return re.escape(os.fsencode(word))
