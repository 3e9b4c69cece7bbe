"""Corners of the rule about imports that an environment does not bring."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.checking import Files, look, names, only

REST = "\n\ndef init():\n    pass\n\n\ndef run(raw_data):\n    return {'received': len(raw_data)}\n"
CONFIG = {"entryScript": "score.py", "runtime": "python", "condaFile": "conda.yml"}


def files(imports: str, *pip: str, more: str = "", config: dict[str, object] = CONFIG) -> Files:
    listed = "".join(f"      - {line}\n" for line in ("azureml-inference-server-http", *pip))
    return {
        "score.py": imports + REST,
        "conda.yml": f"dependencies:\n  - python=3.10\n{more}  - pip:\n{listed}",
        "inferenceconfig.json": json.dumps(config),
    }


MISSING = [
    ("import numpy", (), ""),
    ("import pandas", ("scikit-learn==1.5.2",), ""),
    ("import sklearn.linear_model as models", ("pandas",), ""),
    ("from PIL import Image", ("numpy==2.1.3",), ""),
    ("from azureml.core.model import Model", (), ""),
    ("from azureml.ai.monitoring import Collector", ("pandas==2.2.3",), ""),
    ("import azureml.core", ("scikit-learn",), ""),
    ("from google.cloud import storage", ("protobuf==5.29.3",), ""),
    ("import torch", (), "  - numpy=1.26\n"),
    ("import tomllib", (), ""),
    ("import tomllib", ("a-company-package",), ""),
]
THERE = [
    ("import numpy, joblib, scipy", ("scikit-learn==1.5.2",), ""),
    ("import dateutil.parser, pytz, numpy", ("pandas==2.0.3",), ""),
    ("import flask, werkzeug, inference_schema", (), ""),
    ("from azureml.core.model import Model", ("azureml-defaults",), ""),
    ("import google.protobuf", ("protobuf==5.29.3",), ""),
    ("import numpy, pyarrow", ("azureml-defaults",), ""),
    ("import cv2", ("opencv-python-headless==4.10.0.84",), ""),
    ("import cv2", (), "  - opencv=4.9\n"),
    ("import torch", (), "  - pytorch=2.1\n"),
    ("import pandas", ("inference-schema[pandas-support]",), ""),
    ("import sklearn", ("lightgbm==3.3.5",), ""),
    ("try:\n    import pandas\nexcept ImportError:\n    pandas = None", (), ""),
    ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import pandas", (), ""),
    ("import sys\nif sys.platform == 'win32':\n    import pandas", (), ""),
    ("import json, zoneinfo, distutils.util", (), ""),
    ("from contextlib import suppress\nwith suppress(ImportError):\n    import pandas", (), ""),
    ("try:\n    import pandas\nexcept ModuleNotFoundError:\n    pandas = None", (), ""),
    ("try:\n    import pandas\nexcept Exception:\n    pandas = None", (), ""),
    ("try:\n    import tomllib\nexcept ImportError:\n    import tomli as tomllib", ("tomli",), ""),
    ("import importlib.util\nif importlib.util.find_spec('pandas'):\n    import pandas", (), ""),
    ("import something_of_the_company", (), ""),
    ("from . import pandas", ("a-company-package",), ""),
    ("import pandas", ("git+https://example.org/all.git",), ""),
    ("import pandas", ("-r more.txt",), ""),
]


MAYBE = [
    ("import pandas", ("azureml-defaults==1.0.45",), "", "warning", "`azureml-defaults`"),
    ("import pandas", ("spacy==3.7.5",), "", "warning", "with `spacy` in the versions listed:"),
    ("import pandas", ("a-company-package",), "", "info", "with `a-company-package`:"),
    ("import pandas", ("spacy==3.7.5", "our-code"), "", "info", "with `our-code`, `spacy`:"),
    ("import pandas", (), "  - anaconda\n", "info", "`anaconda`"),
    ("import pandas", ("inference-schema[spark-support]",), "", "info", "`inference-schema`"),
    ("import pandas", ("a1", "b2", "c3", "d4", "e5"), "", "info", "`a1`, `b2`, `c3` and 2 more"),
]


@pytest.mark.parametrize(("imports", "pip", "more"), MISSING)
def test_what_nothing_brings_is_told(
    imports: str, pip: tuple[str, ...], more: str, tmp_path: Path
) -> None:
    told = only(look(tmp_path, files(imports, *pip, more=more), select=("AML309",)))
    assert (told.severity, told.stage) == ("error", "start")


@pytest.mark.parametrize(("imports", "pip", "more", "severity", "who"), MAYBE)
def test_what_others_may_bring_is_told_with_their_names(
    imports: str, pip: tuple[str, ...], more: str, severity: str, who: str, tmp_path: Path
) -> None:
    written = files(imports, *pip, more=more)
    told = only(look(tmp_path, written, select=("AML309",), persona="pedantic"))
    assert told.severity == severity
    assert who in told.message


@pytest.mark.parametrize(("imports", "pip", "more"), THERE)
def test_what_is_there_or_may_be_is_left_alone(
    imports: str, pip: tuple[str, ...], more: str, tmp_path: Path
) -> None:
    assert names(look(tmp_path, files(imports, *pip, more=more), select=("AML309",))) == []


def test_a_module_of_that_name_beside_the_script_is_meant(tmp_path: Path) -> None:
    tree = files("import emoji", config={**CONFIG, "sourceDirectory": "."})
    assert names(look(tmp_path, {**tree, "emoji.py": "SMILE = 1\n"}, select=("AML309",))) == []


def test_an_import_within_run_fails_at_the_first_call(tmp_path: Path) -> None:
    script = "def init():\n    pass\n\n\ndef run(raw_data):\n    import pandas\n    return 1\n"
    tree = {**files(""), "score.py": script}
    assert only(look(tmp_path, tree, select=("AML309",))).stage == "score"


@pytest.mark.parametrize(
    "environment",
    [
        {"docker": {"baseDockerfile": "FROM x"}},
        {"python": {"userManagedDependencies": True}},
    ],
)
def test_an_image_may_bring_what_the_file_does_not(
    environment: dict[str, object], tmp_path: Path
) -> None:
    tree = files("import pandas", config={**CONFIG, "environment": environment})
    assert "import-not-in-environment" not in names(look(tmp_path, tree))


def test_one_package_is_told_once(tmp_path: Path) -> None:
    imports = "import pandas\nfrom pandas import DataFrame"
    only(look(tmp_path, files(imports), select=("AML309",)))


def test_what_get_model_path_tells_of_is_not_told_twice(tmp_path: Path) -> None:
    script = (
        "from azureml.core.model import Model\n\n\ndef init():\n    global path\n"
        "    path = Model.get_model_path('churn')\n\n\ndef run(data):\n    return path\n"
    )
    assert names(look(tmp_path, {**files(""), "score.py": script})) == ["get-model-path"]


def test_a_module_that_ships_is_followed(tmp_path: Path) -> None:
    tree = files("from helpers.reading import rows", config={**CONFIG, "sourceDirectory": "."})
    tree |= {
        "helpers/__init__.py": "",
        "helpers/reading.py": "from .inner import rows\n",
        "helpers/inner.py": "import json\nimport pandas\n\nrows = pandas.DataFrame\n",
    }
    told = only(look(tmp_path, tree, select=("AML309",)))
    assert told.location.path == "helpers/inner.py"
    way = [r.location.path for r in told.observation.related]
    assert way == ["score.py", "helpers/reading.py", "conda.yml"]


def test_a_module_that_may_be_absent_is_not_followed(tmp_path: Path) -> None:
    tree = files("try:\n    import helpers\nexcept ImportError:\n    helpers = None")
    tree["helpers.py"] = "import pandas\n"
    assert names(look(tmp_path, tree, select=("AML309",))) == []


@pytest.mark.parametrize(("pip", "count"), [((), 1), (("dataclasses==0.8",), 0), (("ours",), 0)])
def test_a_backport_may_bring_what_an_old_python_lacks(
    pip: tuple[str, ...], count: int, tmp_path: Path
) -> None:
    tree = files("import dataclasses", *pip)
    tree["conda.yml"] = str(tree["conda.yml"]).replace("3.10", "3.6")
    assert len(look(tmp_path, tree, select=("AML309",)).findings) == count


def test_requirements_that_are_included_count(tmp_path: Path) -> None:
    tree = {**files("import pandas", "-r more.txt"), "more.txt": "pandas==2.2.3\n"}
    assert names(look(tmp_path, tree, select=("AML309",))) == []
    tree["more.txt"] = "joblib==1.4.2\n"
    assert names(look(tmp_path, tree, select=("AML309",))) == ["import-not-in-environment"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("azureml-inference-server-http", ["import-not-in-environment"]),
        ("azureml-inference-server-http\n      - pandas", []),
        ("azureml-inference-server-http\n      - inference-schema[pandas-support]", []),
    ],
)
def test_what_a_module_of_the_server_imports_in_turn_must_be_listed(
    line: str, told: list[str], tmp_path: Path
) -> None:
    script = (
        "from inference_schema.parameter_types.pandas_parameter_type import PandasParameterType\n\n"
        "\ndef init():\n    pass\n\n\ndef run(raw_data):\n    return {'received': len(raw_data)}\n"
    )
    tree: Files = {
        "score.py": script,
        "conda.yml": f"dependencies:\n  - python=3.12\n  - pip:\n      - {line}\n",
        "inferenceconfig.json": json.dumps(
            {"entryScript": "score.py", "runtime": "python", "condaFile": "conda.yml"}
        ),
    }
    report = look(tmp_path, tree, select=("AML309",))
    assert names(report) == told
    assert not told or "brings `pandas`" in report.findings[0].message


@pytest.mark.parametrize(
    ("imports", "pip", "more", "told"),
    [
        ("from helpers import x", (), {}, ["info"]),
        ("import preprocess.steps", ("pandas",), {}, ["info"]),
        ("from helpers import x", ("a-company-package",), {}, []),
        ("from helpers import x", (), {"helpers.py": "x = 1\n"}, []),
        ("from helpers import x", (), {"shared/helpers.py": "x = 1\n"}, []),
        ("import sys\nsys.path.append('/opt')\nfrom helpers import x", (), {}, []),
        ("import pylab", ("pandas",), {}, []),
        ("import wrappers", ("wrappers-of-pandas", "pandas"), {}, []),
        ("import utils", (), {}, []),
    ],
)
def test_a_module_that_is_nowhere_is_advice(
    imports: str, pip: tuple[str, ...], more: Files, told: list[str], tmp_path: Path
) -> None:
    whole = {**files(imports, *pip), **more}
    report = look(tmp_path, whole, select=("AML309",), persona="pedantic")
    assert [f.severity for f in report.findings] == told
