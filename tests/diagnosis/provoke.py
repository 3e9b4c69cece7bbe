"""Provokes failures of the real inference server, and keeps what it logs.

python -m tests.diagnosis.provoke [NAME...]

Each script of `provoked_scripts` is served by azmlinfsrv on the loopback address, one at a
time. Paths of this machine are put as the image has them. The logs are what the tests read;
run this again to see whether a newer server prints something else.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.diagnosis.provoked_scripts import FAILING, INNOCENT, Call, Served
from tests.oracle.environments import oracle_environment

LOGS = Path(__file__).resolve().parent / "logs"
APP_ROOT = "/var/azureml-app"
PACKAGES = "/azureml-envs/serving/lib/python3.11/site-packages"
LIBRARY = "/azureml-envs/serving/lib/python3.11"
START = """
import os, sys
sys.argv[0], sys.path[0] = "azmlinfsrv", os.path.dirname(sys.executable)
from azureml_inference_server_http import amlserver
amlserver.DEFAULT_HOST = "127.0.0.1"
amlserver.run()
"""


def served_log(case: Served, python: Path) -> str:
    """What the server logs while it is started and called, or what a caller sees."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        for file, text in {"score.py": case.script, **case.files}.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(text)
        port = free_port()
        log = folder / ".log"
        with log.open("wb") as stream:
            server = start(case, python, folder, port, stream)
            shown = call_all(case, server, port)
            stop(server)
        text = shown or log.read_text("utf-8", "replace")
        return shortened(as_in_the_image(text, folder, python, port))


def start(
    case: Served, python: Path, folder: Path, port: int, stream: object
) -> subprocess.Popen[bytes]:
    """The server, in a session of its own."""
    environment = {
        "PATH": os.defpath,
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "AML_APP_ROOT": str(folder),
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    for key, value in case.environment.items():
        inside = key == "AZUREML_MODEL_DIR"
        environment[key] = str(folder / value) if inside else value
    arguments = case.arguments or ("--entry_script", "score.py")
    return subprocess.Popen(
        [python, "-c", START, *arguments, "--port", str(port)],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=stream,  # type: ignore[call-overload]
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def call_all(case: Served, server: subprocess.Popen[bytes], port: int) -> str:
    """Make the calls once the server answers; what `curl -i` would have printed."""
    limit = time.monotonic() + case.seconds
    while time.monotonic() < limit and server.poll() is None:
        if not case.calls:
            if case in INNOCENT.values():
                break
        elif healthy(port):
            shown = "".join(call(c, port) for c in case.calls)
            time.sleep(0 if shown else 1.5)  # what the master says of a worker comes later
            return shown
        time.sleep(0.2)
    return ""


def healthy(port: int) -> bool:
    """Whether the server answers its probe."""
    with contextlib.suppress(OSError, http.client.HTTPException):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    return False


def call(request: Call, port: int) -> str:
    """Send one request; what there is to show of the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=15)
    body = request.body.encode("utf-8", "surrogateescape")
    try:
        connection.request(request.method, request.path, body, request.headers)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
    except (OSError, http.client.HTTPException):
        return ""
    if not request.show:
        return ""
    head = "".join(f"{name}: {value}\n" for name, value in answer.getheaders())
    return f"HTTP/1.1 {answer.status} {answer.reason}\n{head}\n{text}\n"


def stop(server: subprocess.Popen[bytes]) -> None:
    """End the server and what it started: they are a session of their own."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def as_in_the_image(text: str, folder: Path, python: Path, port: int) -> str:
    """A log with the paths, the port and the host of an image instead of this machine's."""
    environment = python.parent.parent
    text = text.replace(f"{environment}/lib/python3.11/site-packages", PACKAGES)
    text = text.replace(str(environment), "/azureml-envs/serving")
    text = re.sub(r"(/[\w.-]+)+/lib/python3\.11(?=/)", LIBRARY, text)
    text = text.replace(str(folder), APP_ROOT)
    return text.replace(str(port), "5001")


def shortened(text: str) -> str:
    """A log without the middle of what is repeated in it."""
    lines = text.splitlines(keepends=True)
    return text if len(lines) <= 160 else "".join([*lines[:90], *lines[-70:]])


def main(names: list[str]) -> None:
    """Provoke what is named, or everything."""
    python = oracle_environment("inference-server")
    for kind, cases in (("failing", FAILING), ("innocent", INNOCENT)):
        for name, case in cases.items():
            if names and name not in names:
                continue
            target = LOGS / kind / f"{name}.log"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(served_log(case, python), "utf-8")
            print(f"{target.stat().st_size:7}  {name}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
