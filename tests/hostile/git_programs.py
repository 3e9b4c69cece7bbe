"""What git would run for the linted tree: settings, filters, hooks, aliases."""

from __future__ import annotations

from pathlib import Path

from .cases import ANY, READ, SCORE, USAGE, Case, case, with_unit, write
from .repositories import commit, configure, repository

_GIT_KEYS = (
    "core.fsmonitor",
    "core.sshCommand",
    "core.pager",
    "core.editor",
    "core.askPass",
    "core.gitProxy",
    "core.alternateRefsCommand",
    "diff.external",
    "interactive.diffFilter",
    "credential.helper",
    "gpg.program",
    "filter.evil.clean",
    "filter.evil.smudge",
    "filter.evil.process",
    "diff.evil.textconv",
    "diff.evil.command",
    "merge.evil.driver",
    "uploadpack.packObjectsHook",
    "sequence.editor",
)
_COMMANDS = (
    "ls-files",
    "status",
    "rev-parse",
    "diff",
    "grep",
    "config",
    "check-ignore",
    "log",
    "cat-file",
)
_HOOKS = (
    "post-index-change",
    "fsmonitor-watchman",
    "pre-auto-gc",
    "post-checkout",
    "reference-transaction",
)


def _trap(folder: Path) -> tuple[Path, Path]:
    """A marker, and a program that makes it."""
    marker = folder.parent / "marker"
    program = write(folder.parent / "trap", f"#!/bin/sh\necho \"$0 $*\" >> '{marker}'\n")
    program.chmod(0o755)
    return marker, program


@case
def git_settings_that_run(folder: Path) -> Case:
    """Every setting, alias, filter and hook of a repository that names a program."""
    git = repository(folder)
    marker, program = _trap(folder)
    for key in _GIT_KEYS:
        section, _, name = key.rpartition(".")
        head, _, sub = section.partition(".")
        configure(git, f'[{head} "{sub}"]\n' if sub else f"[{head}]\n")
        configure(git, f"\t{name} = {program}\n")
    hooks = folder.parent / "hooks"
    for hook in _HOOKS:
        write(hooks / hook, program.read_bytes()).chmod(0o755)
        write(git / "hooks" / hook, program.read_bytes()).chmod(0o755)
    configure(git, f"[core]\n\thooksPath = {hooks}\n[alias]\n")
    configure(git, "".join(f"\t{command} = !{program}\n" for command in _COMMANDS))
    configure(git, "[pager]\n" + "".join(f"\t{command} = {program}\n" for command in _COMMANDS))
    write(folder / ".gitattributes", "* filter=evil diff=evil merge=evil\n")
    write(
        folder / "score.py", SCORE + "\n# changed after it was added, so that filters have work\n"
    )
    return Case(["."], "", READ, marker=marker)


@case
def git_settings_that_run_on_a_comparison(folder: Path) -> Case:
    """The same where a change is asked for: git's own diff would run filters and textconv."""
    git_settings_that_run(folder)
    (folder / ".git" / "config").rename(folder.parent / "config")
    for name in ("core.bare", "gc.auto"):
        commit(folder, name)
    configure(folder / ".git", (folder.parent / "config").read_text("utf-8"))
    write(folder / "score.py", SCORE + "\n# changed after it was committed\n")
    # What git is asked must be answered: a refusal would prove nothing.
    return Case(["--diff-base", "HEAD", "."], "", READ, marker=folder.parent / "marker")


@case
def git_partial_clone_that_fetches(folder: Path) -> Case:
    """A promisor remote: git fetches what it lacks, by a program that the remote names."""
    repository(folder)
    commit(folder, "x")
    marker, program = _trap(folder)
    for path in (folder / ".git" / "objects").glob("??/*"):
        path.unlink()
    text = f'[extensions]\n\tpartialClone = o\n[remote "o"]\n\turl = ext::{program} %S\n'
    text += f"\tpromisor = true\n\tuploadpack = {program}\n[protocol]\n\tallow = always\n"
    configure(folder / ".git", "[core]\n\trepositoryFormatVersion = 1\n" + text)
    return Case(["--diff-base", "HEAD", "."], "", USAGE, marker=marker)


@case
def git_fsmonitor_only(folder: Path) -> Case:
    """The one that `git ls-files` and `git status` are known to run."""
    git = repository(folder)
    marker, program = _trap(folder)
    configure(git, f"[core]\n\tfsmonitor = {program}\n\tuntrackedCache = true\n")
    return Case(["."], "", READ, marker=marker)


@case
def git_in_the_tree(folder: Path) -> Case:
    """Programs called `git` in the tree; PATH may name the current directory."""
    marker, program = _trap(folder)
    with_unit(folder, SCORE)
    for name in ("git", "git.exe", "git.bat", "az", "kubectl"):
        write(folder / name, program.read_bytes()).chmod(0o755)
    return Case(["."], "", READ, marker=marker)


@case
def git_environment_runs(folder: Path) -> Case:
    """The same setting through the environment wins over the repository's, not over ours."""
    repository(folder)
    marker, program = _trap(folder)
    setting = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "core.fsmonitor"}
    return Case(
        ["."], "", READ, marker=marker, environment={**setting, "GIT_CONFIG_VALUE_0": str(program)}
    )


@case
def git_submodule_of_itself(folder: Path) -> Case:
    """`.gitmodules` and a nested repository with settings of its own."""
    git = repository(folder)
    nested = repository(folder / "sub")
    marker, program = _trap(folder)
    for config in (git, nested):
        configure(config, f"[core]\n\tfsmonitor = {program}\n")
    write(
        folder / ".gitmodules", '[submodule "sub"]\n\tpath = sub\n\turl = ./\n\tupdate = !false\n'
    )
    return Case(["."], "", ANY, marker=marker)
