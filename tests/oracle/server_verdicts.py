"""What the real inference server says about scoring scripts.

    python server_verdicts.py CASES [--requests FILE] [--parallel 2] > verdicts.json

``CASES`` holds one folder per case with a ``score.py`` in it. Each case is served by the real
``azureml_inference_server_http.amlserver.run()`` (its own command line, its own gunicorn master
and worker), from the case's folder, as ``azmlinfsrv --entry_script score.py --port N`` would. Two
things differ from a shell: the process is a fork of one that has already imported the server's
dependencies (``--cold`` starts an interpreter for each instead, and is 9 times slower), and the
server listens on the loopback address instead of every interface. A server found listening
anywhere else is an error of the oracle.

``--requests`` is a JSON object ``{case: {"body": str, "content_type": str, "stubs": [top-level
module, ...], "environment": {name: value}}}``, all of it optional. ``body`` is posted to
``/score`` once the server is healthy. ``stubs`` are distributions the script imports; the ones that
are not installed are stood in for by modules in which every name exists.

The answer is ``{case: {"started": bool, "exit": int | null, "error": str | null, "call":
{"status": int, "body": any} | null, "cause": str | null}}``. ``exit`` is null for a server that
neither became healthy nor ended within the limit. ``cause`` is what the log says of a call that was
not answered with 200.

Runs inside the oracle's environment, so of this repository it imports only its neighbour. Linux
only.
"""

from __future__ import annotations

import argparse
import ctypes
import http.client
import json
import multiprocessing
import os
import re
import resource
import select
import shutil
import signal
import socket
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Any, NamedTuple

from import_stubs import install_stubs

HOST = "127.0.0.1"
SERVER_PACKAGE = "azureml_inference_server_http.server"
LOOPBACK_IN_PROC = {
    "0100007F",
    "0000000000000000FFFF00000100007F",
    "00000000000000000000000001000000",
}
GIB = 1024**3
COLD_START = f"""
import os, sys
sys.argv[0], sys.path[0] = "azmlinfsrv", os.path.dirname(sys.executable)
from azureml_inference_server_http import amlserver
amlserver.DEFAULT_HOST = {HOST!r}
amlserver.run()
"""
LIMITS = {
    resource.RLIMIT_AS: 4 * GIB,
    resource.RLIMIT_CPU: 30,
    resource.RLIMIT_FSIZE: GIB // 64,
    resource.RLIMIT_CORE: 0,
}


class Case(NamedTuple):
    folder: Path
    request: dict[str, Any]
    start_limit: float
    cold: bool = False


class WrongAddress(RuntimeError):
    """The server listens somewhere else than on the loopback address."""


def warm_up() -> None:
    """Import what the server imports, then forget the modules that read settings as they load."""
    sys.path[0] = os.path.dirname(sys.executable)  # as in the server's console script
    import azureml_inference_server_http.amlserver_linux

    path = list(sys.path)  # the package has put its server folder on it
    import azureml_inference_server_http.server.aml_blueprint  # noqa: F401
    import gunicorn.workers.sync  # noqa: F401
    import inference_schema.schema_decorators  # noqa: F401

    for name in [name for name in sys.modules if name.startswith(SERVER_PACKAGE)]:
        del sys.modules[name]
    sys.path[:] = path


def serve(case: Case, port: int, log: int) -> None:
    """Become the server: never returns."""
    status = 1
    try:
        enter_sandbox(case, port, log)
        if case.cold:
            os.execv(sys.executable, [sys.executable, "-c", COLD_START, *sys.argv[1:]])
        install_stubs(case.request.get("stubs", ()))
        from gunicorn import config

        config.Chdir.default = os.getcwd()  # was read from the process when gunicorn was imported
        from azureml_inference_server_http import amlserver

        amlserver.DEFAULT_HOST = HOST
        amlserver.run()
        status = 0
    except SystemExit as exit_:
        status = exit_.code if isinstance(exit_.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status & 0xFF)


