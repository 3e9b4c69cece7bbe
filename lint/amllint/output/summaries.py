"""Summaries of a run in Markdown, written where a build service shows them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Final

from amllint.engine.check import Report
from amllint.output import markdown
from amllint.output.style import Style, printable

MAX_BYTES: Final = 1024 * 1024
"""GitHub refuses a step summary that is larger, whole."""
_CUT: Final = "\nThe summary ends here: it would be larger than the service takes.\n"
_FILES: Final = 100


def append_step_summary(report: Report, file: str | None) -> str:
    """Append the report to a step's summary; where to find what got no annotation."""
    if not file:
        return "in the log"
    try:
        size = os.path.getsize(file) if os.path.exists(file) else 0
        text = _within(report, MAX_BYTES - size - 1)
        if not text:
            raise ValueError("it is full")
        # Whoever wrote before may have left a line open.
        text = ("\n" if size else "") + text
        with open(file, "ab") as stream:
            stream.write(text.encode("utf-8", "backslashreplace"))
    except (OSError, ValueError) as error:
        _tell(f"cannot write the step summary {file}", error)
        return "in the log"
    return "in the step summary"


def attach_summary(report: Report, folder: str) -> str | None:
    """Write the report to a new file in a folder; its path, `None` where that failed."""
    text = _within(report, MAX_BYTES).encode("utf-8", "backslashreplace")
    for number in range(1, _FILES):
        # The service shows the name as the heading.
        name = f"amllint-{number}.md" if number > 1 else "amllint.md"
        path = os.path.abspath(os.path.join(folder, name))
        try:
            with open(path, "xb") as stream:
                stream.write(text)
        except FileExistsError:
            continue
        except (OSError, ValueError) as error:
            _tell(f"cannot write a summary to {folder}", error)
            return None
        return path
    return None


def _within(report: Report, room: int) -> str:
    """The report in at most `room` bytes, whole lines, with a sentence where it was cut."""
    kept: list[str] = []
    used = 0
    for line in _lines(report):
        size = len(line.encode("utf-8", "backslashreplace"))
        if used + size > room - len(_CUT):
            return "".join(kept) + (_CUT if used + len(_CUT) <= room else "")
        kept.append(line)
        used += size
    return "".join(kept)


def _lines(report: Report) -> Iterator[str]:
    return (f"{line}\n" for line in markdown.render(report, Style(False)))


def _tell(what: str, error: Exception) -> None:
    reason = getattr(error, "strerror", None) or str(error)
    print(f"amllint: {printable(f'{what}: {reason}')}", file=sys.stderr)
