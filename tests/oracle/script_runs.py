"""Scripts that start, and what comes of one good call: put together from what people write.

A script has something that ``init`` loads, a way in which ``run`` takes the request, something
that it does with it, and what it answers. Each part has forms that are right and forms that are
not; most scripts get no more than one of those. What a form makes of the call only the server says.
"""

# ruff: noqa: E501 - a line of the tables is a line of a script

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from tests.oracle.run_answers import RIGHT_ANSWERS, WRONG_ANSWERS
from tests.oracle.run_headers import (
    RIGHT_HEADERS,
    RIGHT_SCHEMAS,
    WRONG_HEADERS,
    WRONG_SCHEMAS,
)
from tests.oracle.run_parts import MODEL, Part

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator


#: What ``init`` loads; ``run`` reads ``model``.
RIGHT_LOADS: dict[str, Part] = {
    "global": Part(MODEL, "global model\nmodel = Model()"),
    "module-none": Part(MODEL + "model = None\n", "global model\nmodel = Model()"),
    "module": Part(MODEL + "model = Model()\n", "pass"),
    "helper": Part(MODEL + "def load():\n    return Model()\n", "global model\nmodel = load()"),
    "helper-later-bound": Part(
        MODEL + "def load():\n    return make()\ndef make():\n    return Model()\n",
        "global model\nmodel = load()",
    ),
    "helper-global": Part(MODEL + "def load():\n    global model\n    model = Model()\n", "load()"),
    "globals-item": Part(MODEL, "globals()['model'] = Model()"),
    "path": Part(
        "import os\n" + MODEL,
        "global model\npath = os.path.join(os.getenv('AZUREML_MODEL_DIR'), 'model.pkl')\nmodel = Model()",
    ),
    "try-raise": Part(
        "import logging\n" + MODEL,
        "global model\ntry:\n    model = Model()\nexcept Exception:\n    logging.exception('no model')\n    raise",
    ),
    "function-import": Part(MODEL, "global model\nimport os\nos.getcwd()\nmodel = Model()"),
    "conditional-exit": Part(
        "import sys\n" + MODEL,
        "global model\nif sys.version_info < (3, 0):\n    sys.exit(1)\nmodel = Model()",
    ),
    "lambda": Part(
        "", "global model\nmodel = type('Model', (), {'predict': lambda self, rows: rows})()"
    ),
    "star": Part("from os import *\n" + MODEL, "global model\nmodel = Model()\ngetcwd()"),
    "dataclass": Part(
        "from collections import namedtuple\nModel = namedtuple('Model', ['predict'])\n",
        "global model\nmodel = Model(list)",
    ),
}
WRONG_LOADS: dict[str, Part] = {
    "local": Part(MODEL, "model = Model()"),
    "local-none": Part(MODEL + "model = None\n", "model = Model()"),
    "undefined-module": Part(MODEL, "global model\nos.getcwd()\nmodel = Model()"),
    "undefined-class": Part("", "global model\nmodel = Model()"),
    "undefined-helper": Part(MODEL, "global model\nmodel = load_model()"),
    "undefined-in-helper": Part(
        MODEL + "def load():\n    return json.loads('{}') or Model()\n",
        "global model\nmodel = load()",
    ),
    "undefined-in-method": Part(
        "class Model:\n    def __init__(self):\n        self.scale = np.ones(1)\n    def predict(self, rows):\n        return rows\n",
        "global model\nmodel = Model()",
    ),
    "undefined-at-import": Part(
        "paths = glob.glob('*')\n" + MODEL, "global model\nmodel = Model()"
    ),
    "undefined-default": Part(
        "def load(path=MODEL_PATH):\n    return path\n" + MODEL, "global model\nmodel = Model()"
    ),
    "undefined-base": Part("class Model(nn.Module):\n    pass\n", "global model\nmodel = Model()"),
    "undefined-annotation": Part(
        MODEL + "def load() -> np.ndarray:\n    return Model()\n", "global model\nmodel = load()"
    ),
    "undefined-decorator": Part(
        "@cached\ndef load():\n    pass\n" + MODEL, "global model\nmodel = Model()"
    ),
    "import-in-another-function": Part(
        MODEL + "def main():\n    import os\n    os.getcwd()\n",
        "global model\nos.getcwd()\nmodel = Model()",
    ),
    "main-guard-import": Part(
        MODEL + "if __name__ == '__main__':\n    import os\n",
        "global model\nos.getcwd()\nmodel = Model()",
    ),
    "used-before": Part("model = Model()\n" + MODEL, "pass"),
    "deleted": Part("import os\ndel os\n" + MODEL, "global model\nos.getcwd()\nmodel = Model()"),
    "misspelt-import": Part(
        "import os.path as osp\n" + MODEL, "global model\nos.getcwd()\nmodel = Model()"
    ),
    "exit": Part("import sys\n" + MODEL, "global model\nmodel = Model()\nsys.exit(0)"),
    "exit-module": Part("import sys\n" + MODEL + "sys.exit(0)\n", "global model\nmodel = Model()"),
    "quit": Part(MODEL, "global model\nmodel = Model()\nquit()"),
    "raise-system-exit": Part(MODEL, "global model\nmodel = Model()\nraise SystemExit('no')"),
    "exit-in-handler": Part(
        "import sys\n" + MODEL,
        "global model\ntry:\n    open('nowhere.pkl')\nexcept OSError:\n    sys.exit(1)\nmodel = Model()",
    ),
    "exit-swallowed": Part(
        "import sys\n" + MODEL,
        "global model\nmodel = Model()\ntry:\n    sys.exit(1)\nexcept SystemExit:\n    pass",
    ),
    "exit-not-swallowed": Part(
        "import sys\n" + MODEL,
        "global model\nmodel = Model()\ntry:\n    sys.exit(1)\nexcept Exception:\n    pass",
    ),
    "kill-3": Part("import os\n" + MODEL, "global model\nmodel = Model()\nos._exit(3)"),
    "breakpoint": Part(MODEL, "global model\nbreakpoint()\nmodel = Model()"),
    "pdb": Part("import pdb\n" + MODEL, "global model\npdb.set_trace()\nmodel = Model()"),
    "breakpoint-module": Part(
        MODEL + "breakpoint()\nready = True\n", "global model\nmodel = Model()"
    ),
    "breakpoint-on-demand": Part(
        "import os\n" + MODEL,
        "global model\nif os.getenv('DEBUG'):\n    breakpoint()\nmodel = Model()",
    ),
    "open-missing": Part(MODEL, "global model\nopen('nowhere.pkl')\nmodel = Model()"),
}

