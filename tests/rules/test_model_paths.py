"""Corners of the rules about the paths of models and files, and about loading them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from amllint.config import Settings, load
from amllint.engine import fixing
from amllint.engine.check import check
from amllint.source.overlay import Overlay
from tests.checking import Files, look, names, only, write

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


def told(folder: Path, files: Files, rule: str, **settings: Any) -> list[tuple[str, str]]:
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


# -- get-model-path-arguments -------------------------------------------------------------------

ARGUMENTS = "get-model-path-arguments"
LOOKUP = "from azureml.core.model import Model\n"
DECLARED = """\
[[deployment]]
script = "score.py"
models = [{}]
"""


def looked_up(call: str, before: str = "") -> str:
    return LOOKUP + before + init(f"model = {call}")


@pytest.mark.parametrize(
    "call",
    [
        'Model.get_model_path("m", version="1")',
        'Model.get_model_path("m", "1")',
        'Model.get_model_path("m", version=1.0)',
        'Model.get_model_path("m:1")',
        'Model.get_model_path(model_name="m:latest")',
        "Model.get_model_path(None)",
    ],
)
def test_arguments_that_never_work_are_told(call: str, tmp_path: Path) -> None:
    files: Files = {"score.py": looked_up(call)}
    assert told(tmp_path, files, ARGUMENTS) == [("score.py", "error")]


@pytest.mark.parametrize(
    "call",
    [
        'Model.get_model_path("m")',
        'Model.get_model_path("m", version=1)',
        'Model.get_model_path("m", version=None)',
        'Model.get_model_path("m", version=int(os.environ["V"]))',
        'Model.get_model_path(os.environ["NAME"])',
        'Other.get_model_path("m", version="1")',
    ],
)
def test_arguments_that_may_work_are_not_told(call: str, tmp_path: Path) -> None:
    assert told(tmp_path, {"score.py": looked_up(call)}, ARGUMENTS) == []


def test_a_version_in_a_constant_is_followed(tmp_path: Path) -> None:
    script = looked_up("Model.get_model_path(NAME, VERSION)", 'NAME = "m"\nVERSION = "2"\n')
    assert told(tmp_path, {"score.py": script}, ARGUMENTS) == [("score.py", "error")]


def declared(folder: Path, files: Files, rule: str, models: str) -> list[tuple[str, str]]:
    """Severity and message of a rule's findings in a declared deployment."""
    write(folder, {**files, "amllint.toml": DECLARED.format(models)})
    overlay = Overlay(cwd=str(folder))
    settings = replace(load(str(folder / "amllint.toml"), overlay), select=(rule,))
    report = check(["."], settings, overlay)
    return [(f.severity, f.message) for f in report.findings if f.name == rule]


@pytest.mark.parametrize(
    ("name", "models", "count"),
    [
        ("diabetes", '"diabetes"', 0),
        ("diabetes", '"diabetes:3"', 0),
        ("diabetes", '"azureml:diabetes:3", "other"', 0),
        ("diabetes.pkl", '"diabetes"', 1),
        ("Diabetes", '"diabetes"', 1),
        ("diabetes", "", 0),
    ],
)
def test_a_name_is_held_against_the_declared_models(
    name: str, models: str, count: int, tmp_path: Path
) -> None:
    script = looked_up(f'Model.get_model_path("{name}")')
    assert len(declared(tmp_path, {"score.py": script}, ARGUMENTS, models)) == count


def test_a_name_is_held_against_the_model_of_a_deployment_file(tmp_path: Path) -> None:
    files: Files = {
        "deployment.yml": V2 + "model: azureml:diabetes:3\n",
        "src/score.py": looked_up('Model.get_model_path("diabetes_model")'),
    }
    assert told(tmp_path, files, ARGUMENTS) == [("src/score.py", "error")]
    unnamed = V2 + "model:\n  path: model.pkl\n"
    assert told(tmp_path, {**files, "deployment.yml": unnamed}, ARGUMENTS) == []


def test_a_lookup_that_is_tried_is_not_told(tmp_path: Path) -> None:
    script = LOOKUP + init(
        "try:",
        '    model = Model.get_model_path("m", version="1")',
        "except Exception:",
        '    model = "m.pkl"',
    )
    assert told(tmp_path, {"score.py": script}, ARGUMENTS) == []


# -- model-path-missing -------------------------------------------------------------------------

MISSING = "model-path-missing"


