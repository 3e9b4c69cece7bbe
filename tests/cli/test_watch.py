"""`amllint check --watch`: a pass at once, another after each change, until it is interrupted."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.checking import write
from tests.cli.commands import LEAKY as BAD
from tests.cli.commands import SCRIPT as GOOD
from tests.cli.commands import Commands

SECONDS = 20


class Watching:
    """A running `amllint check --watch`, and its lines as they come."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "amllint", "check", "--watch", "-o", "concise", *arguments],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            # Where the tests run in the background of a shell, SIGINT is ignored, and inherited so.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        self.lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line)

    def a_pass(self) -> str:
        """What one pass says, up to the line that it waits again."""
        said = []
        while not said or not said[-1].startswith("watching "):
            said.append(self.lines.get(timeout=SECONDS))
        return "".join(said)


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[Watching]:
    write(tmp_path, {"deploy/score.py": GOOD})
    started = Watching(tmp_path)
    yield started
    started.process.kill()
    started.process.wait()


def test_every_change_is_checked_until_it_is_interrupted(
    watching: Watching, tmp_path: Path
) -> None:
    assert "no findings in 1 file" in watching.a_pass()
    write(tmp_path, {"deploy/score.py": BAD})
    assert "AML109 error-leak" in watching.a_pass()
    write(tmp_path, {"deploy/score.py": GOOD})
    assert "no findings in 1 file" in watching.a_pass()
    write(tmp_path, {"other/score.py": BAD})
    assert "other/score.py:12:16: AML109" in watching.a_pass(), "a new file is seen"
    write(tmp_path, {"amllint.toml": 'ignore = ["AML1"]\n'})
    assert "no findings in 2 files" in watching.a_pass(), "the configuration counts too"
    (tmp_path / "other/score.py").unlink()
    assert "no findings in 1 file" in watching.a_pass()
    watching.process.send_signal(signal.SIGINT)
    assert watching.process.wait(SECONDS) == 130


def test_a_broken_configuration_is_told_and_waited_over(watching: Watching, tmp_path: Path) -> None:
    watching.a_pass()
    write(tmp_path, {"amllint.toml": "fail-no = 1\n"})
    assert "unknown key `fail-no`" in watching.a_pass()
    write(tmp_path, {"amllint.toml": 'fail-on = "error"\n'})
    assert "no findings in 1 file" in watching.a_pass()


@pytest.mark.parametrize("other", ["--fix", "--diff", "--list-files", "--stdin-filename=a.py"])
def test_it_only_checks(other: str, amllint: Commands) -> None:
    done = amllint.check("--watch", other)
    assert done.code == 2
    assert "--watch only checks" in done.err
