"""Calls to Resource Manager: each within its time, the token sent to the cloud alone."""

from __future__ import annotations

import json
import os
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, NoReturn, TypeVar
from urllib.parse import urlsplit

import httpx

from amllint.findings.secrets import concealed
from amllint.network.waiting import backoff, judge
from amllint.snapshot.live.clouds import LOOPBACK, Cloud, UntrustedPlace, origin
from amllint.snapshot.live.credentials import NoToken, Tokens
from amllint.snapshot.live.failures import CallFailed, TimeOver
from amllint.snapshot.live.paging import Pages, shown
from amllint.snapshot.shapes.items import said

MAX_ANSWER: Final = 64 * 1024 * 1024
_ATTEMPTS: Final = 4
_LONGEST_NOTE: Final = 300
_SIGN_IN_SECONDS: Final = 60.0
"""Less than this is too little for all the ways in which azure-identity tries to sign in."""
_CA_VARIABLES: Final = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""Where tools of Azure look for certificates that the system does not have, such as a proxy's."""


T = TypeVar("T")


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
        if not self._trusts(url):
            raise CallFailed(f"it leads to {shown(url)}: the token is not sent there")
        ends = min(self.timing.clock() + self.timing.call, self._deadline)
        attempt = 0
        while True:
            try:
                return self._within(url, with_token, ends)
            except _Again as trouble:
                attempt += 1
                self._wait(trouble, attempt, ends, url)

    def _trusts(self, url: str) -> bool:
        try:
            return self.cloud.trusts(url)
        except UntrustedPlace:
            return False

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

    def _within(self, url: str, with_token: bool, ends: float) -> Any:
        """The answer, or `_Again`, by a moment at which whatever goes on is given up."""
        left = ends - self.timing.clock()
        if left <= 0:
            self._give_up("no time is left", ends)
        client = self._client = self._client or _client(self.cloud)
        headers = partial(self._headers, with_token)
        try:
            return _bounded(lambda: self._once(client, url, headers(), left), left)
        except TimeoutError:
            self._client = None
            self._give_up("no answer", ends)

    def sign_in(self) -> None:
        """Ask for a token, before anything is read. Raises `NoToken`."""
        seconds = max(_SIGN_IN_SECONDS, self.timing.call)
        try:
            _bounded(self.tokens.current, seconds)
        except TimeoutError:
            raise NoToken(f"no token for Azure, within {seconds:.0f} s") from None

    def _headers(self, with_token: bool) -> dict[str, str]:
        headers = {"Accept": "application/json"}
        if with_token:
            headers["Authorization"] = f"Bearer {self.tokens.current().reveal()}"
        return headers

    def _once(self, client: httpx.Client, url: str, headers: Mapping[str, str], left: float) -> Any:
        try:
            with client.stream("GET", url, headers=headers, timeout=left) as response:
                raw = _body(response)
        except (httpx.TransportError, httpx.DecodingError, httpx.InvalidURL) as error:
            raise self._unreached(error) from None
        status = response.status_code
        self.note(f"GET {urlsplit(url).path}: {status}")
        if 200 <= status < 300 and status != 203:
            try:
                return json.loads(raw)
            except (ValueError, RecursionError):
                raise _Again("the answer is no valid JSON: it is broken or cut off") from None
        raise self._refused(response, raw)

    def _unreached(self, error: Exception) -> Exception:
        text = self._safe(str(error)) or type(error).__name__
        if "CERTIFICATE_VERIFY_FAILED" in text:
            hint = f"if a proxy stands between, name its certificate in {_CA_VARIABLES[0]}"
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
            return CallFailed(reason, status)
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


def _bounded(work: Callable[[], T], seconds: float) -> T:
    """What comes of some work, or its exception. Raises `TimeoutError`.

    No library bounds a name that does not resolve and a server that sends a byte a second alike,
    so the work has a thread of its own, and nobody waits for it any longer.
    """
    outcome: list[T] = []
    failure: list[Exception] = []

    def run() -> None:
        try:
            outcome.append(work())
        except Exception as error:
            failure.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if failure:
        raise failure[0]
    if not outcome:
        raise TimeoutError
    return outcome[0]


def _client(cloud: Cloud) -> httpx.Client:
    """No redirects, so that the token goes nowhere else; no cookies are kept between calls."""
    local = origin(cloud.manager)[1] in LOOPBACK
    return httpx.Client(
        follow_redirects=False, trust_env=not local, verify=_certificates(), http2=False
    )


def _certificates() -> ssl.SSLContext:
    named = next((os.environ[v] for v in _CA_VARIABLES if os.environ.get(v)), None)
    if named is None:
        return httpx.create_ssl_context()
    try:
        folder = os.path.isdir(named)
        if folder:
            return ssl.create_default_context(capath=named)
        return ssl.create_default_context(cafile=named)
    except OSError as error:
        raise CallFailed(f"the certificates in {named} cannot be read: {error.strerror}") from None


def _body(response: httpx.Response) -> bytes:
    chunks, size = [], 0
    for chunk in response.iter_bytes():
        size += len(chunk)
        if size > MAX_ANSWER:
            raise CallFailed(f"the answer is larger than {MAX_ANSWER // 2**20} MiB")
        chunks.append(chunk)
    return b"".join(chunks)


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
