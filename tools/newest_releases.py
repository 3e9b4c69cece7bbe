"""The newest release of a package for each Python, asked of the package index through pip.

Only wheels for Linux count: what has none is not installed into an image without a compiler.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from typing import Final

PYTHONS: Final = tuple(f"3.{minor}" for minor in range(6, 15))
_PATCH: Final = "25"
"""Some releases ask for a patch release of a Python: 3.6.25 meets all that was ever asked."""
_PLATFORMS: Final = tuple(
    f"manylinux{policy}_x86_64"
    for policy in ("1", "2010", "2014", "_2_5", "_2_12", "_2_17", "_2_24", "_2_27", "_2_28")
)
_NO_SETTINGS: Final = {"PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def newest(package: str, python: str) -> str | None:
    """The version that pip would take for a Python on Linux, `None` where there is none."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--no-deps"]
    command += ["--ignore-installed", "--target", tempfile.gettempdir(), "--only-binary", ":all:"]
    command += [part for platform in _PLATFORMS for part in ("--platform", platform)]
    command += ["--python-version", f"{python}.{_PATCH}", "--report", "-", package]
    done = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, **_NO_SETTINGS}
    )
    if done.returncode != 0:
        return None
    (entry,) = json.loads(done.stdout)["install"]
    version = str(entry["metadata"]["version"])
    return None if re.search(r"\d(?:a|b|rc)\d", version) else version
