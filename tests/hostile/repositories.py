"""What git reads in the linted tree: repositories that are broken, odd, or block."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from .cases import (
    READ,
    SCORE,
    Builder,
    Case,
    Expect,
    Unavailable,
    case,
    family,
    with_unit,
    write,
)
from .file_system import make_pipe


def repository(folder: Path) -> Path:
    """A git repository with one tracked unit; gives back its `.git`."""
    if shutil.which("git") is None:
        raise Unavailable("no git here")
    with_unit(folder, SCORE)
    for arguments in (["init", "-q"], ["add", "."]):
        subprocess.run(
            ["git", "-C", str(folder), *arguments], check=True, env=clean_environment(folder)
        )
    return folder / ".git"


def commit(folder: Path, message: str) -> None:
    """Commit everything in a repository, with settings of nobody."""
    who = ["-c", "user.name=A", "-c", "user.email=a@b.c", "-c", f"core.hooksPath={os.devnull}"]
    for arguments in (["add", "-A"], ["commit", "-q", "--allow-empty", "-m", message]):
        subprocess.run(
            ["git", "-C", str(folder), *who, *arguments],
            check=True,
            env=clean_environment(folder),
        )


def clean_environment(folder: Path) -> dict[str, str]:
    """The environment without the user's git settings."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    return {
        **kept,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "HOME": str(folder),
    }


def configure(git: Path, text: str) -> None:
    """Append to a repository\'s settings."""
    with open(git / "config", "a", encoding="utf-8") as file:
        file.write(text)


def _setting(text: str, note: str = "", outcome: Expect = READ) -> Builder:
    def build(folder: Path) -> Case:
        configure(repository(folder), text)
        return Case(["."], note, outcome)

    return build


family(
    {
        "git_worktree_is_root": _setting(
            "[core]\n\tworktree = /\n", "the tree is then the machine"
        ),
        "git_worktree_is_elsewhere": _setting(
            "[core]\n\tworktree = /nowhere\n", "git fails; a walk does not"
        ),
        "git_bare": _setting("[core]\n\tbare = true\n", "git: must be run in a work tree"),
        "git_excludes_all": _setting("[core]\n\texcludesFile = /dev/zero\n"),
        "git_version_99": _setting("[core]\n\trepositoryFormatVersion = 99\n"),
        "git_unknown_extension": _setting(
            "[core]\n\trepositoryFormatVersion = 1\n[extensions]\n\tx = 1\n"
        ),
        "git_config_broken": _setting(
            "[core\n\x00\x1b[2J = \n", "its error text holds escape codes"
        ),
        "git_config_includes_itself": _setting(
            "[include]\n\tpath = config\n", "git: too many includes"
        ),
        "git_config_of_10_mb": _setting("[a]\n" + "\tb = c\n" * 500_000),
        "git_pager_and_colour": _setting(
            "[core]\n\tpager = cat\n\tquotePath = true\n[color]\n\tui = always\n"
        ),
        "git_split_index": _setting("[core]\n\tsplitIndex = true\n\tsparseCheckout = true\n"),
    }
)


def _pipe_in_repository(make: Callable[[Path], None], note: str) -> Builder:
    def build(folder: Path) -> Case:
        make(repository(folder))
        return Case(["."], note, READ)

    return build


def _replace_by_pipe(path: Path) -> None:
    path.unlink(missing_ok=True)
    make_pipe(path)


def _excludes_pipe(git: Path) -> None:
    make_pipe(git / "pipe")
    configure(git, f"[core]\n\texcludesFile = {git / 'pipe'}\n")


def _include_pipe(git: Path) -> None:
    make_pipe(git / "pipe")
    configure(git, f"[include]\n\tpath = {git / 'pipe'}\n")


# git opens each of these and waits: whoever calls it needs a limit well below ours.
family(
    {
        "git_excludes_is_a_pipe": _pipe_in_repository(_excludes_pipe, "git blocks"),
        "git_include_is_a_pipe": _pipe_in_repository(_include_pipe, "git blocks"),
        "git_index_is_a_pipe": _pipe_in_repository(
            lambda git: _replace_by_pipe(git / "index"), "git blocks"
        ),
        "git_head_is_a_pipe": _pipe_in_repository(
            lambda git: _replace_by_pipe(git / "HEAD"), "git blocks"
        ),
        "git_config_is_a_pipe": _pipe_in_repository(
            lambda git: _replace_by_pipe(git / "config"), "git blocks"
        ),
        "git_info_exclude_is_a_pipe": _pipe_in_repository(
            lambda git: _replace_by_pipe(git / "info" / "exclude"), "git blocks"
        ),
        "git_ignore_is_a_pipe": _pipe_in_repository(
            lambda git: make_pipe(git.parent / ".gitignore"), "git blocks"
        ),
        "git_index_is_garbage": _pipe_in_repository(
            lambda git: write(git / "index", b"DIRC" + b"\xff" * 4096) and None, "git: bad index"
        ),
        "git_index_is_gone": _pipe_in_repository(
            lambda git: (git / "index").unlink(), "nothing is tracked"
        ),
        "git_index_is_locked": _pipe_in_repository(
            lambda git: write(git / "index.lock", b"") and None, ""
        ),
        "git_tracked_file_is_gone": _pipe_in_repository(
            lambda git: (git.parent / "score.py").rename(git.parent / "other.py"),
            "listed, but not there",
        ),
    }
)


def _no_repository(make: Callable[[Path], None], note: str) -> Builder:
    def build(folder: Path) -> Case:
        with_unit(folder, SCORE)
        make(folder / ".git")
        return Case(["."], note, READ)

    return build


def _garbage(path: Path) -> None:
    for name in ("HEAD", "config", "index", "objects/x", "refs/heads/main"):
        write(path / name, bytes(range(256)) * 4)


family(
    {
        "git_file_to_nowhere": _no_repository(
            lambda path: write(path, "gitdir: /nowhere\n") and None, ""
        ),
        "git_file_to_itself": _no_repository(
            lambda path: write(path, "gitdir: .git\n") and None, ""
        ),
        "git_file_of_garbage": _no_repository(
            lambda path: write(path, b"\xff\0" * 5000) and None, ""
        ),
        "git_folder_empty": _no_repository(lambda path: path.mkdir(), ""),
        "git_folder_of_garbage": _no_repository(_garbage, ""),
        "git_is_a_pipe": _no_repository(make_pipe, ""),
        "git_is_a_loop": _no_repository(lambda path: path.symlink_to(".git"), ""),
    }
)


@case
def git_environment_points_elsewhere(folder: Path) -> Case:
    """A hook's environment: GIT_DIR and its like lead git to another repository."""
    repository(folder)
    lost = dict.fromkeys(("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"), "/nowhere")
    return Case(["."], "as under `git commit -a` with pre-commit", READ, environment=lost)
