"""Scoring scripts that are broken or odd as a whole; bytes where the encoding matters."""

# ruff: noqa: E501 - a line of the tables is a script

from __future__ import annotations

_GOOD_INIT = "def init():\n    pass\n"
_GOOD_RUN = "def run(data):\n    return {'ok': True}\n"
_GOOD = _GOOD_INIT + "\n\n" + _GOOD_RUN
_DRIVER = "from driver_module import init, run\nimport driver_module\n"

WHOLE: dict[str, str | bytes] = {
    "good": _GOOD,
    "empty": "",
    "blank-lines": "\n\n\n",
    "only-comments": "# the scoring script\n# to be written\n",
    "only-docstring": '"""Scoring script."""\n',
    "only-imports": "import json\nimport os\n",
    "only-pass": "pass\n",
    "no-final-newline": _GOOD.rstrip(),
    "syntax-colon": _GOOD.replace("run(data):", "run(data)"),
    "syntax-bracket": _GOOD + "x = (1,\n",
    "syntax-unclosed-string": _GOOD + "x = 'abc\n",
    "syntax-unclosed-triple": _GOOD + "x = '''abc\n",
    "syntax-print-statement": _GOOD + "print 'x'\n",
    "syntax-python-2-except": _GOOD + "try:\n    pass\nexcept ValueError, e:\n    pass\n",
    "syntax-return-outside": _GOOD + "return 1\n",
    "syntax-await-outside": _GOOD + "await x\n",
    "syntax-yield-outside": _GOOD + "yield 1\n",
    "syntax-break-outside": _GOOD + "break\n",
    "syntax-continue-outside": _GOOD + "continue\n",
    "syntax-nonlocal-at-top": _GOOD + "nonlocal x\n",
    "syntax-nonlocal-unbound": _GOOD + "def f():\n    nonlocal missing_name\n",
    "syntax-global-after-use": _GOOD + "def f():\n    x = 1\n    global x\n",
    "syntax-global-parameter": _GOOD + "def f(x):\n    global x\n",
    "syntax-global-after-read": _GOOD + "x = 1\ndef f():\n    print(x)\n    global x\n",
    "syntax-repeated-parameter": _GOOD.replace("run(data)", "run(data, data)"),
    "syntax-default-order": _GOOD.replace("run(data)", "run(data=1, extra)"),
    "syntax-repeated-keyword": _GOOD + "dict(a=1, a=2)\n",
    "syntax-keyword-name": _GOOD + "class = 1\n",
    "syntax-assign-to-call": _GOOD + "f() = 1\n",
    "syntax-assign-to-literal": _GOOD + "None = 1\n",
    "syntax-late-future": _GOOD + "from __future__ import annotations\n",
    "syntax-unknown-future": "from __future__ import telepathy\n" + _GOOD,
    "syntax-star-import-in-function": _GOOD + "def f():\n    from os import *\n",
    "syntax-await-in-def": _GOOD + "def f():\n    await x\n",
    "syntax-await-in-fstring-def": _GOOD + "def f():\n    return f'{await x}'\n",
    "syntax-async-for-in-def": _GOOD + "def f():\n    async for x in y:\n        pass\n",
    "syntax-async-comprehension-in-def": _GOOD + "def f():\n    return [x async for x in y]\n",
    "syntax-return-value-in-async-generator": _GOOD + "async def f():\n    yield 1\n    return 2\n",
    "syntax-starred-alone": _GOOD + "x = *[1]\n",
    "syntax-two-starred-targets": _GOOD + "*a, *b = [1, 2]\n",
    "syntax-walrus-at-top": _GOOD + "x := 1\n",
    "syntax-fstring-empty": _GOOD + "x = f'{}'\n",
    "syntax-fstring-nested-quotes": _GOOD + "x = f'{'a'}'\n",
    "syntax-fstring-backslash": _GOOD + "x = f'{chr(10) + \"\\n\"}'\n",
    "syntax-match-unreachable": _GOOD
    + "match 1:\n    case x:\n        pass\n    case 2:\n        pass\n",
    "syntax-except-star-mixed": _GOOD
    + "try:\n    pass\nexcept* ValueError:\n    pass\nexcept KeyError:\n    pass\n",
    "syntax-bare-except-not-last": _GOOD
    + "try:\n    pass\nexcept:\n    pass\nexcept KeyError:\n    pass\n",
    "syntax-finally-missing": _GOOD + "try:\n    pass\n",
    "syntax-octal": _GOOD + "x = 010\n",
    "syntax-long-integer": _GOOD + "x = 10L\n",
    "syntax-huge-integer": _GOOD + "x = " + "9" * 5000 + "\n",
    "syntax-backticks": _GOOD + "x = `1`\n",
    "syntax-not-equal": _GOOD + "x = 1 <> 2\n",
    "syntax-smart-quotes": _GOOD + "x = \u201cabc\u201d\n",
    "syntax-non-breaking-space": _GOOD + "x =\u00a01\n",
    "syntax-zero-width-space": _GOOD + "x =\u200b 1\n",
    "syntax-merge-markers": _GOOD + "<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> other\n",
    "syntax-notebook-magic": "%matplotlib inline\n" + _GOOD,
    "syntax-shell": "!pip install numpy\n" + _GOOD,
    "syntax-writefile-magic": "%%writefile score.py\n" + _GOOD,
    "syntax-line-continuation": _GOOD + "x = 1 + \\ \n  2\n",
    "syntax-ends-in-continuation": _GOOD + "x = 1 \\",
    "syntax-dollar": _GOOD + "x = $HOME\n",
    "syntax-template": _GOOD + "x = {{ name }}\n",
    "syntax-type-parameter-default": _GOOD + "def f[T = int]():\n    pass\n",
    "syntax-too-many-indents": _GOOD
    + "".join("    " * n + "if 1:\n" for n in range(101))
    + "    " * 101
    + "pass\n",
    "syntax-nested-parentheses": _GOOD + "x = " + "(" * 250 + "1" + ")" * 250 + "\n",
    "syntax-nested-loops": _GOOD
    + "".join("    " * n + "for _ in []:\n" for n in range(21))
    + "    " * 21
    + "pass\n",
    "indent-unexpected": _GOOD + "  x = 1\n",
    "indent-missing": "def init():\npass\n" + _GOOD_RUN,
    "indent-dedent-mismatch": _GOOD + "if True:\n        x = 1\n    y = 2\n",
    "tabs-only": _GOOD.replace("    ", "\t"),
    "tabs-mixed-in-block": _GOOD + "if True:\n        x = 1\n\ty = 2\n",
    "tabs-mixed-across-blocks": _GOOD + "if True:\n\tx = 1\nif True:\n    y = 2\n",
    "tabs-ambiguous": _GOOD + "if True:\n    if True:\n\tx = 1\n",
    "form-feed": "\f" + _GOOD,
    "crlf": _GOOD.replace("\n", "\r\n").encode(),
    "cr-only": _GOOD.replace("\n", "\r").encode(),
    "cr-cr-lf": _GOOD.replace("\n", "\r\r\n").encode(),
    "bom": b"\xef\xbb\xbf" + _GOOD.encode(),
    "bom-twice": b"\xef\xbb\xbf\xef\xbb\xbf" + _GOOD.encode(),
    "bom-in-the-middle": _GOOD + "\ufeffx = 1\n",
    "bom-latin-1-cookie": b"\xef\xbb\xbf# coding: latin-1\n" + _GOOD.encode(),
    "utf-16": _GOOD.encode("utf-16"),
    "utf-16-be": _GOOD.encode("utf-16-be"),
    "latin-1-undeclared": ("# caf\u00e9\n" + _GOOD).encode("latin-1"),
    "latin-1-in-string-undeclared": (_GOOD + "x = 'caf\u00e9'\n").encode("latin-1"),
    "latin-1-declared": ("# coding: latin-1\nx = 'caf\u00e9'\n" + _GOOD).encode("latin-1"),
    "latin-1-declared-second-line": (
        "#!/usr/bin/python\n# coding: latin-1\nx = 'caf\u00e9'\n" + _GOOD
    ).encode("latin-1"),
    "latin-1-declared-third-line": (
        "#!/usr/bin/python\n#\n# coding: latin-1\nx = 'caf\u00e9'\n" + _GOOD
    ).encode("latin-1"),
    "utf-8-non-ascii": _GOOD + "x = 'caf\u00e9 \U0001f600'\n",
    "utf-8-identifier": _GOOD + "caf\u00e9 = 1\n",
    "coding-unknown": "# coding: klingon\n" + _GOOD,
    "coding-utf8-spelling": "# -*- coding: UTF8 -*-\n" + _GOOD,
    "coding-ascii-non-ascii": ("# coding: ascii\nx = 'caf\u00e9'\n" + _GOOD).encode(),
    "null-byte": _GOOD.encode() + b"x = '\x00'\n",
    "null-byte-in-comment": _GOOD.encode() + b"# \x00\n",
    "null-byte-at-end": _GOOD.encode() + b"\x00",
    "control-z": _GOOD.encode() + b"\x1a",
    "escape-warning": _GOOD + "x = '\\d'\n",
    "bad-unicode-escape": _GOOD + "x = 'C:\\Users\\me'\n",
    "bytes-non-ascii": _GOOD + "x = b'caf\u00e9'\n",
    "is-literal-warning": _GOOD + "x = 1 is 1\n",
    "module-raises": _GOOD + "raise RuntimeError('no')\n",
    "module-exits": _GOOD + "import sys\nsys.exit(0)\n",
    "module-undefined-name": _GOOD + "x = undefined_name\n",
    "module-import-missing": "import nowhere_at_all\n" + _GOOD,
    "module-import-missing-guarded": "try:\n    import nowhere_at_all\nexcept ImportError:\n    pass\n"
    + _GOOD,
    "module-import-azureml-core": "from azureml.core.model import Model\n" + _GOOD,
    "module-calls-init": _GOOD + "init()\n",
    "module-calls-run": _GOOD + "run('{}')\n",
    "module-main-guard": _GOOD + "if __name__ == '__main__':\n    init()\n    print(run('{}'))\n",
    "module-environment": "import os\nmodel_dir = os.environ['AZUREML_MODEL_DIR']\n" + _GOOD,
    "module-environment-unset": "import os\nmodel_dir = os.environ['NOT_SET']\n" + _GOOD,
    "module-file-name": "import os\nhere = os.path.dirname(os.path.abspath(__file__))\n" + _GOOD,
    "module-open-missing": "open('nowhere.txt')\n" + _GOOD,
    "module-own-name": "import score\n" + _GOOD,
    "module-sys-modules": "import sys\nme = sys.modules[__name__]\n" + _GOOD,
    "module-dataclass": "import dataclasses\n@dataclasses.dataclass\nclass State:\n    x: int = 1\n"
    + _GOOD,
    "module-dataclass-future-annotations": (
        "from __future__ import annotations\nimport dataclasses\n@dataclasses.dataclass\nclass State:\n    x: int = 1\n"
        + _GOOD
    ),
    "module-dataclass-string-annotation": (
        "from dataclasses import dataclass\n@dataclass\nclass State:\n    x: 'int' = 1\n" + _GOOD
    ),
    "module-dataclass-in-sibling": (
        "from impl import State\n" + _GOOD + "#: impl.py\nfrom __future__ import annotations\n"
        "import dataclasses\n@dataclasses.dataclass\nclass State:\n    x: int = 1\n"
    ),
    "module-named-tuple-future-annotations": (
        "from __future__ import annotations\nfrom typing import NamedTuple\nclass State(NamedTuple):\n    x: int = 1\n"
        + _GOOD
    ),
    "module-pydantic-future-annotations": (
        "from __future__ import annotations\nfrom pydantic import BaseModel\nclass State(BaseModel):\n    x: int = 1\n"
        + _GOOD
    ),
    "module-enum": "import enum\nclass Color(enum.Enum):\n    RED = 1\n" + _GOOD,
    "module-pickle-own-class": "import pickle\nclass State:\n    pass\npickle.dumps(State())\n"
    + _GOOD,
    "module-server-name": "import utils\n" + _GOOD,
    "module-server-name-attribute": "from utils import load_model\n" + _GOOD,
    "module-server-name-sibling": "from utils import load_model\n"
    + _GOOD
    + "#: utils.py\ndef load_model():\n    pass\n",
    "module-server-name-config": "import config\n" + _GOOD,
    "module-thread": "import threading\nthreading.Thread(target=print, daemon=True).start()\n"
    + _GOOD,
    "init-raises": "def init():\n    raise RuntimeError('no model')\n" + _GOOD_RUN,
    "init-exits": "import sys\ndef init():\n    sys.exit(0)\n" + _GOOD_RUN,
    "init-undefined-name": "def init():\n    undefined_name\n" + _GOOD_RUN,
    "init-import-missing": "def init():\n    import nowhere_at_all\n" + _GOOD_RUN,
    "init-open-missing": "def init():\n    open('nowhere.pkl')\n" + _GOOD_RUN,
    "init-returns": "def init():\n    return 5\n" + _GOOD_RUN,
    "init-binds-run": "def init():\n    global run\n    def run(data):\n        return 1\n",
    "init-rebinds-run": "def init():\n    global run\n    run = None\n" + _GOOD_RUN,
    "init-deletes-run": "def init():\n    global run\n    del run\n" + _GOOD_RUN,
    "init-same-as-run": "def run(data=None):\n    return 1\ninit = run\n",
    "init-after-run": _GOOD_RUN + _GOOD_INIT,
    "driver-module": _DRIVER + "#: driver_module.py\n" + _GOOD,
    "driver-module-own-run": (
        "import driver_module\ndef init():\n    driver_module.init()\ndef run(data):\n    return driver_module.run(data)\n"
        "#: driver_module.py\n" + _GOOD
    ),
    "driver-module-outer-run-bad": (
        "import driver_module\ndef init():\n    pass\ndef run(*args, **kwargs):\n    return driver_module.run(*args)\n"
        "#: driver_module.py\n" + _GOOD
    ),
    "driver-module-inner-run-bad": (
        "import driver_module\n" + _GOOD + "#: driver_module.py\ndef run(*args):\n    return 1\n"
    ),
    "driver-module-inner-run-without-parameter": (
        "import driver_module\n" + _GOOD + "#: driver_module.py\ndef run():\n    return 1\n"
    ),
    "driver-module-without-run": "import driver_module\n" + _GOOD + "#: driver_module.py\nx = 1\n",
    "driver-module-outer-without-run": "import driver_module\ndef init():\n    pass\n#: driver_module.py\n"
    + _GOOD,
    "driver-module-outer-without-init": "import driver_module\n"
    + _GOOD_RUN
    + "#: driver_module.py\n"
    + _GOOD,
    "driver-module-inner-without-init": "import driver_module\n"
    + _GOOD
    + "#: driver_module.py\n"
    + _GOOD_RUN,
    "driver-module-alias": "import impl as driver_module\n"
    + _GOOD
    + "#: impl.py\ndef run():\n    return 1\n",
    "driver-module-not-a-module": (
        "import types\ndriver_module = types.SimpleNamespace(run=lambda: 1)\n" + _GOOD
    ),
    "driver-module-function": "def driver_module():\n    pass\n" + _GOOD,
    "driver-module-assigned-later": (
        _GOOD + "import impl\ndriver_module = impl\n#: impl.py\ndef run(*args):\n    return 1\n"
    ),
    "sibling-config-json": _GOOD + '#: config.json\n{"subscription_id": "x"}\n',
    "sibling-config-json-broken": _GOOD + '#: config.json\n{"subscription_id": \n',
    "sibling-config-json-empty": _GOOD + "#: config.json\n",
    "sibling-config-json-timeout": _GOOD + '#: config.json\n{"SCORING_TIMEOUT_MS": "soon"}\n',
    "sibling-logging-json": _GOOD + '#: logging.json\n{"version": 1}\n',
    "sibling-logging-json-broken": _GOOD + '#: logging.json\n{"version": \n',
    "sibling-logging-json-wrong": _GOOD + '#: logging.json\n{"level": "INFO"}\n',
    "sibling-swagger-json": _GOOD + '#: swagger.json\n{"swagger": "2.0"}\n',
    "sibling-swagger-json-broken": _GOOD + '#: swagger.json\n{"swagger": \n',
    "sibling-gunicorn-conf": _GOOD + "#: gunicorn.conf.py\nraise RuntimeError('no')\n",
    "sibling-standard-library-name": "import random\n"
    + _GOOD
    + "#: random.py\nraise RuntimeError('shadowed')\n",
    "sibling-flask": _GOOD + "#: flask.py\nraise RuntimeError('shadowed')\n",
}
