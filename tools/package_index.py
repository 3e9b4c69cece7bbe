"""Reads what packages bring along off the package index, into `schemas/`.

python -m tools.package_index closures [NAME …]    schemas/package-closures.json
python -m tools.package_index platforms            schemas/platform-packages.json

`platforms` asks pip again for each package of the index that the table says is not for Linux,
gives those that still are not today's date, and names the others.

`closures` resolves each package of the table (or new ones) with `uv`, which must be on the PATH,
for the newest and for an old Python: the names of both are kept, so that what either brings
counts as brought.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

from tools import newest_releases

ROOT = Path(__file__).resolve().parent.parent
CLOSURES = ROOT / "schemas/package-closures.json"
PLATFORMS = ROOT / "schemas/platform-packages.json"
PYTHONS = ("3.11", "3.8")


def main(arguments: list[str]) -> int:
    """Refresh one of the tables."""
    if arguments[:1] == ["closures"]:
        write_closures(arguments[1:])
    elif arguments[:1] == ["platforms"]:
        confirm_platforms()
    else:
        print(__doc__)
        return 2
    return 0


def write_closures(names: list[str]) -> None:
    """Resolve the packages named, all of the table if none is."""
    table = json.loads(CLOSURES.read_text("utf-8")) if CLOSURES.exists() else {"closures": {}}
    known: dict[str, list[str]] = table["closures"]
    for name in names or list(known):
        found = set().union(*(resolved(name, python) for python in PYTHONS))
        if found:
            known[name] = sorted(found - {name})
        else:
            print(f"{name}: not resolved", file=sys.stderr)
        head = {
            "title": "What packages bring along, directly or not, by any of the Pythons",
            "source": f"package index, resolved by uv for Python {' and '.join(PYTHONS)} on Linux",
            "date": date.today().isoformat(),
        }
        write(CLOSURES, {**head, "closures": dict(sorted(known.items()))})


def confirm_platforms() -> None:
    """Ask again for each package of the index that has no release for Linux."""
    table = json.loads(PLATFORMS.read_text("utf-8"))
    for row in table["pip"]:
        asked = row.get("needs", row["package"])
        found = [p for p in newest_releases.PYTHONS if newest_releases.newest(asked, p)]
        if found:
            print(f"{row['package']}: there is one for Python {found[0]}", file=sys.stderr)
        else:
            row["date"] = date.today().isoformat()
    write_rows(PLATFORMS, table, "pip", "conda")


def resolved(name: str, python: str) -> set[str]:
    """Names of the distributions that installing one leads to; empty where it cannot be."""
    command = ["uv", "pip", "compile", "-", "--no-header", "--no-annotate", "-q"]
    platform = ["--python-version", python, "--python-platform", "x86_64-manylinux_2_28"]
    done = subprocess.run([*command, *platform], input=name, capture_output=True, text=True)
    lines = done.stdout.splitlines() if done.returncode == 0 else []
    return {normalized(line.partition("==")[0].partition("[")[0]) for line in lines if "==" in line}


def normalized(name: str) -> str:
    """A name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def write_rows(path: Path, table: dict[str, Any], *keys: str) -> None:
    """A table with one row a line."""
    lines = []
    for key, value in table.items():
        if key not in keys:
            lines.append(f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
            continue
        named = isinstance(value, dict)
        items = value.items() if named else enumerate(value)
        rows = ((f"{json.dumps(k)}: " if named else "") + json.dumps(v) for k, v in items)
        inner = ",\n".join(f"    {row}" for row in rows)
        lines.append(
            f"  {json.dumps(key)}: "
            + ("{" if named else "[")
            + f"\n{inner}\n  "
            + ("}" if named else "]")
        )
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


def write(path: Path, table: dict[str, Any]) -> None:
    """One row a line: tables are read by people."""
    path.write_text(json.dumps(table, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
