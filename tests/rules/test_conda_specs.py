"""Conda's match specs: what of them is read, and what is left open."""

from __future__ import annotations

import pytest

from amllint.artifacts.conda_specs import conda_spec
from amllint.artifacts.environment import Requirement
from amllint.findings.finding import Location
from amllint.source.text import SourceText, Span
from tests.checking import Files, look, names

SPECS = {
    "numpy": ("numpy", "", None),
    "NumPy=1.2": ("numpy", "==1.2.*", None),
    "numpy 1.2": ("numpy", "==1.2", None),
    "numpy=1.2=py39_0": ("numpy", "==1.2", "py39_0"),
    "numpy >=1.2 py39*": ("numpy", ">=1.2", "py39*"),
    "numpy>=1.2 , <2": ("numpy", ">=1.2,<2", None),
    "numpy!=1.3": ("numpy", "!=1.3", None),
    "numpy!=1.3=py39_0": ("numpy", "!=1.3", "py39_0"),
    "numpy>1.2.*": ("numpy", ">=1.2", None),
    "numpy~=2": ("numpy", ">=2", None),
    "numpy[version='>=1.2,<2',build=h_0]": ("numpy", ">=1.2,<2", "h_0"),
    'numpy[version="1.2"]': ("numpy", "==1.2", None),
    "numpy[channel=conda-forge]": ("numpy", "", None),
    "conda-forge/linux-64::numpy=*=h_0": ("numpy", "", "h_0"),
    "numpy=1.2|1.3": ("numpy", "", None),
    "numpy==1.2.*=h_0": ("numpy", "", "h_0"),
    "numpy>=1.2,": ("numpy", "", None),
}
NONE = ("numpy,>=1.2", "a::b::c", "-numpy", "numpy@1.2", "")
CONFIG = '{"entryScript": "score.py", "runtime": "python", "condaFile": "conda.yml"}'
SCRIPT = "def init():\n    pass\n\n\ndef run(data):\n    return len(data)\n"


def requirement(text: str) -> Requirement:
    return Requirement(text, Location("a", Span(0, 0)), (), False, SourceText("a", text))


@pytest.mark.parametrize("text", SPECS)
def test_a_spec_is_read(text: str) -> None:
    spec = conda_spec(requirement(text))
    assert spec is not None
    assert (spec.name, spec.versions, spec.build) == SPECS[text]


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_spec_is_none(text: str) -> None:
    assert conda_spec(requirement(text)) is None


def deployed(*items: str) -> Files:
    lines = "".join(f"  - {item}\n" for item in items)
    conda = f"dependencies:\n{lines}"
    return {"conda.yml": conda, "inferenceconfig.json": CONFIG, "score.py": SCRIPT}


def test_a_python_in_brackets_is_lost_as_well(tmp_path_factory: pytest.TempPathFactory) -> None:
    server = "pip: [azureml-defaults==1.60.0]"
    folder = tmp_path_factory.mktemp("lost")
    lost = look(folder, deployed("\"python[version='3.9']\"", "pip", server))
    assert names(lost) == ["python-pin-lost"]
    kept = look(folder, deployed("\"python[version='>=3.9']\"", "pip", server))
    assert names(kept) == []


def test_a_pip_section_of_one_word_is_told(tmp_path_factory: pytest.TempPathFactory) -> None:
    report = look(tmp_path_factory.mktemp("word"), deployed("python=3.10", "pip: azureml-defaults"))
    assert "conda-schema" in names(report)
