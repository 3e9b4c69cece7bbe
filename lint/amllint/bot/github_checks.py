"""A check run on GitHub, with annotations on lines of the diff."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from amllint.bot import github
from amllint.bot.github import Target
from amllint.bot.markdown import one_line
from amllint.bot.plan import LineText, Plan, Policy, plan
from amllint.bot.requests import Request, perform
from amllint.bot.results import Found, Place, Results
from amllint.bot.session import Session
from amllint.bot.summary import LIMIT, Overview, text, title
from amllint.findings.finding import STAGES

NAME: Final = "amllint"
PAGE: Final = 50
"""Annotations that GitHub takes with one request; they add up."""

_LEVELS: Final = {"error": "failure", "warning": "warning", "info": "notice"}


@dataclass(frozen=True, slots=True)
class Check:
    """A check run that is ready to be posted; `done` are its runs on this commit so far."""

    session: Session
    target: Target
    head: str
    results: Results
    plan: Plan
    conclusion: str
    complete_diff: bool
    done: tuple[dict[str, Any], ...]

    @property
    def annotations(self) -> list[dict[str, Any]]:
        """The findings on lines of the diff as GitHub takes them."""
        return [annotation(w.found) for w in self.plan.post]

    @property
    def output(self) -> dict[str, Any]:
        """Title and summary."""
        overview = Overview(self.results, self.plan.rest, len(self.plan.post), self.complete_diff)

        def address(place: Place) -> str:
            return github.address(self.target, self.head, place)

        return {"title": title(self.results), "summary": text(overview, address, LIMIT)}

    @property
    def external_id(self) -> str:
        """The same for the same content, so that a run that is there is known again."""
        content = json.dumps([self.conclusion, self.output, self.annotations], sort_keys=True)
        return f"amllint:v1:{hashlib.blake2b(content.encode(), digest_size=16).hexdigest()}"

    def requests(self, run: str = "{check_run_id}") -> Iterator[Request]:
        """The first request, which gives the run its number, and one for each further page."""
        known = self.known
        if known is not None and known["status"] == "completed":
            return
        there = int(known["output"]["annotations_count"]) if known is not None else 0
        run = str(known["id"]) if known is not None else run
        left = self.annotations[there:]
        pages = [left[i : i + PAGE] for i in range(0, len(left), PAGE)] or [[]]
        for number, page in enumerate(pages):
            last = number == len(pages) - 1
            there += len(page)
            if number == 0 and known is None:
                yield self._create(page, last)
            else:
                yield self._add(run, page, last, there)

    @property
    def known(self) -> dict[str, Any] | None:
        """A run with this content, finished or broken off."""
        return next((r for r in self.done if r["external_id"] == self.external_id), None)

    def post(self) -> list[str]:
        """Carry out all writes."""
        first, *_ = [*self.requests(), None]
        if first is None:
            return []
        answer = perform(self.session, first)
        for request in list(self.requests(str(answer["id"])))[1:]:
            perform(self.session, request)
        return []

    # -- parts ----------------------------------------------------------------------------

    def _create(self, page: list[dict[str, Any]], last: bool) -> Request:
        body = {
            "name": NAME,
            "head_sha": self.head,
            "external_id": self.external_id,
            **self._state(page, last),
        }
        path = f"/repos/{self.target.repository}/check-runs"

        def landed() -> Any | None:
            mine = (r for r in runs(self.session, self.target, self.head))
            return next((r for r in mine if r["external_id"] == self.external_id), None)

        return Request("create the check run", "POST", path, body, landed)

    def _add(self, run: str, page: list[dict[str, Any]], last: bool, there: int) -> Request:
        path = f"/repos/{self.target.repository}/check-runs/{run}"

        def landed() -> Any | None:
            now = self.session.get(path).data
            done = now["output"]["annotations_count"] >= there
            return now if done and (not last or now["status"] == "completed") else None

        return Request("add annotations", "PATCH", path, self._state(page, last), landed)

    def _state(self, page: list[dict[str, Any]], last: bool) -> dict[str, Any]:
        output = {**self.output, "annotations": page}
        ended = {"status": "completed", "conclusion": self.conclusion}
        return {**(ended if last else {"status": "in_progress"}), "output": output}


def prepare(
    session: Session,
    target: Target,
    results: Results,
    fail_on: str,
    text: LineText,
) -> Check | None:
    """The check run for a pull request; `None` where it has newer commits than were checked."""
    now = github.pull(session, target)
    if target.commit is not None and target.commit != now.head:
        return None
    change = github.diff(session, target, now)
    everything = Policy(limit=len(results.findings), commit=now.head)
    planned = plan(results.findings, change, (), everything, text)
    ended = conclusion(results, fail_on)
    mine = tuple(runs(session, target, now.head))
    return Check(session, target, now.head, results, planned, ended, change.complete, mine)


def conclusion(results: Results, fail_on: str) -> str:
    """How the check run ends; what is incomplete has not succeeded."""
    if results.incomplete or results.failing(fail_on):
        return "failure"
    return "neutral" if results.findings else "success"


def runs(session: Session, target: Target, commit: str) -> Iterator[dict[str, Any]]:
    """Check runs of our name on a commit, made by the app whose token this is."""
    login = session.graphql(github.graphql_path(session), "query { viewer { login } }", {})
    app = str(login["viewer"]["login"]).removesuffix("[bot]")
    path = f"/repos/{target.repository}/commits/{commit}/check-runs"
    params = {"check_name": NAME, "filter": "all", "per_page": github.PAGE}
    for page in session.pages(path, params):
        for run in page["check_runs"]:
            if (run.get("app") or {}).get("slug") == app:
                yield run


def annotation(found: Found) -> dict[str, Any]:
    """A finding as an annotation; it is shown as plain text."""
    place = found.place
    said = [one_line(found.message, 4000)]
    said += [f"Instead: {one_line(found.help, 4000)}"] if found.help else []
    said += [f"Stage {found.stage}: {STAGES[found.stage]}"] if found.stage else []
    columns = {}
    if place.start.line == place.end.line and place.end.column > place.start.column:
        # The end is the last column, not the one behind it.
        columns = {"start_column": place.start.column, "end_column": place.end.column - 1}
    return {
        "path": place.path,
        "start_line": place.start.line,
        "end_line": place.last_line,
        **columns,
        "annotation_level": _LEVELS[found.severity],
        "title": one_line(f"{found.code} {found.name}", 255),
        "message": "\n".join(said),
    }