def below(*parts: str) -> str:
    joined = ", ".join(f'"{p}"' for p in parts)
    return init(f'model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], {joined}))')


@pytest.mark.parametrize(
    ("path", "script", "count"),
    [
        ("model", below("model", "a.pkl"), 0),
        ("model/", below("model", "a.pkl"), 0),
        ("model", below("model", "deep", "b.pkl"), 0),
        ("model", below("model"), 0),
        ("model", below("a.pkl"), 1),
        ("model", below("model", "A.pkl"), 1),
        ("model", below("model", "a.pkl "), 1),
        ("model", below("model", "b.pkl"), 1),
        ("model", below("model", "other.pkl"), 1),
        ("model", below("model", "other.onnx"), 0),
        ("model/a.pkl", below("a.pkl"), 0),
        ("model/a.pkl", below("model", "a.pkl"), 1),
        ("model/a.pkl", below("model.pkl"), 1),
        ("nowhere", below("a.pkl"), 0),
        ("azureml://jobs/1/outputs/x", below("a.pkl"), 0),
        ("model", init('model = joblib.load(os.environ["AZUREML_MODEL_DIR"] + "/a.pkl")'), 1),
        ("model", init('model = joblib.load(os.environ["AZUREML_MODEL_DIR"] + name)'), 0),
        ("model", init('model = open(os.environ["AZUREML_MODEL_DIR"] + "/a.pkl", "rb")'), 1),
        ("model", init('model = open(os.environ["AZUREML_MODEL_DIR"] + "/a.txt", "w")'), 0),
    ],
)
def test_a_path_is_held_against_the_local_model(
    path: str, script: str, count: int, tmp_path: Path
) -> None:
    files: Files = {
        "deployment.yml": V2 + f"model:\n  path: {path}\n",
        "src/score.py": script,
        "model/a.pkl": MODEL,
        "model/deep/b.pkl": MODEL,
    }
    assert told(tmp_path, files, MISSING) == [("src/score.py", "error")] * count


def test_the_path_that_is_meant_is_said(tmp_path: Path) -> None:
    files: Files = {
        "deployment.yml": V2 + "model:\n  path: model\n",
        "src/score.py": below("a.pkl"),
        "model/a.pkl": MODEL,
    }
    finding = only(look(tmp_path, files, select=(MISSING,)))
    assert "which has it as `model/a.pkl`" in finding.message
    assert '"model", "a.pkl"' in (finding.observation.help or "")


@pytest.mark.parametrize(
    ("path", "file", "count"),
    [
        ("model", "b.pkl", 1),
        ("model", "a.pkl", 0),
        ("model", "deep/b.pkl", 0),
        ("model", "words.txt", 0),
        ("model/a.pkl", "a.pkl", 1),
        ("azureml:churn:3", "b.pkl", 0),
    ],
)
def test_a_look_up_of_a_folder_gives_the_folder(
    path: str, file: str, count: int, tmp_path: Path
) -> None:
    model = f"model: {path}\n" if path.startswith("azureml") else f"model:\n  path: {path}\n"
    files: Files = {
        "deployment.yml": V2 + model,
        "src/score.py": "from azureml.core import Model\n"
        + init(
            'path = Model.get_model_path("churn")',
            f'model = joblib.load(os.path.join(path, "{file}"))',
        ),
        "model/a.pkl": MODEL,
        "model/deep/b.pkl": MODEL,
    }
    assert told(tmp_path, files, MISSING) == [("src/score.py", "error")] * count
    settings = Settings(select=("AML116",), persona="pedantic")
    done = fixing.fix(["."], settings, Overlay(cwd=str(tmp_path)), unsafe=True, ignores=True)
    name = path.rpartition("/")[2]
    wanted = f'os.path.join(os.environ["AZUREML_MODEL_DIR"], "{name}")'
    assert (wanted in done.after["src/score.py"]) is not path.startswith("azureml")


def test_a_folder_without_a_model_says_nothing(tmp_path: Path) -> None:
    files: Files = {
        "deployment.yml": V2 + "model:\n  path: model\n",
        "src/score.py": below("a.pkl"),
        "model/.gitkeep": "",
    }
    assert told(tmp_path, files, MISSING) == []


