"""A GitHub on loopback: one pull request, with the rules that the real one keeps.

Bodies are held against GitHub's published OpenAPI description, GraphQL is answered by the
published schema, and the limits are those of the documentation.
"""

from __future__ import annotations

import difflib
import itertools
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from graphql import build_schema, graphql_sync
from jsonschema import Draft202012Validator

from .server import Call, Reply, Server

PUBLISHED = Path(__file__).parent / "published"
OPERATIONS = json.loads((PUBLISHED / "github.openapi.json").read_text("utf-8"))["operations"]
SCHEMA = build_schema((PUBLISHED / "github.graphql").read_text("utf-8"))
MAX_BODY = 65_536
MAX_FILES = 3000
NOT_IN_DIFF = "Pull request review thread line must be part of the diff"
NOT_SAME_HUNK = "Pull request review thread start line must be part of the same hunk as the line."
READ_ONLY = "Resource not accessible by integration"
TOKEN = "ghs_0123456789abcdefghijABCDEFGHIJ012345"
BOT = "github-actions[bot]"


@dataclass
class Comment:
    """A comment in a thread."""

    id: int
    author: str
    body: str


@dataclass
class Thread:
    """A review thread; `line` is `None` once its lines have changed."""

    id: str
    path: str
    line: int | None
    start: int | None
    comments: list[Comment]
    resolved: bool = False


@dataclass
class Review:
    """A submitted review."""

    id: int
    author: str
    body: str


