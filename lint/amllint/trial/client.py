"""Calls of a server on the loopback address."""

from __future__ import annotations

import http.client
import select
import socket
import time
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

HOST: Final = "127.0.0.1"
MAX_BODY: Final = 16 * 1024 * 1024
"""Of a longer answer, the beginning is read."""
_PAUSE: Final = 0.02


class Answer(NamedTuple):
    """An answer as a client gets it; `seconds` from sending to the last byte."""

    status: int
    body: bytes
    headers: Mapping[str, str]
    seconds: float


class NoAnswer(Exception):
    """The server closed the connection, or refused it; the message says which."""


class GivenUp(Exception):
    """The wait was ended: the message is the reason that `stop` gave."""


def free_port() -> int:
    """A port of the loopback address that nothing listens on right now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def call(
    port: int,
    method: str,
    path: str,
    body: bytes,
    headers: Mapping[str, str],
    seconds: float,
    stop: Callable[[], str | None],
) -> Answer:
    """One exchange within so many seconds; `stop` gives a reason to give up sooner.

    Raises `NoAnswer`, and `GivenUp` with the reason, which for the time is `time`.
    """
    began = time.monotonic()
    connection = http.client.HTTPConnection(HOST, port, timeout=seconds)
    try:
        connection.request(method, path, body or None, dict(headers))
        sock: socket.socket = connection.sock
        _wait(sock, began + seconds, stop)
        sock.settimeout(max(began + seconds - time.monotonic(), _PAUSE))
        response = connection.getresponse()
        data = _read(response)
        told = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, data, told, time.monotonic() - began)
    except TimeoutError:
        raise GivenUp("time") from None
    except (OSError, http.client.HTTPException) as error:
        reason = stop()
        if reason is not None:
            raise GivenUp(reason) from None
        raise NoAnswer(f"{type(error).__name__}: {error}") from None
    finally:
        connection.close()


def _wait(sock: socket.socket, end: float, stop: Callable[[], str | None]) -> None:
    while not select.select([sock], [], [], _PAUSE)[0]:
        reason = "time" if time.monotonic() > end else stop()
        if reason is not None:
            raise GivenUp(reason)


def _read(response: http.client.HTTPResponse) -> bytes:
    parts: list[bytes] = []
    while sum(map(len, parts)) < MAX_BODY:
        part = response.read1(1 << 20)
        if not part:
            break
        parts.append(part)
    return b"".join(parts)
