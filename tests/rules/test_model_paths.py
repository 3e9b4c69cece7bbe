"""Corners of the rules about the paths of models and files, and about loading them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.checking import Files, look, names

HEAD = """\
import json
import os
import pickle
import urllib.request
from pathlib import Path

import joblib
import pandas as pd

"""
RUN = """

def run(raw_data):
    return {"received": len(raw_data)}
"""
MODEL = b"model"


def init(*lines: str) -> str:
    """A script whose `init` consists of some lines."""
    body = "\n".join(f"    {line}" for line in lines)
    return f"{HEAD}\ndef init():\n    global model\n{body}\n{RUN}"


def told(folder: Path, files: Files, rule: str, **settings: Any) -> list[tuple[str, int]]:
    """Path and severity of the findings of one rule."""
    report = look(folder, files, select=(rule,), **settings)
    return [(f.location.path, f.severity) for f in report.findings if f.name == rule]


# -- model-path-outside-model-dir ---------------------------------------------------------------

OUTSIDE = "model-path-outside-model-dir"
V1 = """\
{"entryScript": "score.py", "sourceDirectory": "src", "runtime": "python",
 "condaFile": "conda.yml"}
"""
V2 = """\
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: scoring
code_configuration:
  code: src
  scoring_script: score.py
environment: azureml:serving:1
instance_type: Standard_DS3_v2
instance_count: 1
"""


@pytest.mark.parametrize(
    "line",
    [
        'model = joblib.load("model.pkl")',
        'model = joblib.load("./outputs/model.pkl")',
        'model = joblib.load(os.path.join("outputs", "model.pkl"))',
        'model = joblib.load(os.path.join(os.getcwd(), "model.pkl"))',
        'model = joblib.load(Path("outputs") / "model.pkl")',
        'model = pickle.load(open("model.pkl", "rb"))',
        'model = joblib.load("/var/azureml-app/azureml-models/diabetes/3/model.pkl")',
        'model = joblib.load("/home/me/project/model.pkl")',
        "model = joblib.load(r'C:\\models\\model.pkl')",
    ],
)
def test_a_model_in_a_place_of_its_own_is_told(line: str, tmp_path: Path) -> None:
    assert told(tmp_path, {"score.py": init(line)}, OUTSIDE) == [("score.py", "warning")]


@pytest.mark.parametrize(
    "lines",
    [
        ('model = joblib.load(os.environ["AZUREML_MODEL_DIR"] + "/model.pkl")',),
        ('model = joblib.load(os.path.join(os.getenv("AZUREML_MODEL_DIR", "."), "model.pkl"))',),
        ('model = joblib.load(os.getenv("MODEL_FILE", "model.pkl"))',),
        ('model = joblib.load("/opt/model/model.pkl")',),
        (
            'path = os.getenv("AZUREML_MODEL_DIR")',
            'model = joblib.load(os.path.join(path, "m.pkl") if path else "m.pkl")',
        ),
        (
            'if "AZUREML_MODEL_DIR" in os.environ:',
            '    path = os.environ["AZUREML_MODEL_DIR"]',
            "else:",
            '    path = "models"',
            'model = joblib.load(path + "/model.pkl")',
        ),
        (
            'if os.getenv("AZUREML_MODEL_DIR") is None:',
            '    model = joblib.load("model.pkl")',
        ),
        (
            'urllib.request.urlretrieve("https://models.example/m", "model.pkl")',
            'model = joblib.load("model.pkl")',
        ),
        ('if os.path.exists("model.pkl"):', '    model = joblib.load("model.pkl")'),
        ("try:", '    model = joblib.load("model.pkl")', "except OSError:", "    model = None"),
        ('os.chdir("/opt")', 'model = joblib.load("model.pkl")'),
        ("import spacy", 'model = spacy.load("en_core_web_sm")'),
        ("import transformers as t", 'model = t.AutoModel.from_pretrained("bert-base-uncased")'),
        ("import mlflow", 'model = mlflow.pyfunc.load_model("models:/diabetes/3")'),
    ],
    ids=lambda lines: lines[-1],
)
def test_a_model_that_may_be_there_is_not_told(lines: tuple[str, ...], tmp_path: Path) -> None:
    assert told(tmp_path, {"score.py": init(*lines)}, OUTSIDE) == []


def test_a_model_that_ships_in_the_code_folder_is_found_there(tmp_path: Path) -> None:
    script = init('model = joblib.load("model.pkl")')
    files: Files = {"deployment.yml": V2, "src/score.py": script, "src/model.pkl": MODEL}
    assert told(tmp_path, files, OUTSIDE) == []


def test_a_model_outside_of_the_code_folder_is_told(tmp_path: Path) -> None:
    script = init('model = joblib.load("../model.pkl")')
    files: Files = {"deployment.yml": V2, "src/score.py": script}
    assert told(tmp_path, files, OUTSIDE) == [("src/score.py", "warning")]


def test_v1_ships_the_source_directory_one_folder_below_the_server(tmp_path: Path) -> None:
    script = init('model = joblib.load("model.pkl")')
    files: Files = {"inferenceconfig.json": V1, "src/score.py": script, "src/model.pkl": MODEL}
    assert told(tmp_path, files, OUTSIDE) == [("src/score.py", "warning")]
    below = init('model = joblib.load("src/model.pkl")')
    assert told(tmp_path, {**files, "src/score.py": below}, OUTSIDE) == []


def test_a_model_beside_the_script_is_found_by_the_script_folder(tmp_path: Path) -> None:
    script = init('model = joblib.load(os.path.join(os.path.dirname(__file__), "model.pkl"))')
    files: Files = {"inferenceconfig.json": V1, "src/score.py": script, "src/model.pkl": MODEL}
    assert told(tmp_path, files, OUTSIDE) == []


def test_a_helper_that_ships_is_looked_into(tmp_path: Path) -> None:
    files: Files = {
        "deployment.yml": V2,
        "src/score.py": f"import loading\n\n\ndef init():\n    loading.load()\n{RUN}",
        "src/loading.py": 'import joblib\n\n\ndef load():\n    return joblib.load("model.pkl")\n',
    }
    assert told(tmp_path, files, OUTSIDE) == [("src/loading.py", "warning")]


def test_what_only_a_main_program_loads_is_not_told(tmp_path: Path) -> None:
    script = init("model = None") + '\nif __name__ == "__main__":\n    joblib.load("model.pkl")\n'
    assert told(tmp_path, {"score.py": script}, OUTSIDE) == []


def test_a_batch_script_runs_where_its_files_are(tmp_path: Path) -> None:
    script = init('model = joblib.load("model.pkl")').replace("raw_data", "mini_batch")
    assert told(tmp_path, {"score.py": script}, OUTSIDE) == []


# -- relative-data-path -------------------------------------------------------------------------

RELATIVE = "relative-data-path"


def test_a_file_beside_a_v1_script_is_not_where_the_server_runs(tmp_path: Path) -> None:
    script = init('model = pd.read_csv("names.csv")')
    files: Files = {"inferenceconfig.json": V1, "src/score.py": script, "src/names.csv": "a\n"}
    assert told(tmp_path, files, RELATIVE) == [("src/score.py", "warning")]


@pytest.mark.parametrize(
    "line",
    [
        'model = pd.read_csv("src/names.csv")',
        'model = pd.read_csv("./src/names.csv")',
        'model = pd.read_csv(Path(__file__).parent / "names.csv")',
        'model = open("names.csv", "w")',
        'model = open("names.csv", mode)',
        'model = open("/etc/hosts").read()',
        'model = pd.read_csv("https://data.example/names.csv")',
    ],
)
def test_a_file_that_is_there_or_is_written_is_not_told(line: str, tmp_path: Path) -> None:
    files: Files = {
        "inferenceconfig.json": V1,
        "src/score.py": init(line),
        "src/names.csv": "a\n",
    }
    assert told(tmp_path, files, RELATIVE, persona="pedantic") == []


def test_a_file_that_the_script_made_is_there(tmp_path: Path) -> None:
    script = init(
        'with open("state.json", "w") as file:',
        '    file.write("{}")',
        'model = json.load(open("state.json"))',
    )
    assert told(tmp_path, {"score.py": script}, RELATIVE, persona="pedantic") == []


def test_a_v2_server_runs_in_the_code_folder(tmp_path: Path) -> None:
    script = init('model = json.load(open("labels.json"))')
    files: Files = {"deployment.yml": V2, "src/score.py": script}
    assert told(tmp_path, {**files, "src/labels.json": "{}"}, RELATIVE, persona="pedantic") == []


def test_a_file_outside_of_the_code_folder_does_not_ship(tmp_path: Path) -> None:
    script = init('model = json.load(open("labels.json"))')
    files: Files = {"deployment.yml": V2, "src/score.py": script, "labels.json": "{}"}
    assert told(tmp_path, files, RELATIVE) == [("src/score.py", "warning")]


def test_a_file_that_is_nowhere_is_advice(tmp_path: Path) -> None:
    script = init('model = json.load(open("labels.json"))')
    assert told(tmp_path, {"score.py": script}, RELATIVE) == []
    assert told(tmp_path, {"score.py": script}, RELATIVE, persona="pedantic") == [
        ("score.py", "info")
    ]


def test_of_a_model_only_the_special_rule_speaks(tmp_path: Path) -> None:
    script = init('with open("model.pkl", "rb") as file:', "    model = pickle.load(file)")
    assert names(look(tmp_path, {"score.py": script}, persona="pedantic")).count(RELATIVE) == 0
    assert told(tmp_path, {"score.py": script}, OUTSIDE) == [("score.py", "warning")]
