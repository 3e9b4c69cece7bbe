"""What GitHub knows of a pull request: its change, and the conversations about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from amllint.bot.comments import SUMMARY, marks
from amllint.bot.diff import Diff, FileDiff, diff_of, file_diff
from amllint.bot.errors import Refused
from amllint.bot.markdown import quoted_path
from amllint.bot.plan import Anchor, Existing
from amllint.bot.results import Place
from amllint.bot.session import Session
from amllint.network.secret import Secret

PAGE: Final = 100
MAX_FILES: Final = 3000
"""GitHub lists no more files of a pull request than this."""

HEADERS: Final = {
    "Accept": "application/vnd.github+json",
    "X-GitHub-Api-Version": "2022-11-28",
    "User-Agent": "amllint",
}
CONVERSATION: Final = """\
query Conversation(
  $owner: String!, $name: String!, $number: Int!, $threads: String, $reviews: String
) {
  viewer { login }
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      reviewThreads(first: 50, after: $threads) {
        pageInfo { hasNextPage endCursor }
        nodes {
          id isResolved isOutdated path line startLine diffSide
          comments(first: 50) {
            totalCount
            nodes { fullDatabaseId viewerDidAuthor body }
          }
        }
      }
      reviews(first: 100, after: $reviews) {
        pageInfo { hasNextPage endCursor }
        nodes { fullDatabaseId viewerDidAuthor body }
      }
    }
  }
}
"""


@dataclass(frozen=True, slots=True)
class Target:
    """Which pull request: `owner/name`, number, the commit that was checked if it is known."""

    repository: str
    number: int
    commit: str | None = None
    server: str = "https://github.com"

    @property
    def path(self) -> str:
        """The pull request in the REST interface."""
        return f"/repos/{quoted_path(self.repository)}/pulls/{self.number}"


@dataclass(frozen=True, slots=True)
class Pull:
    """A pull request's newest commit and the number of files that it changes."""

    head: str
    changed_files: int


@dataclass(frozen=True, slots=True)
class Conversation:
    """Our comments on lines, and our reviews as id → body; `login` is who we are."""

    existing: tuple[Existing, ...] = ()
    reviews: Mapping[str, str] = field(default_factory=dict)
    login: str = ""

    @property
    def summary(self) -> str | None:
        """The id of the review that sums up."""
        mine = (i for i, body in self.reviews.items() if _mark(body) == SUMMARY)
        return next(mine, None)


def connect(api: str, token: Secret, **options: Any) -> Session:
    """A session with GitHub's interface at `api`."""
    authorization = Secret(f"Bearer {token.reveal()}")
    return Session(api, authorization, token, headers=HEADERS, **options)


def pull(session: Session, target: Target) -> Pull:
    """The pull request as it is now."""
    data = session.get(target.path).data
    try:
        return Pull(str(data["head"]["sha"]), int(data["changed_files"]))
    except (KeyError, TypeError, ValueError):
        raise Refused(0, f"{target.path} is not answered as GitHub does") from None


def diff(session: Session, target: Target, now: Pull) -> Diff:
    """What the pull request changes, of as many files as GitHub lists."""
    files = [f for page in session.pages(f"{target.path}/files", {"per_page": PAGE}) for f in page]
    return diff_of(map(_file, files), complete=len(files) >= now.changed_files)


def graphql_path(session: Session) -> str:
    """Where GraphQL is: beside REST, on the same host, on github.com and on servers."""
    base = session.base
    return f"{base[: -len('/v3')]}/graphql" if base.endswith("/api/v3") else f"{base}/graphql"


def conversation(session: Session, target: Target) -> Conversation:
    """Our part of the conversations: comments and reviews that we have written ourselves."""
    threads: list[Any] = []
    reviews: dict[str, str] = {}
    login = ""
    for answer in _conversation_pages(session, target):
        login = answer["viewer"]["login"]
        request = answer["repository"]["pullRequest"]
        threads += filter(None, request["reviewThreads"]["nodes"])
        mine = (r for r in request["reviews"]["nodes"] if r and r["viewerDidAuthor"])
        reviews |= {str(r["fullDatabaseId"]): r["body"] for r in mine}
    existing = tuple(e for e in map(_existing, threads) if e is not None)
    return Conversation(existing, reviews, login)


def address(target: Target, commit: str, place: Place) -> str:
    """Where a line can be seen."""
    path = quoted_path(place.path)
    return f"{target.server}/{target.repository}/blob/{commit}/{path}#L{place.start.line}"


def _file(data: Mapping[str, Any]) -> FileDiff:
    if data.get("status") == "removed":
        return FileDiff(data["filename"])
    unchanged = data.get("changes") == 0 and "patch" not in data
    return file_diff(data["filename"], "" if unchanged else data.get("patch"))


def _conversation_pages(session: Session, target: Target) -> Iterator[Any]:
    owner, _, name = target.repository.partition("/")
    variables: dict[str, Any] = {"owner": owner, "name": name, "number": target.number}
    ends: dict[str, Any] = {"threads": None, "reviews": None}
    while True:
        data = session.graphql(graphql_path(session), CONVERSATION, {**variables, **ends})
        if not (data.get("repository") or {}).get("pullRequest"):
            raise Refused(404, f"there is no pull request {target.number} to be seen")
        yield data
        request = data["repository"]["pullRequest"]
        infos = {k: request[v]["pageInfo"] for k, v in _CONNECTIONS.items()}
        if not any(info["hasNextPage"] for info in infos.values()):
            return
        # At its end a list is asked for what follows its last entry, which is nothing.
        ends = {k: info["endCursor"] or ends[k] for k, info in infos.items()}


_CONNECTIONS: Final = {"threads": "reviewThreads", "reviews": "reviews"}


def _existing(thread: Mapping[str, Any]) -> Existing | None:
    """A thread that we have begun about a finding."""
    comments = [c for c in thread["comments"]["nodes"] if c]
    if not comments or not comments[0]["viewerDidAuthor"]:
        return None
    first = comments[0]
    found = marks(first["body"])
    if found is None or found.fingerprint == SUMMARY:
        return None
    others = any(not c["viewerDidAuthor"] for c in comments)
    line = None if thread["isOutdated"] or thread["diffSide"] != "RIGHT" else thread["line"]
    anchor = Anchor(thread["path"], thread["startLine"] or line, line) if line else None
    return Existing(
        str(first["fullDatabaseId"]),
        thread["id"],
        found.fingerprint,
        anchor,
        first["body"],
        answered=others or thread["comments"]["totalCount"] > len(comments),
        closed=thread["isResolved"],
        mended=found.mended,
    )


def _mark(body: str) -> str | None:
    found = marks(body)
    return found.fingerprint if found else None
