"""A baseline's round trip on any tree.

python -m tests.adoption.round_trip DIR [DIR …]

Copies the tree, writes a baseline, then edits every file that has a finding, one kind of edit
after the other: none may bring an old finding back or count one as fixed. At last a new defect
is planted in each script with a finding: each must be shown, and nothing else.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.adoption.edits import HARMLESS, Edit, planted

ROOT = Path(__file__).resolve().parents[2]
SPARED = shutil.ignore_patterns(".git", ".hg", "node_modules", "*.ipynb", "*.png", "*.parquet")


@dataclass(frozen=True)
class Step:
    """What one edit led to: files changed, findings shown, in the baseline, and fixed."""

    what: str
    changed: int
    shown: list[tuple[str, str]]
    held: int
    stale: bool


def amllint(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run amllint in a folder."""
    command = [sys.executable, "-m", "amllint", *arguments]
    environment = {"PYTHONPATH": str(ROOT / "lint"), "PATH": "/usr/bin:/bin"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def write(folder: Path) -> dict[str, int]:
    """Write the baseline of a tree; how many findings each of its files has."""
    done = amllint(folder, "baseline", "write", "--isolated", "--persona", "pedantic")
    assert done.returncode == 0, done.stderr
    entries = json.loads((folder / "amllint-baseline.json").read_text("utf-8"))["entries"]
    found: dict[str, int] = {}
    for entry in entries:
        found[entry["path"]] = found.get(entry["path"], 0) + entry["count"]
    return found


def step(folder: Path, what: str, files: Iterable[str], edit: Edit) -> Step:
    """Edit files in place and check with the baseline."""
    changed = 0
    for name in files:
        path = folder / name
        before = path.read_bytes()
        after = edit(name, before.decode("utf-8")).encode("utf-8")
        changed += after != before
        path.write_bytes(after)
    common = ("--isolated", "--persona", "pedantic", "--baseline", "amllint-baseline.json")
    done = amllint(folder, "check", "-o", "json", *common)
    findings = json.loads(done.stdout)["findings"]
    shown = [(f["path"], f["name"]) for f in findings]
    held = next((w for w in done.stderr.split(", ") if "in the baseline" in w), "0")
    return Step(what, changed, shown, int(held.split()[0]), "fixed: run" in done.stderr)


def round_trip(source: Path) -> tuple[int, list[Step], list[str]]:
    """All steps on a copy of a tree; the size of the baseline, and what went wrong."""
    with tempfile.TemporaryDirectory(prefix="amllint-round-trip-") as temporary:
        folder = Path(temporary, "tree")
        shutil.copytree(source, folder, ignore=SPARED, symlinks=True)
        found = write(folder)
        total = sum(found.values())
        steps = [step(folder, "nothing", found, lambda name, text: text)]
        steps += [step(folder, what, found, edit) for what, edit in HARMLESS.items()]
        scripts = [n for n in found if n.endswith(".py")]
        texts = {n: (folder / n).read_text("utf-8") for n in scripts}
        new = {n for n in scripts if planted(n, texts[n]) != texts[n]}
        last = step(folder, "a new defect", scripts, planted)
    wrong = [f"{s.what}: {s.shown or 'called fixed'}" for s in steps if s.shown or s.stale]
    wrong += [f"{s.what}: {s.held} of {total} held" for s in (*steps, last) if s.held != total]
    leaks = {path for path, name in last.shown if name == "error-leak"}
    if leaks != new or {path for path, _ in last.shown} != new:
        wrong.append(f"planted in {sorted(new)}, shown in {sorted(last.shown)}")
    return total, [*steps, last], wrong


def main(arguments: list[str]) -> int:
    """Print the steps for each tree; 1 where something went wrong."""
    failed = False
    for name in arguments:
        total, steps, wrong = round_trip(Path(name))
        print(f"{name}: {total} findings in the baseline")
        for s in steps:
            print(
                f"  {s.what:26} {s.changed:3} files edited, {s.held:3} held, {len(s.shown)} shown"
            )
        for what in wrong:
            print(f"  WRONG: {what}")
        failed = failed or bool(wrong)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
