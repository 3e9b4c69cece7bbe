"""A scoring script under the real inference server, from its start to its last process."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from amllint.trial import client, processes
from amllint.trial.client import Answer, GivenUp, NoAnswer
from amllint.trial.interpreter import INSIDE, Interpreter
from amllint.trial.server_log import INIT_BEGINS, INIT_ENDS, WORKER_BEGINS, ServerLog

Ending: TypeAlias = Literal["ended", "time", "memory", "restarts", "address"]
"""Why a server did not become healthy, or stopped: it ended; the time or the memory was used up;
its workers end as soon as they begin; it listens elsewhere than on the loopback address."""

_LOOK_SECONDS: Final = 0.1
_RESTARTS: Final = 4
_DATA_FACTOR: Final = 2
"""One process may have so much more writable memory than all of them may hold."""
_REFUSED_PAUSE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Serving:
    """What is served, and how: paths are absolute.

    `root` is the folder that is deployed, where the server runs; `model_dir` becomes
    AZUREML_MODEL_DIR. `seconds` limit the start and each call; `memory_bytes` what all processes
    of the server hold together.
    """

    script: str
    root: str
    interpreter: Interpreter
    model_dir: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 300.0
    memory_bytes: int = 4 << 30
    echo: bool = False


@dataclass(frozen=True, slots=True)
class Start:
    """How the start went: `ending` is `None` for a server that is healthy.

    `seconds` go from the start of its process to its first healthy answer, or to its end;
    `init_seconds` are those of the script's `init`, `None` where the log does not say.
    """

    ending: Ending | None
    exit_code: int | None
    seconds: float
    init_seconds: float | None


class Server:
    """A running server; a context manager that leaves no process and no file behind."""

    def __init__(self, serving: Serving) -> None:
        self.serving = serving
        self.port = client.free_port()
        self._mark = secrets.token_hex(16)
        self._folder = tempfile.mkdtemp(prefix="amllint-try-")
        self._stopping = threading.Event()
        self._over = self._closed = False
        self._now = self._peak = 0
        self._began = time.monotonic()
        try:
            self._process = self._start_process()
            assert self._process.stdout is not None
            self.log = ServerLog(self._process.stdout, serving.echo)
            self._watch = threading.Thread(target=self._watch_memory, daemon=True)
            self._watch.start()
        except BaseException:
            for pid in processes.marked(self._mark):
                processes.end_all(pid, self._mark)
            shutil.rmtree(self._folder, ignore_errors=True)
            raise

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End every process, and remove the folder of temporary files; twice is once."""
        if self._closed:
            return
        self._closed = True
        self._stopping.set()
        processes.end_all(self._process.pid, self._mark)
        self._process.wait()
        self._watch.join(5)
        self.log.settle(5)
        shutil.rmtree(self._folder, ignore_errors=True)

    # -- the process --------------------------------------------------------------------

    def _start_process(self) -> subprocess.Popen[bytes]:
        serving = self.serving
        options = {
            "script": serving.script,
            "port": self.port,
            "data_bytes": serving.memory_bytes * _DATA_FACTOR,
        }
        launch = os.path.join(INSIDE, "launch.py")
        return subprocess.Popen(
            [serving.interpreter.executable, launch, json.dumps(options)],
            cwd=serving.root,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def _environment(self) -> dict[str, str]:
        """The caller's own, without what would tell the server of other files than these."""
        given = {
            name: value
            for name, value in os.environ.items()
            if name not in ("AML_APP_ROOT", "AZUREML_ENTRY_SCRIPT")
        }
        ours = {
            "PYTHONUNBUFFERED": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "TMPDIR": self._folder,
            processes.MARK: self._mark,
        }
        if self.serving.model_dir is not None:
            ours["AZUREML_MODEL_DIR"] = self.serving.model_dir
        return {**given, **self.serving.environment, **ours}

    def _watch_memory(self) -> None:
        while not self._stopping.wait(_LOOK_SECONDS):
            if not self._look():
                return

    def _look(self) -> bool:
        """Look at what the processes hold; whether that can be known, and is allowed."""
        held = processes.memory(self._process.pid)
        if held is None:
            return False
        self._now, self._peak = held[0], max(self._peak, held[1])
        if self._now <= self.serving.memory_bytes:
            return True
        self._over = True
        processes.end_all(self._process.pid, self._mark)
        return False

    @property
    def peak_bytes(self) -> int | None:
        """The most that the processes held, each at its own highest; `None` if not known."""
        return self._peak or None

    # -- start and calls ----------------------------------------------------------------

    def wait_until_healthy(self) -> Start:
        """Wait for the first healthy answer, the end of the process, or a limit."""
        end = self._began + self.serving.seconds
        ending: Ending | None = None
        while ending is None:
            left = max(end - time.monotonic(), 0.01)
            try:
                answer = client.call(self.port, "GET", "/", b"", {}, left, self._reason)
            except NoAnswer:
                time.sleep(_REFUSED_PAUSE)
                ending = self._reason() or ("time" if time.monotonic() > end else None)
            except GivenUp as given:
                ending = self._ending(str(given))
            else:
                if answer.status == 200:
                    break
                time.sleep(_REFUSED_PAUSE)
        seconds = time.monotonic() - self._began
        if ending is None and processes.listens_elsewhere(self.port):
            ending = "address"
        if ending == "ended":
            self.log.settle(2)
        return Start(ending, self._exit_code(ending), seconds, self._init_seconds())

    def score(self, body: bytes, content_type: str) -> Answer:
        """Post a body to `/score`. Raises `NoAnswer` and `GivenUp`."""
        headers = {"Content-Type": content_type}
        answer = client.call(
            self.port, "POST", "/score", body, headers, self.serving.seconds, self._reason
        )
        self._look()
        return answer

    def get(self, path: str) -> Answer:
        """Get a page of the server. Raises `NoAnswer` and `GivenUp`."""
        return client.call(self.port, "GET", path, b"", {}, self.serving.seconds, self._reason)

    def _reason(self) -> Ending | None:
        """Why the server will not answer any more, `None` while it may."""
        if self._over:
            return "memory"
        if self._process.poll() is not None:
            return "ended"
        # A worker that ends with another code than 3 is started again, for ever.
        if not self.log.times(INIT_ENDS) and len(self.log.times(WORKER_BEGINS)) >= _RESTARTS:
            return "restarts"
        return None

    def _ending(self, reason: str) -> Ending:
        known: tuple[Ending, ...] = ("time", "memory", "restarts")
        return next((ending for ending in known if ending == reason), "ended")

    def _exit_code(self, ending: Ending | None) -> int | None:
        return self._process.poll() if ending == "ended" else None

    def _init_seconds(self) -> float | None:
        began, ended = self.log.times(INIT_BEGINS), self.log.times(INIT_ENDS)
        return ended[0] - began[0] if began and ended else None
