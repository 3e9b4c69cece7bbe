"""One exchange over https: within its time and size, no redirects, certificates as told."""

from __future__ import annotations

import os
import ssl
import threading
from collections.abc import Callable
from typing import Final, TypeVar

import httpx

from amllint.snapshot.live.clouds import LOOPBACK, Cloud, origin
from amllint.snapshot.live.failures import CallFailed

MAX_ANSWER: Final = 64 * 1024 * 1024
CA_VARIABLES: Final = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""Where tools of Azure look for certificates that the system does not have, such as a proxy's."""

T = TypeVar("T")


def bounded(work: Callable[[], T], seconds: float) -> T:
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


def client(cloud: Cloud) -> httpx.Client:
    """No redirects, so that the token goes nowhere else; no cookies are kept between calls."""
    local = origin(cloud.manager)[1] in LOOPBACK
    return httpx.Client(
        follow_redirects=False, trust_env=not local, verify=_certificates(), http2=False
    )


def _certificates() -> ssl.SSLContext:
    named = next((os.environ[v] for v in CA_VARIABLES if os.environ.get(v)), None)
    if named is None:
        return httpx.create_ssl_context()
    try:
        folder = os.path.isdir(named)
        if folder:
            return ssl.create_default_context(capath=named)
        return ssl.create_default_context(cafile=named)
    except OSError as error:
        raise CallFailed(f"the certificates in {named} cannot be read: {error.strerror}") from None


def body(response: httpx.Response) -> bytes:
    """The body of an answer. Raises `CallFailed` for one that is too large."""
    chunks, size = [], 0
    for chunk in response.iter_bytes():
        size += len(chunk)
        if size > MAX_ANSWER:
            raise CallFailed(f"the answer is larger than {MAX_ANSWER // 2**20} MiB")
        chunks.append(chunk)
    return b"".join(chunks)
