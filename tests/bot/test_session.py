"""Limits are kept, failures are repeated, and nothing is written twice."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from amllint.bot.errors import Forbidden, Refused, Unreachable, UntrustedServer
from amllint.bot.session import Session, Timing
from amllint.network.secret import Secret
from amllint.network.waiting import MOST_SECONDS, backoff, judge

from .server import Call, Fault, Kind, Reply, Server

TOKEN = Secret("token-0123456789")


@dataclass
class Echo(Server):
    """A server that counts what is created."""

    made: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def answer(self, call: Call) -> Reply:
        if call.path == "/elsewhere":
            return Reply(302, {}, {"Location": call.query["to"]})
        if call.path == "/pages":
            to = call.query.get("to", f"{self.url}/pages")
            return Reply(200, [1], {"Link": f'<{to}>; rel="next"'})
        if call.method == "POST":
            self.made.append(call.body)
        return Reply(200, {"made": len(self.made), **({"pad": "x" * 200} if self.faults else {})})


@dataclass
class Clock:
    """Time that passes by sleeping alone."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def __call__(self) -> float:
        return self.now


@contextmanager
def connected(total: float = 600.0, pause: float = 0.0) -> Iterator[tuple[Session, Echo, Clock]]:
    """A session with a server of its own, and the clock that it goes by."""
    server, clock = Echo(), Clock()
    with server.serving() as url:
        timing = Timing(pause, total, clock, clock, clock.sleep)
        session = Session(url, Secret("Bearer token-0123456789"), TOKEN, timing)
        try:
            yield session, server, clock
        finally:
            session.close()


def never() -> None:
    """It did not land."""


# -- waiting ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "headers", "message", "wanted"),
    [
        (200, {}, "", ("final", None)),
        (404, {}, "", ("final", None)),
        (422, {}, "", ("final", None)),
        (403, {}, "Resource not accessible by integration", ("final", None)),
        (403, {"x-ratelimit-remaining": "7"}, "no", ("final", None)),
        (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1060"}, "", ("limited", 61.0)),
        (429, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "900"}, "", ("limited", 1.0)),
        (429, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "soon"}, "", ("limited", 60.0)),
        (403, {"retry-after": "30"}, "", ("limited", 30.0)),
        (429, {"retry-after": "Thu, 01 Jan 1970 00:17:10 GMT"}, "", ("limited", 30.0)),
        (429, {"retry-after": "never"}, "", ("limited", 60.0)),
        (403, {}, "You have exceeded a secondary rate limit", ("limited", 60.0)),
        (429, {}, "", ("limited", 60.0)),
        (503, {"retry-after": "5"}, "", ("limited", 5.0)),
        (500, {}, "", ("failed", None)),
        (502, {}, "", ("failed", None)),
        (504, {"retry-after": "9"}, "", ("failed", 9.0)),
    ],
)
def test_what_an_answer_asks_for(
    status: int, headers: dict[str, str], message: str, wanted: tuple[str, float | None]
) -> None:
    judged = judge(status, headers, message, now=1000.0)
    assert (judged.verdict, judged.seconds) == wanted


def test_waits_double_and_differ_and_end() -> None:
    most = [backoff(n, lambda: 1.0) for n in range(8)]
    assert most == [1, 2, 4, 8, 16, 32, 60, MOST_SECONDS]
    assert [backoff(n, lambda: 0.0) for n in range(3)] == [0.5, 1, 2]
    assert backoff(10**9, lambda: 1.0) == MOST_SECONDS


# -- repeating ----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["answer", "answer-after", "drop-before", "drop-after"])
@pytest.mark.parametrize("method", ["GET", "PATCH", "PUT", "DELETE"])
def test_what_does_no_harm_is_repeated(kind: Kind, method: str) -> None:
    with connected() as (session, server, clock):
        server.faults.append(Fault(kind, times=3))
        answer = session.get("/x") if method == "GET" else session.send(method, "/x", {})
        assert answer.status == 200
        assert len(server.calls) == 4
        assert len(clock.slept) == 3
        assert clock.slept == sorted(clock.slept)


