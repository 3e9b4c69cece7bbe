"""Becomes the inference server: `launch.py OPTIONS`, a JSON object.

The server is started as its own command `azmlinfsrv --entry_script … --port …` starts it, with
three differences: it listens on the loopback address only, what one process of it may hold is
limited, and it does not outlive the process that started it. `OPTIONS` has `script` and `port`,
and may have `data_bytes`, the most writable memory of one process.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any

HOST = "127.0.0.1"
NO_SERVER = 96
"""The exit code that says that the server itself cannot be started."""
_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Limit the process, and run the server; does not return before the server ends."""
    options = json.loads(sys.argv[1])
    # As for a console script: what lies beside this file is none of the user's business.
    own = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [p for p in sys.path if os.path.abspath(p or ".") != own]
    sys.path.insert(0, os.path.dirname(sys.executable))
    die_with_parent()
    limit(options)
    try:
        from azureml_inference_server_http import amlserver

        keep_no_socket()
    except Exception:
        import traceback

        traceback.print_exc()
        sys.exit(NO_SERVER)
    if not hasattr(amlserver, "DEFAULT_HOST"):
        print("this version of the server cannot be told which address to listen on")
        sys.exit(NO_SERVER)
    amlserver.DEFAULT_HOST = HOST
    sys.argv = ["azmlinfsrv", "--entry_script", options["script"], "--port", str(options["port"])]
    amlserver.run()


def limit(options: dict[str, Any]) -> None:
    """Let no process of the server take more than its share, or leave a core behind."""
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if options.get("data_bytes"):
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        wanted = options["data_bytes"]
        if hard != resource.RLIM_INFINITY:
            wanted = min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (wanted, hard))


def die_with_parent() -> None:
    """End when the process that started this one ends, and the workers with this one (Linux)."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    prctl = ctypes.CDLL(None).prctl
    master = os.getpid()

    def follow() -> None:
        if os.getpid() == master or os.getppid() == master:
            prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)

    follow()
    os.register_at_fork(after_in_child=follow)


def keep_no_socket() -> None:
    """Newer gunicorn makes a control socket in the user's home, unless it is told not to."""
    from gunicorn import config

    spelled = [name for s in config.KNOWN_SETTINGS for name in (s.cli or ())]
    if "--no-control-socket" in spelled:
        given = os.environ.get("GUNICORN_CMD_ARGS", "")
        os.environ["GUNICORN_CMD_ARGS"] = (given + " --no-control-socket").strip()


if __name__ == "__main__":
    main()