@dataclass
class FakeGitHub(Server):
    """The state of one pull request of `acme/churn`, and what a token may do there."""

    head: str = "a" * 40
    files: list[dict[str, Any]] = field(default_factory=list)
    contents: dict[str, str] = field(default_factory=dict)
    threads: list[Thread] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    checks: list[dict[str, Any]] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=lambda: {TOKEN: BOT})
    read_only: bool = False
    may_resolve: bool = False
    pause: float = 0.0
    """Seconds between two writes below which the secondary rate limit answers."""

    max_page: int = 100
    hidden_files: int = 0

    def __post_init__(self) -> None:
        super().__init__()
        self.numbers = itertools.count(3_000_000_000)
        self.last_write = float("-inf")

    # -- what people do -------------------------------------------------------------------

    def push(self, head: str, files: list[dict[str, Any]], contents: dict[str, str]) -> None:
        """New commits: comments move with their lines, or are outdated with them."""
        before, self.contents = self.contents, contents
        self.head, self.files = head, files
        for thread in self.threads:
            start = _moved(before, contents, thread.path, thread.start)
            line = _moved(before, contents, thread.path, thread.line)
            known = self.right_lines(thread.path)
            thread.line = line if line in known and (start or not thread.start) else None
            thread.start = start if thread.line else None

    def reply(self, thread: Thread, author: str, body: str) -> None:
        """Somebody answers in a thread."""
        thread.comments.append(Comment(next(self.numbers), author, body))

    def comment(self, path: str, line: int, author: str, body: str) -> Thread:
        """Somebody comments on a line."""
        number = next(self.numbers)
        thread = Thread(f"PRRT_{number}", path, line, None, [Comment(number, author, body)])
        self.threads.append(thread)
        return thread

    # -- what there is --------------------------------------------------------------------

    def right_lines(self, path: str) -> dict[int, int]:
        """Lines of the new side that are part of the diff, with the number of their hunk."""
        found: dict[int, int] = {}
        patch = next((f.get("patch") for f in self.files if f["filename"] == path), None)
        number = hunk = 0
        for row in (patch or "").split("\n"):
            head = re.match(r"@@ -\S+ \+(\d+)(?:,\d+)? @@", row)
            if head:
                number, hunk = int(head[1]), hunk + 1
            elif row.startswith((" ", "+")):
                found[number] = hunk
                number += 1
        return found

    # -- answering ------------------------------------------------------------------------

    def answer(self, call: Call) -> Reply:
        """GitHub's answer to a request."""
        refusal = self._refused(call)
        if refusal is not None:
            return refusal
        for (method, pattern), route in ROUTES.items():
            match = re.fullmatch(pattern, call.path)
            if match and method == call.method:
                return getattr(self, route)(call, *match.groups())
        return Reply(404, {"message": "Not Found"})

    def _refused(self, call: Call) -> Reply | None:
        if not call.headers.get("user-agent"):
            return Reply(403, {"message": "Request forbidden by administrative rules."})
        scheme, _, token = call.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or token not in self.tokens:
            return Reply(401, {"message": "Bad credentials"})
        self.login = self.tokens[token]
        if not call.writes:
            return None
        early = call.at - self.last_write < self.pause
        self.last_write = call.at
        if early:
            said = "You have exceeded a secondary rate limit. Please wait a few minutes."
            return Reply(403, {"message": said}, {"Retry-After": "1"})
        if self.read_only and not call.path.endswith("/graphql"):
            return Reply(403, {"message": READ_ONLY})
        return None

    def _pull(self, call: Call) -> Reply:
        changed = len(self.files) + self.hidden_files
        return Reply(200, {"head": {"sha": self.head}, "changed_files": changed})

    def _files(self, call: Call) -> Reply:
        return self._page(call, self.files[:MAX_FILES])

    def _page(self, call: Call, entries: list[Any], wrap: str = "") -> Reply:
        size = min(int(call.query.get("per_page", 30)), self.max_page)
        number = int(call.query.get("page", 1))
        shown = entries[(number - 1) * size : number * size]
        headers = {}
        if number * size < len(entries):
            query = "&".join(f"{k}={v}" for k, v in {**call.query, "page": number + 1}.items())
            last = (len(entries) + size - 1) // size
            headers["Link"] = (
                f'<{self.url}{call.path}?{query}>; rel="next", '
                f'<{self.url}{call.path}?page={last}>; rel="last"'
            )
        return Reply(200, {wrap: shown, "total_count": len(entries)} if wrap else shown, headers)

    def _review(self, call: Call) -> Reply:
        body = call.body
        if body.get("event") == "COMMENT" and not body.get("body"):
            return _unprocessable("Body can't be blank")
        if body.get("commit_id", self.head) != self.head:
            return _unprocessable("commit_id is not part of the pull request")
        texts = [body.get("body", ""), *(c["body"] for c in body.get("comments", []))]
        if any(len(t) > MAX_BODY or not t for t in texts):
            return _unprocessable("body is too long (maximum is 65536 characters)")
        wrong = [e for c in body.get("comments", []) for e in self._misplaced(c)]
        if wrong:
            return _unprocessable(*wrong)
        number = next(self.numbers)
        self.reviews.append(Review(number, self.login, body["body"]))
        for entry in body.get("comments", []):
            thread = self.comment(entry["path"], entry["line"], self.login, entry["body"])
            thread.start = entry.get("start_line")
        return Reply(200, {"id": number, "body": body["body"], "state": "COMMENTED"})

    def _misplaced(self, comment: dict[str, Any]) -> list[str]:
        lines = self.right_lines(comment["path"])
        if comment.get("side") != "RIGHT" or comment.get("line") not in lines:
            return [NOT_IN_DIFF, "Pull request review thread diff hunk can't be blank"]
        start = comment.get("start_line")
        if start is None:
            return []
        if start >= comment["line"]:
            return ["start_line must precede the end line."]
        same = lines.get(start) == lines[comment["line"]]
        return [] if same and comment.get("start_side") == "RIGHT" else [NOT_SAME_HUNK]

    def _update_review(self, call: Call, number: str) -> Reply:
        review = next((r for r in self.reviews if r.id == int(number)), None)
        if review is None:
            return Reply(404, {"message": "Not Found"})
        if review.author != self.login:
            return Reply(403, {"message": "Must be the author"})
        if len(call.body["body"]) > MAX_BODY:
            return _unprocessable("body is too long (maximum is 65536 characters)")
        review.body = call.body["body"]
        return Reply(200, {"id": review.id, "body": review.body})

    def _found(self, number: str) -> tuple[Thread, Comment] | None:
        both = ((t, c) for t in self.threads for c in t.comments if c.id == int(number))
        return next(both, None)

    def _edit(self, call: Call, number: str) -> Reply:
        found = self._found(number)
        if found is None:
            return Reply(404, {"message": "Not Found"})
        found[1].body = call.body["body"]
        return Reply(200, {"id": found[1].id, "body": found[1].body})

    def _delete(self, call: Call, number: str) -> Reply:
        found = self._found(number)
        if found is None:
            return Reply(404, {"message": "Not Found"})
        found[0].comments.remove(found[1])
        if not found[0].comments:
            self.threads.remove(found[0])
        return Reply(204)

    # -- checks ---------------------------------------------------------------------------

    def _create_check(self, call: Call) -> Reply:
        check = {"id": next(self.numbers), "app": {"slug": self.login.removesuffix("[bot]")}}
        check |= {"status": "queued", "external_id": "", "annotations": []}
        self.checks.append(check)
        return self._set_check(check, call.body, 201)

    def _update_check(self, call: Call, number: str) -> Reply:
        check = next((c for c in self.checks if c["id"] == int(number)), None)
        return self._set_check(check, call.body, 200) if check else Reply(404, {"message": "No"})

    def _set_check(self, check: dict[str, Any], body: dict[str, Any], status: int) -> Reply:
        annotations = body["output"].get("annotations", [])
        for entry in annotations:
            several = entry["start_line"] != entry["end_line"]
            if several and ({"start_column", "end_column"} & set(entry)):
                return _unprocessable("columns are for one line only")
        check["annotations"] += annotations
        check |= {k: v for k, v in body.items() if k not in ("output",)}
        output = {k: v for k, v in body["output"].items() if k != "annotations"}
        check["output"] = {**output, "annotations_count": len(check["annotations"])}
        if "conclusion" in body:
            check["status"] = "completed"
        return Reply(status, {k: v for k, v in check.items() if k != "annotations"})

    def _get_check(self, call: Call, number: str) -> Reply:
        check = next(c for c in self.checks if c["id"] == int(number))
        return Reply(200, {k: v for k, v in check.items() if k != "annotations"})

    def _checks(self, call: Call, commit: str) -> Reply:
        mine = [c for c in self.checks if c["head_sha"] == commit]
        mine = [c for c in mine if c["name"] == call.query.get("check_name", c["name"])]
        shown = [{k: v for k, v in c.items() if k != "annotations"} for c in mine]
        return self._page(call, shown, wrap="check_runs")

    # -- GraphQL --------------------------------------------------------------------------

    def _graphql(self, call: Call) -> Reply:
        done = graphql_sync(
            SCHEMA,
            call.body["query"],
            root_value=_Root(self),
            variable_values=call.body.get("variables"),
        )
        data: dict[str, Any] = {"data": done.data}
        if done.errors:
            data["errors"] = [
                {"message": e.message, "type": (e.extensions or {}).get("type", "")}
                for e in done.errors
            ]
        return Reply(200, data)


