"""What `run` and `init` wait for: sleeps, loops without end, terminals, servers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checking import look

RULE = "blocking-call"


def script(run: str = "pass", init: str = "pass", more: str = "") -> str:
    head = "import os\nimport sys\nimport threading\nimport time\nfrom time import sleep\n\n\n"
    return f"{head}{more}\n\ndef init():\n    {init}\n\n\ndef run(raw_data):\n    {run}\n"


def found(folder: Path, text: str) -> list[tuple[str, str | None]]:
    report = look(folder, {"score.py": text}, select=(RULE,), persona="pedantic")
    assert not report.incomplete
    return [(f.severity, f.stage) for f in report.findings]


LOOP = "while True:\n        x = 1\n"
CASES = {
    "sleep": (script("time.sleep(1)"), [("warning", "score")]),
    "sleep by another name": (script("sleep(1)"), [("warning", "score")]),
    "sleep in a helper": (
        script("wait()", more="def wait():\n    time.sleep(1)\n"),
        [("warning", "score")],
    ),
    "a moment": (script("time.sleep(0.01)"), [("info", "score")]),
    "a length from elsewhere": (
        script("time.sleep(float(os.environ['DELAY']))"),
        [("info", "score")],
    ),
    "trying again": (
        script("for _ in range(3):\n        time.sleep(1)"),
        [("info", "score")],
    ),
    "after a failure": (
        script("try:\n        x = 1\n    except OSError:\n        time.sleep(1)"),
        [("info", "score")],
    ),
    "short sleep at start": (script(init="time.sleep(5)"), []),
    "long sleep at start": (script(init="time.sleep(120)"), [("info", "start")]),
    "polling at start": (script(init="for _ in range(9):\n        time.sleep(60)"), []),
    "sleep in a thread": (
        script(init="threading.Thread(target=poll).start()", more="def poll():\n    sleep(99)\n"),
        [],
    ),
    "sleep by hand": (script(more="if __name__ == '__main__':\n    sleep(9)\n"), []),
    "not called": (script(more="def wait():\n    sleep(9)\n"), []),
    "endless loop": (script(LOOP), [("warning", "score")]),
    "endless loop at start": (script(init=LOOP), [("warning", "start")]),
    "endless by number": (script("while 1:\n        x = 1\n"), [("warning", "score")]),
    "left by break": (script("while True:\n        if x:\n            break\n"), []),
    "left by return": (script("while True:\n        return 1\n"), []),
    "left by exit": (script("while True:\n        sys.exit(1)\n"), []),
    "left by an exception": (
        script("try:\n        while True:\n            f()\n    finally:\n        g()"),
        [],
    ),
    "break of an inner loop": (
        script("while True:\n        for x in y:\n            break\n"),
        [("warning", "score")],
    ),
    "endless loop in a thread": (
        script(
            init="threading.Thread(target=poll, daemon=True).start()",
            more="def poll():\n    while True:\n        x = 1\n",
        ),
        [],
    ),
    "endless loop in a nested function": (
        script(init="def poll():\n        while True:\n            x = 1\n    start(poll)"),
        [],
    ),
    "generator": (script("while True:\n        yield 1\n"), []),
    "with a condition": (script("while x:\n        pass\n"), []),
    "terminal": (script("input('go on?')"), [("error", "score")]),
    "terminal at start": (script(init="input('go on?')"), [("error", "start")]),
    "own input": (script("input(1)", more="def input(x):\n    return x\n"), []),
    "terminal that may be missing": (
        script("try:\n        input()\n    except EOFError:\n        pass"),
        [],
    ),
    "server": (script(init="uvicorn.run(app)", more="import uvicorn\n"), [("warning", "start")]),
}


@pytest.mark.parametrize("name", CASES)
def test_what_waits_is_graded(name: str, tmp_path: Path) -> None:
    text, wanted = CASES[name]
    assert found(tmp_path, text) == wanted


def test_a_batch_job_may_sleep(tmp_path: Path) -> None:
    text = "import time\n\n\ndef init():\n    pass\n\n\ndef run(mini_batch):\n    time.sleep(9)\n"
    assert found(tmp_path, text) == [("info", "score")]
