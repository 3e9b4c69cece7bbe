"""What becomes of the environments in `fates/`: installed by pip, then served.

    python -m tests.oracle.compare_environments [NAME …] [--write tests/oracle/results --date DAY]

Each `fates/NAME` has a `conda.yml` and may have a `score.py`. What its `pip` list asks for is
installed as conda does it, beside the newest pip and setuptools of the file's Python, into an
environment that is thrown away; then `azmlinfsrv` serves the script, in a network of its own
that has no other address than 127.0.0.1, and is asked for its health. Takes the Pythons that
the files name (`AMLLINT_PYTHONS`), Linux, root for `unshare`, and a package index.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from tests.oracle.interpreters import pythons

HERE = Path(__file__).resolve().parent
FATES = HERE / "fates"
TABLE = "environments.json"
FILE = "condaenv.requirements.txt"
PLAIN = "def init():\n    pass\n\n\ndef run(raw_data):\n    return {'received': len(raw_data)}\n"
NEWEST_PIP = {"3.6": "pip==21.3.1", "3.7": "pip==24.0"}
"""Where the pip that comes with Python is too old to see by itself which one that is."""
INSTALL_SECONDS = 600
PROBE_SECONDS = 90


class Environment(NamedTuple):
    """One conda file: the Python it names and its `pip` list."""

    name: str
    python: str
    pip: list[str]


def environments() -> list[Environment]:
    return [read(folder) for folder in sorted(FATES.iterdir()) if folder.is_dir()]


def read(folder: Path) -> Environment:
    items = yaml.safe_load((folder / "conda.yml").read_text("utf-8"))["dependencies"]
    python = next(i for i in items if isinstance(i, str) and i.startswith("python="))
    pip = next(i["pip"] for i in items if isinstance(i, dict))
    return Environment(folder.name, python.partition("=")[2], pip)


def serving_files(name: str) -> dict[str, str]:
    """What a deployment of the environment consists of, by file name."""
    files = {p.name: p.read_text("utf-8") for p in sorted((FATES / name).iterdir())}
    files.setdefault("score.py", PLAIN)
    config = {"entryScript": "score.py", "sourceDirectory": ".", "runtime": "python"}
    files["inferenceconfig.json"] = json.dumps({**config, "condaFile": "conda.yml"})
    return files


def fate(environment: Environment, interpreter: str) -> dict[str, Any]:
    """Whether it installs and starts, with the line that says why not."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, text in serving_files(environment.name).items():
            (folder / file).write_text(text, "utf-8")
        said = install(environment, interpreter, folder)
        if said is not None:
            return {"installs": False, "starts": False, "says": said}
        said = serve(folder)
        return {"installs": True, "starts": said is None, "says": said}


def install(environment: Environment, interpreter: str, folder: Path) -> str | None:
    """What stops the installation: `uv` tries first if it is there, pip has the last word."""
    shutil.copytree(seed(interpreter, environment.python), folder / "venv", symlinks=True)
    (folder / FILE).write_text("\n".join(environment.pip), "utf-8")
    uv = shutil.which("uv")
    if uv and environment.python not in ("3.6", "3.7"):
        python = str(folder / "venv/bin/python")
        if (
            run([uv, "pip", "install", "-q", "--python", python, "-r", FILE], folder).returncode
            == 0
        ):
            return None
    try:
        done = run(pip(folder / "venv", "-r", FILE), folder)
    except subprocess.TimeoutExpired:
        return f"not installed within {INSTALL_SECONDS} s"
    return None if done.returncode == 0 else last_error(done.stdout + done.stderr, folder)


@cache
def seed(interpreter: str, python: str) -> Path:
    """An environment as conda leaves it before the `pip` list: the newest pip and setuptools."""
    folder = Path(tempfile.mkdtemp(prefix="amllint-seed-"))
    run([interpreter, "-m", "venv", str(folder)])
    for what in ([NEWEST_PIP.get(python, "pip")], ["setuptools", "wheel"]):
        done = run(pip(folder, *what))
        if done.returncode:
            raise SystemExit(f"no seed for Python {python}: {done.stderr[-300:]}")
    return folder


def pip(environment: Path, *what: str) -> list[str]:
    python = str(environment / "bin/python")
    return [python, "-m", "pip", "--disable-pip-version-check", "install", "-q", "-U", *what]


def serve(folder: Path) -> str | None:
    if not (folder / "venv/bin/azmlinfsrv").exists():
        return "there is no azmlinfsrv"
    probe = str(HERE / "environment_probe.py")
    inside = 'ip link set lo up && exec "$@"'
    command = ["unshare", "-n", "sh", "-c", inside, "sh", sys.executable, probe, str(folder)]
    done = run([*command, str(PROBE_SECONDS)])
    return None if done.returncode == 0 else last_error(done.stdout + done.stderr, folder)


def run(command: list[str], folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_SECONDS
    )


def last_error(text: str, folder: Path) -> str:
    """The last line of a log that tells of an error."""
    lines = [line.strip() for line in text.replace(str(folder), "…").splitlines() if line.strip()]
    told = [line for line in lines if re.match(r"(?:\w*Error|Exception): .|.*libGL", line)]
    told = told or [line for line in lines if re.match(r"ERROR|[\w.]*(Error|Exception)\b", line)]
    return (told or lines or ["nothing was said"])[-1][:300]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--write", type=Path)
    parser.add_argument("--date")
    given = parser.parse_args()
    at_hand = {f"3.{minor}": path for minor, path in pythons()}
    table = given.write / TABLE if given.write else None
    known = json.loads(table.read_text("utf-8"))["fates"] if table and table.exists() else {}
    chosen = {e.name: e for e in environments()}
    for environment in [chosen[name] for name in given.names or chosen]:
        row = fate(environment, at_hand[environment.python])
        known[environment.name] = {"python": environment.python, **row, "date": given.date}
        print(environment.name, json.dumps(row), flush=True)
        if table:
            rows = dict(sorted(known.items()))
            text = json.dumps({"command": "compare_environments", "fates": rows}, indent=1)
            table.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    if not shutil.which("unshare"):
        raise SystemExit("unshare is missing: servers would listen outside")
    main()
