"""Calls to Resource Manager: each within its time, the token sent to the cloud alone."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, NamedTuple, NoReturn
from urllib.parse import urlsplit

import httpx

from amllint.findings.secrets import concealed
from amllint.network.waiting import backoff, judge
from amllint.snapshot.live.clouds import Cloud, UntrustedPlace
from amllint.snapshot.live.credentials import NoToken, Tokens
from amllint.snapshot.live.failures import CallFailed, TimeOver
from amllint.snapshot.live.paging import Pages, shown
from amllint.snapshot.live.transport import CA_VARIABLES, body, bounded, client
from amllint.snapshot.shapes.items import said

_ATTEMPTS: Final = 4
_LONGEST_NOTE: Final = 300
_SIGN_IN_SECONDS: Final = 60.0
"""Less than this is too little for all the ways in which azure-identity tries to sign in."""


class _Again(Exception):
    """A call that may be repeated, after so many seconds if they are said."""

    def __init__(self, reason: str, seconds: float | None = None, status: int = 0) -> None:
        super().__init__(reason)
        self.seconds = seconds
        self.status = status


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds: for one call with its repeats, for all together; and the clocks to measure by."""

    call: float = 30.0
    total: float = 300.0
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep


class Request(NamedTuple):
    """What is sent to a URL; headers and form are made anew for each attempt.

    `trusts` says whether what is in them may be sent to that place.
    """

    method: str
    url: str
    trusts: Callable[[str], bool]
    headers: Callable[[], dict[str, str]]
    form: Callable[[], dict[str, str]] | None = None


class Answer(NamedTuple):
    """The JSON of an answer, and its header `Link`, empty where there is none."""

    data: Any
    link: str


