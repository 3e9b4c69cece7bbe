"""Serve `FOLDER/score.py` by `FOLDER/venv`, ask for its health and post once.

    python environment_probe.py FOLDER SECONDS

Ends with 0 when both were answered with 200; prints the server's log otherwise.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress

ADDRESS = "http://127.0.0.1:31311"


def answered(path: str, body: bytes | None) -> bool:
    request = urllib.request.Request(ADDRESS + path, body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def main(folder: str, seconds: float) -> int:
    command = [f"{folder}/venv/bin/azmlinfsrv", "--entry_script", "score.py", "--port", "31311"]
    home = {"HOME": folder, "PATH": f"{folder}/venv/bin:{os.defpath}", "LANG": "C.UTF-8"}
    log_path = f"{folder}/server.log"
    with open(log_path, "wb") as log:
        server = subprocess.Popen(
            command, cwd=folder, env=home, stdout=log, stderr=log, start_new_session=True
        )
    try:
        end = time.monotonic() + seconds
        while time.monotonic() < end and server.poll() is None:
            if answered("/", None):
                return 0 if answered("/score", b'{"data": [1]}') else said(log_path)
            time.sleep(0.3)
        return said(log_path)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)


def said(log_path: str) -> int:
    with open(log_path, errors="replace") as log:
        print(log.read()[-20000:])
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], float(sys.argv[2])))
