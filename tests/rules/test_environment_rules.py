"""Corners of the rules about what an environment lists."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checking import Files, look, names, only


def conda(*pip: str, python: str = "3.10", more: str = "") -> str:
    """A conda file with a `pip` list."""
    head = f"dependencies:\n  - python={python}\n{more}  - pip:\n"
    return head + "".join(f"      - {line}\n" for line in pip)


def found(folder: Path, text: str, **settings: str) -> list[str]:
    return names(look(folder, {"conda.yml": text}, **settings))


# -- wrong-package-name ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "scikit-learn",
        "dotenv",
        "bs4==0.0.1",
        "tensorflow-gpu==2.3.0",
        "tensorflow-gpu<2.12",
        "sklearn-pandas",
        "torch",
        "git+https://example.org/sklearn.git",
        "--find-links sklearn",
    ],
)
def test_names_that_pip_finds_are_none_of_its_business(line: str, tmp_path: Path) -> None:
    assert found(tmp_path, conda(line)) == []


@pytest.mark.parametrize("line", ["PIL", "cv2>=4", "tensorflow-gpu", "tensorflow-gpu==2.12.0"])
def test_names_that_pip_does_not_find_are_told(line: str, tmp_path: Path) -> None:
    assert found(tmp_path, conda(line)) == ["wrong-package-name"]


def test_the_empty_package_installs_and_brings_nothing(tmp_path: Path) -> None:
    told = only(look(tmp_path, {"conda.yml": conda("sklearn==0.0")}))
    assert (told.stage, told.observation.fix) == ("start", None)


@pytest.mark.parametrize(("python", "told"), [("3.6.2", False), ("3.7", True), ("3.10", True)])
def test_the_pip_of_old_pythons_gets_along_with_sklearn(
    python: str, told: bool, tmp_path: Path
) -> None:
    text = (
        f"dependencies:\n  - python={python}\n  - pip:\n      - sklearn\n      - azureml-defaults\n"
    )
    report = look(tmp_path, {"conda.yml": text}, select=("wrong-package-name",), persona="pedantic")
    assert names(report) == (["wrong-package-name"] if told else [])


@pytest.mark.parametrize(
    ("line", "python", "help"),
    [
        ("python==3.11", "  - python=3.12\n", "remove it; conda installs `python=3.12`"),
        ("python==3.11", "", "remove it; list `python=3.11` among the conda packages"),
        ("python>=3.8", "", "remove it; list `python=3.12` among the conda packages"),
        ("python", "  - python\n", "remove it; conda installs `python`"),
    ],
)
def test_pip_installs_no_python(line: str, python: str, help: str, tmp_path: Path) -> None:
    text = f"dependencies:\n{python}  - pip=24.2\n  - pip:\n      - joblib==1.4.2\n      - {line}\n"
    select = ("wrong-package-name", "duplicate-dependency")
    told = only(look(tmp_path, {"conda.yml": text}, select=select, persona="pedantic"))
    assert (told.name, told.observation.help) == ("wrong-package-name", help)


def test_modules_of_python_are_no_packages(tmp_path: Path) -> None:
    text = conda("json", "uuid", "pickle", "datetime", "joblib==1.4.2")
    report = look(tmp_path, {"conda.yml": text}, select=("wrong-package-name",))
    assert [f.message.split("`")[1] for f in report.findings] == ["json", "pickle"]
    assert all(f.observation.fix for f in report.findings)
    alone = look(tmp_path / "b", {"conda.yml": conda("json", "os")}, select=("wrong-package-name",))
    assert [f.observation.fix for f in alone.findings] == [None, None]


def test_a_file_without_its_option_is_no_package(tmp_path: Path) -> None:
    files: Files = {
        "deployment.yml": "$schema: https://azuremlschemas.azureedge.net/latest/"
        "managedOnlineDeployment.schema.json\nname: blue\nendpoint_name: scoring\n"
        "code_configuration: {code: ., scoring_script: score.py}\n"
        "environment: {build: {path: docker}}\n",
        "score.py": "import joblib\n\n\ndef init():\n    pass\n\n\ndef run(data):\n    return 1\n",
        "docker/Dockerfile": "FROM python:3.12-slim\nCOPY requirements.txt .\n"
        "RUN pip install requirements.txt\n",
        "docker/requirements.txt": "azureml-inference-server-http==1.5.1\njoblib==1.4.2\n",
    }
    told = only(look(tmp_path, files, select=("AML3",)))
    assert (told.name, told.observation.help) == (
        "wrong-package-name",
        "write `-r requirements.txt`",
    )
    assert told.observation.fix is not None
    assert told.observation.fix.applicability == "unsafe"


def test_the_last_of_continued_lines_is_not_taken_out(tmp_path: Path) -> None:
    files: Files = {
        "deployment.yml": "$schema: https://azuremlschemas.azureedge.net/latest/"
        "managedOnlineDeployment.schema.json\nname: blue\nendpoint_name: scoring\n"
        "code_configuration: {code: ., scoring_script: score.py}\n"
        "environment: {build: {path: docker}}\n",
        "score.py": "def init():\n    pass\n\n\ndef run(raw_data):\n    return 1\n",
        "docker/Dockerfile": "FROM python:3.12-slim\n"
        "RUN pip install joblib==1.4.2 \\\n  json\nUSER 1\n",
    }
    told = only(look(tmp_path, files, select=("wrong-package-name",)))
    assert told.observation.fix is None


def test_no_second_entry_is_made_where_the_right_name_is_listed(tmp_path: Path) -> None:
    told = only(look(tmp_path, {"conda.yml": conda("sklearn", "scikit_learn==1.5.2")}))
    assert told.observation.help == "remove it"
    assert told.observation.fix is None


def test_the_environment_of_an_mlflow_model_is_another_format(tmp_path: Path) -> None:
    text = "python: 3.10.4\nbuild_dependencies: [pip]\ndependencies:\n  - pip: [sklearn]\n"
    assert found(tmp_path, text) == []


# -- version-operator --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "pandas >= 2.2 , < 2.3",
        "pandas==2.2.*",
        "mltable==0.1.0b4",
        "tensorflow==2.0.0-alpha0",
        "torch==2.0.1+cpu",
        "librosa==0.10.0.post2",
        "inference-schema[numpy-support]==1.0.*",
        "'joblib==1.4.2; python_version >= \"3.8\"'",
        "pandas!=2.1,>=2.1",
        "joblib>=1.3,<=1.3",
        "pandas==2.2.3 --no-binary pandas",
        "pandas==2.2.3  # = 2.2.3 as in training",
        "-r requirements.txt",
        "https://example.org/torch-1.1.0-cp36-cp36m-linux_x86_64.whl",
        "./wheels/a=b.whl",
        '"pandas=={{version}}"',
    ],
)
def test_what_pip_reads_is_left_alone(line: str, tmp_path: Path) -> None:
    assert found(tmp_path, conda(line)) == []


@pytest.mark.parametrize(
    ("line", "help"),
    [
        ("pandas=2.2.3", "write `pandas==2.2.3`"),
        ("pandas = 2.2.3", "write `pandas == 2.2.3`"),
        ("pandas=>2.2", "write `pandas>=2.2`"),
        ("pandas=<2.2,!=2.1", None),
        ("pandas 2.2", "write `pandas==2.2`"),
        ("pandas==2.2.3=py311_0", None),
        ("pandas>=2.2.*", None),
        ("pandas>=2.2<3", None),
        ("pytz==2004d", None),
        ("pandas>=2.0,<1.5", None),
        ("pandas==2.2,==2.1", None),
        ("pandas~=2.2,>=3", None),
        ("pandas==2.2.*,<2.2", None),
    ],
)
def test_what_pip_refuses_is_told(line: str, help: str | None, tmp_path: Path) -> None:
    told = only(look(tmp_path, {"conda.yml": conda(line)}))
    assert (told.name, told.severity) == ("version-operator", "error")
    assert told.observation.help == help


@pytest.mark.parametrize("line", ["pandas>=1.1.*", "pytz==2004d"])
def test_an_old_pip_takes_what_a_new_one_refuses(line: str, tmp_path: Path) -> None:
    assert found(tmp_path / "python", conda(line, python="3.7")) == []
    assert found(tmp_path / "pip", conda(line, more="  - pip=23.3\n")) == []
    assert found(tmp_path / "new", conda(line, more="  - pip=24.2\n")) == ["version-operator"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("numpy=1.26", []),
        ("numpy=1.26=py311_0", []),
        ("numpy >=1.2,<2", []),
        ("numpy=1.0|2.0", []),
        ("conda-forge::numpy=1.26.*", []),
        ("numpy=>1.2", ["version-operator"]),
        ("numpy >=2,<1", ["version-operator"]),
        ("numpy=1.26,>=1.27", ["version-operator"]),
    ],
)
def test_what_conda_reads(line: str, told: list[str], tmp_path: Path) -> None:
    assert found(tmp_path, f"dependencies:\n  - python=3.10\n  - {line}\n") == told


# -- duplicate-dependency ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pip", "severity"),
    [
        (("joblib==1.4.2", "Joblib==1.3.2"), "error"),
        (("joblib>=1.4", "joblib<1.3"), "error"),
        (("joblib[a]==1.4.2", "joblib==1.3.2"), "error"),
        (("joblib==1.4.2", "joblib==1.4.2"), "info"),
        (("joblib>=1.3", "joblib==1.4.2"), "info"),
        (("light_gbm", "Light-GBM"), "info"),
        (("inference-schema[numpy-support]==1.0.2", "inference-schema==1.0.2"), None),
        (("'a==1; python_version<\"3.8\"'", "'a==2; python_version>=\"3.8\"'"), None),
    ],
)
def test_pip_is_asked_twice(pip: tuple[str, ...], severity: str | None, tmp_path: Path) -> None:
    report = look(tmp_path, {"conda.yml": conda(*pip)}, persona="pedantic")
    told = [f.severity for f in report.findings if f.name == "duplicate-dependency"]
    assert told == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("conda_packages", "pip", "severity"),
    [
        ("numpy=1.19", "numpy==1.26.4", "warning"),
        ("cryptography=42.0.2", "cryptography>=42.0.4", "info"),
        ("cryptography=42.0.2", "cryptography>=42.0.4,<43", "warning"),
        ("numpy=1.26", "numpy==1.26.4", "info"),
        ("numpy", "numpy", "info"),
        ("numpy=1.19|1.20", "numpy==1.26.4", "info"),
        ("numpy-base=1.19", "numpy==1.26.4", None),
    ],
)
def test_conda_and_pip_are_asked(
    conda_packages: str, pip: str, severity: str | None, tmp_path: Path
) -> None:
    text = conda(pip, more=f"  - {conda_packages}\n")
    report = look(tmp_path, {"conda.yml": text}, persona="pedantic")
    told = [f.severity for f in report.findings if f.name == "duplicate-dependency"]
    assert told == ([severity] if severity else [])


def test_conda_is_asked_for_two_versions(tmp_path: Path) -> None:
    more = "  - numpy=1.19\n  - numpy=1.26\n  - importlib_resources=6\n  - importlib-resources=5\n"
    assert found(tmp_path, conda("joblib", more=more)) == ["duplicate-dependency"]


def test_of_two_pip_sections_the_first_is_lost(tmp_path: Path) -> None:
    text = "dependencies:\n  - pip:\n      - joblib\n  - pip:\n      - numpy\n"
    told = only(look(tmp_path, {"conda.yml": text}))
    assert told.message.startswith("a later `pip` section replaces this one")


# -- incompatible-pins -------------------------------------------------------------------------

BROKEN = [
    ("3.10", ("pandas==2.0.3", "numpy==2.0.2"), "start"),
    ("3.10", ("scikit-learn==1.2.2",), "start"),
    ("3.10", ("pandas==2.0.3", "azureml-inference-server-http"), "start"),
    ("3.11", ("azureml-inference-server-http", "flask==1.0.3"), "start"),
    ("3.10", ("onnxruntime==1.16.3", "numpy==2.0.2"), "start"),
    ("3.11", ("onnxruntime==1.18.0",), "start"),
    ("3.11", ("h5py==3.10.0", "azureml-inference-server-http"), "start"),
    ("3.10", ("pyarrow==14.0.2", "numpy>=2,<2.1"), "start"),
    ("3.11", ("opencv-python-headless==4.9.0.80", "numpy==2.0.2"), "start"),
    ("3.10", ("opencv-python==4.9.0.80", "scikit-learn"), "start"),
    ("3.8", ("flask==2.2.2",), "start"),
    ("3.8", ("jinja2==2.11.3", "markupsafe==2.1.1"), "start"),
    ("3.8", ("azureml-inference-server-http==0.4.10",), "start"),
    ("3.8", ("azureml-inference-server-http==0.6.1", "flask==2.0.3"), "build"),
    ("3.10", ("azureml-inference-server-http==1.4.1", "flask==1.0.3"), "build"),
    ("3.9", ("azureml-defaults==1.33.0",), "build"),
    ("3.7", ("azureml-inference-server-http==1.3.4",), "build"),
    ("3.6", ("azureml-core>=1.48",), "build"),
]
WHOLE = [
    ("3.10", ("pandas==2.0.3", "numpy<2")),
    ("3.10", ("onnxruntime==1.19.0", "numpy==2.0.2")),
    ("3.10", ("onnxruntime==1.18.1",)),
    ("3.10", ("h5py==3.11.0", "numpy==2.0.2")),
    ("3.10", ("pyarrow==16.0.0", "numpy==2.0.2")),
    ("3.10", ("pyarrow==14.0.2", "pandas==2.2.1")),
    ("3.10", ("pyarrow==14.0.2", "numpy==1.26.4")),
    ("3.10", ("opencv-python-headless==4.10.0.84", "numpy==2.0.2")),
    ("3.10", ("opencv-python-headless", "numpy==2.0.2")),
    ("3.10", ("pandas==2.0.3", "scipy==1.10.1")),
    ("3.10", ("scikit-learn==1.2.2", "pandas==2.1.4")),
    ("3.10", ("scikit-learn==1.2.2", "shap")),
    ("3.10", ("scikit-learn==1.2.2", "-r more.txt")),
    ("3.8", ("scikit-learn==1.2.2",)),
    ("3.10", ("scikit-learn>=1.2.2",)),
    ("3.10", ("scikit-learn",)),
    ("3.6", ("flask==1.1.2",)),
    ("3.8", ("flask==1.1.4",)),
    ("3.8", ("flask<2",)),
    ("3.8", ("azureml-inference-server-http==0.4.13",)),
    ("3.8", ("azureml-inference-server-http==0.6.1", "flask==1.0.3")),
    ("3.8", ("azureml-defaults==1.38.0", "flask==1.0.3")),
    ("3.8", ("azureml-defaults==1.33.0",)),
    ("3.6", ("azureml-inference-server-http",)),
]


@pytest.mark.parametrize(("python", "pip", "stage"), BROKEN)
def test_broken_combinations_are_told_once(
    python: str, pip: tuple[str, ...], stage: str, tmp_path: Path
) -> None:
    rule = ("impossible-pin", "info") if stage == "build" else ("incompatible-pins", "error")
    files: Files = {"conda.yml": conda(*pip, python=python)}
    told = only(look(tmp_path, files, select=("AML307", "AML322"), persona="pedantic"))
    assert (told.name, told.severity, told.stage) == (*rule, stage)


@pytest.mark.parametrize(("python", "pip"), WHOLE)
def test_what_holds_each_other_back_is_left_alone(
    python: str, pip: tuple[str, ...], tmp_path: Path
) -> None:
    assert found(tmp_path, conda(*pip, python=python)) == []


def test_numpy_of_conda_counts(tmp_path: Path) -> None:
    assert found(tmp_path, conda("pandas==2.0.3", more="  - numpy=1.26\n")) == []


DEPLOY = """\
from azureml.core import Environment
from azureml.core.conda_dependencies import CondaDependencies
from azureml.core.model import InferenceConfig, Model

