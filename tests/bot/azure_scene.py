"""A pull request on the fake Azure DevOps whose branch is a git repository at hand."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .fake_azure import BUILD_TOKEN, FakeAzure
from .pull_requests import Repository, example
from .running import Done, run

KINDS = {"added": "add", "modified": "edit", "removed": "delete", "renamed": "edit, rename"}


class Scene:
    """The repository, the server, and the build that runs `amllint annotate`."""

    def __init__(self, folder: Path, server: FakeAzure, base: Mapping[str, str]) -> None:
        self.folder = folder
        self.server = server
        self.repository = Repository(folder / "churn")
        self.base = self.repository.commit(base)
        self.files: dict[str, str] = {}
        server.text = self.text

    def push(self, files: Mapping[str, str]) -> None:
        """A commit on the pull request's branch, which has these files alone."""
        self.files = dict(files)
        head = self.repository.commit(files)
        listed = self.repository.change(self.base, head)
        self.server.push(self.base, head, [change(n, f) for n, f in enumerate(listed, 1)])

    def text(self, path: str, commit: str) -> str | None:
        """A file at a commit."""
        try:
            return self.repository.git("show", f"{commit}:{path}")
        except subprocess.CalledProcessError:
            return None

    def annotate(self, *arguments: str, folder: Path | None = None, **env: str) -> Done:
        """Run `amllint annotate` in a build of Azure Pipelines."""
        newest = self.server.iterations[-1]["sourceRefCommit"]["commitId"]
        variables = {
            "TF_BUILD": "True",
            "SYSTEM_COLLECTIONURI": self.server.base,
            "SYSTEM_TEAMPROJECT": "ML Ops",
            "BUILD_REPOSITORY_ID": "churn",
            "BUILD_REPOSITORY_PROVIDER": "TfsGit",
            "SYSTEM_PULLREQUEST_PULLREQUESTID": "7",
            "SYSTEM_PULLREQUEST_SOURCECOMMITID": newest,
            "SYSTEM_ACCESSTOKEN": BUILD_TOKEN,
            "AGENT_TEMPDIRECTORY": str(self.folder),
            **env,
        }
        given = ("annotate", "--isolated", "--pause", "0", *arguments)
        return run(folder or self.repository.folder, variables, *given)

    def named(self, rule: str) -> dict[str, Any]:
        """The one thread about a rule."""
        (found,) = (t for t in self.threads if f"[{rule}]" in t["comments"][0]["content"])
        return found

    @property
    def threads(self) -> list[dict[str, Any]]:
        """The threads about lines."""
        return [t for t in self.server.threads if t["threadContext"]]

    @property
    def summary(self) -> dict[str, Any]:
        """The thread that sums up."""
        (found,) = (t for t in self.server.threads if not t["threadContext"])
        return found


def change(number: int, file: Mapping[str, Any]) -> dict[str, Any]:
    """A changed file as Azure DevOps lists it."""
    entry: dict[str, Any] = {
        "changeTrackingId": number,
        "changeId": number,
        "item": {"objectId": "a" * 40, "path": f"/{file['filename']}"},
        "changeType": KINDS[file["status"]],
    }
    if "previous_filename" in file:
        entry["originalPath"] = f"/{file['previous_filename']}"
    return entry


@contextmanager
def bad_pull_request(folder: Path) -> Iterator[Scene]:
    """The broken example on top of the mended one."""
    server = FakeAzure()
    with server.serving():
        scene = Scene(folder, server, example("mended"))
        scene.push(example("broken"))
        yield scene