@dataclass(slots=True)
class Session:
    """Calls with one token. `note` is told of each: its method, path and status, never more."""

    cloud: Cloud
    tokens: Tokens
    timing: Timing = field(default_factory=Timing)
    note: Callable[[str], None] = lambda text: None
    _client: httpx.Client | None = field(init=False, default=None)
    _deadline: float = field(init=False)

    def __post_init__(self) -> None:
        self._deadline = self.timing.clock() + self.timing.total

    @property
    def left(self) -> float:
        """Seconds that are left for everything."""
        return self._deadline - self.timing.clock()

    def note_safely(self, text: str) -> None:
        """Note what somebody else says, in short, without secrets."""
        self.note(self._safe(text)[:_LONGEST_NOTE])

    # -- calls ----------------------------------------------------------------------------

    def get(self, url: str, *, with_token: bool = True) -> Any:
        """The JSON that a URL answers with. Raises `CallFailed`, `TimeOver` and `NoToken`."""
        headers = partial(self._headers, with_token)
        return self.send(Request("GET", url, self.cloud.trusts, headers)).data

    def send(self, request: Request) -> Answer:
        """What a request is answered with. Raises `CallFailed`, `TimeOver` and `NoToken`."""
        if not _is_trusted(request):
            raise CallFailed(f"it leads to {shown(request.url)}: the token is not sent there")
        ends = min(self.timing.clock() + self.timing.call, self._deadline)
        attempt = 0
        while True:
            try:
                return self._within(request, ends)
            except _Again as trouble:
                attempt += 1
                self._wait(trouble, attempt, ends, request.url)

    def pages(self, url: str, *keys: str) -> list[Any]:
        """The items of all pages of a list, below `value` or one of some keys.

        All or nothing: a list of which a page is missing would say that things do not exist.
        Raises `CallFailed`, `TimeOver` and `NoToken`.
        """
        found: list[Any] = []
        for page in self._each_page(url):
            listed = next((page[k] for k in (*keys, "value") if k in page), None)
            if not isinstance(listed, list):
                raise CallFailed("the answer is no list of items")
            found.extend(listed)
        return found

    def _each_page(self, url: str) -> Iterator[dict[str, Any]]:
        pages = Pages(url)
        while url:
            page = self.get(url)
            if not isinstance(page, dict):
                raise CallFailed("the answer is no list of items")
            yield page
            url = pages.next_of(page)

    def close(self) -> None:
        """End the connections."""
        if self._client is not None:
            self._client.close()
            self._client = None

    # -- one attempt ----------------------------------------------------------------------

    def _within(self, request: Request, ends: float) -> Answer:
        """The answer, or `_Again`, by a moment at which whatever goes on is given up."""
        left = ends - self.timing.clock()
        if left <= 0:
            self._give_up("no time is left", ends)
        sender = self._client = self._client or client(self.cloud)
        try:
            return bounded(lambda: self._once(sender, request, left), left)
        except TimeoutError:
            self._client = None
            self._give_up("no answer", ends)

    def sign_in(self) -> None:
        """Ask for a token, before anything is read. Raises `NoToken`."""
        seconds = max(_SIGN_IN_SECONDS, self.timing.call)
        try:
            bounded(self.tokens.current, seconds)
        except TimeoutError:
            raise NoToken(f"no token for Azure, within {seconds:.0f} s") from None

    def _headers(self, with_token: bool) -> dict[str, str]:
        headers = {"Accept": "application/json"}
        if with_token:
            headers["Authorization"] = f"Bearer {self.tokens.current().reveal()}"
        return headers

    def _once(self, sender: httpx.Client, request: Request, left: float) -> Answer:
        headers, form = request.headers(), request.form() if request.form else None
        method, url = request.method, request.url
        try:
            with sender.stream(method, url, headers=headers, data=form, timeout=left) as response:
                raw = body(response)
        except (httpx.TransportError, httpx.DecodingError, httpx.InvalidURL) as error:
            raise self._unreached(error) from None
        status = response.status_code
        self.note(f"{method} {urlsplit(url).path}: {status}")
        if 200 <= status < 300 and status != 203:
            try:
                return Answer(json.loads(raw), response.headers.get("Link", ""))
            except (ValueError, RecursionError):
                raise _Again("the answer is no valid JSON: it is broken or cut off") from None
        raise self._refused(response, raw)

    def _unreached(self, error: Exception) -> Exception:
        text = self._safe(str(error)) or type(error).__name__
        if "CERTIFICATE_VERIFY_FAILED" in text:
            hint = f"if a proxy stands between, name its certificate in {CA_VARIABLES[0]}"
            return CallFailed(f"the server's certificate is not trusted; {hint}")
        if isinstance(error, httpx.RemoteProtocolError):
            return _Again(f"the answer was cut off ({text})")
        return _Again(f"{_word(error)} ({text})")

    def _refused(self, response: httpx.Response, raw: bytes) -> Exception:
        status = response.status_code
        if 300 <= status < 400:
            return CallFailed(f"HTTP {status}: redirects are not followed", status)
        reason = self._safe(f"HTTP {status}{_message(raw)}")
        headers = {k.lower(): v for k, v in response.headers.items()}
        judged = judge(status, headers, reason, self.timing.now())
        if judged.verdict == "final":
            return CallFailed(reason, status, _code(raw))
        return _Again(reason, judged.seconds, status)

    # -- waiting --------------------------------------------------------------------------

    def _wait(self, trouble: _Again, attempt: int, ends: float, url: str) -> None:
        seconds = backoff(attempt - 1) if trouble.seconds is None else trouble.seconds
        if attempt >= _ATTEMPTS:
            raise CallFailed(f"{trouble}, {attempt} times", trouble.status)
        if self.timing.clock() + seconds >= ends:
            asked = f"; it asks to wait {seconds:.0f} s" if trouble.seconds is not None else ""
            self._give_up(f"{trouble}{asked}", ends, trouble.status)
        self.note(f"{urlsplit(url).path}: {trouble}; again in {seconds:.1f} s")
        self.timing.sleep(seconds)

    def _give_up(self, reason: str, ends: float, status: int = 0) -> NoReturn:
        if ends >= self._deadline:
            limit = f"the limit of {self.timing.total:.0f} s for everything"
            raise TimeOver(f"{reason}, within {limit}", status)
        raise CallFailed(f"{reason}, within {self.timing.call:.0f} s", status)

    def _safe(self, text: str) -> str:
        return concealed(self.tokens.hidden_in(text))


def _is_trusted(request: Request) -> bool:
    try:
        return request.trusts(request.url)
    except UntrustedPlace:
        return False


def _code(raw: bytes) -> str:
    """The code of an error as a registry says it: `{"errors": [{"code": …}]}`."""
    try:
        told = json.loads(raw)["errors"][0]["code"]
    except (ValueError, RecursionError, LookupError, TypeError):
        return ""
    return told if isinstance(told, str) else ""


def _message(raw: bytes) -> str:
    """What an error says, in Azure's form, in short."""
    try:
        told = said(json.loads(raw))
    except (ValueError, RecursionError):
        return ""
    return f": {told}" if told else ""


def _word(error: Exception) -> str:
    if isinstance(error, httpx.ConnectError):
        return "it cannot be reached"
    return "no answer" if isinstance(error, httpx.TimeoutException) else "the connection failed"
