"""Runs pip as if under another Python; stands outside of amllint, beside the pip that it runs.

    python as_python.py '{"python_version": "3.8", …}' PIP-ARGUMENTS…

`--python-version` makes pip choose files for another Python, but the markers of requirements
(`; python_version < "3.9"`) are judged by the Python that runs it: here they are not. Ends with
97 where there is no pip, and with 98 where this pip cannot be told.
"""

from __future__ import annotations

import json
import runpy
import sys

NO_PIP, NOT_TOLD = 97, 98


def main(target: dict[str, str], arguments: list[str]) -> int:
    """Run pip with arguments; it leaves the process with its own exit code."""
    try:
        from pip._vendor.packaging import markers
    except ImportError:
        return NO_PIP
    own = markers.default_environment
    markers.default_environment = lambda: {**own(), **target}
    as_told = (markers.Marker(f"{name} == '{value}'") for name, value in target.items())
    if not all(marker.evaluate() for marker in as_told):
        return NOT_TOLD
    sys.argv = ["pip", *arguments]
    runpy.run_module("pip", run_name="__main__", alter_sys=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1]), sys.argv[2:]))
