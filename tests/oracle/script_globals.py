"""Scripts in which ``init`` sets a name for ``run``, with and without ``global``.

``run`` is meant to answer ``{"result": VALUE}``: a server that answers anything else lost what ``init`` loaded.
"""

# ruff: noqa: E501 - a line of the tables is a script

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import random

VALUE = 42


class GlobalScript(NamedTuple):
    kind: str
    text: str
    intended: object


#: What ``init`` does with the name; GLOBAL is the global statement or nothing.
LOADS: dict[str, str] = {
    "assign": "def init():\n    GLOBAL\n    model = 42\n",
    "annotated": "def init():\n    model: int = 42\n",
    "tuple": "def init():\n    GLOBAL\n    model, other = 42, 1\n",
    "chain": "def init():\n    GLOBAL\n    other = model = 42\n",
    "walrus": "def init():\n    GLOBAL\n    print(model := 42)\n",
    "augmented": "def init():\n    GLOBAL\n    model = 40\n    model += 2\n",
    "for": "def init():\n    GLOBAL\n    for model in (41, 42):\n        pass\n",
    "with": "import contextlib\ndef init():\n    GLOBAL\n    with contextlib.nullcontext(42) as model:\n        pass\n",
    "try": "def init():\n    GLOBAL\n    try:\n        model = 42\n    except ValueError:\n        raise\n",
    "if": "import os\ndef init():\n    GLOBAL\n    if os.name:\n        model = 42\n    else:\n        model = 42\n",
    "import": "def init():\n    GLOBAL\n    import impl as model\n#: impl.py\nvalue = 42\n",
    "from-import": "def init():\n    GLOBAL\n    from impl import value as model\n#: impl.py\nvalue = 42\n",
    "def": "def init():\n    GLOBAL\n    def model():\n        return 42\n",
    "class": "def init():\n    GLOBAL\n    class model:\n        value = 42\n",
    "helper": "def load():\n    GLOBAL\n    model = 42\ndef init():\n    load()\n",
    "helper-returning": "def load():\n    return 42\ndef init():\n    GLOBAL\n    model = load()\n",
    "global-in-init-only": "def load():\n    model = 42\ndef init():\n    GLOBAL\n    load()\n",
    "nested": "def init():\n    def load():\n        GLOBAL\n        model = 42\n    load()\n",
    "nested-global-outside": "def init():\n    GLOBAL\n    def load():\n        model = 42\n    load()\n",
    "globals-item": "def init():\n    globals()['model'] = 42\n",
    "attribute": "class model:\n    pass\ndef init():\n    model.value = 42\n",
    "subscript": "model = {}\ndef init():\n    model['value'] = 42\n",
    "function-attribute": "def init():\n    init.model = 42\n",
    "global-twice": "def init():\n    global other, model\n    other = model = 42\n",
    "global-split": "def init():\n    global other\n    GLOBAL\n    other, model = 1, 42\n",
    "comprehension": "def init():\n    GLOBAL\n    [model := one for one in (41, 42)]\n",
    "except-name": (
        "def init():\n    GLOBAL\n    try:\n        raise ValueError(42)\n    except ValueError as model:\n        pass\n"
    ),
    "deleted": "def init():\n    GLOBAL\n    model = 42\n    del model\n",
    "module-level": "model = 42\ndef init():\n    pass\n",
    "module-level-read": "model = 42\ndef init():\n    print(model)\n",
    "default-argument": "def init(model=42):\n    pass\n",
    "lambda": "def load():\n    return 42\ninit = lambda: globals().__setitem__('model', load())\n",
    "class-method": (
        "class Service:\n    def init(self):\n        GLOBAL\n        model = 42\nservice = Service()\ninit = service.init\n"
    ),
}

#: How ``run`` reads it; FOUND is the expression for the value.
READS: dict[str, str] = {
    "plain": "def run(data):\n    return {'result': FOUND}\n",
    "in-try": "def run(data):\n    try:\n        return {'result': FOUND}\n    except Exception as error:\n"
    "        return {'error': str(error)}\n",
    "helper": "def predict():\n    return FOUND\ndef run(data):\n    return {'result': predict()}\n",
    "lambda": "run = lambda data: {'result': FOUND}\n",
    "global-in-run": "def run(data):\n    global model\n    return {'result': FOUND}\n",
    "nested": "def run(data):\n    def predict():\n        return FOUND\n    return {'result': predict()}\n",
    "comprehension": "def run(data):\n    return {'result': [FOUND for _ in [1]][0]}\n",
    "guarded": "def run(data):\n    if 'model' not in globals():\n        init()\n    return {'result': FOUND}\n",
    "own-local": "def run(data):\n    model = 42\n    return {'result': model}\n",
    "parameter-default": "def run(data, model=42):\n    return {'result': model}\n",
    "method": "class Service:\n    def predict(self):\n        return FOUND\n"
    "def run(data):\n    return {'result': Service().predict()}\n",
    "lazily": "def run(data):\n    global model\n    if model is None:\n        model = 42\n    return {'result': FOUND}\n",
    "local-after-read": "def run(data):\n    result = FOUND\n    model = None\n    return {'result': result}\n",
    "deferred": "def run(data):\n    return {'result': FOUND}\nrun_later = run\n",
}

#: What stands at module level before ``init``.
DEFAULTS = {
    "nothing": "",
    "none": "model = None\n",
    "other-value": "model = 7\n",
    "same-value": "model = 42\n",
}

FOUND = {
    "import": "model.value",
    "class": "model.value",
    "attribute": "model.value",
    "subscript": "model['value']",
    "def": "model()",
    "function-attribute": "init.model",
}


def global_script(load: str, read: str, default: str, with_global: bool) -> GlobalScript:
    """One script: ``load`` in ``init``, ``read`` in ``run``, ``default`` at module level."""
    script, separator, siblings = LOADS[load].partition("#: ")
    statement = "global model" if with_global else "pass"
    reader = READS[read].replace("FOUND", FOUND.get(load, "model"))
    text = (
        DEFAULTS[default]
        + script.replace("GLOBAL", statement)
        + "\n\n"
        + reader
        + separator
        + siblings
    )
    with_or_without = "global" if with_global else "no-global"
    return GlobalScript(
        f"globals:{load}/{read}/{default}/{with_or_without}", text, {"result": VALUE}
    )


def random_global_script(source: random.Random) -> GlobalScript:
    read = source.choice(["plain", source.choice(sorted(READS))])
    return global_script(
        source.choice(sorted(LOADS)), read, source.choice(sorted(DEFAULTS)), source.random() < 0.4
    )


def each_global_script() -> list[GlobalScript]:
    """Every load with a plain read, every read with a plain load; with and without ``global``, all defaults."""
    pairs = [(load, "plain") for load in LOADS] + [
        ("assign", read) for read in READS if read != "plain"
    ]
    return [
        global_script(*pair, default, flag)
        for pair in pairs
        for default in DEFAULTS
        for flag in (True, False)
    ]