def test_a_path_for_where_the_variable_is_not_set_does_not_hide_the_other(tmp_path: Path) -> None:
    files: Files = {
        "deployment.yml": V2 + "model:\n  path: model\n",
        "src/score.py": init(
            'if "AZUREML_MODEL_DIR" in os.environ:',
            '    path = os.environ["AZUREML_MODEL_DIR"]',
            "else:",
            '    path = "models"',
            'model = joblib.load(path + "/a.pkl")',
        ),
        "model/a.pkl": MODEL,
    }
    assert told(tmp_path, files, MISSING) == [("src/score.py", "error")]


def test_a_file_that_is_asked_for_first_may_be_missing(tmp_path: Path) -> None:
    files: Files = {
        "deployment.yml": V2 + "model:\n  path: model\n",
        "src/score.py": init(
            'path = os.environ["AZUREML_MODEL_DIR"] + "/a.pkl"',
            "if os.path.exists(path):",
            "    model = joblib.load(path)",
        ),
        "model/a.pkl": MODEL,
    }
    assert told(tmp_path, files, MISSING) == []


def test_a_path_that_is_glued_to_the_folder_is_told(tmp_path: Path) -> None:
    script = init('model = joblib.load(os.environ["AZUREML_MODEL_DIR"] + "model.pkl")')
    assert told(tmp_path, {"score.py": script}, MISSING) == [("score.py", "error")]


@pytest.mark.parametrize(
    ("models", "parts", "found"),
    [
        ('"a", "b"', ("a", "*", "model.pkl"), None),
        ('"a", "b"', ("model.pkl",), "error"),
        ('"a", "b"', ("a", "3", "model.pkl"), "warning"),
        ('"a", "b"', ("a", "model.pkl"), "error"),
        ('"a"', ("model.pkl",), None),
        ('"a"', ("a", "3", "model.pkl"), "warning"),
        ('"a"', ("a", "model.pkl"), None),
        ("", ("a", "3", "model.pkl"), None),
        ('"models/a.pkl"', ("a.pkl",), None),
        ('"models/a.pkl"', ("models", "a.pkl"), "error"),
    ],
)
def test_a_path_is_held_against_the_declared_models(
    models: str, parts: tuple[str, ...], found: str | None, tmp_path: Path
) -> None:
    files: Files = {"score.py": below(*parts), "models/a.pkl": MODEL}
    severities = [severity for severity, _ in declared(tmp_path, files, MISSING, models)]
    assert severities == ([found] if found else [])


# -- model-loaded-per-request -------------------------------------------------------------------

LOADED = "model-loaded-per-request"
START = """\
model = None
cache = {}
path = "model.pkl"


def init():
    global model
    model = joblib.load(path)


"""


PIPELINES = {
    "around a model": ("pipeline('summarization', model=model)", []),
    "around one given by place": ("pipeline('summarization', model)", []),
    "by a name": ("pipeline('summarization', model='bart')", ["warning"]),
    "by its task": ("pipeline('summarization')", ["warning"]),
}


@pytest.mark.parametrize("case", PIPELINES)
def test_a_pipeline_around_a_model_loads_nothing(case: str, tmp_path: Path) -> None:
    call, severities = PIPELINES[case]
    script = running(f"made = {call}", before="from transformers import pipeline\n\n\n")
    found = told(tmp_path, {"score.py": script}, LOADED)
    assert [severity for _, severity in found] == severities


def running(*lines: str, before: str = "", parameter: str = "raw_data") -> str:
    body = "\n".join(f"    {line}" for line in lines)
    imports = "from functools import lru_cache\n"
    return f"{imports}{HEAD}{START}{before}def run({parameter}):\n{body}\n    return 1\n"


@pytest.mark.parametrize(
    "lines",
    [
        ("model = joblib.load(path)",),
        ("with open(path, 'rb') as file:", "    model = pickle.load(file)"),
        ("init()",),
        ("data = json.loads(raw_data)", 'if "x" in data:', "    model = joblib.load(path)"),
        ("try:", "    model = joblib.load(path)", "except OSError:", "    raise"),
    ],
    ids=lambda lines: lines[0],
)
def test_a_load_on_every_request_is_told(lines: tuple[str, ...], tmp_path: Path) -> None:
    script = running(*lines)
    assert told(tmp_path, {"score.py": script}, LOADED) == [("score.py", "warning")]


