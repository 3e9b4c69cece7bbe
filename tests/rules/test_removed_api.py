"""Which versions an environment admits, how a removed name is used, and what is put instead."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from amllint.config import Settings
from amllint.engine import fixing
from amllint.source.overlay import Overlay
from tests.checking import Files, look, only, places, write

JOBLIB = "from sklearn.externals import joblib\n"
ENTRIES = "\n\ndef init():\n    pass\n\n\ndef run(raw_data):\n    return 1\n"


def unit(script: str, *pip: str, python: str = "python=3.9") -> Files:
    listed = "".join(f"      - {p}\n" for p in ("azureml-defaults", *pip))
    conda = f"dependencies:\n  - {python}\n  - pip\n  - pip:\n{listed}"
    config = {"entryScript": "score.py", "runtime": "python", "condaFile": "conda.yml"}
    return {"score.py": script, "conda.yml": conda, "inferenceconfig.json": json.dumps(config)}


GONE = [
    "scikit-learn==0.23.2",
    "scikit-learn==1.*",
    "scikit_learn>=0.23",
    "scikit-learn[alldeps]~=1.2",
    "scikit-learn>=0.24,<1.1",
    "Scikit-Learn == 1.3.2",
    "scikit-learn>0.23",
]
OPEN = [
    "scikit-learn==0.22.1",
    "scikit-learn<0.23",
    "scikit-learn>=0.20",
    "scikit-learn>0.22",
    "scikit-learn~=0.22.0",
    "scikit-learn==1.3.2; python_version > '3.9'",
    "scikit-learn @ https://example.com/scikit_learn-1.3.2-py3-none-any.whl",
    "'scikit-learn=={{VERSION}}'",
    "numpy==1.26.4",
]


@pytest.mark.parametrize("requirement", GONE)
def test_every_version_that_is_admitted_lacks_it(requirement: str, tmp_path: Path) -> None:
    report = look(tmp_path, unit(JOBLIB + ENTRIES, requirement), select=("removed-api",))
    assert places(report) == [("score.py", 1, "removed-api")]
    assert only(report).severity == "error"


@pytest.mark.parametrize("requirement", OPEN)
def test_some_version_that_is_admitted_may_have_it(requirement: str, tmp_path: Path) -> None:
    report = look(tmp_path, unit(JOBLIB + ENTRIES, requirement), select=("removed-api",))
    assert places(report) == []


def test_the_newest_version_is_a_warning(tmp_path: Path) -> None:
    report = look(tmp_path, unit(JOBLIB + ENTRIES, "scikit-learn"), select=("removed-api",))
    assert only(report).severity == "warning"
    assert "the newest version is installed" in only(report).observation.message


@pytest.mark.parametrize(
    ("pip", "python"),
    [
        (("scikit-learn",), "python=3.5"),
        (("scikit-learn",), "python"),
        (("scikit-learn", "azureml-train-automl==1.0.57"), "python=3.6"),
        (("scikit-learn", "-r more.txt"), "python=3.8"),
    ],
)
def test_something_else_may_hold_the_newest_version_back(
    pip: tuple[str, ...], python: str, tmp_path: Path
) -> None:
    files = unit(JOBLIB + ENTRIES, *pip, python=python)
    report = look(tmp_path, files, select=("removed-api",))
    assert places(report) == []


SILENT = {
    "no environment": ({"score.py": JOBLIB + ENTRIES}),
    "the import may fail": unit(
        "try:\n    from sklearn.externals import joblib\nexcept ImportError:\n    import joblib\n"
        + ENTRIES,
        "scikit-learn==1.3.2",
    ),
    "the version is looked at": unit(
        "import tensorflow as tf\n\nOLD = tf.__version__ < '2'\n"
        "if OLD:\n    SESSION = tf.Session()\n" + ENTRIES,
        "tensorflow==2.4.0",
    ),
    "what came back": unit("import numpy as np\n\nX = np.bool\n" + ENTRIES, "numpy==2.1.0"),
    "the old interface": unit(
        "import tensorflow.compat.v1 as tf\n\nX = tf.Session\n" + ENTRIES, "tensorflow==2.4.0"
    ),
    "a module of its own": unit("import imp_tools\n" + ENTRIES, python="python=3.12"),
    "a name of its own": unit(
        "class np:\n    int = 1\n\n\nX = np.int\n" + ENTRIES, "numpy==1.26.4"
    ),
    "never reached": unit(
        "import numpy as np\n\n\ndef train():\n    return np.int\n" + ENTRIES, "numpy==1.26.4"
    ),
    "caught": unit(
        "import numpy as np\n\ntry:\n    X = np.int\nexcept AttributeError:\n    X = int\n"
        + ENTRIES,
        "numpy==1.26.4",
    ),
    "Python is old enough": unit("import imp\n" + ENTRIES, python="python=3.11"),
    "Python 2 by the way": unit(
        "try:\n    import urllib2\nexcept ImportError:\n    import urllib.request\n" + ENTRIES
    ),
}


@pytest.mark.parametrize("case", SILENT)
def test_what_may_be_there_is_not_told(case: str, tmp_path: Path) -> None:
    report = look(tmp_path, SILENT[case], select=("removed-api",))
    assert any("scoring script" in row.kind for row in report.listed)
    assert places(report) == []


def test_modules_of_python_2_need_no_environment(tmp_path: Path) -> None:
    report = look(tmp_path, {"score.py": "import urllib2\n" + ENTRIES}, select=("removed-api",))
    assert only(report).severity == "error"
    assert only(report).observation.fix is None


def test_a_use_in_run_fails_the_call(tmp_path: Path) -> None:
    script = "import numpy as np\n" + ENTRIES.replace("return 1", "return np.float(raw_data)")
    report = look(tmp_path, unit(script, "numpy==1.26.4"), select=("removed-api",))
    assert (only(report).severity, only(report).stage) == ("error", "score")


def test_a_use_on_some_paths_is_a_warning(tmp_path: Path) -> None:
    use = "if raw_data:\n        return np.float(raw_data)\n    return 1"
    script = "import numpy as np\n" + ENTRIES.replace("return 1", use)
    report = look(tmp_path, unit(script, "numpy==1.26.4"), select=("removed-api",))
    assert only(report).severity == "warning"


FIXED = {
    JOBLIB: "import joblib\n",
    "from sklearn.externals import joblib as jl\n": "import joblib as jl\n",
    "import sklearn.externals.joblib as joblib\n": "import joblib\n",
    "from sklearn.externals.joblib import load, dump\n": "from joblib import load, dump\n",
    "from sklearn.cross_validation import KFold\n": "from sklearn.model_selection import KFold\n",
    "import numpy as np\n\nX = [np.int(1), np.int]\n": "import numpy as np\n\nX = [int(1), int]\n",
    "import numpy\n\nX = numpy.NaN\n": "import numpy\n\nX = numpy.nan\n",
    "from PIL import Image\n\nX = Image.ANTIALIAS\n": "from PIL import Image\n\n"
    "X = Image.LANCZOS\n",
    "import tensorflow as tf\n\nX = tf.gfile.GFile\n": "import tensorflow as tf\n\n"
    "X = tf.compat.v1.gfile.GFile\n",
    "from collections import Mapping\n": "from collections.abc import Mapping\n",
    "import cPickle as pickle\n": "import pickle\n",
    "import cPickle\n": "import pickle as cPickle\n",
    "from itertools import count, izip\n": None,
    "from numpy import float\n": None,
    "from sklearn.externals import joblib, six\n": None,
    "import sklearn.externals.joblib\n": None,
    "import collections\n\nX = collections.Mapping\n": None,
    "from sklearn.datasets import load_boston\n": None,
    "int = 1\nimport numpy as np\n\nX = np.int\n": None,
}
PINS = ("scikit-learn==1.3.2", "numpy==2.0.0", "pillow==10.1.0", "tensorflow==2.15.0")


@pytest.mark.parametrize("head", FIXED)
def test_the_fix_writes_what_took_its_place(head: str, tmp_path: Path) -> None:
    write(tmp_path, unit(head + ENTRIES, *PINS, python="python=3.11"))
    settings, overlay = Settings(select=("removed-api",)), Overlay(cwd=str(tmp_path))
    fixed = fixing.fix(["."], settings, overlay, unsafe=True, ignores=True)
    wanted = FIXED[head]
    assert fixed.after.get("score.py") == (None if wanted is None else wanted + ENTRIES)
    left = {f.name for f in fixed.report.findings}
    assert left == ({"removed-api"} if wanted is None else set())
