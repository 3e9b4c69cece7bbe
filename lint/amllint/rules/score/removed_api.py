"""The script uses what the installed version no longer has.

## What it does
Reports imports and attributes that are gone from the version that the linked environment pins:
`sklearn.externals.joblib` (scikit-learn 0.23), `np.float` (NumPy 1.24), `Image.ANTIALIAS`
(Pillow 10), `tf.Session` (TensorFlow 2), `collections.Mapping` (Python 3.10), and others of
scikit-learn, NumPy, pandas, SciPy and the standard library. Where scikit-learn is listed
without a version, it is a warning: the newest one for that Python is installed, unless another
package that is listed may hold it back. Without an environment, or where its versions are
open, nothing is said; except of modules of Python 2.

An import that may fail (`try … except ImportError`) and a script that looks at `__version__`
or asks `hasattr` are left alone.

## Why it matters
`ImportError` or `AttributeError`: at the top of the script and in `init` the server does not
start, in `run` the call fails. Pins move on, and samples that import
`sklearn.externals.joblib` are still copied.

## Example
```python score.py {4}
import json
import os

from sklearn.externals import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(raw_data):
    try:
        rows = json.loads(raw_data)["data"]
    except (ValueError, KeyError, TypeError):
        raise
    return model.predict(rows).tolist()
```
```yaml conda.yml
name: serving
dependencies:
  - python=3.10
  - pip
  - pip:
      - azureml-defaults==1.60.0
      - scikit-learn==1.3.2
```
```json inferenceconfig.json
{"entryScript": "score.py", "sourceDirectory": ".", "runtime": "python", "condaFile": "conda.yml"}
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
        rows = json.loads(raw_data)["data"]
    except (ValueError, KeyError, TypeError):
        raise
    return model.predict(rows).tolist()
```
```yaml conda.yml
name: serving
dependencies:
  - python=3.10
  - pip
  - pip:
      - azureml-defaults==1.60.0
      - scikit-learn==1.3.2
```
```json inferenceconfig.json
{"entryScript": "score.py", "sourceDirectory": ".", "runtime": "python", "condaFile": "conda.yml"}
```

## Fix safety
Unsafe: the fix writes the name that took the old one's place, and what it does may differ in
detail. A model that was pickled with the old library may not load with the new one.

## Sources
- Each row of the table was executed: there before the version it names, and not in it; what
  stands in for it is there. scikit-learn 0.19 to 1.2, NumPy 1.23 to 2.0, Pillow 9.5 and 10.0,
  pandas 1.5 and 2.0, SciPy 1.1 and 1.3, TensorFlow 2.0, CPython 2.7 to 3.13.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amllint.analysis.removed_apis import (
    OLDEST_PYTHON,
    PYTHON_2_ROOTS,
    PYTHON_3,
    ROOTS,
    Removed,
)
from amllint.artifacts.environment import Environment
from amllint.artifacts.pins import Bounds, bounds, shown
from amllint.artifacts.requirements import distribution_names
from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Fix, Observation, Related, finding
from amllint.rules.registry import rule
from amllint.rules.score.removed_uses import Use, edit, uses
from amllint.units import DeploymentUnit

_OTHER_NAMES: Final = {
    "tensorflow": ("tensorflow", "tensorflow-gpu", "tensorflow-cpu"),
    "scikit-learn": ("scikit-learn",),
}
_NEUTRAL: Final = frozenset(
    {"", "python", "pip", "numpy", "scipy", "pandas", "joblib", "scikit-learn", "sklearn-pandas"}
    | {"azureml-defaults", "azureml-core", "azureml-inference-server-http", "azureml-telemetry"}
    | {"azureml-monitoring", "inference-schema", "applicationinsights", "requests", "flask"}
    | {"matplotlib", "xgboost", "py-xgboost", "lightgbm", "gunicorn", "werkzeug", "nltk"}
)
"""Distributions that ask for no version of scikit-learn below a certain one."""


@rule("AML135", "removed-api", severity="error", stage="start", fix="unsafe")
def removed_api(script: ScoringScript, unit: DeploymentUnit) -> Iterator[Observation]:
    """Report each removed name that the script uses, where it is used first."""
    if unit.script is not script:
        return
    by_row: dict[Removed, list[Use]] = {}
    for use in uses(script, PYTHON_2_ROOTS if unit.environment is None else ROOTS):
        by_row.setdefault(use.row, []).append(use)
    for row, found in by_row.items():
        said = _said(row, unit.environment)
        if said is not None:
            yield _observation(script, row, found, said)


def _said(row: Removed, environment: Environment | None) -> tuple[str, Bounds | None] | None:
    """What makes sure that the name is gone, and the requirement that says so."""
    if row.distribution == "python" and row.gone == PYTHON_3:
        return "Python 3", None
    pinned = _pinned(row, environment) if environment is not None else None
    if pinned is None or environment is None:
        return None
    if pinned.is_from(row.gone):
        if row.back is not None and not pinned.is_before(row.back):
            return None
        return f"`{pinned.requirement.text.strip()}`", pinned
    needs = OLDEST_PYTHON.get((row.distribution, row.gone))
    python = bounds(environment, "python")
    if not pinned.is_open or needs is None or python is None or not python.is_from(needs):
        return None
    listed = distribution_names(environment)
    return ("the newest version", pinned) if listed is not None and listed <= _NEUTRAL else None


def _pinned(row: Removed, environment: Environment) -> Bounds | None:
    names = _OTHER_NAMES.get(row.distribution, (row.distribution,))
    return next(filter(None, (bounds(environment, name) for name in names)), None)


def _observation(
    script: ScoringScript, row: Removed, found: list[Use], said: tuple[str, Bounds | None]
) -> Observation:
    where, pinned = said
    use = min(found, key=lambda u: (not u.certain, u.span))
    sure = use.certain and (pinned is None or pinned.is_from(row.gone))
    library = "Python" if row.distribution == "python" else row.distribution
    since = "" if row.gone == PYTHON_3 else f" since {library} {shown(row.gone)}"
    edits = tuple(edit(script, one) for one in found)
    whole = tuple(e for e in edits if e is not None)
    return finding(
        script.at(use.span),
        f"`{row.name}` is gone{since}, and {where} is installed",
        help=row.help or (f"use `{row.new}`" if row.new else "do without it, or pin an older one"),
        severity=None if sure else "warning",
        stage="score" if use.entry == "run" else "start",
        related=(Related(pinned.requirement.location, "this version"),) if pinned else (),
        fix=Fix("unsafe", f"use `{row.new}`", whole) if len(whole) == len(edits) else None,
        key=row.name,
    )
