"""The interpreters at hand: `python3.N` on the path, or in the folders of `AMLLINT_PYTHONS`."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator

MINORS = range(6, 15)


def pythons() -> Iterator[tuple[int, str]]:
    folders = [os.environ.get("PATH", ""), os.environ.get("AMLLINT_PYTHONS", "")]
    for minor in MINORS:
        found = shutil.which(f"python3.{minor}", path=os.pathsep.join(filter(None, folders)))
        if found and subprocess.run([found, "-c", ""], capture_output=True).returncode == 0:
            yield minor, found
