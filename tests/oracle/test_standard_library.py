"""The modules of newer Pythons are there from the release that the table says."""

from __future__ import annotations

import subprocess

import pytest

from amllint.schemas import load_table
from tests.oracle.interpreters import pythons

MODULES = load_table("standard-library")["modules"]


@pytest.mark.parametrize(("minor", "interpreter"), list(pythons()))
def test_a_python_has_what_the_table_says(minor: int, interpreter: str) -> None:
    script = (
        "import importlib, sys\n"
        "for name in sys.argv[1:]:\n"
        "    try:\n"
        "        importlib.import_module(name)\n"
        "    except ImportError:\n"
        "        print(name)\n"
    )
    command = [interpreter, "-I", "-S", "-c", script, *MODULES]
    missing = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    newer = [n for n, row in MODULES.items() if int(row["since"].split(".")[1]) > minor]
    assert missing == newer
