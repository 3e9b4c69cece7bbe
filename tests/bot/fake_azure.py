"""An Azure DevOps on loopback: one pull request, with the rules that the real one keeps."""

from __future__ import annotations

import base64
import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .server import Call, Reply, Server

BUILD_TOKEN = "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.0123456789"
PERSONAL = "52characterslongpersonalaccesstoken0123456789abcdefg"
SERVICE = "6f0d2b6e-0000-4000-8000-00000000b01d"
MAX_CONTENT = 150_000
MAX_TOP = 2000
STATUSES = {"active", "fixed", "wontFix", "closed", "byDesign", "pending", "unknown"}
READ_ONLY = (
    "TF401027: You need the Git 'PullRequestContribute' permission to perform this action."
    " Details: identity 'Build\\6f0d', scope 'repository'."
)


def error(status: int, message: str, key: str = "GitPullRequestException") -> Reply:
    """An error in the form of Azure DevOps."""
    kind = f"Microsoft.TeamFoundation.Git.Server.{key}, Microsoft.TeamFoundation.Git.Server"
    data = {"$id": "1", "innerException": None, "message": message, "typeName": kind}
    return Reply(status, {**data, "typeKey": key, "errorCode": 0, "eventId": 3000})


@dataclass
class FakeAzure(Server):
    """The state of pull request 7 of the repository `churn` in the project `ML Ops`."""

    iterations: list[dict[str, Any]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    threads: list[dict[str, Any]] = field(default_factory=list)
    text: Callable[[str, str], str | None] = lambda path, commit: None
    read_only: bool = False
    page: int = MAX_TOP

    def __post_init__(self) -> None:
        super().__init__()
        self.numbers = itertools.count(100)

    @property
    def base(self) -> str:
        """The collection's address."""
        return f"{self.url}/acme/"

    def push(self, base: str, head: str, changes: list[dict[str, Any]]) -> None:
        """A new iteration."""
        number = len(self.iterations) + 1
        commits = {"sourceRefCommit": {"commitId": head}, "commonRefCommit": {"commitId": base}}
        self.iterations.append({"id": number, **commits, "targetRefCommit": {"commitId": base}})
        self.changes = changes

    # -- answering ------------------------------------------------------------------------

    def answer(self, call: Call) -> Reply:
        """Azure DevOps' answer to a request."""
        given = call.headers.get("authorization", "")
        pair = base64.b64encode(f":{PERSONAL}".encode()).decode()
        if given not in (f"Bearer {BUILD_TOKEN}", f"Basic {pair}"):
            return error(401, "TF400813: The user '' is not authorized to access this resource.")
        if not call.query.get("api-version", "").startswith("7.1"):
            return error(400, "No api-version was supplied.", "VssVersionNotSpecifiedException")
        if call.writes and self.read_only:
            return error(403, READ_ONLY, "GitNeedsPermissionException")
        for (method, pattern), route in ROUTES.items():
            match = re.fullmatch(pattern, call.path)
            if match and method == call.method:
                return getattr(self, route)(call, *map(int, match.groups()))
        return error(404, f"The controller for path '{call.path}' was not found.")

    def _me(self, call: Call) -> Reply:
        if call.query["api-version"] != "7.1-preview":
            return error(400, "The requested version is in preview.")
        return Reply(200, {"authenticatedUser": {"id": SERVICE, "isActive": True}})

    def _iterations(self, call: Call) -> Reply:
        return Reply(200, {"count": len(self.iterations), "value": self.iterations})

    def _changes(self, call: Call, number: int) -> Reply:
        top, skip = int(call.query.get("$top", 100)), int(call.query.get("$skip", 0))
        if not 0 < top <= MAX_TOP or skip < 0:
            return error(400, "The value of $top is out of range.")
        top = min(top, self.page)
        shown = self.changes[skip : skip + top]
        more = skip + top < len(self.changes)
        following = {"nextSkip": skip + top, "nextTop": top} if more else {}
        return Reply(200, {"changeEntries": shown, **following})

    def _items(self, call: Call) -> Reply:
        path, commit = call.query["path"], call.query["versionDescriptor.version"]
        if call.query.get("versionDescriptor.versionType") != "commit":
            return error(400, "TF401175: The version descriptor could not be resolved.")
        content = self.text(path.removeprefix("/"), commit)
        if content is None:
            return error(404, f"TF401174: The item '{path}' could not be found.")
        return Reply(200, {"path": path, "commitId": commit, "content": content})

    def _threads(self, call: Call) -> Reply:
        return Reply(200, {"count": len(self.threads), "value": self.threads})

    def _create(self, call: Call) -> Reply:
        wrong = self._wrong(call.body)
        if wrong:
            return error(400, wrong, "ArgumentException")
        thread = {
            "id": next(self.numbers),
            "status": call.body["status"],
            "threadContext": call.body.get("threadContext"),
            "pullRequestThreadContext": call.body.get("pullRequestThreadContext"),
            "comments": [self._comment(c, n) for n, c in enumerate(call.body["comments"], 1)],
            "isDeleted": False,
        }
        self.threads.append(thread)
        return Reply(200, thread)

    def _comment(self, given: dict[str, Any], number: int, author: str = SERVICE) -> dict[str, Any]:
        who = {"id": author, "displayName": author}
        return {"id": number, "commentType": "text", "author": who, **given}

    def _wrong(self, body: dict[str, Any]) -> str:
        unknown = set(body) - {"comments", "status", "threadContext", "pullRequestThreadContext"}
        comments = body.get("comments") or []
        if unknown or not comments or body.get("status") not in STATUSES:
            return f"the thread is not as it should be: {unknown}"
        if any(not 0 < len(c.get("content", "")) <= MAX_CONTENT for c in comments):
            return "The comment has no content or too much."
        context = body.get("threadContext")
        if context is None:
            return ""
        start, end = context["rightFileStart"], context["rightFileEnd"]
        if any(p["line"] < 1 or p["offset"] < 1 for p in (start, end)):
            return "Lines and offsets begin at 1."
        if (start["line"], start["offset"]) > (end["line"], end["offset"]):
            return "The end is before the start."
        tracked = body["pullRequestThreadContext"]
        change = next((c for c in self.changes if c["item"]["path"] == context["filePath"]), None)
        if change is None or tracked["changeTrackingId"] != change["changeTrackingId"]:
            return "The change tracking id is not that of the file."
        shown = tracked["iterationContext"]
        wanted = len(self.iterations)
        fits = shown["firstComparingIteration"] == shown["secondComparingIteration"] == wanted
        return "" if fits else "The iterations are not those of the pull request."

    def _update(self, call: Call, number: int) -> Reply:
        thread = next((t for t in self.threads if t["id"] == number), None)
        if thread is None or call.body.get("status") not in STATUSES:
            return error(400, "There is no such thread or status.")
        thread["status"] = call.body["status"]
        return Reply(200, thread)

    def _edit(self, call: Call, number: int, comment: int) -> Reply:
        thread = next(t for t in self.threads if t["id"] == number)
        entry = next(c for c in thread["comments"] if c["id"] == comment)
        if entry["author"]["id"] != SERVICE:
            return error(403, "TF401027: only the author edits a comment")
        if not 0 < len(call.body["content"]) <= MAX_CONTENT:
            return error(400, "The comment has no content or too much.")
        entry["content"] = call.body["content"]
        return Reply(200, entry)

    # -- what people do -------------------------------------------------------------------

    def reply(self, thread: dict[str, Any], author: str, text: str) -> None:
        """Somebody answers."""
        given = {"content": text, "parentCommentId": 1}
        thread["comments"].append(self._comment(given, len(thread["comments"]) + 1, author))


ROOT = "/acme/ML%20Ops/_apis/git/repositories/churn"
PULL = f"{ROOT}/pullRequests/7"
ROUTES = {
    ("GET", "/acme/_apis/connectionData"): "_me",
    ("GET", f"{ROOT}/items"): "_items",
    ("GET", f"{PULL}/iterations"): "_iterations",
    ("GET", f"{PULL}/iterations/(\\d+)/changes"): "_changes",
    ("GET", f"{PULL}/threads"): "_threads",
    ("POST", f"{PULL}/threads"): "_create",
    ("PATCH", f"{PULL}/threads/(\\d+)"): "_update",
    ("PATCH", f"{PULL}/threads/(\\d+)/comments/(\\d+)"): "_edit",
}