def enter_sandbox(case: Case, port: int, log: int) -> None:
    os.setsid()
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: no server outlives the oracle
    null = os.open(os.devnull, os.O_RDONLY)
    for target, source in ((0, null), (1, log), (2, log)):
        os.dup2(source, target)
    os.closerange(3, 256)
    sys.stdin = os.fdopen(0, closefd=False)  # the parent's had a descriptor that is closed now
    for limit, value in LIMITS.items():
        resource.setrlimit(limit, (value, value))
    os.chdir(case.folder)
    environment = {**server_environment(), **case.request.get("environment", {})}
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["azmlinfsrv", "--entry_script", "score.py", "--port", str(port)]
    sys.dont_write_bytecode = True


def server_environment() -> dict[str, str]:
    home = os.environ["ORACLE_HOME"]
    return {
        "PATH": os.defpath,
        "HOME": home,
        "TMPDIR": home,
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUNBUFFERED": "1",
        "AZUREML_MODEL_DIR": os.path.join(home, "model"),
        "GUNICORN_CMD_ARGS": "--no-control-socket",
    }


def verdict(case: Case) -> tuple[str, dict[str, Any]]:
    for _attempt in range(3):
        port = free_port()
        with tempfile.TemporaryFile() as log:
            outcome = watch(case, port, log.fileno())
            log.seek(0)
            text = log.read().decode("utf-8", "replace").replace(f"{case.folder}/", "")
            outcome["error"] = None if outcome["started"] else gist(text, outcome)
            failed = outcome["call"] and outcome["call"]["status"] != 200
            outcome["cause"] = cause_of(text) if failed else None
        if outcome["exit"] != 1 or outcome["error"]:
            break  # gunicorn ends with 1 and says nothing when another process took the port
    return case.folder.name, outcome


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def watch(case: Case, port: int, log: int) -> dict[str, Any]:
    """Start one server, wait for health or its end, send the request, and leave nothing running."""
    pid = os.fork()
    if pid == 0:
        serve(case, port, log)
    deadline = time.monotonic() + case.start_limit
    process = os.pidfd_open(pid)
    try:
        healthy = wait_until_healthy(port, process, deadline)
        call = post(port, process, case) if healthy and "body" in case.request else None
    finally:
        ended = bool(select.select([process], [], [], 0)[0])
        kill_group(pid)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        os.close(process)
    return {"started": healthy, "exit": status if ended else None, "error": None, "call": call}


def kill_group(pid: int) -> None:
    for _round in range(
        2
    ):  # the worker may be forked between the first signal and the master's death
        try:
            os.killpg(pid, signal.SIGKILL)
        except ProcessLookupError:
            return


def wait_until_healthy(port: int, process: int, deadline: float) -> bool:
    while time.monotonic() < deadline:
        if select.select([process], [], [], 0)[0]:
            return False
        try:
            status, _body = ask(port, process, deadline, "GET", "/", b"", {})
        except OSError:
            select.select([process], [], [], 0.01)
            continue
        refuse_other_addresses(port)
        return status == 200
    return False


def ask(
    port: int,
    process: int,
    deadline: float,
    method: str,
    path: str,
    body: bytes,
    headers: dict[str, str],
) -> tuple[int, bytes]:
    """One HTTP exchange, given up as soon as the server's process ends."""
    connection = http.client.HTTPConnection(
        HOST, port, timeout=max(0.1, deadline - time.monotonic())
    )
    try:
        connection.request(method, path, body, headers)
        left = max(0.0, deadline - time.monotonic())
        if connection.sock not in select.select([connection.sock, process], [], [], left)[0]:
            raise TimeoutError
        response = connection.getresponse()
        return response.status, response.read()
    except http.client.HTTPException as error:
        raise ConnectionError(str(error)) from error
    finally:
        connection.close()