@pytest.mark.parametrize(
    ("lines", "before"),
    [
        (("global model", "if model is None:", "    model = joblib.load(path)"), ""),
        (("if model is None:", "    init()"), ""),
        (("if not model:", "    init()"), ""),
        (("m = model or joblib.load(path)",), ""),
        (("m = model if model else joblib.load(path)",), ""),
        (("if 'm' not in cache:", "    cache['m'] = joblib.load(path)"), ""),
        (("try:", "    m = cache['m']", "except KeyError:", "    m = joblib.load(path)"), ""),
        (("m = get()",), "@lru_cache\ndef get():\n    return joblib.load(path)\n\n\n"),
        (
            ("m = get()",),
            "def get():\n    if model is not None:\n        return model\n"
            "    return joblib.load(path)\n\n\n",
        ),
        (("name = json.loads(raw_data)['model']", "m = joblib.load(name)"), ""),
        (("for name in json.loads(raw_data):", "    m = joblib.load(name)"), ""),
        (("m = pickle.loads(raw_data)",), ""),
        (("labels = json.load(open('labels.json'))",), ""),
    ],
)
def test_a_load_that_is_kept_or_chosen_is_not_told(
    lines: tuple[str, ...], before: str, tmp_path: Path
) -> None:
    script = running(*lines, before=before)
    assert told(tmp_path, {"score.py": script}, LOADED) == []


def test_a_helper_that_loads_is_told_with_the_call_that_leads_there(tmp_path: Path) -> None:
    before = "def load():\n    return joblib.load(path)\n\n\n"
    report = look(tmp_path, {"score.py": running("m = load()", before=before)}, select=(LOADED,))
    finding = only(report)
    assert "through `load`" in finding.message
    assert [r.message for r in finding.observation.related] == ["called from here"]


def test_a_shipped_helper_is_looked_into(tmp_path: Path) -> None:
    files: Files = {
        "score.py": "import loading\n" + running("m = loading.load()"),
        "loading.py": 'import joblib\n\n\ndef load():\n    return joblib.load("m.pkl")\n',
    }
    assert told(tmp_path, files, LOADED) == [("loading.py", "warning")]
    guarded = {**files, "score.py": "import loading\n" + running("m = model or loading.load()")}
    assert told(tmp_path, guarded, LOADED) == []


def test_a_batch_script_is_advised(tmp_path: Path) -> None:
    script = running("model = joblib.load(path)", parameter="mini_batch")
    assert told(tmp_path, {"score.py": script}, LOADED) == []
    assert told(tmp_path, {"score.py": script}, LOADED, persona="pedantic") == [
        ("score.py", "info")
    ]


# -- download-at-start --------------------------------------------------------------------------

DOWNLOAD = "download-at-start"


def fetched(folder: Path, *lines: str, **files: str | bytes) -> int:
    """How many downloads are told of an `init` of some lines."""
    imports = (
        "import transformers, nltk, torch, whisper, subprocess, sys, torchvision.models as tm\n"
    )
    script = imports + init(*lines)
    return len(told(folder, {"score.py": script, **files}, DOWNLOAD, persona="pedantic"))


@pytest.mark.parametrize(
    "line",
    [
        'model = transformers.AutoModel.from_pretrained("bert-base-uncased")',
        'model = transformers.AutoModel.from_pretrained("org/name.v1")',
        'model = transformers.pipeline("ner", model="org/name")',
        'model = whisper.load_model("base")',
        'nltk.download("punkt")',
        'model = torch.hub.load("pytorch/vision", "resnet50")',
        'urllib.request.urlretrieve("https://models.example/m", "m.pkl")',
        "os.system('wget https://models.example/m')",
        'subprocess.run(["pip", "install", "torch"])',
        'subprocess.check_call([sys.executable, "-m", "pip", "install", "torch"])',
        "model = tm.resnet50(pretrained=True)",
    ],
)
def test_what_is_fetched_at_the_start_is_told(line: str, tmp_path: Path) -> None:
    assert fetched(tmp_path, line) == 1


@pytest.mark.parametrize(
    "line",
    [
        'model = transformers.AutoModel.from_pretrained(os.environ["AZUREML_MODEL_DIR"])',
        'model = transformers.AutoModel.from_pretrained("./bert")',
        'model = transformers.AutoModel.from_pretrained("bert", local_files_only=True)',
        'model = transformers.AutoModel.from_pretrained(os.environ["HUB_NAME"])',
        'model = whisper.load_model("base", download_root=os.environ["AZUREML_MODEL_DIR"])',
        'model = torch.hub.load("code", "resnet50", source="local")',
        "os.system('ls')",
        "model = tm.resnet50()",
        "model = tm.resnet50(pretrained=False)",
        "model = tm.resnet50(weights=None)",
    ],
)
def test_what_is_on_disk_is_not_told(line: str, tmp_path: Path) -> None:
    assert fetched(tmp_path, line) == 0


