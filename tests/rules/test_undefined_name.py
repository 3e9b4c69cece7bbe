"""What counts as bound, what an owner could not mend, and how sure the failure is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checking import look, only, places

INIT = """\
def init():
    pass


"""
RUN = """\
def run(raw_data):
    return {"received": len(raw_data)}
"""
MODEL = """\
import os


def init():
    global model
    model = os.environ["AZUREML_MODEL_DIR"]


"""

SILENT = {
    "star import": "from numpy import *\n\n\n" + INIT + "def run(raw_data):\n    return array(1)\n",
    "exec": 'exec("x = 1")\n\n\n' + INIT + "def run(raw_data):\n    return x\n",
    "globals written": INIT + "def run(raw_data):\n    globals()['x'] = 1\n    return x\n",
    "asked for with globals": INIT
    + "def run(raw_data):\n    if 'x' in globals():\n        return x\n    return 1\n",
    "expected NameError": INIT
    + "def run(raw_data):\n    try:\n        return x\n    except NameError:\n        return 1\n",
    "suppressed NameError": "import contextlib\n\n\n"
    + INIT
    + "def run(raw_data):\n    with contextlib.suppress(NameError):\n        x\n    return 1\n",
    "probed before use": "try:\n    input = raw_input\nexcept Exception:\n    pass\n\n\n"
    + INIT
    + RUN,
    "other version": "import sys\n\n\n"
    + INIT
    + "def run(raw_data):\n    text = unicode if sys.version_info[0] < 3 else str\n"
    "    return text(raw_data)\n",
    "version by six": "import six\n\n\n"
    + INIT
    + "def run(raw_data):\n    if six.PY2:\n        return unicode(raw_data)\n"
    "    return raw_data\n",
    "conditional binding": "import os\n\nif os.name == 'nt':\n    x = 1\n\n\n"
    + INIT
    + "def run(raw_data):\n    return x\n",
    "deleted": "x = 1\ndel x\n\n\n" + INIT + "def run(raw_data):\n    return x\n",
    "module handler name": "try:\n    import json\nexcept ImportError as error:\n"
    "    print(error)\n\n\n" + INIT + RUN,
    "comprehension": INIT
    + "def run(raw_data):\n    return [[a + b for a in raw_data] for b in [1]]\n",
    "walrus in comprehension": INIT
    + "def run(raw_data):\n    found = [y for x in raw_data if (y := x)]\n    return [found, y]\n",
    "match capture": INIT + "def run(raw_data):\n    match raw_data:\n        case [x, *rest]:\n"
    "            return [x, rest]\n    return raw_data\n",
    "class scope": "class Scorer:\n    size = 1\n    pair = (size, size)\n\n    def run(self):\n"
    "        return __class__\n\n\n" + INIT + "def run(raw_data):\n    return Scorer().run()\n",
    "annotation of a local": INIT
    + "def run(raw_data):\n    data: np.ndarray = raw_data\n    return data\n",
    "annotations that stay text": "from __future__ import annotations\n\n\n"
    + INIT
    + "def run(raw_data: np.ndarray) -> pd.DataFrame:\n    return raw_data\n",
    "quoted annotation": INIT + "def run(raw_data: 'np.ndarray'):\n    return raw_data\n",
    "type parameters": INIT
    + "def first[T](items: list[T]) -> T:\n    return items[0]\n\n\n"
    + "def run(raw_data):\n    return first(raw_data)\n",
    "module names": INIT + "def run(raw_data):\n    return [__file__, __name__, __spec__]\n",
    "newer builtins": INIT + "def run(raw_data):\n    try:\n        return raw_data\n"
    "    except ExceptionGroup:\n        raise\n",
    "never reached": INIT + RUN + "\n\ndef evaluate():\n    return sklearn\n",
    "behind a return": INIT + "def run(raw_data):\n    return raw_data\n    print(x)\n",
    "only as a program": INIT + RUN + '\n\nif __name__ == "__main__":\n    test()\n',
    "for type checkers": "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    x: y\n\n\n"
    + INIT
    + RUN,
    "global by a helper that is passed on": MODEL.replace("model =", "global other\n    model =")
    + "def load():\n    global x\n    x = 1\n\n\ndef run(raw_data):\n    return [raw_data, x]\n"
    + "\n\nSTEPS = [load]\n",
    "global in a batch hook": INIT
    + "def shutdown():\n    global x\n    x = 1\n\n\ndef run(mini_batch):\n    return [x]\n",
    "not finished": INIT + "def run(raw_data):\n    ...\n    return output\n",
    "inner function's own": INIT
    + "def run(raw_data):\n    def inner():\n        x = 1\n        return x\n\n"
    "    return inner()\n",
    "outer function's": INIT
    + "def run(raw_data):\n    x = 1\n\n    def inner():\n        return x\n\n    return inner()\n",
    "IPython": "get_ipython().run_line_magic('time', 'x')\n\n\n" + INIT + RUN,
}


@pytest.mark.parametrize("case", SILENT)
def test_what_may_be_bound_is_not_told(case: str, tmp_path: Path) -> None:
    report = look(tmp_path, {"score.py": SILENT[case]}, select=("undefined-name",))
    assert report.listed[0].kind.endswith("scoring script")
    assert places(report) == []


TOLD = {
    "module level": (
        "PATH = os.path.join('a', 'b')\n\n\n" + INIT + RUN,
        (1, "error", "start", "nothing binds `os`: importing the script raises", "`import os`"),
    ),
    "init": (
        "def init():\n    print(np.pi)\n\n\n" + RUN,
        (2, "error", "start", "`init` raises a NameError", "`import numpy as np`"),
    ),
    "a helper of run": (
        INIT + "def parse(x):\n    return json.loads(x)\n\n\ndef run(raw_data):\n"
        "    return parse(raw_data)\n",
        (6, "error", "score", "every call raises a NameError", "`import json`"),
    ),
    "in a handler": (
        INIT + "def run(raw_data):\n    try:\n        return raw_data\n    except Exception:\n"
        "        logger.exception('x')\n        raise\n",
        (9, "warning", "score", "`run` raises a NameError once it gets here", "import it"),
    ),
    "for each of what may be none": (
        INIT + "def run(raw_data):\n    return [json.dumps(d) for d in raw_data]\n",
        (6, "warning", "score", "`run` raises a NameError once it gets here", "`import json`"),
    ),
    "a misspelt global": (
        MODEL + "def run(raw_data):\n    return modle\n",
        (10, "error", "score", "nothing binds `modle`", "did you mean `model`?"),
    ),
    "Python 2": (
        INIT + "def run(raw_data):\n    return unicode(raw_data)\n",
        (6, "error", "score", "nothing binds `unicode`", "write `str`"),
    ),
    "bound as a program only": (
        INIT + "def run(raw_data):\n    return json.dumps(raw_data)\n\n\n"
        'if __name__ == "__main__":\n    import json\n',
        (6, "error", "score", "only where the script is run as a program", "main guard"),
    ),
    "global of a function that nothing calls": (
        INIT + "def load():\n    global model\n    model = 1\n\n\n"
        "def run(raw_data):\n    return model\n",
        (11, "error", "score", "bound only by `load`, which nothing calls", "call `load`"),
    ),
    "local of a helper": (
        INIT + "def load():\n    model = 1\n    return model\n\n\n"
        "def run(raw_data):\n    load()\n    return model\n",
        (12, "error", "score", "it is local to `load`", "import it"),
    ),
    "a parameter's annotation": (
        INIT + "def run(raw_data: np.ndarray):\n    return raw_data\n",
        (5, "error", "start", "importing the script raises a NameError", "numpy"),
    ),
    "a base class": (
        "class Net(nn.Module):\n    pass\n\n\n" + INIT + RUN,
        (1, "error", "start", "nothing binds `nn`", "`from torch import nn`"),
    ),
    "class names from a method": (
        "class Scorer:\n    size = 1\n\n    def score(self):\n        return size\n\n\n"
        + INIT
        + "def run(raw_data):\n    return Scorer().score()\n",
        (5, "warning", "score", "nothing binds `size`", "import it"),
    ),
    "told once": (
        INIT + "def run(raw_data):\n    data = json.loads(raw_data)\n    return json.dumps(data)\n",
        (6, "error", "score", "nothing binds `json`", "`import json`"),
    ),
}


@pytest.mark.parametrize("case", TOLD)
def test_what_nothing_binds_is_told_with_its_consequence(case: str, tmp_path: Path) -> None:
    script, (line, severity, stage, message, help_) = TOLD[case]
    report = look(tmp_path, {"score.py": script}, select=("undefined-name",))
    assert places(report) == [("score.py", line, "undefined-name")]
    found = only(report)
    assert (found.severity, found.stage) == (severity, stage)
    assert message in found.observation.message
    assert help_ in (found.observation.help or "")


SWALLOWED = "try:\n    log = logging.getLogger()\nexcept {}:\n    {}\n"


@pytest.mark.parametrize(
    ("caught", "handler", "severity"),
    [
        ("Exception", "pass", "info"),
        ("BaseException", "print('no')", "info"),
        ("(OSError, Exception)", "pass", "info"),
        ("Exception", "raise", "error"),
        ("Exception", "fail()", "error"),
        ("ValueError", "pass", "error"),
    ],
)
def test_what_a_handler_takes_fails_no_start(
    caught: str, handler: str, severity: str, tmp_path: Path
) -> None:
    fail = "def fail():\n    raise SystemExit(1)\n\n\n"
    attempt = SWALLOWED.format(caught, handler)
    report = look(tmp_path, {"score.py": fail + attempt + INIT + RUN}, persona="pedantic")
    found = [f for f in report.findings if f.name == "undefined-name"]
    assert [f.severity for f in found] == [severity]
    assert ("which the handler below takes" in found[0].observation.message) == (severity == "info")


def test_what_a_handler_takes_in_init_is_a_warning_and_in_run_fails_calls(tmp_path: Path) -> None:
    taken = "    try:\n        {}\n    except Exception:\n        print('no')\n"
    text = "def init():\n" + taken.format("print(lost)")
    text += "\n\ndef run(raw_data):\n" + taken.format("return {'x': gone}") + "    return {}\n"
    report = look(tmp_path, {"score.py": text}, select=("undefined-name",))
    assert [(f.severity, f.stage) for f in report.findings] == [
        ("warning", "start"),
        ("error", "score"),
    ]


def test_a_local_of_init_is_the_business_of_missing_global(tmp_path: Path) -> None:
    script = "def init():\n    model = object()\n\n\ndef run(raw_data):\n    return model\n"
    report = look(tmp_path, {"score.py": script}, select=("undefined-name", "missing-global"))
    assert places(report) == [("score.py", 2, "missing-global")]


def test_batch_jobs_may_run_a_script_as_a_program(tmp_path: Path) -> None:
    script = INIT + "def run(mini_batch):\n    return [x]\n\n\n"
    script += 'if __name__ == "__main__":\n    x = 1\n'
    report = look(tmp_path, {"score.py": script}, select=("undefined-name",))
    assert places(report) == []