packages = CondaDependencies.create({python}pip_packages=["azureml-defaults==1.12.0"])
environment = Environment("serving")
environment.python.conda_dependencies = packages
config = InferenceConfig(entry_script="score.py", environment=environment)
Model.deploy(workspace, "service", [model], config)
"""


@pytest.mark.parametrize(
    ("python", "told"), [("", []), ('python_version="3.10", ', ["impossible-pin"])]
)
def test_a_python_that_the_sdk_fills_in_is_not_known(
    python: str, told: list[str], tmp_path: Path
) -> None:
    script = "def init():\n    pass\n\n\ndef run(data):\n    return len(data)\n"
    files = {"deploy.py": DEPLOY.format(python=python), "score.py": script}
    assert names(look(tmp_path, dict(files), select=("AML322",))) == told


@pytest.mark.parametrize("line", ["own/", "file:own", "libs/own", "libs/own[extra]"])
def test_a_folder_is_no_requirement_that_pip_cannot_read(line: str, tmp_path: Path) -> None:
    report = look(tmp_path, {"conda.yml": conda(line)}, select=("AML314",))
    assert names(report) == []


# -- versions without an operator --------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "meant", "sure"),
    [
        ("numpy 1.26.4", "numpy==1.26.4", "safe"),
        ("numpy   1.26.4", "numpy==1.26.4", "safe"),
        ("numpy 1.26", "numpy==1.26", "unsafe"),
        ("uvicorn[standard] 0.30.1", "uvicorn[standard]==0.30.1", "safe"),
        ('numpy 1.26.4 ; python_version > "3.8"', 'numpy==1.26.4 ; python_version > "3.8"', "safe"),
    ],
)
def test_a_version_behind_a_name_wants_an_operator(
    line: str, meant: str, sure: str, tmp_path: Path
) -> None:
    told = only(look(tmp_path, {"conda.yml": conda(line)}, select=("version-operator",)))
    assert told.observation.help == f"write `{meant}`"
    assert "there is no operator before the version" in told.observation.message
    fix = told.observation.fix
    assert fix is not None
    assert (fix.applicability, len(fix.edits)) == (sure, 1)
    (edit,) = fix.edits
    text = conda(line)
    assert text[: edit.span.start] + edit.content + text[edit.span.end :] == conda(meant)


@pytest.mark.parametrize("line", ["numpy 1.26.4 1.3", "numpy v2", "numpy 1"])
def test_what_stands_behind_a_name_may_be_anything(line: str, tmp_path: Path) -> None:
    told = only(look(tmp_path, {"conda.yml": conda(line)}, select=("version-operator",)))
    assert told.observation.fix is None


# -- names that no index and no channel has ----------------------------------------------------


def conda_packages(*items: str, channels: str = "conda-forge", pip: str = "") -> str:
    head = f"channels: [{channels}]\ndependencies:\n  - python=3.10\n  - pip\n"
    lines = "".join(f"  - {item}\n" for item in items)
    return head + lines + (f"  - pip:\n      - {pip}\n" if pip else "")


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("numoy==1.26.4", "numpy"),
        ("azureml-default", "azureml-defaults"),
        ("azureml_defalts==1.60.0", "azureml-defaults"),
        ("scikitlearn==1.5.2", "scikit-learn"),
        ("azureml-inference-sever-http==1.5.1", "azureml-inference-server-http"),
    ],
)
def test_a_near_miss_that_the_index_does_not_have_is_told(
    line: str, meant: str, tmp_path: Path
) -> None:
    told = only(look(tmp_path, {"conda.yml": conda(line)}, select=("AML312",)))
    assert told.severity == "error"
    assert told.observation.help == f"did you mean `{meant}`?"
    assert "on the index on 2026-" in told.observation.message
    assert told.observation.fix is not None
    assert told.observation.fix.applicability == "unsafe"


@pytest.mark.parametrize("line", ["panda==0.3.1", "tensorboardx", "fastai", "churnlib", "kera"])
def test_names_that_exist_or_are_far_from_any_are_not_told(line: str, tmp_path: Path) -> None:
    assert names(look(tmp_path, {"conda.yml": conda(line)}, select=("AML312",))) == []


def test_another_index_may_have_any_name(tmp_path: Path) -> None:
    text = conda("--extra-index-url https://packages.contoso.com/simple", "numoy")
    assert names(look(tmp_path, {"conda.yml": text}, select=("AML312",))) == []


@pytest.mark.parametrize(
    ("item", "help"),
    [
        ("sklearn", "write `scikit-learn`"),
        ("torch=2.3.1", "write `pytorch`"),
        ("cv2", "write `opencv`"),
        ("azureml-defaults=1.60.0", "list `azureml-defaults` in the `pip` section: only pip "
         "finds it"),
    ],
)  # fmt: skip
def test_names_that_no_usual_channel_has_are_told(item: str, help: str, tmp_path: Path) -> None:
    for channels in ("conda-forge", "defaults, pytorch", ""):
        text = conda_packages(item, channels=channels)
        told = only(look(tmp_path, {"conda.yml": text}, select=("AML312",)))
        assert (told.severity, told.observation.help) == ("error", help)


@pytest.mark.parametrize(
    "text",
    [
        conda_packages("torch", channels="conda-forge, contoso"),
        conda_packages("torch", channels="https://packages.contoso.com/conda"),
        conda_packages("contoso::torch"),
        conda_packages("pytorch", "scikit-learn", "opencv", "yaml"),
        conda_packages(pip="torch"),
    ],
)
def test_other_channels_and_right_names_are_fine(text: str, tmp_path: Path) -> None:
    assert names(look(tmp_path, {"conda.yml": text}, select=("AML312",))) == []


def test_the_right_name_is_not_listed_twice(tmp_path: Path) -> None:
    text = conda_packages("torch", "pytorch=2.3.1")
    told = only(look(tmp_path, {"conda.yml": text}, select=("AML312",)))
    assert (told.observation.help, told.observation.fix) == ("remove it", None)
