"""Scripts that end their process, wait for a debugger, or send something else than they mean.

The marks say the severity. Every script was served by azureml-inference-server-http 1.5.1.
"""

# ruff: noqa: E501 - a line of the tables is a line of a script

from __future__ import annotations

from pathlib import Path

import pytest

from amllint.config import Settings
from amllint.engine import fixing
from amllint.source.overlay import Overlay
from tests.checking import Files, line, look, shown, write

CONFIG = '{"entryScript": "score.py", "sourceDirectory": "."}\n'
INIT = "def init():\n    pass\n\n\n"
RUN = "def run(data):\n    return {}\n"
RESPONSE = "from azureml.contrib.services.aml_response import AMLResponse\n\n\n" + INIT

EXITS = {
    "in the module": "import sys\n\nsys.exit(0)  # error\n" + INIT + RUN,
    "in a main guard": "import sys\n\n"
    + INIT
    + RUN
    + '\n\nif __name__ == "__main__":\n    sys.exit(run("{}"))\n',
    "in an unused function": "import sys\n\n"
    + INIT
    + RUN
    + "\n\ndef main():\n    sys.exit(run('{}'))\n",
    "for lack of a file": "import os\nimport sys\n\nif not os.path.exists('x'):\n"
    "    sys.exit(1)  # info\n" + INIT + RUN,
    "in init": "import sys\n\n\ndef init():\n    sys.exit(0)  # error\n\n\n" + RUN,
    "in a handler of init": "import sys\n\n\ndef init():\n    try:\n        open('m')\n"
    "    except OSError:\n        sys.exit(1)  # info\n\n\n" + RUN,
    "killed in init": "import os\n\n\ndef init():\n    os._exit(1)  # error\n\n\n" + RUN,
    "killed in a handler of init": "import os\n\n\ndef init():\n    try:\n        open('m')\n"
    "    except OSError:\n        os._exit(1)  # warning\n\n\n" + RUN,
    "in run": "import sys\n\n\n" + INIT + "def run(data):\n    sys.exit(1)  # error\n",
    "quit": INIT + "def run(data):\n    quit()  # error\n",
    "own quit": INIT + "def quit():\n    pass\n\n\ndef run(data):\n    quit()\n",
    "imported under another name": "from sys import exit as leave\n\n\n"
    + INIT
    + "def run(data):\n    leave()  # error\n",
    "raised": INIT + "def run(data):\n    raise SystemExit(1)  # error\n",
    "raised, on a condition": INIT
    + "def run(data):\n    if data:\n        raise SystemExit  # warning\n    return {}\n",
    "in a handler of run": "import sys\n\n\n" + INIT + "def run(data):\n    try:\n"
    "        return int(data)\n    except ValueError as error:\n        sys.exit(error)  # warning\n",
    "killed in run": "import os\n\n\n"
    + INIT
    + "def run(data):\n    if data:\n        os._exit(1)  # warning\n    return {}\n",
    "in a helper": "import sys\n\n\n" + INIT + "def stop():\n    sys.exit(1)  # error\n\n\n"
    "def run(data):\n    stop()\n",
    "in a helper, on a condition": "import sys\n\n\n"
    + INIT
    + "def stop():\n    sys.exit(1)  # warning\n\n\n"
    "def run(data):\n    if data:\n        stop()\n    return {}\n",
    "swallowed": "import sys\n\n\n"
    + INIT
    + "def run(data):\n    try:\n        sys.exit(1)\n    except:\n        return {}\n",
    "swallowed by name": "import sys\n\n\n"
    + INIT
    + "def run(data):\n    try:\n        sys.exit(1)\n    except SystemExit:\n        return {}\n",
    "raised again": "import sys\n\n\n"
    + INIT
    + "def run(data):\n    try:\n        sys.exit(1)  # error\n    except BaseException:\n        raise\n",
    "not swallowed": "import sys\n\n\n"
    + INIT
    + "def run(data):\n    try:\n        sys.exit(1)  # error\n    except Exception:\n        return {}\n",
    "batch": "import sys\n\n\n" + INIT + "def run(mini_batch):\n    sys.exit(1)\n",
}