#: How the request is parsed into ``rows``.
RIGHT_PARSES: dict[str, Part] = {
    "loads": Part("import json\n", "rows = json.loads(data)['data']"),
    "from": Part("from json import loads\n", "rows = loads(data)['data']"),
    "as": Part("import json as js\n", "rows = js.loads(data).get('data')"),
    "try": Part(
        "import json\n",
        "try:\n    rows = json.loads(data)['data']\nexcept (ValueError, KeyError):\n    return {'error': 'invalid request'}",
    ),
    "helper": Part(
        "import json\ndef parse(text):\n    return json.loads(text)['data']\n", "rows = parse(data)"
    ),
    "inside": Part("", "import json\nrows = json.loads(data)['data']"),
    "walrus": Part(
        "import json\n", "if (rows := json.loads(data)['data']) is None:\n    rows = []"
    ),
    "with": Part(
        "import json, io\n",
        "with io.StringIO(data) as stream:\n    rows = json.load(stream)['data']",
    ),
    "loop": Part("import json\n", "for key, rows in json.loads(data).items():\n    break"),
    "nested": Part(
        "import json\n", "def inner():\n    return json.loads(data)\nrows = inner()['data']"
    ),
    "eval-literal": Part("import ast\n", "rows = ast.literal_eval(data)['data']"),
}
WRONG_PARSES: dict[str, Part] = {
    "no-import": Part("", "rows = json.loads(data)['data']"),
    "imported-in-init-only": Part(
        "def other():\n    import json\n    json.dumps(1)\n", "rows = json.loads(data)['data']"
    ),
    "from-not-module": Part("from json import loads\n", "rows = json.loads(data)['data']"),
    "helper-missing": Part("import json\n", "rows = preprocess(json.loads(data)['data'])"),
    "helper-misspelt": Part(
        "import json\ndef pre_process(rows):\n    return rows\n",
        "rows = preprocess(json.loads(data)['data'])",
    ),
    "helper-without-import": Part(
        "def parse(text):\n    return json.loads(text)['data']\n", "rows = parse(data)"
    ),
    "misspelt-parameter": Part("import json\n", "rows = json.loads(raw_date)['data']"),
    "misspelt-local": Part("import json\n", "request = json.loads(data)\nrows = reqeust['data']"),
    "leaked-comprehension": Part(
        "import json\n", "[row for row in json.loads(data)['data']]\nrows = [row]"
    ),
    "leaked-exception": Part(
        "import json\n",
        "rows = json.loads(data)['data']\ntry:\n    int('x')\nexcept ValueError as error:\n    pass\nprint(error)",
    ),
    "inner-local": Part(
        "import json\n", "def inner():\n    found = json.loads(data)\ninner()\nrows = found['data']"
    ),
    "caught-undefined": Part(
        "",
        "try:\n    rows = json.loads(data)['data']\nexcept Exception as error:\n    return {'error': str(error)}",
    ),
    "guarded-undefined": Part(
        "", "try:\n    rows = json.loads(data)['data']\nexcept NameError:\n    rows = []"
    ),
    "unused-branch": Part(
        "import json\n", "rows = json.loads(data)['data']\nif not rows:\n    rows = np.zeros(1)"
    ),
    "unused-handler": Part(
        "import json\n",
        "try:\n    rows = json.loads(data)['data']\nexcept ValueError:\n    logging.error('no')\n    raise",
    ),
    "class-attribute": Part(
        "import json\nclass Settings:\n    key = 'data'\n", "rows = json.loads(data)[key]"
    ),
}
PARSED = Part("", "rows = data")

