"""What `amllint check --resolve` says of the environments in `fates/`, whose fate is known.

    python -m tests.oracle.compare_resolutions [NAME …] [--write tests/oracle/results --date DAY]

Asks the index that pip is configured for, by the pip beside amllint, with no other rule selected.
A table says of each environment whether it installs (`environments.json`), what it was told of,
or why nothing was learned. Takes some ten minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.checking import write
from tests.oracle.compare_environments import TABLE, environments, serving_files

FATES = Path(__file__).resolve().parent / "results" / TABLE
RESOLVED = "resolved.json"
OPTIONS = ("--isolated", "--no-cache", "--select", "unresolvable-pins", "-o", "json")


def resolved(name: str) -> dict[str, Any]:
    """What is told of an environment, and what is not known of it."""
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), dict(serving_files(name)))
        command = [sys.executable, "-m", "amllint", "check", "--resolve", *OPTIONS, "conda.yml"]
        home = {"PYTHONPATH": str(Path(__file__).resolve().parents[2] / "lint")}
        done = subprocess.run(
            command, cwd=folder, env={**os.environ, **home}, capture_output=True, text=True
        )
    report = json.loads(done.stdout)
    told = [f["message"] for f in report["findings"] if f["name"] == "unresolvable-pins"]
    unasked = [u["reason"] for u in report["summary"]["unchecked"]]
    return {"told": told, "unasked": unasked}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--write", type=Path)
    parser.add_argument("--date")
    given = parser.parse_args()
    fates = json.loads(FATES.read_text("utf-8"))["fates"]
    table = given.write / RESOLVED if given.write else None
    known = json.loads(table.read_text("utf-8"))["rows"] if table and table.exists() else {}
    for name in given.names or [e.name for e in environments() if e.name in fates]:
        row = {"installs": fates[name]["installs"], **resolved(name), "pip": version("pip")}
        known[name] = {**row, "date": given.date}
        print(name, json.dumps(row), flush=True)
        if table:
            rows = {"command": "compare_resolutions", "rows": dict(sorted(known.items()))}
            table.write_text(json.dumps(rows, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
