"""Wheels that stand in for releases that are there as source alone.

What such a release depends on is only known to its build, which would execute it. A stand-in
depends on nothing: pip can take it wherever it could take the release, so that what it refuses
with stand-ins it refuses with the releases too.
"""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Mapping, Sequence


def write_stand_ins(folder: str, wanted: Mapping[str, Sequence[str]]) -> int:
    """Write a wheel for each version of each project; how many are new."""
    written = 0
    for project, versions in wanted.items():
        for version in versions:
            if _is_version(version):
                written += _write(folder, project.replace("-", "_"), version)
    return written


def _is_version(text: str) -> bool:
    from packaging.version import InvalidVersion, Version

    try:
        Version(text)
    except InvalidVersion:
        return False
    return re.fullmatch(r"[\w.+!]+", text) is not None


def _write(folder: str, name: str, version: str) -> bool:
    path = os.path.join(folder, f"{name}-{version}-py2.py3-none-any.whl")
    if os.path.exists(path):
        return False
    info = f"{name}-{version}.dist-info"
    tags = "Tag: py2-none-any\nTag: py3-none-any\n"
    parts = {
        "METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        "WHEEL": f"Wheel-Version: 1.0\nGenerator: amllint\nRoot-Is-Purelib: true\n{tags}",
        "RECORD": "".join(f"{info}/{part},,\n" for part in ("METADATA", "WHEEL", "RECORD")),
    }
    with zipfile.ZipFile(path, "w") as wheel:
        for part, text in parts.items():
            wheel.writestr(f"{info}/{part}", text)
    return True