def test_a_folder_beside_the_script_is_no_hub_name(tmp_path: Path) -> None:
    line = 'model = transformers.AutoModel.from_pretrained("bert")'
    assert fetched(tmp_path, line, **{"bert/config.json": "{}"}) == 0


# -- import-time-work ---------------------------------------------------------------------------

IMPORT = "import-time-work"


@pytest.mark.parametrize(
    ("tail", "severities"),
    [
        ("init()", ["warning"]),
        ("init()\nprint(run('{}'))", ["warning", "warning"]),
        ("def main():\n    init()\n\n\nmain()", ["warning"]),
        ("if DEBUG:\n    init()", ["warning"]),
        ('if __name__ == "__main__":\n    init()', []),
        ("def main():\n    init()", []),
        ("model = joblib.load('m.pkl')", ["info"]),
        ("urllib.request.urlopen('https://models.example')", ["info"]),
        ("session = requests.Session()", []),
        ("body = requests.get('https://models.example')", ["info"]),
        ("other.init()", []),
    ],
)
def test_what_the_import_does(tail: str, severities: list[str], tmp_path: Path) -> None:
    script = f"import requests, other\n{HEAD}{START}{RUN}\n{tail}\n"
    found = told(tmp_path, {"score.py": script}, IMPORT, persona="pedantic")
    assert [severity for _, severity in found] == severities


def test_an_imported_entry_is_not_the_scripts_own(tmp_path: Path) -> None:
    script = f"from other import init\n{HEAD}{RUN}\n\ninit()\n"
    assert told(tmp_path, {"score.py": script}, IMPORT) == []


# -- cuda-on-cpu --------------------------------------------------------------------------------

CUDA = "cuda-on-cpu"
EITHER = '"cuda" if torch.cuda.is_available() else "cpu"'
AKS = '{"computeType": "aks"}\n'
ACI = '{"computeType": "aci"}\n'


def on(folder: Path, size: str, *lines: str) -> list[str]:
    """The severities on a v2 deployment of some size."""
    files: Files = {
        "deployment.yml": V2.replace("Standard_DS3_v2", size),
        "src/score.py": f"import torch\n{init(*lines)}",
    }
    return [severity for _, severity in told(folder, files, CUDA, persona="pedantic")]


@pytest.mark.parametrize(
    ("line", "severity"),
    [
        ("model = net.cuda()", "warning"),
        ("model = net.cuda(0)", "warning"),
        ('model = net.to("cuda")', "warning"),
        ('model = net.to(device="cuda:0")', "warning"),
        ('model = torch.device("cuda")', "warning"),
        ('model = torch.zeros(3, device="cuda")', "warning"),
        ('model = torch.load(path, map_location="cuda")', "warning"),
        ("model = torch.load(path)", "info"),
        ('model = torch.load(path, map_location="cpu")', None),
        ("model = torch.load(path, map_location=device)", None),
        ('model = net.to("cpu")', None),
        ("model = net.to(device)", None),
        ("model = net.cuda() if torch.cuda.is_available() else net", None),
        ('model = torch.device("cuda" if torch.cuda.is_available() else "cpu")', None),
    ],
)
def test_uses_of_cuda_without_a_gpu(line: str, severity: str | None, tmp_path: Path) -> None:
    assert on(tmp_path, "Standard_DS3_v2", line) == ([severity] if severity else [])


@pytest.mark.parametrize("size", ["Standard_NC6s_v3", "defaultinstancetype", "{{size}}"])
def test_a_target_that_may_have_a_gpu_is_left_alone(size: str, tmp_path: Path) -> None:
    assert on(tmp_path, size, "model = net.cuda()") == []


@pytest.mark.parametrize("size", ["Standard_F2s_v2", "STANDARD_E4S_V3", "standard_d2as_v4"])
def test_sizes_without_a_gpu_are_known_in_any_case(size: str, tmp_path: Path) -> None:
    assert on(tmp_path, size, "model = net.cuda()") == ["warning"]