REPO = "/repos/acme/churn"
ROUTES = {
    ("GET", f"{REPO}/pulls/7"): "_pull",
    ("GET", f"{REPO}/pulls/7/files"): "_files",
    ("POST", f"{REPO}/pulls/7/reviews"): "_review",
    ("PUT", f"{REPO}/pulls/7/reviews/(\\d+)"): "_update_review",
    ("PATCH", f"{REPO}/pulls/comments/(\\d+)"): "_edit",
    ("DELETE", f"{REPO}/pulls/comments/(\\d+)"): "_delete",
    ("POST", f"{REPO}/check-runs"): "_create_check",
    ("GET", f"{REPO}/check-runs/(\\d+)"): "_get_check",
    ("PATCH", f"{REPO}/check-runs/(\\d+)"): "_update_check",
    ("GET", f"{REPO}/commits/([0-9a-f]+)/check-runs"): "_checks",
    ("POST", "/graphql"): "_graphql",
}


def against_the_published_description(call: Call) -> list[str]:
    """How a REST request differs from GitHub's OpenAPI description; nothing if it fits."""
    for name, operation in OPERATIONS.items():
        method, _, template = name.partition(" ")
        pattern = re.sub(r"\{\w+\}", "[^/]+", template)
        if method == call.method and re.fullmatch(pattern, call.path):
            unknown = [f"query: {q}" for q in call.query if q not in operation["query"]]
            if operation["body"] is None:
                return unknown + (["a body"] if call.body is not None else [])
            judge = Draft202012Validator(operation["body"])
            return unknown + [e.message for e in judge.iter_errors(call.body)]
    return [f"{call.method} {call.path} is not described"]