DEBUGGERS = {
    "waited for in init": "import debugpy\n\n\ndef init():\n    debugpy.listen(5678)\n"
    "    debugpy.wait_for_client()  # error\n    print()\n\n\n" + RUN,
    "only listened": "import debugpy\n\n\ndef init():\n    debugpy.listen(5678)\n\n\n" + RUN,
    "waited for on demand": "import os\n\n\ndef init():\n    if os.getenv('WAIT'):\n"
    "        import debugpy\n\n        debugpy.wait_for_client()  # info\n\n\n" + RUN,
    "switched off": "import debugpy\n\nDEBUG = False\n\n\ndef init():\n    if DEBUG:\n"
    "        debugpy.wait_for_client()  # info\n\n\n" + RUN,
    "in dead code": "import debugpy\n\n\ndef init():\n    if False:\n"
    "        debugpy.wait_for_client()\n\n\n" + RUN,
    "where it is installed": "def init():\n    try:\n        import debugpy\n\n"
    "        debugpy.wait_for_client()  # warning\n    except ImportError:\n        pass\n\n\n"
    + RUN,
    "ptvsd": "import ptvsd\n\n\ndef init():\n    ptvsd.enable_attach()\n"
    "    ptvsd.wait_for_attach()  # error\n\n\n" + RUN,
    "breakpoint": INIT + "def run(data):\n    breakpoint()  # error\n    return {}\n",
    "own breakpoint": "def breakpoint():\n    pass\n\n\n"
    + INIT
    + "def run(data):\n    breakpoint()\n    return {}\n",
    "pdb": INIT + "def run(data):\n    import pdb; pdb.set_trace()  # error\n    return {}\n",
    "pdb in a handler": "import pdb\n\n\n" + INIT + "def run(data):\n    try:\n"
    "        return int(data)\n    except ValueError:\n        pdb.set_trace()  # warning\n        raise\n",
    "pdb imported only": "import pdb\n\n\n" + INIT + RUN,
    "set_trace": "from pdb import set_trace\n\n\n"
    + INIT
    + "def run(data):\n    set_trace()  # error\n    return {}\n",
    "connected": "import debugpy\n\n\ndef init():\n    debugpy.connect(5678)  # error\n\n\n" + RUN,
}

RESPONSES = {
    "dict": RESPONSE + "def run(data):\n    return AMLResponse({'a': 1}, 200)  # warning\n",
    "dict, json": RESPONSE
    + "def run(data):\n    return AMLResponse({'a': 1}, 200, json_str=True)\n",
    "dict, json by position": RESPONSE
    + "def run(data):\n    return AMLResponse({'a': 1}, 200, {}, True)\n",
    "dict, not json": RESPONSE
    + "def run(data):\n    return AMLResponse({'a': 1}, 200, json_str=False)  # warning\n",
    "dict in a variable": RESPONSE + "def run(data):\n    answer = {}\n    answer['a'] = 1\n"
    "    return AMLResponse(message=answer, status_code=200)  # warning\n",
    "one of two": RESPONSE + "def run(data):\n    answer = {}\n    if data:\n"
    "        answer = 'a'\n    return AMLResponse(answer, 200)\n",
    "parameter": RESPONSE + "def run(data):\n    return AMLResponse(data, 200)\n",
    "text": RESPONSE + "def run(data):\n    return AMLResponse('a', 200)\n",
    "dumped": "import json\n\n"
    + RESPONSE
    + "def run(data):\n    return AMLResponse(json.dumps({'a': 1}), 200)\n",
    "number": RESPONSE + "def run(data):\n    return AMLResponse(1.5, 200)  # warning\n",
    "list": RESPONSE + "def run(data):\n    return AMLResponse([[1]], 200)  # warning\n",
    "list of text": RESPONSE + "def run(data):\n    return AMLResponse(['a', 'b'], 200)\n",
    "none": RESPONSE + "def run(data):\n    return AMLResponse(None, 200)\n",
    "header": RESPONSE + "def run(data):\n    return AMLResponse('a', 200, {'X': 5})  # warning\n",
    "header of text": RESPONSE + "def run(data):\n    return AMLResponse('a', 200, {'X': '5'})\n",
    "headers in a variable": RESPONSE + "def run(data):\n    headers = {'X': None}  # warning\n"
    "    return AMLResponse('a', 200, headers)\n",
    "no headers": RESPONSE + "def run(data):\n    return AMLResponse('a', 200, None)  # warning\n",
    "no status": RESPONSE + "def run(data):\n    return AMLResponse('a')  # warning\n",
    "another argument": RESPONSE
    + "def run(data):\n    return AMLResponse('a', 200, headers={})  # warning\n",
    "another class": "from flask import Response as AMLResponse\n\n\n"
    + INIT
    + "def run(data):\n    return AMLResponse({'a': 1}, 200)\n",
}
CASES = [
    *(("process-exit", case, text) for case, text in EXITS.items()),
    *(("debugger-left-in", case, text) for case, text in DEBUGGERS.items()),
    *(("amlresponse-body", case, text) for case, text in RESPONSES.items()),
]


