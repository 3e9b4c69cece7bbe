"""A rule that has been started is valid, in the index, and fails until it is written."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("lint", "schemas", "tools", "docs/rules", "tests/rules")
FILES = ("pyproject.toml", "README.md", "LICENSE", "tests/__init__.py", "tests/checking.py")
SKIPPED = shutil.ignore_patterns("__pycache__", ".mypy_cache", ".ruff_cache")
SCORE = ("AML198", "started-rule", "--family", "score", "--reads", "ScoringScript")
FIXING = (
    *("AML398", "a-rule-with-a-name-that-makes-its-lines-too-long-for-one"),
    *("--family", "environment", "--reads", "CondaEnvironment", "DeploymentUnit"),
    *("--fix", "unsafe"),
)
NEW_FAMILY = ("AML798", "new-family-rule", "--family", "models", "--reads", "DeploymentUnit")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What the scaffold and the tests of rule pages need of the checkout."""
    for name in FOLDERS:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=SKIPPED)
    for name in FILES:
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder; what it prints, both streams together."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def started(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    level = ("--severity", "info", "--stage", "score")
    return python(folder, "-m", "tools.new_rule", *arguments, *level)


@pytest.mark.parametrize("arguments", [SCORE, FIXING, NEW_FAMILY], ids=lambda a: a[1])
def test_a_started_rule_is_valid_and_its_example_fails(
    checkout: Path, arguments: tuple[str, ...]
) -> None:
    code, name = arguments[:2]
    done = started(checkout, *arguments)
    assert done.returncode == 0, done.stdout
    generated = python(checkout, "-m", "tools.generate")
    assert generated.returncode == 0, generated.stdout
    assert f"docs/rules/{name}.md" in generated.stdout
    again = python(checkout, "-m", "tools.generate", "--check")
    assert again.returncode == 0, again.stdout
    for command in (("check", "--no-cache"), ("format", "--check", "--no-cache")):
        checked = python(checkout, "-m", "ruff", *command, "lint/amllint/rules")
        assert checked.returncode == 0, checked.stdout
    tested = python(
        *(checkout, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist"),
        *("tests/rules/test_pages.py", "-k", name),
    )
    assert f"test_the_example_reports_this_rule_on_the_marked_lines_and_nothing_else[{name}]" in (
        tested.stdout
    )
    assert tested.returncode == 1, tested.stdout
    assert f"{code} {name}" in python(checkout, "-c", _EXPLAIN, name).stdout


_EXPLAIN = """
import sys
sys.path.insert(0, "lint")
from amllint.cli import main
main(["explain", sys.argv[1]])
"""


def test_a_code_or_name_that_is_taken_is_refused() -> None:
    for code, name in (("AML109", "another-name"), ("AML199", "error-leak")):
        done = started(ROOT, code, name, *SCORE[2:])
        assert done.returncode == 2
        assert "AML109 error-leak exists" in done.stdout


def test_a_mistyped_code_name_stage_or_type_is_refused() -> None:
    for changed, said in (
        (("AML19", *SCORE[1:]), "is no code"),
        (("AML198", "Started_Rule", *SCORE[2:]), "is no name"),
        ((*SCORE[:-1], "ScoringScrip"), "nothing in amllint is called ScoringScrip"),
        ((*SCORE, "--stage", "run"), "is no stage"),
    ):
        done = python(ROOT, "-m", "tools.new_rule", "--severity=info", "--stage=score", *changed)
        assert done.returncode == 2
        assert said in done.stdout