def post(port: int, process: int, case: Case) -> dict[str, Any]:
    headers = {"Content-Type": case.request.get("content_type", "application/json")}
    body = case.request["body"].encode()
    try:
        status, answer = ask(port, process, time.monotonic() + 10, "POST", "/score", body, headers)
    except OSError as error:
        return {"status": None, "body": type(error).__name__}
    text = answer.decode("utf-8", "replace")
    try:
        return {"status": status, "body": json.loads(text)}
    except ValueError:
        return {"status": status, "body": text}


def refuse_other_addresses(port: int) -> None:
    """Raise unless every socket listening on ``port`` is bound to the loopback address."""
    addresses = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            lines = Path(table).read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            _slot, local, _remote, state = line.split()[:4]
            address, _colon, local_port = local.partition(":")
            if state == "0A" and int(local_port, 16) == port:
                addresses.add(address)
    if not addresses or addresses - LOOPBACK_IN_PROC:
        raise WrongAddress(f"port {port} listens on {addresses or 'nothing'}")


def gist(log: str, outcome: dict[str, Any]) -> str:
    """The server's reason from its log: ``UserScriptError: text``, ``kind: script's exception``."""
    if outcome["exit"] is None:
        return "neither healthy nor ended in time"
    if "Configuration Error=" in log:
        return log.partition("Configuration Error=")[2].split("\n")[1]
    # A chained traceback ends each link with a line in the first column: `package.Class: message`.
    tracebacks = log[log.find("Traceback (most recent") :] if "Traceback (" in log else ""
    raised = re.findall(r"^[\w.]*[A-Za-z_]\w*(?:: .*)?$", tracebacks, re.MULTILINE)
    if not raised:
        return f"ended with {outcome['exit']} and said nothing" if outcome["exit"] != 1 else ""
    name, _colon, message = raised[-1].partition(": ")
    short = name.rpartition(".")[2]
    if short in ("UserScriptException", "UserScriptImportException") and len(raised) > 1:
        return f"{short}: {raised[-2]}"[:400]
    return f"{short}: {message}"[:400]


def cause_of(log: str) -> str:
    """What a call failed with, as the log tells: ``Class: message`` of what the script raised."""
    tracebacks = log[log.find("Traceback (most recent") :] if "Traceback (" in log else ""
    raised = re.findall(r"^[\w.]*[A-Za-z_]\w*(?:: .*)?$", tracebacks, re.MULTILINE)
    raised = [one for one in raised if not re.search(r"\bUserScriptException\b|Warning:", one)]
    name, colon, message = raised[-1].partition(": ") if raised else ("nothing in the log", "", "")
    return f"{name.rpartition('.')[2]}{colon}{message}"[:300]


def read_cases(
    folder: Path, requests: dict[str, dict[str, Any]], start_limit: float, cold: bool
) -> list[Case]:
    names = sorted(entry.name for entry in folder.iterdir() if (entry / "score.py").is_file())
    return [
        Case((folder / name).resolve(), requests.get(name, {}), start_limit, cold) for name in names
    ]


def server_verdicts(cases: list[Case], parallel: int) -> dict[str, dict[str, Any]]:
    warm_up()
    home = tempfile.mkdtemp(prefix="oracle-")
    os.environ["ORACLE_HOME"] = home
    os.mkdir(os.path.join(home, "model"))
    try:
        with multiprocessing.get_context("fork").Pool(parallel) as pool:
            return dict(pool.imap_unordered(verdict, cases, chunksize=1))
    finally:
        shutil.rmtree(home, ignore_errors=True)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("cases", type=Path)
    parser.add_argument("--requests", type=Path)
    parser.add_argument("--parallel", type=int, default=2)
    parser.add_argument("--start-limit", type=float, default=20.0, help="seconds until healthy")
    parser.add_argument(
        "--cold", action="store_true", help="a new interpreter for each server (slow, no stubs)"
    )
    options = parser.parse_args(arguments)
    requests = json.loads(options.requests.read_text("utf-8")) if options.requests else {}
    cases = read_cases(options.cases, requests, options.start_limit, options.cold)
    verdicts = server_verdicts(cases, options.parallel)
    json.dump(dict(sorted(verdicts.items())), sys.stdout, indent=1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