@pytest.mark.parametrize(
    "lines",
    [
        ("if torch.cuda.is_available():", "    model = net.cuda()"),
        ("try:", "    model = net.cuda()", "except RuntimeError:", "    model = net"),
        ('model = "cuda"', "if not ok:", '    model = "cpu"', "net.to(model)"),
    ],
    ids=lambda lines: lines[-1],
)
def test_what_asks_first_is_left_alone(lines: tuple[str, ...], tmp_path: Path) -> None:
    assert on(tmp_path, "Standard_DS3_v2", *lines) == []


def test_a_helper_may_be_called_only_where_there_is_a_gpu(tmp_path: Path) -> None:
    script = init("if torch.cuda.is_available():", "    move()")
    files: Files = {
        "deployment.yml": V2,
        "src/score.py": f"import torch\n{script}\ndef move():\n    net.cuda()\n",
    }
    assert told(tmp_path, files, CUDA) == []


def test_a_checkpoint_is_a_warning_where_the_script_uses_cuda_anyway(tmp_path: Path) -> None:
    lines = ("model = torch.load(path)", "model.cuda()")
    assert on(tmp_path, "Standard_DS3_v2", *lines) == ["warning", "warning"]


V1_UNIT = """\
[[deployment]]
inference-config = "inferenceconfig.json"
deployment-config = "deploymentconfig.json"
"""


@pytest.mark.parametrize(
    ("config", "environment", "count"),
    [
        (ACI, "{}", 1),
        (AKS, "{}", 1),
        ('{"computeType": "aks", "gpuCores": 0}', "{}", 1),
        ('{"computeType": "aks", "gpuCores": 1}', "{}", 0),
        (AKS, '{"docker": {"baseImage": "mcr.microsoft.com/azureml/openmpi4.1.0-cuda11"}}', 0),
        (AKS, '{"docker": {"baseImage": "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04"}}', 1),
        ('{"computeType": "local"}', "{}", 0),
    ],
)
def test_v1_targets(config: str, environment: str, count: int, tmp_path: Path) -> None:
    inference = f'{{"entryScript": "score.py", "environment": {environment}}}'
    write(
        tmp_path,
        {
            "score.py": f"import torch\n{init('model = net.cuda()')}",
            "inferenceconfig.json": inference,
            "deploymentconfig.json": config,
            "amllint.toml": V1_UNIT,
        },
    )
    overlay = Overlay(cwd=str(tmp_path))
    settings = replace(load(str(tmp_path / "amllint.toml"), overlay), select=(CUDA,))
    found = [f for f in check(["."], settings, overlay).findings if f.name == CUDA]
    assert len(found) == count


@pytest.mark.parametrize(
    ("line", "fixed"),
    [
        ("model = net.cuda()", f"model = net.to({EITHER})"),
        ("model = net.cuda(0)", "model = net.cpu()"),
        (
            'model = net.to("cuda:0", non_blocking=True)',
            'model = net.to("cuda:0" if torch.cuda.is_available() else "cpu", non_blocking=True)',
        ),
        ("model = torch.device('cuda')", f"model = torch.device({EITHER})"),
        ("model = torch.load(path)", f"model = torch.load(path, map_location={EITHER})"),
    ],
)
def test_the_fix_uses_what_there_is(line: str, fixed: str, tmp_path: Path) -> None:
    files: Files = {"deployment.yml": V2, "src/score.py": f"import torch\n{init(line)}"}
    write(tmp_path, files)
    overlay = Overlay(cwd=str(tmp_path))
    settings = Settings(select=(CUDA,), persona="pedantic")
    done = fixing.fix(["."], settings, overlay, unsafe=True, ignores=True)
    before = str(files["src/score.py"])
    assert done.after["src/score.py"] == before.replace(line, fixed)
    assert not done.rejected
    assert not done.report.findings


@pytest.mark.parametrize("imports", ["from torch import nn\n", "import torch.nn as torch\n"])
def test_the_fix_uses_the_cpu_where_torch_is_not_at_hand(imports: str, tmp_path: Path) -> None:
    text = imports + init('model = net.to("cuda")')
    write(tmp_path, {"deployment.yml": V2, "src/score.py": text})
    settings = Settings(select=(CUDA,))
    done = fixing.fix(["."], settings, Overlay(cwd=str(tmp_path)), unsafe=True, ignores=True)
    assert done.after["src/score.py"] == text.replace('"cuda"', '"cpu"')
