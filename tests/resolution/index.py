"""A package index on 127.0.0.1: pages as PEP 503 has them, and wheels of a few hundred bytes."""

from __future__ import annotations

import html
import io
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def wheel(name: str, version: str, requires: tuple[str, ...] = (), python: str = "") -> bytes:
    """A wheel that holds nothing but what it depends on."""
    stream = io.BytesIO()
    info = f"{name}-{version}.dist-info"
    lines = [f"Requires-Dist: {text}\n" for text in requires]
    lines += [f"Requires-Python: {python}\n"] if python else []
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{''.join(lines)}"
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(f"{info}/METADATA", metadata)
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return stream.getvalue()


@dataclass
class Index:
    """The files by project, what was asked for, and whether and when it answers."""

    files: dict[str, dict[str, tuple[bytes, str]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    status: int = 200
    delay: float = 0
    url: str = ""

    def add(
        self,
        name: str,
        version: str,
        *requires: str,
        python: str = "",
        tag: str = "py3-none-any",
    ) -> None:
        """Offer a release as a wheel."""
        file = f"{name}-{version}-{tag}.whl"
        self.files.setdefault(name, {})[file] = (wheel(name, version, requires, python), python)

    def add_source(self, name: str, version: str, python: str = "") -> None:
        """Offer a release as source alone; whoever opened it would find nothing."""
        file = f"{name}-{version}.tar.gz"
        self.files.setdefault(name, {})[file] = (b"no archive", python)

    def answer(self, path: str) -> bytes | None:
        """The body for a path, `None` where there is nothing."""
        parts = path.strip("/").split("/")
        project = self.files.get(parts[1]) if len(parts) > 1 else None
        if project is None:
            return None
        if parts[0] == "files" and len(parts) == 3:
            return project[parts[2]][0] if parts[2] in project else None
        links = (_link(parts[1], file, python) for file, (_, python) in project.items())
        return f"<!DOCTYPE html><html><body>{''.join(links)}</body></html>".encode()


def _link(project: str, file: str, python: str) -> str:
    asks = f' data-requires-python="{html.escape(python)}"' if python else ""
    return f'<a href="/files/{project}/{file}"{asks}>{file}</a>\n'


@contextmanager
def serving() -> Iterator[Index]:
    """Serve an index while this lasts."""
    index = Index()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            index.asked.append(self.path)
            time.sleep(index.delay)
            body = index.answer(self.path)
            status = index.status if body is not None or index.status != 200 else 404
            self.send_response(status)
            kind = "text/html" if self.path.startswith("/simple") else "application/octet-stream"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    index.url = f"http://127.0.0.1:{server.server_port}/simple/"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield index
    finally:
        server.shutdown()
        server.server_close()