@pytest.mark.parametrize("kind", ["answer-after", "drop-after"])
def test_a_post_that_came_through_is_not_repeated(kind: Kind) -> None:
    with connected() as (session, server, _):
        server.faults.append(Fault(kind, "POST"))
        made = session.create("POST", "/x", {"a": 1}, lambda: {"found": 1} if server.made else None)
        assert made == {"found": 1}
        assert server.made == [{"a": 1}]


@pytest.mark.parametrize("kind", ["answer", "drop-before"])
def test_a_post_that_did_not_come_through_is_repeated(kind: Kind) -> None:
    with connected() as (session, server, _):
        server.faults.append(Fault(kind, "POST", times=2))
        assert session.create("POST", "/x", {"a": 1}, lambda: server.made or None)["made"] == 1
        assert server.made == [{"a": 1}]


def test_a_post_that_a_limit_refused_is_repeated_without_asking() -> None:
    asked: list[int] = []
    with connected() as (session, server, clock):
        server.faults.append(Fault("answer", reply=Reply(429, {}, {"Retry-After": "7"})))
        session.create("POST", "/x", {}, lambda: asked.append(1))
        assert (clock.slept, asked, len(server.made)) == ([7.0], [], 1)


def test_the_time_is_bounded() -> None:
    with connected(total=100) as (session, server, clock):
        server.faults.append(Fault("answer", times=10**6))
        with pytest.raises(Unreachable, match=r"HTTP 502.*--timeout"):
            session.get("/x")
        assert clock.now <= 1100


def test_a_longer_wait_than_there_is_time_for_is_not_begun() -> None:
    with connected(total=100) as (session, server, clock):
        server.faults.append(Fault("answer", reply=Reply(429, {}, {"Retry-After": "3600"})))
        with pytest.raises(Unreachable, match="3600 s"):
            session.get("/x")
        assert clock.slept == []


def test_an_answer_that_drips_is_given_up() -> None:
    server = Echo()
    with server.serving() as url:
        session = Session(url, Secret("Bearer x"), TOKEN, Timing(0, 0.3))
        server.faults.append(Fault("slow", times=100))
        with pytest.raises(Unreachable):
            session.get("/x")
        session.close()


def test_pauses_count_for_the_time_that_there_is() -> None:
    with connected(total=5, pause=2.0) as (session, _, clock):
        for _ in range(3):
            session.send("PATCH", "/x", {})
        with pytest.raises(Unreachable, match="pause"):
            session.send("PATCH", "/x", {})
        assert clock.slept == [2.0, 2.0]


def test_writes_keep_their_distance_and_reads_do_not() -> None:
    with connected(pause=1.0) as (session, _, clock):
        session.send("PATCH", "/x", {})
        session.get("/x")
        session.send("PATCH", "/x", {})
        session.create("POST", "/x", {}, never)
        session.get("/x")
        assert clock.slept == [1.0, 1.0]


# -- the token ----------------------------------------------------------------------------


def test_a_redirect_to_another_host_is_not_followed() -> None:
    with connected() as (session, server, _), other() as elsewhere:
        for method in (session.get, lambda p: session.send("PUT", p)):
            with pytest.raises(UntrustedServer, match="redirects"):
                method(f"/elsewhere?to={elsewhere.url}/steal")
        assert elsewhere.calls == []
        assert len(server.calls) == 2


def test_a_next_page_on_another_host_is_not_read() -> None:
    with connected() as (session, _, _), other() as elsewhere:
        with pytest.raises(UntrustedServer, match="not sent there"):
            list(session.pages("/pages", {"to": f"{elsewhere.url}/steal"}))
        assert elsewhere.calls == []


