"""What Azure DevOps knows of a pull request: its iterations, changes and threads."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from amllint.bot.comments import SUMMARY, Marks, marks
from amllint.bot.diff import Diff, FileDiff, diff_of, file_diff
from amllint.bot.errors import Refused
from amllint.bot.markdown import quoted_path
from amllint.bot.plan import Anchor, Existing
from amllint.bot.results import Place
from amllint.bot.session import Session
from amllint.network.secret import Secret

VERSION: Final = "7.1"
PAGE: Final = 2000
"""The most changes that are told at once."""

MAX_TEXT: Final = 1_000_000
OPEN: Final = frozenset({"active", "pending", "unknown", None})
HEADERS: Final = {
    "Accept": "application/json",
    "User-Agent": "amllint",
    # Tells of a token that is not accepted rather than leading to a page to sign in.
    "X-TFS-FedAuthRedirect": "Suppress",
}

Patch = Callable[[str, str, str, str], "str | None"]
"""Hunks of a file: between two commits, by its old path (empty: it is new) and its new one.

`None` if the commits are not here.
"""


@dataclass(frozen=True, slots=True)
class Target:
    """Which pull request; `commit` is the newest of its branch that was checked, if known."""

    project: str
    repository: str
    number: int
    commit: str | None = None

    @property
    def repository_path(self) -> str:
        """The repository in the REST interface."""
        project, repository = quoted_path(self.project), quoted_path(self.repository)
        return f"/{project}/_apis/git/repositories/{repository}"

    @property
    def path(self) -> str:
        """The pull request in the REST interface."""
        return f"{self.repository_path}/pullRequests/{self.number}"


@dataclass(frozen=True, slots=True)
class Iteration:
    """The newest state of a pull request: its number, newest commit, and where it forks off."""

    id: int
    head: str
    base: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A changed file: paths from the root without a slash in front, and its tracking number."""

    path: str
    old_path: str
    kind: str
    tracking: int | None


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread that we have begun: number of thread and of comment, its text and status."""

    id: int
    comment: int
    body: str
    status: str | None
    mark: Marks
    path: str | None
    line: int | None
    end: int | None
    answered: bool

    @property
    def closed(self) -> bool:
        """Whether it is resolved, in whatever way."""
        return self.status not in OPEN


def connect(collection: str, token: Secret, personal: bool, **options: Any) -> Session:
    """A session with a collection; a personal token takes the place of a password."""
    if personal:
        pair = base64.b64encode(f":{token.reveal()}".encode()).decode()
        authorization = Secret(f"Basic {pair}")
    else:
        authorization = Secret(f"Bearer {token.reveal()}")
    return Session(collection, authorization, token, headers=HEADERS, **options)


def versioned(path: str) -> str:
    """A path with the version of the interface, for writes."""
    return f"{path}?api-version={VERSION}"


def iteration(session: Session, target: Target) -> Iteration:
    """The newest iteration."""
    listed = _values(session, f"{target.path}/iterations")
    if not listed:
        raise Refused(0, f"pull request {target.number} has no iterations")
    newest = max(listed, key=lambda i: int(i["id"]))
    base = newest.get("commonRefCommit") or newest["targetRefCommit"]
    return Iteration(int(newest["id"]), newest["sourceRefCommit"]["commitId"], base["commitId"])


def changes(session: Session, target: Target, now: Iteration) -> list[Changed]:
    """Every file that the pull request changes, against where it forks off."""
    path = f"{target.path}/iterations/{now.id}/changes"
    skip, top, found = 0, PAGE, []
    while True:
        params = {"$top": top, "$skip": skip, "$compareTo": 0, "api-version": VERSION}
        data = _object(session.get(path, params).data, path)
        found += [c for c in map(_changed, data.get("changeEntries") or []) if c is not None]
        following = int(data.get("nextSkip") or 0)
        if following <= skip:
            return found
        skip, top = following, int(data.get("nextTop") or PAGE)


def diff(
    session: Session,
    target: Target,
    now: Iteration,
    changed: Iterable[Changed],
    wanted: set[str],
    patch: Patch,
) -> Diff:
    """The change of the wanted files, by git where it has both commits, else by their texts."""
    files = []
    for entry in changed:
        if entry.path in wanted and "delete" not in entry.kind:
            files.append(_file(session, target, now, entry, patch))
        else:
            files.append(FileDiff(entry.path))
    return diff_of(files)


def me(session: Session) -> str:
    """The id of the identity that the token stands for."""
    path = "/_apis/connectionData"
    data = _object(session.get(path, {"api-version": "7.1-preview"}).data, path)
    try:
        return str(data["authenticatedUser"]["id"])
    except (KeyError, TypeError):
        raise Refused(0, f"{path} does not say who this is") from None


def threads(session: Session, target: Target, now: Iteration, author: str) -> list[Thread]:
    """Threads with a mark of ours, begun by `author`, placed as in the newest iteration."""
    params = {"$iteration": now.id, "$baseIteration": now.id}
    listed = _values(session, f"{target.path}/threads", params)
    return [t for t in (_thread(data, author) for data in listed) if t is not None]


def existing(thread: Thread) -> Existing:
    """A thread about a finding as planning knows it."""
    anchor = None
    if thread.path is not None and thread.line is not None:
        anchor = Anchor(thread.path, thread.line, thread.end or thread.line)
    return Existing(
        str(thread.comment),
        str(thread.id),
        thread.mark.fingerprint,
        anchor,
        thread.body,
        answered=thread.answered,
        closed=thread.closed,
        mended=thread.mark.mended,
    )


def address(session: Session, target: Target, commit: str, place: Place) -> str:
    """Where a line can be seen."""
    project, repository = quoted_path(target.project), quoted_path(target.repository)
    line = place.start.line
    return (
        f"{session.base}/{project}/_git/{repository}?path=/{quoted_path(place.path)}"
        f"&version=GC{commit}&line={line}&lineEnd={line + 1}&lineStartColumn=1&lineEndColumn=1"
    )


def _changed(data: Mapping[str, Any]) -> Changed | None:
    item = data.get("item") or {}
    if item.get("isFolder") or not item.get("path"):
        return None
    path = str(item["path"]).removeprefix("/")
    old = str(data.get("originalPath") or data.get("sourceServerItem") or path).removeprefix("/")
    return Changed(path, old, str(data.get("changeType", "")), data.get("changeTrackingId"))


def _file(
    session: Session, target: Target, now: Iteration, entry: Changed, patch: Patch
) -> FileDiff:
    added = "add" in entry.kind
    local = patch(now.base, now.head, "" if added else entry.old_path, entry.path)
    if local is not None:
        return file_diff(entry.path, local)
    from amllint.bot.texts import hunks

    old = "" if added else _text(session, target, entry.old_path, now.base)
    new = _text(session, target, entry.path, now.head)
    return file_diff(entry.path, None if old is None or new is None else hunks(old, new))


def _text(session: Session, target: Target, path: str, commit: str) -> str | None:
    """A file's text at a commit; `None` if it is binary or too large."""
    params = {
        "path": f"/{path}",
        "versionDescriptor.version": commit,
        "versionDescriptor.versionType": "commit",
        "includeContent": "true",
        "$format": "json",
        "api-version": VERSION,
    }
    where = f"{target.repository_path}/items"
    data = _object(session.get(where, params).data, where)
    content = data.get("content")
    fit = isinstance(content, str) and len(content) <= MAX_TEXT and "\0" not in content
    return content if fit else None


def _thread(data: Mapping[str, Any], author: str) -> Thread | None:
    comments = [c for c in data.get("comments") or [] if c.get("commentType") != "system"]
    if data.get("isDeleted") or not comments or comments[0].get("isDeleted"):
        return None
    first = comments[0]
    mark = marks(first.get("content") or "")
    if mark is None or (first.get("author") or {}).get("id") != author:
        return None
    context = data.get("threadContext") or {}
    path = context.get("filePath")
    others = any((c.get("author") or {}).get("id") != author for c in comments[1:])
    return Thread(
        int(data["id"]),
        int(first["id"]),
        first["content"],
        data.get("status"),
        mark,
        str(path).removeprefix("/") if path else None,
        (context.get("rightFileStart") or {}).get("line"),
        (context.get("rightFileEnd") or {}).get("line"),
        answered=others,
    )


def _values(
    session: Session, path: str, params: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    data = session.get(path, {**(params or {}), "api-version": VERSION}).data
    return list(_object(data, path).get("value") or [])


def _object(data: Any, path: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise Refused(0, f"{path} is not answered with JSON: is the token accepted?")
    return data


def is_summary(thread: Thread) -> bool:
    """Whether a thread is the one that sums up."""
    return thread.mark.fingerprint == SUMMARY