def tree(script: str) -> Files:
    batch = "mini_batch" in script
    return {"score.py": script} if batch else {"score.py": script, "inferenceconfig.json": CONFIG}


@pytest.mark.parametrize(("rule", "case", "script"), CASES, ids=[f"{r}-{c}" for r, c, _ in CASES])
def test_what_the_server_comes_to_is_reported_as_gravely_as_it_ends(
    rule: str, case: str, script: str, tmp_path: Path
) -> None:
    report = look(tmp_path, tree(script), select=(rule,), persona="pedantic")
    wanted = [
        (number, text.rpartition("# ")[2])
        for number, text in enumerate(script.split("\n"), 1)
        if "  # " in text
    ]
    assert [(line(report, f), f.severity) for f in report.findings] == wanted, case


def test_an_exit_in_a_shipped_module_is_reported_there(tmp_path: Path) -> None:
    script = "from impl import load\n\n\ndef init():\n    load()\n\n\n" + RUN
    files: Files = {**tree(script), "impl.py": "import os\n\n\ndef load():\n    os._exit(1)\n"}
    report = look(tmp_path, files, select=("process-exit",))
    assert [(f.location.path, shown(report, f)) for f in report.findings] == [
        ("impl.py", "os._exit(1)")
    ]


FIXED = {
    "waited for in init": "\n\ndef init():\n    print()\n\n\n" + RUN,
    "pdb": INIT + "def run(data):\n    return {}\n",
    "breakpoint": INIT + "def run(data):\n    return {}\n",
    "connected": "\n\ndef init():\n    pass  # error\n\n\n" + RUN,
    "set_trace": "from pdb import set_trace\n\n\n" + INIT + "def run(data):\n    return {}\n",
}


@pytest.mark.parametrize("case", FIXED)
def test_a_debugger_is_taken_out_with_its_import(case: str, tmp_path: Path) -> None:
    assert after_fix("debugger-left-in", DEBUGGERS[case], tmp_path) == FIXED[case]


def test_a_response_is_made_json(tmp_path: Path) -> None:
    fixed = after_fix("amlresponse-body", RESPONSES["dict"], tmp_path)
    assert fixed == RESPONSES["dict"].replace("200)", "200, json_str=True)")


def test_a_content_type_is_not_given_twice(tmp_path: Path) -> None:
    script = RESPONSE + "def run(data):\n    return AMLResponse({}, 200, {'Content-Type': 'a/b'})\n"
    assert after_fix("amlresponse-body", script, tmp_path) == script


def after_fix(rule: str, script: str, folder: Path) -> str:
    write(folder, tree(script))
    overlay, settings = Overlay(cwd=str(folder)), Settings(select=(rule,))
    result = fixing.fix(["."], settings, overlay, unsafe=True, ignores=True)
    return result.after.get("score.py", script)
