"""Requests to one server: its limits kept, failures repeated, the token sent to it alone."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import httpx

from amllint.bot.errors import Forbidden, Refused, Unreachable, UntrustedServer
from amllint.network.secret import Secret
from amllint.network.waiting import backoff, judge

MAX_ANSWER: Final = 64 * 1024 * 1024
MAX_PAGES: Final = 200
READ_SECONDS: Final = 30.0
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_READ_ONLY: Final = ("resource not accessible by", "tf401027")
"""What GitHub and Azure DevOps say to a token that may not write here."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered: status, headers in lower case, and the JSON or text of the body."""

    status: int
    headers: Mapping[str, str]
    data: Any


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds: between two writes, for everything together; and the clocks to measure by."""

    pause: float = 1.0
    total: float = 300.0
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep


@dataclass(slots=True)
class Session:
    """A connection to the server at `base`, with the header that says who we are.

    `note` is told of each request and each wait, never of headers or bodies.
    """

    base: str
    authorization: Secret
    token: Secret
    timing: Timing = field(default_factory=Timing)
    headers: Mapping[str, str] = field(default_factory=dict)
    note: Callable[[str], None] = lambda text: None
    _client: httpx.Client = field(init=False)
    _deadline: float = field(init=False)
    _last_write: float = field(init=False, default=float("-inf"))

    def __post_init__(self) -> None:
        try:
            url = httpx.URL(self.base)
        except httpx.InvalidURL:
            raise UntrustedServer(f"{self.base[:100]} is no URL") from None
        local = url.host in _LOOPBACK
        if url.scheme != "https" and not (local and url.scheme == "http"):
            raise UntrustedServer(f"{self.base} is not https: the token is not sent there")
        self.base = self.base.rstrip("/")
        self._deadline = self.timing.clock() + self.timing.total
        # No redirect is followed, so that the token goes nowhere else; and no cookies are
        # kept, for each request says all that there is to say.
        self._client = httpx.Client(follow_redirects=False, trust_env=not local)

    # -- requests -------------------------------------------------------------------------

    def get(self, path: str, params: Mapping[str, Any] | None = None, accept: str = "") -> Answer:
        """Read something, repeated until it is answered."""
        return self._repeated("GET", self._url(path, params), None, accept)

    def send(self, method: str, path: str, body: Any = None) -> Answer:
        """Write what may be written twice without harm: PUT, DELETE, or setting a text."""
        return self._repeated(method, self._url(path), body)

    def create(self, method: str, path: str, body: Any, landed: Callable[[], T | None]) -> Any | T:
        """Write what must not be written twice.

        Where it is not known whether it was done, `landed` says so, and only where it gives
        `None` the request is repeated. Gives the answer's data, or what `landed` gave.
        """
        url = self._url(path)
        attempt = 0
        while True:
            try:
                return self._repeated(method, url, body, once=True).data
            except _Uncertain as trouble:
                self._wait(trouble.seconds or backoff(attempt), f"{method} {url.path}: {trouble}")
            found = landed()
            if found is not None:
                self.note(f"{method} {url.path}: had been done")
                return found
            attempt += 1

    def pages(self, path: str, params: Mapping[str, Any]) -> Iterator[Any]:
        """The JSON of each page of a list, by the Link header."""
        url: httpx.URL | None = self._url(path, params)
        for _ in range(MAX_PAGES):
            if url is None:
                return
            answer = self._repeated("GET", url, None)
            yield answer.data
            url = self._next(answer.headers.get("link", ""))
        raise Refused(0, f"{path} has more than {MAX_PAGES} pages")

    def graphql(self, path: str, query: str, variables: Mapping[str, Any]) -> Any:
        """The data of a GraphQL request, which must be one that may be made twice."""
        attempt = 0
        while True:
            body = {"query": query, "variables": dict(variables)}
            data = self._repeated("POST", self._url(path), body).data
            errors = data.get("errors") if isinstance(data, dict) else [{"message": "no JSON"}]
            if not errors:
                return data["data"]
            said = "; ".join(str(e.get("message", ""))[:200] for e in errors[:3])
            if any(e.get("type") == "RATE_LIMITED" for e in errors):
                self._wait(60.0 + backoff(attempt), "GraphQL: rate limit")
                attempt += 1
                continue
            if any(e.get("type") == "FORBIDDEN" for e in errors) or _is_read_only(said):
                raise Forbidden(self.token.hidden_in(said))
            raise Refused(200, self.token.hidden_in(said))

    def close(self) -> None:
        """End the connections."""
        self._client.close()

    # -- how ------------------------------------------------------------------------------

    def _url(self, path: str, params: Mapping[str, Any] | None = None) -> httpx.URL:
        url = httpx.URL(path if path.startswith("http") else self.base + path)
        self._check_origin(url)
        return url.copy_merge_params(dict(params)) if params else url

    def _check_origin(self, url: httpx.URL) -> None:
        mine = httpx.URL(self.base)
        if (url.scheme, url.host, url.port) != (mine.scheme, mine.host, mine.port):
            raise UntrustedServer(
                f"{mine.host} leads to {url.scheme}://{url.host}: the token is not sent there"
            )

    def _next(self, link: str) -> httpx.URL | None:
        for part in link.split(","):
            address, _, parameters = part.partition(";")
            if 'rel="next"' in parameters:
                return self._url(address.strip().strip("<>"))
        return None

    def _repeated(
        self, method: str, url: httpx.URL, body: Any, accept: str = "", once: bool = False
    ) -> Answer:
        attempt = 0
        while True:
            reason, seconds, done = "", None, False
            try:
                answer = self._once(method, url, body, accept)
            except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
                reason = type(error).__name__
            except (httpx.TransportError, httpx.DecodingError) as error:
                reason, done = type(error).__name__, True
            else:
                judged = judge(answer.status, answer.headers, _said(answer), self.timing.now())
                if judged.verdict == "final":
                    return self._final(answer, url)
                reason, seconds = f"HTTP {answer.status}", judged.seconds
                done = judged.verdict == "failed"
            if done and once:
                raise _Uncertain(reason, seconds)
            pause = backoff(attempt) if seconds is None else seconds
            self._wait(pause, f"{method} {url.path}: {reason}")
            attempt += 1

    def _once(self, method: str, url: httpx.URL, body: Any, accept: str) -> Answer:
        if _writes(method, body):
            self._pace()
        headers = {"Authorization": self.authorization.reveal(), **self.headers}
        headers |= {"Accept": accept} if accept else {}
        left = max(0.1, self._deadline - self.timing.clock())
        timeout = httpx.Timeout(min(READ_SECONDS, left))
        content = None if body is None else json.dumps(body).encode()
        if content is not None:
            headers["Content-Type"] = "application/json"
        with self._client.stream(
            method, url, content=content, headers=headers, timeout=timeout
        ) as response:
            data = self._read(response)
        self.note(f"{method} {url.path}: {response.status_code}")
        return Answer(response.status_code, dict(response.headers), data)

    def _read(self, response: httpx.Response) -> Any:
        """The body, however slowly it comes, within the time and memory that there is."""
        chunks, size = [], 0
        for chunk in response.iter_bytes():
            size += len(chunk)
            if size > MAX_ANSWER:
                raise Refused(response.status_code, "the answer is larger than 64 MiB")
            if self.timing.clock() > self._deadline:
                raise httpx.ReadTimeout("too slow")
            chunks.append(chunk)
        raw = b"".join(chunks)
        if not raw:
            return None
        if "json" not in response.headers.get("content-type", ""):
            return raw.decode("utf-8", "replace")
        try:
            return json.loads(raw)
        except (ValueError, RecursionError):
            raise httpx.DecodingError("not JSON") from None

    def _pace(self) -> None:
        """Leave the pause between two writes that GitHub asks for."""
        wait = self._last_write + self.timing.pause - self.timing.clock()
        if wait > 0:
            self._wait(wait, "the pause between two writes", told=False)
        self._last_write = self.timing.clock()

    def _wait(self, seconds: float, reason: str, told: bool = True) -> None:
        if self.timing.clock() + seconds > self._deadline:
            raise Unreachable(
                f"{reason}; given up: the next try would be in {seconds:.0f} s,"
                f" beyond --timeout ({self.timing.total:.0f} s)"
            )
        if told:
            self.note(f"{reason}; again in {seconds:.1f} s")
        self.timing.sleep(seconds)

    def _final(self, answer: Answer, url: httpx.URL) -> Answer:
        if answer.status < 300 and answer.status != 203:
            return answer
        if answer.status == 203:
            # Azure DevOps answers a token that it does not know with its sign-in page.
            raise Refused(203, f"{url.path}: the token is not accepted")
        said = self.token.hidden_in(_said(answer)) or "no reason given"
        if answer.status < 400:
            to = httpx.URL(answer.headers.get("location", "")).host or "elsewhere"
            raise UntrustedServer(f"{url.path} leads to {to}: redirects are not followed")
        if answer.status == 403 and _is_read_only(said):
            raise Forbidden(said)
        raise Refused(answer.status, f"{url.path}: {said}")


class _Uncertain(Exception):
    """A write of which it is not known whether it was done."""

    def __init__(self, reason: str, seconds: float | None) -> None:
        super().__init__(reason)
        self.seconds = seconds


def _said(answer: Answer) -> str:
    """What an error says, of both servers' forms, shortened."""
    data = answer.data
    if not isinstance(data, dict):
        return str(data)[:200]
    errors = data.get("errors")
    listed = errors[:5] if isinstance(errors, list) else [errors]
    details = [str(e.get("message", "") if isinstance(e, dict) else e or "") for e in listed]
    return ": ".join(
        str(t) for t in (data.get("message", ""), "; ".join(filter(None, details))) if t
    )[:600]


def _writes(method: str, body: Any) -> bool:
    if method == "POST" and isinstance(body, dict) and "query" in body:
        return str(body["query"]).startswith("mutation")
    return method != "GET"


def _is_read_only(said: str) -> bool:
    return any(sign in said.lower() for sign in _READ_ONLY)
