"""Pins that no release of a package meets, beside the others and the Python."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checking import Files, look, only

SERVER = "azureml-inference-server-http"


def told(folder: Path, pip: list[str], python: str = "python=3.8", conda: str = "") -> list[str]:
    pip_line = "" if conda.startswith("pip") else "pip"
    lines = [f"  - {line}" for line in (python, conda, pip_line) if line]
    text = "\n".join([
        "name: churn", "channels: [conda-forge]", "dependencies:", *lines,
        "  - pip:", *(f"      - {line}" for line in pip),
    ])  # fmt: skip
    report = look(folder, {"conda.yml": text + "\n"}, select=("AML322",), persona="pedantic")
    return [f.message for f in report.findings if f.name == "impossible-pin"]


@pytest.mark.parametrize(
    ("pip", "python", "says"),
    [
        (["pandas==2.2.2", "numpy==1.20.3"], "python=3.10", "needs `numpy>=1.22.4`, and"),
        ([f"{SERVER}==1.5.1", "flask==2.0.1"], "python=3.10", "needs `flask~=3.1.0`"),
        (["azureml-defaults==1.40.0", "flask==2.0.1"], "python=3.8",
         f"needs `{SERVER}~=0.4.1`, which needs `flask==1.0.3`, and `flask==2.0.1` is listed"),
        (["azureml-defaults==1.40.0", "azure-core==1.24.0"], "python=3.8.2",
         "needs `azureml-core~=1.40.0`, which needs `azure-core<1.22`"),
        (["tensorflow==1.15.0"], "python=3.8", "is for Python 3.5 to 3.7"),
        (["azureml-core==1.30.0"], "python=3.11.5", "is for Python <3.9,>=3.6"),
        (["azureml-sdk==1.12.0"], "python=3.10", "`azureml-core~=1.12.0`, which is for Python"),
        (["torch==1.13.1", "torchvision==0.13.1"], "python=3.8", "needs `torch==1.12.1`, and"),
        (["scikit-learn==0.22.99"], "python=3.8", "there was no release"),
        (["azureml-defaults==1.34.5"], "python=3.8", "there was no release"),
        (["azureml-defaults==1.20.0"], "python=3.8",
         "needs `azureml-dataprep-rslex<1.6.0a,>=1.5.0dev0`, and the index has no release of that"),
        (["azureml-sdk~=1.33.0"], "python=3.7", "needs `azureml-dataprep-rslex<1.19.0a"),
    ],
)  # fmt: skip
def test_what_pip_refuses_is_told(pip: list[str], python: str, says: str, tmp_path: Path) -> None:
    (message,) = told(tmp_path, pip, python)
    assert says in message
    assert "the image build fails" in message


@pytest.mark.parametrize(
    ("pip", "python"),
    [
        (["pandas==2.2.2", "numpy==1.26.4"], "python=3.10"),
        (["pandas==2.2.2", "numpy"], "python=3.10"),
        (["azureml-defaults==1.10.0"], "python=3.8"),
        (["azureml-defaults==1.34.0"], "python=3.8"),
        (
            ["--extra-index-url https://packages.example.org", "azureml-defaults==1.20.0"],
            "python=3.8",
        ),
        (["pandas", "numpy==1.20.3"], "python=3.10"),
        (["azureml-defaults", "flask==1.0.3"], "python=3.8"),
        (["azureml-defaults==1.40.0", "flask==1.0.3"], "python=3.8"),
        (["tensorflow==1.15.0"], "python=3.7"),
        (["tensorflow==1.15.0"], "python>=3.7"),
        (["tensorflow==1.15.0"], ""),
        (["scikit-learn==999.0"], "python=3.8"),
        (["torch==1.7.1+cpu"], "python=3.8"),
        (["torch==1.13.1", "torchvision==0.14.1"], "python=3.8"),
        (
            [
                "--extra-index-url https://download.pytorch.org/whl/cpu",
                "torch==2.0.0",
                "torchvision==0.15.0",
            ],
            "python=3.8",
        ),
        (["churnlib==1.0", "numpy>=1.0.0.1"], "python"),
        (["pandas==2.2.2 ; python_version > '3.9'", "numpy==1.20.3"], "python=3.8"),
        (["--no-deps", "pandas==2.2.2", "numpy==1.20.3"], "python=3.10"),
        (["opencv-python-headless==4.5.4.60", "numpy==1.18.5"], "python=3.8"),
    ],
)
def test_what_pip_may_get_along_with_is_not(pip: list[str], python: str, tmp_path: Path) -> None:
    assert told(tmp_path, pip, python) == []


def test_an_old_pip_only_warns_of_what_excludes_each_other(tmp_path: Path) -> None:
    pins = ["azureml-defaults==1.40.0", "flask==2.0.1"]
    assert told(tmp_path, pins, conda="pip=19.3") == []
    assert len(told(tmp_path, pins, conda="numpy=1.20")) == 1


def test_another_index_may_have_other_releases_and_wheels(tmp_path: Path) -> None:
    index = "--extra-index-url https://download.pytorch.org/whl/cpu"
    assert told(tmp_path, [index, "tensorflow==1.15.0", "scikit-learn==0.22.99"]) == []
    assert len(told(tmp_path, [index, "azureml-defaults==1.40.0", "flask==2.0.1"])) == 1


def test_it_is_an_error_where_it_is_deployed_and_advice_elsewhere(tmp_path: Path) -> None:
    conda = "dependencies:\n  - python=3.12\n  - pip\n  - pip:\n      - pandas==2.2.2\n"
    conda += "      - numpy==1.24.4\n      - azureml-inference-server-http==1.5.1\n"
    alone: Files = {"conda.yml": conda}
    files: Files = {
        **alone,
        "score.py": "def init():\n    pass\n\n\ndef run(data):\n    return len(data)\n",
        "inferenceconfig.json": '{"entryScript": "score.py", "runtime": "python",'
        ' "condaFile": "conda.yml"}',
    }
    for folder, tree, severity in (("a", alone, "info"), ("b", files, "error")):
        report = look(tmp_path / folder, tree, select=("AML322",), persona="pedantic")
        assert only(report).severity == severity


def test_a_placeholder_in_the_address_of_an_index_silences_nothing_else(tmp_path: Path) -> None:
    index = "--extra-index-url https://u:${PAT}@pkgs.example.com/simple/"
    assert len(told(tmp_path, [index, "azureml-defaults==1.40.0", "flask==2.0.1"])) == 1


@pytest.mark.parametrize("tensorflow", ["tensorflow", "tensorflow-cpu"])
def test_the_keras_of_another_tensorflow_is_refused(tensorflow: str, tmp_path: Path) -> None:
    pip = [f"{tensorflow}==2.15.0", "keras==3.3.3"]
    (message,) = told(tmp_path, pip, "python=3.10")
    assert f"`{tensorflow}==2.15.0` needs `keras<2.16,>=2.15.0`, and `keras==3.3.3`" in message
    assert told(tmp_path, [f"{tensorflow}==2.15.0", "keras==2.15.0"], "python=3.10") == []
    assert told(tmp_path, [f"{tensorflow}==2.16.1", "keras==3.3.3"], "python=3.10") == []


def test_what_lacks_a_part_today_is_told_with_what_can_be_installed(tmp_path: Path) -> None:
    conda = "dependencies: [python=3.8, pip, {pip: [azureml-defaults==1.32.0]}]\n"
    told = only(look(tmp_path, {"conda.yml": conda}, select=("AML322",), persona="pedantic"))
    assert (
        told.observation.help
        == "`azureml-defaults==1.34.0` is the next release that can be installed"
    )


def test_a_prerelease_is_taken_where_there_is_nothing_else() -> None:
    from packaging.specifiers import SpecifierSet
    from packaging.version import Version

    from amllint.artifacts.releases import Obstacle, Resolution, releases_of

    table = {
        "whole": {"releases": [{"versions": ["1.0"], "asks": ["part>=2"]}]},
        "part": {"releases": [{"versions": ["1.0"], "asks": []}, {"versions": ["4.0"]}]},
    }
    table["whole"]["releases"][0]["asks"] = ["part<4,>=2"]

    def obstacle(early: tuple[Version, ...] | None) -> Obstacle | None:
        listed = {"whole": SpecifierSet("==1.0")}
        known = lambda name: releases_of(table.get(name))  # noqa: E731
        return Resolution(known, lambda name: early, listed, "3.8").obstacle("whole")

    assert obstacle(()) == Obstacle(("part<4,>=2",))
    assert obstacle((Version("3.0rc1"),)) is None
    assert obstacle((Version("5.0rc1"),)) == Obstacle(("part<4,>=2",))
    assert obstacle(None) is None, "it is not known which there are"


@pytest.mark.parametrize(
    ("pin", "severity"),
    [("numpy==1.26.5", "warning"), ("numpy==1.26.1.5", "error"), ("numpy==1.27.0", "error")],
)
def test_a_patch_may_have_come_since(pin: str, severity: str, tmp_path: Path) -> None:
    files: Files = {
        "conda.yml": f"dependencies: [python=3.10, pip, {{pip: [{SERVER}==1.4.1, {pin}]}}]\n",
        "score.py": "def init():\n    pass\n\n\ndef run(data):\n    return 1\n",
        "ic.json": '{"entryScript": "score.py", "runtime": "python", "condaFile": "conda.yml"}',
    }
    found = only(look(tmp_path, files, select=("AML322",)))
    assert (found.severity, "on 2026-" in found.message) == (severity, True)
