"""Threads on a pull request of Azure DevOps: one for each finding, and one that sums up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from amllint.bot import azure_devops as ado
from amllint.bot.azure_devops import Changed, Iteration, Patch, Target, Thread
from amllint.bot.comments import normal
from amllint.bot.plan import Edited, LineText, Plan, Policy, Wanted, plan
from amllint.bot.requests import Request, perform
from amllint.bot.results import Place, Results
from amllint.bot.session import Session
from amllint.bot.summary import Overview, summary


@dataclass(frozen=True, slots=True)
class Review:
    """Threads that are ready to be posted."""

    session: Session
    target: Target
    now: Iteration
    results: Results
    plan: Plan
    threads: tuple[Thread, ...]
    changed: Mapping[str, Changed]
    author: str
    seen: set[int] = field(default_factory=set)

    def requests(self) -> Iterator[Request]:
        """The writes, in an order in which stopping between two of them does no harm."""
        for edited in self.plan.edit:
            yield self._edit(edited.existing.mark, edited)
            if edited.reopen:
                yield self._status(edited, "active")
        for closed in self.plan.close:
            yield self._edit(closed.existing.mark, closed)
            if not closed.existing.closed:
                yield self._status(closed, "fixed")
        for want in self.plan.post:
            yield self._thread(f"comment on {want.mark}", want.body, _context(want), want)
        yield from self._summary()

    def post(self) -> list[str]:
        """Carry out all writes."""
        for request in self.requests():
            answer = perform(self.session, request)
            if isinstance(answer, dict) and request.landed is not None:
                self.seen.add(int(answer["id"]))
        return []

    # -- parts ----------------------------------------------------------------------------

    def _summary(self) -> Iterator[Request]:
        text = summary(self._overview(), self._address)
        status = "active" if self.results.findings else "closed"
        known = next((t for t in self.threads if ado.is_summary(t)), None)
        if known is None:
            if self.results.findings or self.threads:
                yield self._thread("post the summary", text, None, None)
            return
        path = f"{self.target.path}/threads/{known.id}"
        if normal(known.body) != normal(text):
            where = ado.versioned(f"{path}/comments/{known.comment}")
            yield Request("update the summary", "PATCH", where, {"content": text})
            # What a person has decided about it stands until something new is to be said.
            if known.status != status:
                where = ado.versioned(path)
                yield Request("open or close the summary", "PATCH", where, {"status": status})

    def _edit(self, mark: str, edited: Edited) -> Request:
        old = edited.existing
        path = f"{self.target.path}/threads/{old.thread}/comments/{old.id}"
        body = {"content": edited.body}
        return Request(f"edit {mark}", "PATCH", ado.versioned(path), body, may_be_gone=True)

    def _status(self, edited: Edited, status: str) -> Request:
        path = f"{self.target.path}/threads/{edited.existing.thread}"
        what = f"set {edited.existing.mark} to {status}"
        body = {"status": status}
        return Request(what, "PATCH", ado.versioned(path), body, may_be_gone=True)

    def _thread(
        self, what: str, text: str, context: dict[str, Any] | None, want: Wanted | None
    ) -> Request:
        comment = {"parentCommentId": 0, "content": text, "commentType": "text"}
        body: dict[str, Any] = {"comments": [comment], "status": "active"}
        if context is not None and want is not None:
            body["threadContext"] = context
            body["pullRequestThreadContext"] = self._tracking(want.anchor.path)
        self.seen.update(t.id for t in self.threads)

        def landed() -> dict[str, Any] | None:
            for thread in ado.threads(self.session, self.target, self.now, self.author):
                where = want.anchor[:2] if want else (None, None)
                same = normal(thread.body) == normal(text) and (thread.path, thread.line) == where
                if same and thread.id not in self.seen:
                    return {"id": thread.id}
            return None

        path = ado.versioned(f"{self.target.path}/threads")
        return Request(what, "POST", path, body, landed)

    def _tracking(self, path: str) -> dict[str, Any]:
        """Which diff the thread is about, so that it moves with its lines."""
        shown = {
            "firstComparingIteration": self.now.id,
            "secondComparingIteration": self.now.id,
        }
        tracking = self.changed[path].tracking
        known = {} if tracking is None else {"changeTrackingId": tracking}
        return {**known, "iterationContext": shown}

    def _overview(self) -> Overview:
        commented = len(self.results.findings) - len(self.plan.rest)
        return Overview(self.results, self.plan.rest, commented)

    def _address(self, place: Place) -> str:
        return ado.address(self.session, self.target, self.now.head, place)


def prepare(
    session: Session,
    target: Target,
    results: Results,
    policy: Policy,
    text: LineText,
    patch: Patch,
) -> Review | None:
    """The threads for a pull request; `None` where it has newer commits than were checked."""
    now = ado.iteration(session, target)
    if target.commit is not None and target.commit != now.head:
        return None
    changed = {c.path: c for c in ado.changes(session, target, now)}
    wanted = {f.place.path for f in results.findings}
    change = ado.diff(session, target, now, changed.values(), wanted, patch)
    author = ado.me(session)
    mine = tuple(ado.threads(session, target, now, author))
    said = [ado.existing(t) for t in mine if not ado.is_summary(t)]
    policy = replace(policy, follows=True, commit=now.head)
    planned = plan(results.findings, change, said, policy, text)
    return Review(session, target, now, results, planned, mine, changed, author)


def _context(want: Wanted) -> dict[str, Any]:
    """The lines as a thread has them; lines and offsets count from 1."""
    place = want.found.place
    end = place.end.column if want.anchor.end == place.end.line else 1
    return {
        "filePath": f"/{want.anchor.path}",
        "rightFileStart": {"line": want.anchor.start, "offset": place.start.column},
        "rightFileEnd": {"line": want.anchor.end, "offset": max(end, 1)},
    }
