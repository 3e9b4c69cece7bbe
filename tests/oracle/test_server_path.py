"""Which of a server's modules stand in front of yours, asked of the real inference server."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from amllint.rules.score.server_path import SERVER_MODULES

pytestmark = pytest.mark.oracle

_LIST = """\
import os, sys
import azureml_inference_server_http as server
(folder,) = [p for p in sys.path if p.endswith(os.path.join("http", "server"))]
print(*sorted(n[:-3] for n in os.listdir(folder) if n.endswith(".py") and n[0] != "_"))
"""


def test_the_modules_of_the_server_are_those_on_its_path(inference_server: Path) -> None:
    done = subprocess.run(
        [str(inference_server), "-c", _LIST], capture_output=True, text=True, timeout=60
    )
    assert set(done.stdout.split()) == SERVER_MODULES, done.stderr
