"""Corners of the rules about environments that serve: Python, pip, pins and what Linux lacks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from amllint.findings.finding import Finding
from tests.checking import Files, look, names

SCRIPT = "def init():\n    pass\n\n\ndef run(raw_data):\n    return {'received': len(raw_data)}\n"
ONLINE = """\
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: scoring
code_configuration: {code: ., scoring_script: score.py}
environment: {image: IMAGE, conda_file: conda.yml}
instance_type: Standard_DS3_v2
instance_count: 1
"""
IMAGE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20251130.v1"
SERVER = "azureml-inference-server-http==1.5.1"
V1 = '{"entryScript": "score.py", "runtime": "python", "condaFile": "conda.yml"}'
TODAY = "2026-11-27"


def conda(*pip: str, head: str = "python=3.12", more: str = "  - pip\n") -> str:
    start = f"dependencies:\n  - {head}\n" if head else "dependencies:\n"
    return start + more + "  - pip:\n" + "".join(f"      - {line}\n" for line in pip)


def found(
    folder: Path,
    text: str,
    rule: str,
    script: str = SCRIPT,
    image: str = IMAGE,
    files: Files | None = None,
    **settings: Any,
) -> list[Finding]:
    tree: Files = {"deployment.yml": ONLINE.replace("IMAGE", image), "score.py": script}
    settings = {"persona": "pedantic", "today": TODAY, **settings}
    given = {**tree, "conda.yml": text, **(files or {})}
    return look(folder, given, select=(rule,), **settings).findings


def told(*arguments: Any, **more: Any) -> list[str]:
    return [f.severity for f in found(*arguments, **more)]


# -- python-end-of-life ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("python", "severities"),
    [
        ("python=3.8", ["warning"]),
        ("python=3.9.18", ["warning"]),
        ("python<3.9", ["warning"]),
        ("python>=3.7,<3.9", ["warning"]),
        ("python=3.10", ["info"]),
        ("python=3.11", []),
        ("python>=3.8", []),
        ("python>=3.8,<3.12", []),
        ("python", []),
    ],
)
def test_a_python_is_judged_by_the_newest_that_is_admitted(
    python: str, severities: list[str], tmp_path: Path
) -> None:
    text = conda("azureml-defaults==1.60.0", head=python)
    assert told(tmp_path, text, "python-end-of-life", purpose="production") == severities
    advice = ["info"] * len(severities)
    assert told(tmp_path / "b", text, "python-end-of-life") == advice


@pytest.mark.parametrize(
    ("today", "severities"),
    [("2026-10-31", []), ("2026-11-01", ["info"]), ("2027-11-01", ["warning"])],
)
def test_the_day_decides_and_is_printed(today: str, severities: list[str], tmp_path: Path) -> None:
    text = conda(SERVER, head="python=3.10")
    result = found(tmp_path, text, "python-end-of-life", today=today, purpose="production")
    assert [f.severity for f in result] == severities
    assert all(f"(today is {today})" in f.message for f in result)


def test_a_python_that_azureml_core_does_not_see_is_told_of_once(tmp_path: Path) -> None:
    text = conda("azureml-defaults", head="python=3.7.*")
    files: Files = {"inferenceconfig.json": V1, "score.py": SCRIPT, "conda.yml": text}
    settings: dict[str, Any] = {
        "select": ("python-end-of-life", "python-pin-lost"),
        "today": TODAY,
        "persona": "pedantic",
    }
    assert names(look(tmp_path, files, **settings)) == ["python-pin-lost"]
    seen = {**files, "conda.yml": text.replace(".*", "")}
    assert names(look(tmp_path / "b", seen, **settings)) == ["python-end-of-life"]


# -- missing-inference-server ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "severity"),
    [
        (SCRIPT, "error"),
        (SCRIPT.replace("def init():\n    pass\n", ""), "info"),
        ("from flask import Flask\n\napp = Flask(__name__)\n", "info"),
    ],
)
def test_a_script_for_another_server_needs_this_one_least(
    script: str, severity: str, tmp_path: Path
) -> None:
    (finding,) = found(tmp_path, conda("flask==3.1.0"), "AML302", script)
    assert finding.severity == severity


def test_a_deployment_without_its_script_needs_no_server_yet(tmp_path: Path) -> None:
    files = {"deployment.yml": ONLINE.replace("IMAGE", IMAGE), "conda.yml": conda("flask==3.1.0")}
    report = look(tmp_path, files, select=("AML302",), persona="pedantic")
    assert [f.severity for f in report.findings] == ["info"]


JOB = "$schema: https://azuremlschemas.azureedge.net/latest/commandComponent.schema.json\n"


@pytest.mark.parametrize(
    ("other", "place"),
    [
        ({}, "conda.yml"),
        ({"train.yml": f"{JOB}environment: azureml:shared:1\n"}, "deployment.yml"),
        ({"train.yml": f"{JOB}environment: azureml:shared@latest\n"}, "deployment.yml"),
        ({"train.yml": f"{JOB}environment: azureml:shared-gpu:1\n"}, "conda.yml"),
        ({"other.yml": ONLINE}, "conda.yml"),
    ],
)
def test_where_jobs_use_the_environment_it_is_the_deployment_that_is_wrong(
    other: Files, place: str, tmp_path: Path
) -> None:
    named = ONLINE.replace("{image: IMAGE, conda_file: conda.yml}", "azureml:shared:1")
    defined = ONLINE.partition("name:")[0].replace("managedOnlineDeployment", "environment")
    files: Files = {
        "deployment.yml": named,
        "score.py": SCRIPT,
        "env.yml": f"{defined}name: shared\nimage: {IMAGE}\nconda_file: conda.yml\n",
        "conda.yml": conda("flask==3.1.0"),
        **{name: str(text).replace(*_SHARED) for name, text in other.items()},
    }
    report = look(tmp_path, files, select=("AML302",))
    assert [(f.location.path, f.severity) for f in report.findings] == [(place, "error")]
    assert bool(report.findings[0].observation.fix) == (place == "conda.yml")


_SHARED = ("{image: IMAGE, conda_file: conda.yml}", "azureml:shared:1")


# -- pynacl-pin --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("python", "severity", "holds"),
    [("python=3.6.2", "info", "PyNaCl back"), ("python=3.8", "warning", "PyNaCl and paramiko")],
)
def test_the_pin_of_2018_costs_least_where_it_was_made_for(
    python: str, severity: str, holds: str, tmp_path: Path
) -> None:
    text = conda("azureml-defaults", "pynacl==1.2.1", head=python)
    (finding,) = found(tmp_path, text, "AML308")
    assert finding.severity == severity
    assert f"holds {holds}" in finding.message


@pytest.mark.parametrize(
    ("pip", "severities"),
    [
        (("azureml-core==1.40.0",), ["info"]),
        (("azureml-defaults==1.40.0",), ["info"]),
        (("azureml-sdk==1.12.0", "azureml-defaults==1.12.0"), []),
        (("azureml-core==1.40.0", "pynacl==1.2.1"), []),
        (("scikit-learn==0.24.1",), []),
    ],
)
def test_an_old_pip_compiles_pynacl_only_where_something_brings_it(
    pip: tuple[str, ...], severities: list[str], tmp_path: Path
) -> None:
    text = conda(*pip, head="python=3.7", more="  - pip=19.2.3\n")
    assert told(tmp_path, text, "pynacl-pin") == severities


def test_a_package_that_does_not_support_the_python_is_told_of_once(tmp_path: Path) -> None:
    text = conda("azureml-inference-server-http==1.5.1", head="python=3.8")
    assert told(tmp_path, text, "python-end-of-life") == []
    assert told(tmp_path, text, "impossible-pin") == ["error"]


@pytest.mark.parametrize(
    "rule", ["python-end-of-life", "pip-not-listed", "unpinned-dependency", "not-portable"]
)
def test_what_nothing_serves_from_is_none_of_our_business(rule: str, tmp_path: Path) -> None:
    text = conda("azureml-core", "pywin32", head="python=3.6", more="")
    report = look(tmp_path, {"conda.yml": text}, select=(rule,), persona="pedantic", today=TODAY)
    assert names(report) == []


def notebook(cell: str) -> str:
    code = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [{**code, "source": [cell]}]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.mark.parametrize("place", ["a/make.ipynb", "make.ipynb"])
def test_a_file_that_a_notebook_beside_or_above_it_writes_is_left_alone(
    place: str, tmp_path: Path
) -> None:
    files: Files = {
        "a/deployment.yml": ONLINE.replace("conda.yml", "env.yml").replace("IMAGE", IMAGE),
        "a/score.py": SCRIPT,
        "a/env.yml": conda(SERVER, more=""),
    }
    settings: dict[str, Any] = {"select": ("pip-not-listed",), "persona": "pedantic"}
    assert names(look(tmp_path, files, **settings)) == ["pip-not-listed"]
    written = {**files, place: notebook("found.save_to_file(conda_file_path='env.yml')")}
    assert names(look(tmp_path / "b", written, **settings)) == []
    other = {**files, "c/make.ipynb": written[place]}
    assert names(look(tmp_path / "d", other, **settings)) == ["pip-not-listed"]


# -- missing-python-pin, pip-not-listed --------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "number"),
    [("", 1), ("python", 1), ("conda-forge::python", 1), ("python>=3.8", 0), ("python 3.9", 0)],
)
def test_a_python_without_a_version_is_as_good_as_none(
    head: str, number: int, tmp_path: Path
) -> None:
    assert len(found(tmp_path, conda(SERVER, head=head), "missing-python-pin")) == number


def test_a_v1_configuration_has_azureml_cores_default(tmp_path: Path) -> None:
    files = {"inferenceconfig.json": V1, "score.py": SCRIPT, "conda.yml": conda(SERVER, head="")}
    (one,) = look(tmp_path, files, select=("missing-python-pin",), persona="pedantic").findings
    assert "azureml-core puts in the default" in one.message


@pytest.mark.parametrize("more", ["  - pip\n", "  - pip=24.0\n", "  - conda-forge::pip\n"])
def test_pip_may_be_listed_in_any_way(more: str, tmp_path: Path) -> None:
    assert told(tmp_path, conda(SERVER, more=more), "pip-not-listed") == []
    assert told(tmp_path / "b", conda(SERVER, more=""), "pip-not-listed") == ["info"]


# -- unpinned-dependency -----------------------------------------------------------------------

LOADING = "import joblib\n\n\ndef init():\n    global m\n    m = joblib.load('model.pkl')\n"
LOADING += "\n\ndef run(raw_data):\n    return {'received': len(raw_data)}\n"


@pytest.mark.parametrize(
    ("lines", "python", "severities"),
    [
        (("scikit-learn",), "3.12", ["warning"]),
        (("scikit-learn",), "3.8", ["info"]),
        (("scikit-learn>=1.0",), "3.12", ["info"]),
        (("scikit-learn", "azureml-train-automl-runtime==1.55"), "3.12", []),
        (("scikit-learn~=1.5", "joblib==1.4.2"), "3.12", []),
        (("scikit-learn<1.6",), "3.12", []),
        (("torch",), "3.12", ["info"]),
    ],
)
def test_the_package_that_reads_the_model_is_more_than_advice(
    lines: tuple[str, ...], python: str, severities: list[str], tmp_path: Path
) -> None:
    text = conda(*lines, SERVER, head=f"python={python}")
    assert told(tmp_path, text, "unpinned-dependency", script=LOADING) == severities


PICKLE = b"csklearn.tree._tree\nTree\n)R(dV_sklearn_version\nV1.0.2\nsb."


@pytest.mark.parametrize(("python", "severity"), [("3.8", "warning"), ("3.7", "info")])
def test_a_pickle_is_compared_with_the_release_that_will_read_it(
    python: str, severity: str, tmp_path: Path
) -> None:
    files: Files = {
        "deployment.yml": ONLINE.replace("IMAGE", IMAGE) + "model: {path: model.pkl}\n",
        "model.pkl": PICKLE,
    }
    text = conda("scikit-learn", SERVER, head=f"python={python}")
    result = found(tmp_path, text, "unpinned-dependency", script=LOADING, files=files)
    assert [f.severity for f in result] == [severity]
    assert ("written by scikit-learn 1.0.2" in result[0].message) == (severity == "warning")


def test_one_finding_lists_what_is_not_pinned_and_once_each(tmp_path: Path) -> None:
    text = conda("pandas", "pandas", "numpy>=1.20", "joblib==1.4.2", "-r more.txt", SERVER)
    (one,) = found(tmp_path, text, "unpinned-dependency")
    assert one.message.startswith("nothing holds `pandas`, `numpy` at a version")


def test_what_conda_pins_is_pinned(tmp_path: Path) -> None:
    text = conda("pandas", SERVER, more="  - pip\n  - pandas=2.2.3\n")
    assert told(tmp_path, text, "unpinned-dependency") == []


# -- not-portable ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        conda(SERVER, more="  - vc=14.2=h21ff451_1\n  - pip\n"),
        conda(SERVER, more="  - libcxx=4.0.1\n  - pip\n"),
        conda(SERVER, "pywin32==306"),
        conda(SERVER, "azureml-samples==0+unknown"),
        conda(SERVER, "torch==2.2.0+cpu"),
    ],
)
def test_what_linux_cannot_have_is_an_error(text: str, tmp_path: Path) -> None:
    assert told(tmp_path, text, "not-portable") == ["error"]


@pytest.mark.parametrize(
    "text",
    [
        conda(SERVER, "'pywin32==306; sys_platform == \"win32\"'"),
        conda(SERVER, "appnope==0.1.4", "pywin32-ctypes"),
        conda(SERVER, more="  - libcxx=18.1.0\n  - pip\n"),
        conda("--extra-index-url https://download.pytorch.org/whl/cpu", "torch==2.2.0+cpu", SERVER),
        conda("-f https://download.pytorch.org/whl/torch_stable.html", "torch==2.2.0+cpu", SERVER),
        conda("-r requirements.txt", "torch==2.2.0+cpu", SERVER),
    ],
)
def test_what_linux_can_have_is_fine(text: str, tmp_path: Path) -> None:
    assert told(tmp_path, text, "not-portable") == []


def test_each_system_is_told_by_itself(tmp_path: Path) -> None:
    text = conda(
        SERVER, "pypiwin32==223", "pyobjc-core==10", "pywin32", more="  - vc=14\n  - pip\n"
    )
    result = found(tmp_path, text, "not-portable")
    assert [f.message.partition(":")[0] for f in result] == [
        "`vc=14` exists for Windows alone",
        "`pypiwin32==223`, `pywin32` exist for Windows alone",
        "`pyobjc-core==10` exists for macOS alone",
    ]
    assert all(f.observation.fix for f in result)


def test_builds_and_a_prefix_are_advice(tmp_path: Path) -> None:
    text = conda(SERVER, more="  - numpy=1.26.4=py312h2809609_0\n  - pip\n")
    result = found(tmp_path, text + "prefix: C:\\envs\\serving\n", "not-portable")
    assert [f.severity for f in result] == ["info", "info"]
    assert [f.observation.fix is not None for f in result] == [False, True]


# -- opencv-system-libs ------------------------------------------------------------------------

USING = "import cv2\n" + SCRIPT


@pytest.mark.parametrize(
    ("line", "script", "image", "number"),
    [
        ("opencv-python==4.10.0.84", USING, IMAGE, 1),
        ("ultralytics==8.3.0", "from ultralytics import YOLO\n" + SCRIPT, IMAGE, 1),
        ("opencv-python==4.10.0.84", SCRIPT, IMAGE, 0),
        ("opencv-python-headless==4.10.0.84", USING, IMAGE, 0),
        ("opencv-python==4.10.0.84", USING, "contoso.azurecr.io/serving:1", 0),
        (
            "opencv-python==4.10.0.84",
            "try:\n    import cv2\nexcept ImportError:\n    cv2 = None\n" + SCRIPT,
            IMAGE,
            0,
        ),
    ],
)
def test_the_library_lacks_where_the_image_is_known_and_the_import_certain(
    line: str, script: str, image: str, number: int, tmp_path: Path
) -> None:
    result = found(tmp_path, conda(line, SERVER), "opencv-system-libs", script=script, image=image)
    assert len(result) == number


DOCKERFILE = "FROM mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:1\\nRUN "


@pytest.mark.parametrize(
    ("docker", "number"),
    [
        ("{}", 1),
        (f'{{"baseImage": "{IMAGE}"}}', 1),
        (f'{{"baseDockerfile": "{DOCKERFILE}true\\n"}}', 1),
        (f'{{"baseDockerfile": "{DOCKERFILE}apt-get update && apt-get install -y libgl1\\n"}}', 0),
        ('{"baseDockerfile": "FROM contoso.azurecr.io/own:1\\n"}', 0),
    ],
)
def test_a_v1_configuration_says_its_image_in_three_ways(
    docker: str, number: int, tmp_path: Path
) -> None:
    config = (
        f'{{"entryScript": "score.py", "environment": {{"name": "a", "docker": {docker}, "python": '
        '{"condaDependencies": {"dependencies": ["python=3.12", "pip", '
        '{"pip": ["opencv-python==4.10.0.84", "azureml-defaults==1.60.0"]}]}}}}'
    )
    files = {"inferenceconfig.json": config, "score.py": USING}
    assert len(look(tmp_path, files, select=("opencv-system-libs",)).findings) == number


def test_what_a_pinned_package_holds_is_not_free(tmp_path: Path) -> None:
    def told(*pip: str) -> list[str]:
        lines = "".join(f"      - {line}\n" for line in pip)
        files: Files = {
            "score.py": "def init():\n    pass\n\n\ndef run(data):\n    return len(data)\n",
            "conda.yml": f"dependencies:\n  - python=3.8\n  - pip\n  - pip:\n{lines}",
            "inferenceconfig.json": json.dumps(
                {"entryScript": "score.py", "runtime": "python", "condaFile": "conda.yml"}
            ),
        }
        report = look(tmp_path, files, select=("AML306",), persona="pedantic")
        return [f.message.partition(" at a version")[0] for f in report.findings]

    assert told("azureml-defaults==1.38.0", "inference-schema", "azureml-core") == []
    assert told("azureml-defaults==1.38.0", "inference-schema", "joblib") == [
        "nothing holds `joblib`"
    ]
    assert told("azureml-defaults", "joblib") == ["nothing holds `azureml-defaults`, `joblib`"]


@pytest.mark.parametrize(
    "line",
    [
        r"C:\wheels\churn-1.0-py3-none-any.whl",
        "C:/wheels/churn-1.0-py3-none-any.whl",
        r"..\dist\churn-1.0-py3-none-any.whl",
        r"-e .\churn",
        "file:///C:/wheels/churn-1.0-py3-none-any.whl",
        "churn @ file:///C:/ci/churn_1618/work",
        r"--find-links=D:\wheels",
    ],
)
def test_paths_of_windows_are_on_no_linux(line: str, tmp_path: Path) -> None:
    text = conda(SERVER, f"'{line}'")
    (finding,) = found(tmp_path, text, "not-portable")
    assert finding.severity == "error"
    assert f"`{line}` is a path of Windows" in finding.observation.message
    every = look(tmp_path, {"conda.yml": text}, select=("AML313", "AML314", "AML323"))
    assert names(every) == ["not-portable"]


def test_paths_of_windows_are_told_together(tmp_path: Path) -> None:
    lines = [f"'{name} @ file:///C:/ci/{name}/work'" for name in ("churn", "score", "feature")]
    (finding,) = found(tmp_path, conda(SERVER, *lines), "not-portable")
    assert "and 2 more are paths" in finding.observation.message
    assert len(finding.observation.related) == 2


@pytest.mark.parametrize(
    "line",
    [
        "churn @ https://packages.contoso.com/churn-1.0-py3-none-any.whl",
        "git+https://github.com/contoso/churn",
        "file:///wheels/churn-1.0-py3-none-any.whl",
        "-f https://packages.contoso.com/wheels",
        "s3://wheels/churn",
        r"churn @ file:///C:/ci/churn ; sys_platform == \"win32\"",
    ],
)
def test_other_places_are_no_paths_of_windows(line: str, tmp_path: Path) -> None:
    assert found(tmp_path, conda(SERVER, f'"{line}"'), "not-portable") == []


TWICE = conda(SERVER, "joblib==1.4.2", "joblib==1.3.2", more="")
WRITES = [
    ("train.py", "env.python.conda_dependencies.save_to_file('.', 'conda.yml')\n"),
    ("train.py", "conda_dep.save('conda.yml')\n"),
    ("train.py", "with open('conda.yml', 'w') as f:\n    f.write(d.serialize_to_string())\n"),
    ("train.py", 'with open(os.path.join("env", "conda.yml"), mode="w") as f:\n    pass\n'),
]
READS = [
    ("train.py", "Environment.from_conda_specification('churn', 'conda.yml')\n"),
    ("train.py", "with open('conda.yml') as f:\n    print(f.read())\n"),
    ("train.py", "with open('my-conda.yml', 'w') as f:\n    pass\n"),
    ("train.py", "with open('conda.yml', 'r') as f, open('b.yml', 'w') as g:\n    pass\n"),
    ("guide.txt", "conda.yml was saved by hand\n"),
]


@pytest.mark.parametrize(("name", "text"), WRITES)
def test_what_code_writes_over_is_not_mended_in_the_file(
    name: str, text: str, tmp_path: Path
) -> None:
    files: Files = {name: text}
    assert found(tmp_path, TWICE, "AML310", files=files) == []
    assert told(tmp_path, TWICE, "AML311", files=files) == ["info"]


@pytest.mark.parametrize(("name", "text"), READS)
def test_what_code_reads_or_names_otherwise_is(name: str, text: str, tmp_path: Path) -> None:
    files: Files = {name: text}
    assert told(tmp_path, TWICE, "AML310", files=files) == ["info"]
    assert told(tmp_path, TWICE, "AML311", files=files) == ["error"]


def test_a_cell_that_writes_the_file_is_code_that_does(tmp_path: Path) -> None:
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [{**cell, "source": ["%%writefile conda.yml\n", "name: churn\n"]}]
    text = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    assert found(tmp_path, TWICE, "AML310", files={"deploy.ipynb": text}) == []
