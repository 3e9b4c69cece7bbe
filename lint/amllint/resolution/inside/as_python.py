"""Runs pip as if under another Python; stands outside of amllint, beside the pip that it runs.

    python as_python.py '{"python_version": "3.8", …}' PIP-ARGUMENTS…

`--python-version` makes pip choose files for another Python, but the markers of requirements
(`; python_version < "3.9"`), and what the metadata of a release asks of the Python, are judged by
the one that runs it: here they are not. Ends with 97 where there is no pip, and with 98 where this
pip cannot be told. It is over as soon as its standard input is: whoever started it is gone then.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import runpy
import sys
import threading
from typing import Any

NO_PIP, NOT_TOLD = 97, 98


def main(target: dict[str, str], arguments: list[str]) -> int:
    """Run pip with arguments; it leaves the process with its own exit code."""
    if importlib.util.find_spec("pip") is None:
        return NO_PIP
    threading.Thread(target=end_with_input, daemon=True).start()
    try:
        told = tell_markers(target) and tell_requires_python(target["python_full_version"])
    except (ImportError, AttributeError, TypeError):
        told = False
    if not told:
        return NOT_TOLD
    sys.argv = ["pip", *arguments]
    runpy.run_module("pip", run_name="__main__", alter_sys=True)
    return 0


def end_with_input() -> None:
    """Wait for the end of standard input, and end the process with it."""
    with open(0, "rb", buffering=0, closefd=False) as stream:
        while stream.read(1):
            pass
    os._exit(1)


def tell_markers(target: dict[str, str]) -> bool:
    """Have markers judged for a target; whether they are."""
    markers: Any = importlib.import_module("pip._vendor.packaging.markers")
    own = markers.default_environment

    def environment() -> Any:
        return {**own(), **target}

    markers.default_environment = environment
    as_told = (markers.Marker(f"{name} == '{value}'") for name, value in target.items())
    return all(marker.evaluate() for marker in as_told)


def tell_requires_python(version: str) -> bool:
    """Have `Requires-Python` judged for a version; whether it is."""
    candidates: Any = importlib.import_module("pip._internal.resolution.resolvelib.candidates")
    candidate = candidates.RequiresPythonCandidate
    numbers = tuple(map(int, version.split(".")))
    own = candidate.__init__

    def created(self: Any, given: tuple[int, ...] | None) -> None:
        own(self, given or numbers)

    candidate.__init__ = created
    return str(candidate(None).version) == version


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1]), sys.argv[2:]))