PARTS = {
    "load": (RIGHT_LOADS, WRONG_LOADS),
    "header": (RIGHT_HEADERS, WRONG_HEADERS),
    "schema": (RIGHT_SCHEMAS, WRONG_SCHEMAS),
    "parse": (RIGHT_PARSES, WRONG_PARSES),
    "answer": (RIGHT_ANSWERS, WRONG_ANSWERS),
}
PLAIN = {"load": "global", "header": "data", "parse": "loads", "answer": "predict"}


def part(group: str, kind: str) -> Part:
    right, wrong = PARTS[group]
    return right.get(kind) or wrong[kind]


def assembled(chosen: dict[str, str]) -> tuple[str, str]:
    """The kind and the text of a script with the chosen part of each group."""
    load, answer = part("load", chosen["load"]), part("answer", chosen["answer"])
    schema = chosen.get("schema")
    header = part("schema", schema) if schema else part("header", chosen["header"])
    parse = PARSED if schema else part("parse", chosen["parse"])
    heads = dict.fromkeys(h for h in (load.head, header.head, parse.head, answer.head) if h)
    run = textwrap.indent(f"{parse.body}\n{answer.body}", "    ")
    init = f"def init():\n{textwrap.indent(load.body, '    ')}\n"
    kind = " ".join(f"{group}:{name}" for group, name in chosen.items())
    return f"run {kind}", f"{''.join(heads)}{init}\n\n{header.body}\n{run}\n"


def each_run() -> Iterator[tuple[str, str]]:
    """Every form once, all else being plain."""
    for group, (right, wrong) in PARTS.items():
        for kind in (*right, *wrong):
            yield assembled({**PLAIN, group: kind})


def random_run(source: random.Random) -> tuple[str, str]:
    """A script of random parts; one of them is wrong in two of three, and sometimes two are."""
    groups = ["load", "schema" if source.random() < 0.35 else "header", "parse", "answer"]
    wrong = set(source.sample(groups, source.choices((0, 1, 2), (3, 6, 1))[0]))
    chosen = {group: source.choice(sorted(PARTS[group][group in wrong])) for group in groups}
    return assembled(chosen)
