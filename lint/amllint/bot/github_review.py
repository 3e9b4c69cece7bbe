"""A review on GitHub: comments on lines of the diff with suggestions, and a summary."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from amllint.bot import github
from amllint.bot.comments import marked, normal
from amllint.bot.errors import Refused
from amllint.bot.github import Conversation, Target
from amllint.bot.plan import Existing, LineText, Plan, Policy, Rest, Wanted, plan
from amllint.bot.requests import Request, perform
from amllint.bot.results import Place, Results
from amllint.bot.session import Session
from amllint.bot.summary import Overview, summary

RESOLVE: Final = """\
mutation Resolve($thread: ID!) {
  resolveReviewThread(input: {threadId: $thread}) { thread { id } }
}
"""
UNRESOLVE: Final = """\
mutation Unresolve($thread: ID!) {
  unresolveReviewThread(input: {threadId: $thread}) { thread { id } }
}
"""


@dataclass(frozen=True, slots=True)
class Review:
    """A review that is ready to be posted on a pull request whose newest commit is `head`."""

    session: Session
    target: Target
    head: str
    results: Results
    plan: Plan
    conversation: Conversation
    complete_diff: bool

    def requests(self) -> Iterator[Request]:
        """The writes, in an order in which stopping between two of them does no harm."""
        for old in self.plan.delete:
            yield self._on_comment("delete", "DELETE", old, None)
        for edited in (*self.plan.edit, *self.plan.close):
            old = edited.existing
            yield self._on_comment("edit", "PATCH", old, {"body": edited.body})
            if edited.reopen and old.closed:
                yield self._thread("reopen", UNRESOLVE, old.thread)
        for closed in self.plan.close:
            if not closed.existing.closed:
                yield self._thread("resolve", RESOLVE, closed.existing.thread)
        yield from self._reviews()

    def post(self) -> list[str]:
        """Carry out all writes; remarks about what came out otherwise."""
        for request in self.requests():
            try:
                perform(self.session, request)
            except Refused as refusal:
                if refusal.status != 422 or not (request.body or {}).get("comments"):
                    raise
                refused = f"GitHub refuses the comments, they are listed: {refusal}"
                return [refused, *self._without_comments().post()]
        return []

    # -- parts ----------------------------------------------------------------------------

    def _reviews(self) -> Iterator[Request]:
        """A review for new comments; the summary is the first one's text and kept up to date."""
        text = summary(self._overview(), self._address)
        known = self.conversation.summary
        comments = [_comment(w) for w in self.plan.post]
        if known is None and (self.results.findings or self.conversation.existing):
            yield self._review(text, comments)
        elif comments:
            more = f"amllint: {len(comments)} more on lines of this change."
            yield self._review(marked(more, "review"), comments)
        if known is not None and normal(self.conversation.reviews[known]) != normal(text):
            path = f"{self.target.path}/reviews/{known}"
            yield Request("update the summary", "PUT", path, {"body": text})

    def _review(self, text: str, comments: list[dict[str, Any]]) -> Request:
        body = {"commit_id": self.head, "event": "COMMENT", "body": text, "comments": comments}
        before = set(self.conversation.reviews)

        def landed() -> str | None:
            now = github.conversation(self.session, self.target).reviews
            same = (i for i, b in now.items() if i not in before and normal(b) == normal(text))
            return next(same, None)

        return Request("post a review", "POST", f"{self.target.path}/reviews", body, landed)

    def _thread(self, verb: str, mutation: str, thread: str) -> Request:
        body = {"query": mutation, "variables": {"thread": thread}}
        # Resolving takes `contents: write`, which nobody should grant for this alone.
        path = github.graphql_path(self.session)
        return Request(f"{verb} a conversation", "POST", path, body, optional=True)

    def _on_comment(self, verb: str, method: str, old: Existing, body: Any) -> Request:
        path = f"/repos/{self.target.repository}/pulls/comments/{old.id}"
        what = f"{verb} the comment on {old.mark}"
        return Request(what, method, path, body, may_be_gone=True)

    def _overview(self) -> Overview:
        commented = len(self.results.findings) - len(self.plan.rest)
        return Overview(self.results, self.plan.rest, commented, self.complete_diff)

    def _address(self, place: Place) -> str:
        return github.address(self.target, self.head, place)

    def _without_comments(self) -> Review:
        listed = tuple(Rest(w.found, "not-posted") for w in self.plan.post)
        left = Plan(rest=(*self.plan.rest, *listed), kept=self.plan.kept)
        return replace(self, plan=left)


def prepare(
    session: Session, target: Target, results: Results, policy: Policy, text: LineText
) -> Review | None:
    """The review of a pull request; `None` where it has newer commits than were checked."""
    now = github.pull(session, target)
    if target.commit is not None and target.commit != now.head:
        return None
    change = github.diff(session, target, now)
    said = github.conversation(session, target)
    policy = replace(policy, commit=now.head)
    planned = plan(results.findings, change, said.existing, policy, text)
    return Review(session, target, now.head, results, planned, said, change.complete)


def _comment(want: Wanted) -> dict[str, Any]:
    path, start, end = want.anchor
    comment: dict[str, Any] = {"path": path, "body": want.body, "line": end, "side": "RIGHT"}
    if start != end:
        comment |= {"start_line": start, "start_side": "RIGHT"}
    return comment
