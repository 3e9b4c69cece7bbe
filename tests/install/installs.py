"""Ways to install amllint, each into a virtual environment of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 300
BACKEND = ("hatchling", "editables")


class Failed(AssertionError):
    """A program failed; the message has what it said."""


@dataclass(frozen=True, slots=True)
class Distributions:
    """The wheel, the source distribution, and a folder with all that they need."""

    wheel: Path
    sdist: Path
    wheelhouse: Path

    @property
    def offline(self) -> dict[str, str]:
        """What makes pip, and the environments it builds in, use the folder alone."""
        return {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.wheelhouse)}


def run(
    *command: str | Path, cwd: Path, extra: dict[str, str] | None = None, code: int = 0
) -> subprocess.CompletedProcess[str]:
    """Run a program that must end with an exit code. Raises `Failed`."""
    dropped = ("PYTHONPATH", "FORCE_COLOR", "VIRTUAL_ENV", "PIP_EXTRA_INDEX_URL")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**kept, "PYTHONUTF8": "1", **(extra or {})},
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
    )
    if done.returncode != code:
        raise Failed(f"{command} ended with {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


def pip(*arguments: str | Path, cwd: Path, extra: dict[str, str] | None = None) -> None:
    """Run the pip of this environment, on others with `--python`."""
    quiet = ("--quiet", "--disable-pip-version-check")
    run(sys.executable, "-m", "pip", *quiet, *arguments, cwd=cwd, extra=extra)


def build(folder: Path) -> Distributions:
    """Build the source distribution, the wheel from it, and gather what both need."""
    out = folder / "dist"
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, ROOT, cwd=folder)
    (wheel,) = out.glob("*.whl")
    (sdist,) = out.glob("*.tar.gz")
    wheelhouse = folder / "wheelhouse"
    pip("download", "--dest", wheelhouse, "--prefer-binary", wheel, *BACKEND, cwd=folder)
    return Distributions(wheel, sdist, wheelhouse)


def environment(folder: Path) -> Path:
    """An empty virtual environment; the folder of its programs."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder.parent)
    return folder / ("Scripts" if os.name == "nt" else "bin")


def install(distributions: Distributions, folder: Path, *what: str | Path) -> Path:
    """Install into a new environment, dependencies resolved; the `amllint` of it."""
    programs = environment(folder)
    python = programs / Path(sys.executable).name
    options = ("install", "--no-compile", *what)
    pip("--python", python, *options, cwd=folder, extra=distributions.offline)
    return programs / ("amllint.exe" if os.name == "nt" else "amllint")


def findings(*command: str | Path, cwd: Path, extra: dict[str, str] | None = None) -> Any:
    """What a command of amllint finds in the broken example."""
    broken = os.path.relpath(ROOT / "examples/broken", cwd)
    options = ("check", broken, "--output-format", "json")
    return json.loads(run(*command, *options, cwd=cwd, extra=extra, code=1).stdout)["findings"]
