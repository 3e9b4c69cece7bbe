"""The load that a deployment has to carry, as its owner declares or has measured it."""

from __future__ import annotations

import json
import math
import os
from dataclasses import dataclass, replace
from typing import Any, Final

from amllint.findings.finding import Location
from amllint.source.overlay import Overlay
from amllint.source.problem import Unreadable

_VERSION: Final = 1


class Unmeasured(Exception):
    """A file of measurements cannot be used; `str()` says which, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """Calls per second, seconds per call (mean, and what all but a few stay below).

    What `amllint try` measured comes with the absolute path of the script that it is true of,
    and `measured_in`, the display path of the file: `start_seconds` until the server answered,
    and `memory_mib`, MiB that its processes held at most. `None` is what nobody said. `location`
    is where the load is declared.
    """

    location: Location
    requests_per_second: float | None = None
    seconds_per_request: float | None = None
    slowest_request_seconds: float | None = None
    start_seconds: float | None = None
    memory_mib: float | None = None
    script: str | None = None
    measured_in: str = ""
    declared: frozenset[str] = frozenset()

    def measured(self, path: str, overlay: Overlay) -> Traffic:
        """With what a file of `try --save` has, where nothing is declared. Raises `Unmeasured`."""
        shown = overlay.display(path)
        data = _document(path, shown, overlay)
        seconds = data["seconds_per_request"] or {}
        found = {
            "seconds_per_request": seconds.get("mean"),
            "slowest_request_seconds": seconds.get("p95"),
            "start_seconds": data["start_seconds"],
            "memory_mib": data["memory_mib"],
        }
        own = frozenset(name for name in found if getattr(self, name) is not None)
        taken = {name: value for name, value in found.items() if name not in own}
        script = os.path.normpath(os.path.join(os.path.dirname(path), data["script"]))
        return replace(self, **taken, script=script, measured_in=shown, declared=own)

    def of(self, script: str | None) -> Traffic:
        """The load of a deployment of this script: what was measured of another one is left out.

        Where the script of a deployment is not known, what was measured is taken for its own.
        """
        if self.script is None or script is None or script == self.script:
            return self
        kept = {name: getattr(self, name) for name in self.declared}
        return Traffic(self.location, self.requests_per_second, **kept)

    def source_of(self, name: str) -> str:
        """Where a number comes from, as a sentence has it."""
        if not self.measured_in or name in self.declared:
            return "declared"
        return f"measured, {self.measured_in}"


def _document(path: str, shown: str, overlay: Overlay) -> dict[str, Any]:
    """The numbers of a file of measurements, each checked."""
    again = "; `amllint try SCRIPT --save FILE` writes such a file"
    try:
        data = json.loads(overlay.text(path).text)
    except Unreadable as problem:
        raise Unmeasured(f"cannot read {shown}: {problem.message}{again}") from None
    except (ValueError, RecursionError) as error:
        raise Unmeasured(f"{shown} is not valid JSON: {error}{again}") from None
    if not isinstance(data, dict) or data.get("version") != _VERSION:
        raise Unmeasured(f"{shown} holds no measurements of version {_VERSION}{again}")
    wrong = list(_wrong(data))
    if wrong:
        raise Unmeasured(f"{shown} has no usable {' and '.join(wrong)}{again}")
    return data


def _wrong(data: dict[str, Any]) -> list[str]:
    seconds = data.get("seconds_per_request", 0)
    good = {
        "script": isinstance(data.get("script"), str),
        "seconds_per_request": seconds is None
        or (isinstance(seconds, dict) and all(_is_number(seconds.get(k)) for k in ("mean", "p95"))),
        "start_seconds": _is_number(data.get("start_seconds")),
        "memory_mib": data.get("memory_mib", 0) is None or _is_number(data.get("memory_mib")),
    }
    return [f"`{name}`" for name, is_good in good.items() if not is_good]


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < math.inf
