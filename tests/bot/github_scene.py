"""A pull request on the fake GitHub whose branch is a git repository at hand."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .fake_github import TOKEN, FakeGitHub, Thread
from .pull_requests import Repository, example
from .running import Done, run


class Scene:
    """The repository, the server, and the build that runs `amllint annotate`."""

    def __init__(self, folder: Path, hub: FakeGitHub, base: Mapping[str, str]) -> None:
        self.folder = folder
        self.hub = hub
        self.repository = Repository(folder / "churn")
        self.base = self.repository.commit(base)
        self.files: dict[str, str] = {}

    def push(self, files: Mapping[str, str]) -> None:
        """A commit on the pull request's branch, which has these files alone."""
        self.files = dict(files)
        head = self.repository.commit(files)
        self.hub.push(head, self.repository.change(self.base, head), self.files)

    def environment(self, **more: str) -> dict[str, str]:
        """The variables of a build by GitHub Actions."""
        head = {"head": {"sha": self.hub.head}, "number": 7}
        event = self.folder / "event.json"
        event.write_text(json.dumps({"action": "synchronize", "pull_request": head}), "utf-8")
        return {
            "GITHUB_ACTIONS": "true",
            "GITHUB_REPOSITORY": "acme/churn",
            "GITHUB_REF": "refs/pull/7/merge",
            "GITHUB_API_URL": self.hub.url,
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md"),
            "GITHUB_TOKEN": TOKEN,
            **more,
        }

    def annotate(self, *arguments: str, **env: str) -> Done:
        """Run `amllint annotate`, without the pause between writes."""
        given = ("--isolated", "--pause", "0", *arguments)
        return run(self.repository.folder, self.environment(**env), "annotate", *given)

    def check(self) -> Path:
        """Run `amllint check` and give the file with its JSON."""
        path = self.folder / "findings.json"
        where = self.repository.folder
        run(where, {}, "check", "--isolated", "-q", "-o", f"json={path}")
        return path

    def named(self, rule: str) -> Thread:
        """The one thread about a rule."""
        (found,) = (t for t in self.hub.threads if f"[{rule}]" in t.comments[0].body)
        return found

    @property
    def state(self) -> list[Any]:
        """Everything that is to be seen on the pull request."""
        threads = [
            (t.path, t.start, t.line, t.resolved, [(c.id, c.author, c.body) for c in t.comments])
            for t in self.hub.threads
        ]
        return [threads, [(r.id, r.body) for r in self.hub.reviews], list(self.hub.checks)]


@contextmanager
def bad_pull_request(folder: Path, **hub: Any) -> Iterator[Scene]:
    """The broken example on top of the mended one."""
    server = FakeGitHub(**hub)
    with server.serving():
        scene = Scene(folder, server, example("mended"))
        scene.push(example("broken"))
        yield scene
