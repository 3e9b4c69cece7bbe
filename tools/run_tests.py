"""Makes the environment of the tests in `.venv-test` and runs them.

python3 tools/run_tests.py                  all of them, on all processors
python3 tools/run_tests.py tests/rules -x   what follows goes to pytest

Needs Python 3.10 or newer with `venv`, and a package index; nothing else has to be installed.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".venv-test"
STAMP = FOLDER / "amllint-stamp"
PYTHON = FOLDER / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
OLDEST = (3, 10)


def main(arguments: list[str]) -> int:
    """Run pytest in the environment, made anew where it is out of date; the exit code."""
    if sys.version_info < OLDEST:
        print(f"amllint needs Python {'.'.join(map(str, OLDEST))} or newer", file=sys.stderr)
        return 2
    os.chdir(ROOT)
    # What is installed elsewhere must not stand in for what the environment lacks.
    os.environ.pop("PYTHONPATH", None)
    if not is_current():
        make()
    # Hundreds of tests start the command; without compiled files each would compile it again.
    run("-m", "compileall", "-q", "lint")
    spread = ("-n", "auto", "--dist", "loadgroup")
    return subprocess.run([PYTHON, "-m", "pytest", *spread, *arguments]).returncode


def is_current() -> bool:
    """Whether the environment was made by this Python for this pyproject.toml."""
    return PYTHON.exists() and STAMP.exists() and STAMP.read_text("utf-8") == fingerprint()


def fingerprint() -> str:
    """What the environment depends on."""
    parts = (sys.version, str(ROOT), (ROOT / "pyproject.toml").read_text("utf-8"))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def make() -> None:
    """Make the environment, with amllint installed editable and the tools that tests need."""
    print(f"making {FOLDER.name}", flush=True)
    venv.create(FOLDER, clear=True, with_pip=True)
    run("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--editable", ".[dev]")
    STAMP.write_text(fingerprint(), "utf-8")


def run(*arguments: str) -> None:
    """Run the environment's Python; leaves the process with its exit code where it fails."""
    code = subprocess.run([PYTHON, *arguments]).returncode
    if code:
        raise SystemExit(code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
