"""Reads what packages bring and ask for off the package index, into `schemas/`.

python -m tools.package_index closures [NAME …]    schemas/package-closures.json
python -m tools.package_index serving              schemas/serving-packages.json

`closures` resolves each package of the table (or new ones) with `uv`, which must be on the PATH,
for the newest and for an old Python: the names of both are kept, so that what either brings
counts as brought. `serving` reads, by pip, what each release of the server and of azureml-defaults
requires.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import zipfile
from datetime import date
from email.parser import Parser
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CLOSURES = ROOT / "schemas/package-closures.json"
SERVING = ROOT / "schemas/serving-packages.json"
PYTHONS = ("3.11", "3.8")
SERVING_PACKAGES = ("azureml-inference-server-http", "azureml-defaults", "azureml-core")
"""Releases of these are read one by one."""
KEPT = ("flask", "jinja2", "markupsafe", "itsdangerous", "werkzeug", "click", "azureml-core")
"""Requirements that matter to what people pin beside them."""


def main(arguments: list[str]) -> int:
    """Refresh one of the tables."""
    if arguments[:1] == ["closures"]:
        write_closures(arguments[1:])
    elif arguments[:1] == ["serving"]:
        write_serving()
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


def resolved(name: str, python: str) -> set[str]:
    """Names of the distributions that installing one leads to; empty where it cannot be."""
    command = ["uv", "pip", "compile", "-", "--no-header", "--no-annotate", "-q"]
    platform = ["--python-version", python, "--python-platform", "x86_64-manylinux_2_28"]
    done = subprocess.run(
        [*command, *platform, "--only-binary", ":all:"], input=name, capture_output=True, text=True
    )
    lines = done.stdout.splitlines() if done.returncode == 0 else []
    return {normalized(line.partition("==")[0].partition("[")[0]) for line in lines if "==" in line}


def write_serving() -> None:
    """Read what each release of the serving packages requires."""
    packages = {name: releases(name) for name in SERVING_PACKAGES}
    head = {
        "title": "Pythons and web packages that releases of the serving packages require",
        "source": "package index: metadata of every wheel, read by pip",
        "date": date.today().isoformat(),
    }
    write(SERVING, {**head, "packages": packages})


def releases(name: str) -> dict[str, Any]:
    """Every release with a wheel, newest first: its Python, and the requirements that matter."""
    listed = pip("index", "versions", name, "--ignore-requires-python")
    match = re.search(r"Available versions: (.*)", listed)
    found = {}
    for version in match.group(1).split(", ") if match else ():
        metadata = wheel_metadata(name, version)
        if metadata is not None:
            found[version] = metadata
            print(name, version, metadata, file=sys.stderr)
    return found


def wheel_metadata(name: str, version: str) -> dict[str, Any] | None:
    """What the wheel of a release says; `None` where there is none."""
    with tempfile.TemporaryDirectory() as folder:
        pip("download", f"{name}=={version}", "--no-deps", "--ignore-requires-python", "-d", folder)
        wheel = next(Path(folder).glob("*.whl"), None)
        if wheel is None:
            return None
        with zipfile.ZipFile(wheel) as archive:
            inner = next(n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
            message = Parser().parsestr(archive.read(inner).decode("utf-8"))
    requires = [r for r in message.get_all("Requires-Dist", []) if "extra ==" not in r]
    kept = [r for r in requires if normalized(re.split(r"[^\w.-]", r)[0]) in _KEPT]
    return {"python": message.get("Requires-Python"), "requires": sorted(kept)}


_KEPT = {*KEPT, *SERVING_PACKAGES}


def normalized(name: str) -> str:
    """A name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pip(*arguments: str) -> str:
    """What pip prints."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]
    return subprocess.run(command, capture_output=True, text=True).stdout


def write(path: Path, table: dict[str, Any]) -> None:
    """One row a line: tables are read by people."""
    path.write_text(json.dumps(table, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
