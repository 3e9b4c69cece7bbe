"""The files of a commit, read from git's objects; the work tree is not touched."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from functools import cached_property
from typing import Final, NamedTuple

from amllint.source.git import git
from amllint.source.problem import Refused

_SECONDS: Final = 20
"""For commands whose work grows with the repository and its history."""
_MAX_BLOB: Final = 10 * 1024 * 1024
_MAX_BYTES: Final = 256 * 1024 * 1024
_OID: Final = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_LFS: Final = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\n(?:ext-[^\n]+\n)*"
    rb"oid sha256:([0-9a-f]{64})\nsize \d+\n"
)
_LINK, _SUBMODULE = "120000", "160000"


class RevisionProblem(Refused):
    """A commit that cannot be compared with; `str()` says why and what to do."""


class Blob(NamedTuple):
    """A file of a commit: git's mode and object name."""

    mode: str
    oid: str

    @property
    def is_link(self) -> bool:
        """Whether it is a symbolic link."""
        return self.mode == _LINK

    def holds(self, data: bytes) -> bool:
        """Whether a file with these bytes is the same, taken as they are."""
        hashed = hashlib.sha1 if len(self.oid) == 40 else hashlib.sha256
        head = f"blob {len(data)}".encode() + b"\0"
        return hashed(head + data, usedforsecurity=False).hexdigest() == self.oid


class Revision:
    """The tree of one commit. Paths are absolute; submodules are left out."""

    def __init__(self, root: str, commit: str) -> None:
        self.root = root
        self.commit = commit

    @classmethod
    def merge_base(cls, root: str, revision: str) -> Revision:
        """Where the work tree's branch left a revision. Raises `RevisionProblem`."""
        given = _commit(root, revision)
        if given is None:
            raise RevisionProblem(_not_here(root, revision))
        head = _commit(root, "HEAD")
        if head is None:
            raise RevisionProblem("there is no commit yet to compare with")
        found = git(root, "merge-base", given, head, seconds=_SECONDS)
        if found is None:
            raise RevisionProblem("git did not answer in time; compare with a nearer commit")
        match = _OID.match(found.out)
        if found.code or match is None:
            raise RevisionProblem(
                f"`{revision}` and HEAD have no common ancestor here{_shallow_hint(root)}"
            )
        return cls(root, match.group().decode())

    @cached_property
    def blobs(self) -> dict[str, Blob]:
        """Every file and link by path. Raises `RevisionProblem`."""
        listed = git(self.root, "ls-tree", "-rz", "--full-tree", self.commit, seconds=_SECONDS)
        if listed is None or listed.code:
            raise RevisionProblem(f"git cannot list the files of {self.commit[:12]}")
        found: dict[str, Blob] = {}
        for line in listed.out.split(b"\0"):
            head, _, name = line.partition(b"\t")
            parts = head.decode("ascii", "replace").split(" ")
            if len(parts) == 3 and parts[0] != _SUBMODULE and _is_inside(name):
                path = os.path.join(self.root, *os.fsdecode(name).split("/"))
                found[path] = Blob(parts[0], parts[2])
        return found

    @cached_property
    def skipped(self) -> frozenset[str]:
        """Paths that a sparse checkout leaves out of the work tree."""
        listed = git(self.root, "ls-files", "-zt", seconds=_SECONDS)
        lines = listed.out.split(b"\0") if listed and not listed.code else []
        names = (os.fsdecode(line[2:]) for line in lines if line[:2] == b"S ")
        return frozenset(os.path.join(self.root, *name.split("/")) for name in names)

    def read(self, oids: Iterable[str]) -> dict[str, bytes]:
        """The contents of blobs; those over 10 MiB, which no check reads, are left out.

        Raises `RevisionProblem` where git does not have them, or they are more than 256 MiB.
        """
        wanted = sorted(set(oids))
        sizes = self._sizes(wanted)
        small = [oid for oid in wanted if sizes[oid] <= _MAX_BLOB]
        if sum(sizes[oid] for oid in small) > _MAX_BYTES:
            raise RevisionProblem("the change is too large to compare; choose a nearer commit")
        if not small:
            return {}
        out = self._ask("--batch", small)
        found: dict[str, bytes] = {}
        at = 0
        for oid in small:
            at = out.index(b"\n", at) + 1
            found[oid] = out[at : at + sizes[oid]]
            at += sizes[oid] + 1
        return found

    @property
    def _lacking(self) -> str:
        return (
            f"git has not all files of {self.commit[:12]} here, as in a partial clone, and "
            "nothing is fetched; clone without --filter"
        )

    def _sizes(self, oids: list[str]) -> dict[str, int]:
        if not oids:
            return {}
        lines = self._ask("--batch-check", oids).decode("ascii", "replace").splitlines()
        sizes: dict[str, int] = {}
        for oid, line in zip(oids, lines, strict=False):
            parts = line.split(" ")
            if len(parts) != 3 or parts[:2] != [oid, "blob"]:
                break
            sizes[oid] = int(parts[2])
        if len(sizes) < len(oids):
            raise RevisionProblem(self._lacking)
        return sizes

    def _ask(self, how: str, oids: list[str]) -> bytes:
        given = "".join(f"{oid}\n" for oid in oids).encode()
        answer = git(self.root, "cat-file", how, given=given, seconds=_SECONDS)
        if answer is None or answer.code:
            raise RevisionProblem(self._lacking)
        return answer.out


def lfs_hash(blob: bytes) -> str | None:
    """The SHA-256 of the file that a Git LFS pointer stands for; `None` for other contents."""
    match = _LFS.fullmatch(blob)
    return match.group(1).decode() if match else None


def _commit(root: str, revision: str) -> str | None:
    if not revision or revision.startswith("-") or "\0" in revision:
        return None
    named = revision + "^{commit}"
    found = git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", named)
    match = _OID.search(found.out) if found is not None and not found.code else None
    return match.group().decode() if match else None


def _is_inside(name: bytes) -> bool:
    """Whether a path of a tree stays below the root; trees made by hand can hold others."""
    steps = name.split(b"/")
    return bool(name) and not any(step in (b"", b".", b"..", b".git") for step in steps)


def _not_here(root: str, revision: str) -> str:
    asked = git(root, "rev-parse", "--git-dir")
    if asked is None:
        return "git is not installed, or did not answer in time"
    if asked.code:
        said = asked.err.decode("utf-8", "replace").strip().partition("\n")[0]
        return f"git refuses this repository: {said.removeprefix('fatal: ')}"
    hint = _shallow_hint(root) or _fetch(revision)
    return f"there is no commit `{revision}` here; fetch it{hint}"


def _fetch(revision: str) -> str:
    remote, _, branch = revision.partition("/")
    return f": git fetch {remote} {branch}" if branch else ", or name one that is there"


def _shallow_hint(root: str) -> str:
    shallow = git(root, "rev-parse", "--is-shallow-repository")
    if shallow is None or shallow.out.strip() != b"true":
        return ""
    return (
        ": this clone is shallow (git fetch --unshallow; in actions/checkout `fetch-depth: 0`, "
        "in Azure Pipelines `fetchDepth: 0`, in GitLab CI `GIT_DEPTH: 0`)"
    )
