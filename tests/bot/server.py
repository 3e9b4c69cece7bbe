"""An HTTP server on loopback that answers as it is told, and fails as it is told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

Kind = Literal["answer", "drop-before", "drop-after", "answer-after", "slow"]


@dataclass
class Call:
    """A request as it came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any
    at: float = 0.0

    @property
    def writes(self) -> bool:
        """Whether it changes something."""
        if self.path.endswith("/graphql"):
            return str(self.body["query"]).startswith("mutation")
        return self.method != "GET"

    def shown(self) -> dict[str, Any]:
        """The request as JSON."""
        return {"method": self.method, "path": self.path, "body": self.body}


@dataclass
class Reply:
    """An answer."""

    status: int
    data: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Fault:
    """A failure of the next `times` requests that fit.

    `answer` and `drop-before` do nothing of what was asked; `answer-after` and `drop-after`
    do it, and then answer something else or break the connection off.
    """

    kind: Kind
    method: str = ""
    path: str = ""
    times: int = 1
    reply: Reply = field(default_factory=lambda: Reply(502, {"message": "Server Error"}))

    def fits(self, call: Call) -> bool:
        """Whether this request fails."""
        return self.times > 0 and self.method in ("", call.method) and self.path in call.path


class Server:
    """What both platforms' servers have in common: the record of requests, and failures."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self.url = ""

    def answer(self, call: Call) -> Reply:
        """What the platform answers."""
        raise NotImplementedError

    @property
    def writes(self) -> list[Call]:
        """The requests that change something, in order."""
        return [c for c in self.calls if c.writes]

    def forget(self) -> None:
        """Begin the record anew."""
        self.calls.clear()

    def fault(self, call: Call) -> Fault | None:
        """The failure that is due for this request."""
        for fault in self.faults:
            if fault.fits(call):
                fault.times -= 1
                return fault
        return None

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Serve in a thread; the address."""
        httpd = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        httpd.daemon_threads = True
        thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        self.url = f"http://127.0.0.1:{httpd.server_address[1]}"
        try:
            yield self.url
        finally:
            httpd.shutdown()
            httpd.server_close()
            thread.join()


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

        def _run(self) -> None:
            call = self._call()
            with lock:
                server.calls.append(call)
                fault = server.fault(call)
                skip = fault is not None and fault.kind in ("answer", "drop-before")
                reply = None if skip else server.answer(call)
            if fault is None or fault.kind == "slow":
                assert reply is not None
                self._send(reply, slow=fault is not None)
            elif fault.kind.startswith("drop"):
                self.close_connection = True
                self.connection.close()
            else:
                self._send(fault.reply)

        def _call(self) -> Call:
            parts = urlsplit(self.path)
            query = {k: v[0] for k, v in parse_qs(parts.query, keep_blank_values=True).items()}
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {k.lower(): v for k, v in self.headers.items()}
            body = json.loads(raw) if raw else None
            return Call(self.command, parts.path, query, headers, body, time.monotonic())

        def _send(self, reply: Reply, slow: bool = False) -> None:
            text = isinstance(reply.data, str)
            data = (reply.data if text else json.dumps(reply.data)).encode()
            if reply.status == 204:
                data = b""
            self.send_response(reply.status)
            kind = "text/html" if text else "application/json; charset=utf-8"
            for name, value in {"Content-Type": kind, **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            try:
                step = max(1, len(data) // 20 if slow else len(data))
                for start in range(0, len(data), step):
                    self.wfile.write(data[start : start + step])
                    time.sleep(0.05 if slow else 0)
            except OSError:
                self.close_connection = True

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _run

    return Handler


Route = Callable[..., Reply]