def _unprocessable(*errors: str) -> Reply:
    return Reply(422, {"message": "Unprocessable Entity", "errors": list(errors)})


def _moved(
    before: dict[str, str], after: dict[str, str], path: str, line: int | None
) -> int | None:
    """Where a line of a file stands now, `None` if it has changed or gone."""
    if line is None or path not in before or path not in after:
        return None
    old, new = before[path].split("\n"), after[path].split("\n")
    for kind, a, b, c, _ in difflib.SequenceMatcher(None, old, new, False).get_opcodes():
        if kind == "equal" and a <= line - 1 < b:
            return c + line - a
    return None


class _Forbidden(Exception):
    extensions: ClassVar[dict[str, str]] = {"type": "FORBIDDEN"}


class _Root:
    """Resolvers of what the extract of the schema has."""

    def __init__(self, hub: FakeGitHub) -> None:
        self.hub = hub

    def viewer(self, info: Any) -> dict[str, str]:
        return {"login": self.hub.login}

    def repository(self, info: Any, owner: str, name: str) -> Any:
        return {"pullRequest": self._request} if (owner, name) == ("acme", "churn") else None

    def _request(self, info: Any, number: int) -> Any:
        return {"reviewThreads": self._threads, "reviews": self._reviews} if number == 7 else None

    def _threads(self, info: Any, first: int, after: str | None = None) -> Any:
        return _connection([self._thread(t) for t in self.hub.threads], first, after)

    def _reviews(self, info: Any, first: int, after: str | None = None) -> Any:
        return _connection([self._text(r) for r in self.hub.reviews], first, after)

    def _thread(self, thread: Thread) -> dict[str, Any]:
        def comments(info: Any, first: int) -> Any:
            return _connection([self._text(c) for c in thread.comments], first, None)

        return {
            "id": thread.id,
            "isResolved": thread.resolved,
            "isOutdated": thread.line is None,
            "path": thread.path,
            "line": thread.line,
            "startLine": thread.start,
            "diffSide": "RIGHT",
            "comments": comments,
        }

    def _text(self, said: Comment | Review) -> dict[str, Any]:
        mine = said.author == self.hub.login
        return {"fullDatabaseId": str(said.id), "viewerDidAuthor": mine, "body": said.body}

    def resolveReviewThread(self, info: Any, input: dict[str, str]) -> Any:
        return self._set(input["threadId"], True)

    def unresolveReviewThread(self, info: Any, input: dict[str, str]) -> Any:
        return self._set(input["threadId"], False)

    def _set(self, id: str, resolved: bool) -> Any:
        if self.hub.read_only or not self.hub.may_resolve:
            raise _Forbidden(READ_ONLY)
        thread = next(t for t in self.hub.threads if t.id == id)
        thread.resolved = resolved
        return {"thread": self._thread(thread)}


def _connection(nodes: list[Any], first: int, after: str | None) -> dict[str, Any]:
    if not 1 <= first <= 100:
        raise ValueError("`first` must be 1 to 100")
    start = int(after) if after else 0
    end = min(start + first, len(nodes))
    info = {"hasNextPage": end < len(nodes), "endCursor": str(end) if end > start else None}
    return {"nodes": nodes[start:end], "pageInfo": info, "totalCount": len(nodes)}