def test_endless_pages_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("amllint.bot.session.MAX_PAGES", 9)
    with connected() as (session, _, _), pytest.raises(Refused, match="pages"):
        list(session.pages("/pages", {}))


@contextmanager
def other() -> Iterator[Echo]:
    """Another server."""
    server = Echo()
    with server.serving():
        yield server


@pytest.mark.parametrize(
    "url", ["http://api.example", "ftp://127.0.0.1", "http://127.0.0.1.evil.example"]
)
def test_the_token_is_not_sent_in_clear(url: str) -> None:
    with pytest.raises(UntrustedServer, match="not https"):
        Session(url, Secret("Bearer x"), TOKEN)


def test_a_secret_does_not_show() -> None:
    import copy
    import pickle

    forms: list[Callable[[], str]] = [
        lambda: repr(TOKEN),
        lambda: str(TOKEN),
        lambda: f"{TOKEN}{TOKEN!r:>40}",
        lambda: f"{TOKEN}",
        lambda: repr([TOKEN, {"a": TOKEN}]),
    ]
    for form in forms:
        assert "***" in form()
        assert "0123456789" not in form()
    for store in (pickle.dumps, copy.copy):
        with pytest.raises(TypeError, match="not to be stored"):
            store(TOKEN)


def test_an_error_that_quotes_the_token_does_not_show_it() -> None:
    said = {"message": "no token-0123456789", "errors": [{"message": "token-0123456789"}]}
    notes: list[str] = []
    with connected() as (session, server, _):
        session.note = notes.append
        for status in (403, 404, 422, 500):
            server.faults.append(Fault("answer", reply=Reply(status, said)))
        for _ in range(3):
            with pytest.raises(Refused) as caught:
                session.get("/x")
            assert "0123456789" not in repr(caught.value) + str(caught.value)
        session.get("/x")
        assert "0123456789" not in "".join(notes)
        assert "0123456789" not in repr(session)


# -- errors -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        "Resource not accessible by integration",
        "Resource not accessible by personal access token",
        "TF401027: You need the Git 'PullRequestContribute' permission to perform this action.",
    ],
)
def test_a_token_that_may_only_read_is_told_apart(said: str) -> None:
    with connected() as (session, server, _):
        server.faults.append(Fault("answer", reply=Reply(403, {"message": said})))
        with pytest.raises(Forbidden, match=re.escape(said)):
            session.send("PUT", "/x")


@pytest.mark.parametrize("data", ["<html>", None, [], 7, {"errors": 3}, {"errors": [None, 7]}])
def test_odd_errors_are_told_as_they_are(data: Any) -> None:
    with connected() as (session, server, _):
        server.faults.append(Fault("answer", reply=Reply(400, data)))
        with pytest.raises(Refused, match="HTTP 400"):
            session.get("/x")


def test_a_page_to_sign_in_is_no_answer() -> None:
    with connected() as (session, server, _):
        server.faults.append(Fault("answer", reply=Reply(203, "<html>Sign in</html>")))
        with pytest.raises(Refused, match="token is not accepted"):
            session.get("/x")


def test_graphql_errors_are_errors() -> None:
    with connected() as (session, server, clock):
        limited = {"errors": [{"type": "RATE_LIMITED", "message": "later"}]}
        server.faults.append(Fault("answer", reply=Reply(200, limited)))
        server.faults.append(Fault("answer", reply=Reply(200, {"data": {"x": 1}})))
        assert session.graphql("/graphql", "query { x }", {}) == {"x": 1}
        assert clock.slept[0] >= 60
        refused = {"data": None, "errors": [{"type": "FORBIDDEN", "message": "no"}]}
        server.faults.append(Fault("answer", reply=Reply(200, refused)))
        with pytest.raises(Forbidden):
            session.graphql("/graphql", "mutation { x }", {})
        server.faults.append(Fault("answer", reply=Reply(200, {"errors": [{"message": "what"}]})))
        with pytest.raises(Refused, match="what"):
            session.graphql("/graphql", "query { x }", {})
