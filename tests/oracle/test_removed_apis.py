"""Which names of the standard library are gone from which Python, asked of each at hand."""

from __future__ import annotations

import subprocess

import pytest

from amllint.analysis.removed_apis import REMOVED
from tests.oracle.interpreters import pythons

pytestmark = pytest.mark.oracle

_ASK = """\
import importlib, sys, warnings
warnings.simplefilter("ignore")
for name in sys.stdin.read().split():
    try:
        importlib.import_module(name)
    except ImportError:
        module, _, last = name.rpartition(".")
        try:
            found = bool(module) and hasattr(importlib.import_module(module), last)
        except ImportError:
            found = False
        if not found:
            continue
    print(name)
"""


def test_what_is_gone_is_not_there_and_what_is_instead_is() -> None:
    rows = [row for row in REMOVED.values() if row.distribution == "python"]
    asked = {row.name for row in rows} | {row.new for row in rows if "." in row.new}
    for minor, python in pythons():
        done = subprocess.run(
            [python, "-c", _ASK], input=" ".join(asked), capture_output=True, text=True, timeout=120
        )
        there = set(done.stdout.split())
        for row in rows:
            assert (row.name in there) == ((3, minor) < row.gone), (f"3.{minor}", row.name)
            gone = (3, minor) >= row.gone
            assert not gone or "." not in row.new or row.new in there, (f"3.{minor}", row.new)
