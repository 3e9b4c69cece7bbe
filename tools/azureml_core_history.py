"""Reads what older releases of azureml-core took into `schemas/azureml-core-gone.json`.

pip download --no-deps --only-binary=:all: --python-version 3.7 -d FOLDER azureml-core==1.0.30 …
python -m tools.azureml_core_history FOLDER

The modules of the wheels are parsed, never imported. Kept are arguments that the newest release
does not take any more, each with the last release that did.
"""

from __future__ import annotations

import ast
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "schemas/azureml-core-gone.json"
NEWEST = ROOT / "schemas/azureml-core.json"
Parameters = dict[str, dict[str, frozenset[str]]]


class Release(NamedTuple):
    """The classes of one release: their bases, and the parameters of their methods."""

    version: str
    bases: dict[str, list[str]]
    own: Parameters

    def methods(self, name: str, depth: int = 0) -> dict[str, frozenset[str]]:
        """The parameters of a class's methods, inherited ones included."""
        found: dict[str, frozenset[str]] = {}
        for base in self.bases.get(name, ()) if depth < 5 else ():
            found.update(self.methods(base, depth + 1))
        return {**found, **self.own.get(name, {})}


def number(version: str) -> tuple[int, ...]:
    """The three numbers of a version."""
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def release(wheel: Path) -> Release:
    """What a wheel has."""
    bases: dict[str, list[str]] = {}
    own: Parameters = {}
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.startswith("azureml/core/") and name.endswith(".py"):
                for node in ast.parse(archive.read(name)).body:
                    if isinstance(node, ast.ClassDef):
                        bases.setdefault(node.name, [ast.unparse(b) for b in node.bases])
                        own.setdefault(node.name, {}).update(methods(node))
    version = ".".join(map(str, number(wheel.name.split("-")[1])))
    return Release(version, bases, own)


def methods(node: ast.ClassDef) -> Iterator[tuple[str, frozenset[str]]]:
    """The methods of a class and what they take."""
    for function in node.body:
        if isinstance(function, ast.FunctionDef):
            static = any(ast.unparse(d) == "staticmethod" for d in function.decorator_list)
            given = function.args
            names = [a.arg for a in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
            yield function.name, frozenset(names if static else names[1:])


def gone(releases: list[Release]) -> dict[str, dict[str, str]]:
    """Per callable of today, what it took once, with the last release that did."""
    today = json.loads(NEWEST.read_text("utf-8"))["classes"]
    found: dict[str, dict[str, str]] = {}
    for kind, row in today.items():
        rows = {"__init__": row["constructor"], **row["methods"]}
        for method, described in rows.items():
            taken = {p[0] for p in described["parameters"]} | {*described.get("keywords_read", ())}
            shown = kind if method == "__init__" else f"{kind}.{method}"
            for old in releases:
                for name in sorted(old.methods(kind).get(method, frozenset()) - taken):
                    found.setdefault(shown, {})[name] = old.version
    return found


def main(arguments: list[str]) -> int:
    """Write the table."""
    releases = sorted(map(release, Path(arguments[0]).glob("*.whl")), key=lambda r: number(r[0]))
    table = {
        "package": "azureml-core",
        "first": releases[0].version,
        "last": releases[-1].version,
        "releases": len(releases),
        "date": str(date.today()),
        "gone": gone(releases),
    }
    TABLE.write_text(json.dumps(table, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
