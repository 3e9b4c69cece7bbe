"""The newest release of a package for each Python, asked of the package index through pip.

Only wheels for Linux count: what has none is not installed into an image without a compiler.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from datetime import date
from typing import Any, Final

PYTHONS: Final = tuple(f"3.{minor}" for minor in range(6, 15))
_PLATFORMS: Final = ("manylinux2014_x86_64", "manylinux_2_28_x86_64")
_NO_SETTINGS: Final = {"PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def newest(package: str, python: str) -> str | None:
    """The version that pip would take for a Python on Linux, `None` where there is none."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--no-deps"]
    command += ["--ignore-installed", "--target", tempfile.gettempdir(), "--only-binary", ":all:"]
    command += [part for platform in _PLATFORMS for part in ("--platform", platform)]
    command += ["--python-version", python, "--report", "-", package]
    done = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, **_NO_SETTINGS}
    )
    if done.returncode != 0:
        return None
    (entry,) = json.loads(done.stdout)["install"]
    return str(entry["metadata"]["version"])


def rows(packages: Iterable[str]) -> dict[str, dict[str, Any]]:
    """For each package the newest release by Python, with the day on which it was asked."""
    found: dict[str, dict[str, Any]] = {}
    for package in packages:
        by_python = {python: newest(package, python) for python in PYTHONS}
        releases = {python: version for python, version in by_python.items() if version}
        found[package] = {"date": date.today().isoformat(), "newest": releases}
    return found
