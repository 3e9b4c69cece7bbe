"""A name is used that nothing binds.

## What it does
Reports a name that importing the script, `init` or `run`, or a function that they reach, looks
up although nothing binds it: no import, no assignment, no builtin of any Python 3. A binding
that never takes place does not count: one below `if __name__ == "__main__"`, which the server
does not run, or a `global` in a function that nothing calls. Each name is told of once, where
it is read first. Nothing is said of scripts with a star import, of those that bind names by
running code (`exec`, `globals()[…] = …`) or are not finished yet (`...`), nor of names that
the script itself asks about (`try … except NameError`, `"model" in globals()`), or that only
another version of Python reaches.

Where a handler takes any exception and goes on, nothing fails: what the `try` is for is never
done, which is a warning in `init` and advice at module level.

## Why it matters
At module level and in `init` the server does not start. In `run` it starts, answers Healthy,
and every call fails: a missing `import json` is found by the first caller. Where the name is
only read on some paths, in an `except` block say, the finding is a warning.

## Example
```python score.py {13}
import os

import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(raw_data):
    try:
        data = json.loads(raw_data)["data"]
    except (ValueError, KeyError, TypeError):
        raise
    return model.predict(data).tolist()
```

## Use instead
```python score.py
import json
import os

import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(raw_data):
    try:
        data = json.loads(raw_data)["data"]
    except (ValueError, KeyError, TypeError):
        raise
    return model.predict(data).tolist()
```

## Sources
- azureml-inference-server-http 1.5.1 (executed): at module level and in `init` exit code 3, in
  `run` 500 for every call.
- pyflakes and ruff, F821: compared over public scoring scripts. They also report code that the
  server never reaches, and not what only a main guard or an uncalled function binds.
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterator
from typing import Final

from amllint.analysis.free_reads import FreeRead
from amllint.analysis.undefined import Elsewhere, Undefined, undefined_in
from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Observation, Related, Severity, finding
from amllint.rules.registry import rule
from amllint.rules.score.missing_global import kept_by_init
from amllint.source.python import syntax as s

_IMPORTS: Final = {
    "np": "import numpy as np",
    "pd": "import pandas as pd",
    "tf": "import tensorflow as tf",
    "plt": "import matplotlib.pyplot as plt",
    "nn": "from torch import nn",
    "F": "import torch.nn.functional as F",
    "Path": "from pathlib import Path",
    "AMLResponse": "from azureml.contrib.services.aml_response import AMLResponse",
    "rawhttp": "from azureml.contrib.services.aml_request import rawhttp",
    "Model": "from azureml.core.model import Model",
    "cv2": "import cv2",
    **{n: f"import {n}" for n in ("numpy", "pandas", "joblib", "torch", "requests", "mlflow")},
    **{n: f"import {n}" for n in ("tensorflow", "keras", "sklearn", "xgboost", "onnxruntime")},
}
_PYTHON_2: Final = {
    "unicode": "str",
    "basestring": "str",
    "unichr": "chr",
    "xrange": "range",
    "raw_input": "input",
    "long": "int",
    "reduce": "functools.reduce",
    "file": "open",
    "reload": "importlib.reload",
}


@rule("AML114", "undefined-name", severity="error", stage="score")
def undefined_name(script: ScoringScript) -> Iterator[Observation]:
    """Report each name that is read first and bound never."""
    known = script.whole and not script.facts.is_unfinished
    undefined = undefined_in(script.facts) if known else ()
    kept = kept_by_init(script) if undefined else frozenset()
    for read, elsewhere in undefined:
        main_only = elsewhere is not None and elsewhere.kind == "main guard"
        if read.name in kept or (main_only and not script.online):
            continue
        yield finding(
            script.at(read.span),
            f"{_fact(read.name, elsewhere)}: {_consequence(read)}",
            help=_help(script, Undefined(read, elsewhere)),
            severity=_severity(read),
            stage="score" if read.part == "run" else "start",
            related=(Related(script.at(elsewhere.span), "bound here"),) if elsewhere else (),
            key=read.name,
        )


def _fact(name: str, elsewhere: Elsewhere | None) -> str:
    if elsewhere is None:
        return f"nothing binds `{name}`"
    if elsewhere.kind == "main guard":
        return f"`{name}` is bound only where the script is run as a program"
    if elsewhere.kind == "uncalled":
        return f"`{name}` is bound only by `{elsewhere.function}`, which nothing calls"
    return f"nothing binds `{name}` here; it is local to `{elsewhere.function}`"


def _severity(read: FreeRead) -> Severity | None:
    """Graver the surer it is that something fails; what a handler takes fails no start."""
    if _is_handled(read):
        return "warning" if read.part == "init" else "info"
    return None if read.certain else "warning"


def _is_handled(read: FreeRead) -> bool:
    # A handler in `run` answers every call with a failure: that is no better than a 500.
    return read.handled and read.part != "run"


def _consequence(read: FreeRead) -> str:
    part, certain = read.part, read.certain
    if _is_handled(read):
        return "a NameError, which the handler below takes: what the `try` is for is never done"
    if not certain:
        where = {"import": "the script", "init": "`init`"}.get(part, "`run`")
        return f"{where} raises a NameError once it gets here"
    if part == "run":
        return "every call raises a NameError"
    what = "importing the script" if part == "import" else "`init`"
    return f"{what} raises a NameError, and nothing is served"


def _help(script: ScoringScript, undefined: Undefined) -> str:
    name, elsewhere = undefined.read.name, undefined.elsewhere
    if elsewhere is not None and elsewhere.kind == "main guard":
        return "bind it at module level, outside of the main guard"
    if elsewhere is not None and elsewhere.kind == "uncalled":
        return f"call `{elsewhere.function}` from `init`, or bind it there"
    if name in _PYTHON_2:
        return f"that was Python 2: write `{_PYTHON_2[name]}`"
    is_module = undefined.read.attribute and name in sys.stdlib_module_names
    line = f"import {name}" if is_module else _IMPORTS.get(name)
    if line is not None:
        return f"add `{line}`"
    declared = (n.names for n in script.facts.of_kind(s.Declare))
    known = {*script.bindings.bound, *(name for names in declared for name in names)}
    close = difflib.get_close_matches(name, sorted(known), 1, 0.8)
    if close:
        return f"did you mean `{close[0]}`?"
    return "import it, bind it at module level, or pass it in"
