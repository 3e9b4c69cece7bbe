"""The hooks for pre-commit run commands that exist, on the files amllint reads."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import yaml
from identify import identify

from amllint.cli.parser import build_parser
from amllint.source.repository import EXTENSIONS

ROOT = Path(__file__).resolve().parents[1]
HOOKS = {
    hook["id"]: hook
    for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
}
OURS = (
    "score.py",
    "src/deploy/score.py",
    "inferenceconfig.json",
    "deploy/inferenceConfig.yml",
    "deploymentconfig.yaml",
    "conda dependencies.yml",
    "amllint.toml",
    "services/churn/amllint.toml",
)
NOT_OURS = ("README.md", "Dockerfile", "model.pkl", "pyproject.toml", "score.pyc", "json", "a.toml")


@pytest.mark.parametrize("hook", HOOKS.values(), ids=HOOKS)
def test_a_hook_gets_every_kind_of_file_that_is_read_and_no_other(hook: dict[str, object]) -> None:
    pattern = re.compile(str(hook["files"]))
    assert all(pattern.search(f"deploy/score{extension}") for extension in EXTENSIONS)
    assert [name for name in OURS if not pattern.search(name)] == []
    assert [name for name in NOT_OURS if pattern.search(name)] == []
    wanted = set(hook["types"])  # type: ignore[call-overload]
    assert all(wanted <= identify.tags_from_filename(Path(name).name) for name in OURS)


@pytest.mark.parametrize("hook", HOOKS.values(), ids=HOOKS)
def test_a_hook_runs_a_command_that_exists_once_with_all_files(hook: dict[str, object]) -> None:
    assert hook["require_serial"] is True
    assert hook.get("pass_filenames", True) is True
    program, *arguments = shlex.split(str(hook["entry"]))
    assert program == "amllint"
    assert build_parser().parse_args([*arguments, "a.py"]).paths == ["a.py"]


def test_one_hook_checks_and_the_other_mends_as_well() -> None:
    assert set(HOOKS) == {"amllint", "amllint-fix"}
    assert "--fix" not in str(HOOKS["amllint"]["entry"])
    assert "--fix" in str(HOOKS["amllint-fix"]["entry"])
    assert "--unsafe-fixes" not in str(HOOKS["amllint-fix"]["entry"])
