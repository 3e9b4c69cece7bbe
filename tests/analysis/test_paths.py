"""What path expressions come to: literal, below AZUREML_MODEL_DIR, beside the script, unknown."""

from __future__ import annotations

import pytest

from amllint.analysis.facts import ScriptFacts
from amllint.analysis.known_loads import load_of, path_argument
from amllint.analysis.places import HOLE, Place
from amllint.source.python.parse import parse
from amllint.source.text import SourceText

HEAD = """\
import glob
import os
import pickle
import joblib
from os import path as p
from pathlib import Path
from azureml.core.model import Model

"""


def places(body: str) -> tuple[Place, ...]:
    """What the path of the one model load of a script can be."""
    facts = ScriptFacts(parse(SourceText("score.py", HEAD + body)))
    (call,) = [(c, load) for c, name in facts.calls if (load := load_of(name)) is not None]
    argument = path_argument(*call)
    assert argument is not None
    return facts.paths.of(argument)


ENV = 'os.environ["AZUREML_MODEL_DIR"]'
ONE = [
    ('joblib.load("model.pkl")', "literal", "model.pkl"),
    ('joblib.load(filename="model.pkl")', "literal", "model.pkl"),
    (f'joblib.load(os.path.join({ENV}, "m", "model.pkl"))', "model-dir", "m/model.pkl"),
    (f'joblib.load(p.join({ENV}, "model.pkl"))', "model-dir", "model.pkl"),
    (f'joblib.load({ENV} + "/model.pkl")', "model-dir", "model.pkl"),
    (f'joblib.load(f"{{{ENV}}}/model.pkl")', "model-dir", "model.pkl"),
    (f'joblib.load("{{}}/model.pkl".format({ENV}))', "model-dir", "model.pkl"),
    (f'joblib.load("%s/model.pkl" % {ENV})', "model-dir", "model.pkl"),
    (f'joblib.load(Path({ENV}) / "m" / "model.pkl")', "model-dir", "m/model.pkl"),
    (f'joblib.load(str(Path({ENV}, "model.pkl").resolve()))', "model-dir", "model.pkl"),
    (f'joblib.load(Path({ENV}).joinpath("model.pkl"))', "model-dir", "model.pkl"),
    (f'joblib.load(os.path.join({ENV}, "m", "..", "model.pkl"))', "model-dir", "model.pkl"),
    ('joblib.load(os.getenv("AZUREML_MODEL_DIR", "models") + "/a")', "model-dir", "a"),
    ('joblib.load((os.getenv("AZUREML_MODEL_DIR") or ".") + "/a")', "model-dir", "a"),
    (f'joblib.load(os.path.join({ENV}, "/abs.pkl"))', "literal", "abs.pkl"),
    (f'joblib.load(glob.glob({ENV} + "/*.pkl")[0])', "model-dir", "*.pkl"),
    (f'joblib.load(next(Path({ENV}).glob("*.pkl")))', "model-dir", HOLE),
    ('joblib.load(Path(__file__).parent / "model.pkl")', "script", "model.pkl"),
    ('joblib.load(os.path.join(os.path.dirname(__file__), "m.pkl"))', "script", "m.pkl"),
    ('joblib.load(Path(__file__).resolve().parents[1] / "m.pkl")', "script", "../m.pkl"),
    ('joblib.load(os.path.join(os.getcwd(), "m.pkl"))', "literal", "m.pkl"),
    ('joblib.load(Model.get_model_path("m"))', "get-model-path", ""),
    ('joblib.load(os.path.join(Model.get_model_path("m"), "x"))', "get-model-path", "x"),
    ('joblib.load(os.getenv("OTHER", "model.pkl"))', "unknown", HOLE),
    ("joblib.load(download())", "unknown", HOLE),
    ('pickle.load(open("model.pkl", "rb"))', "literal", "model.pkl"),
    ('with open("model.pkl", "rb") as f:\n    pickle.load(f)', "literal", "model.pkl"),
    (f'd = {ENV}\nd = os.path.join(d, "m")\njoblib.load(d + "/a")', "model-dir", "m/a"),
    (
        f'NAME = "a.pkl"\ndef init():\n    joblib.load(os.path.join({ENV}, NAME))',
        "model-dir",
        "a.pkl",
    ),
    ('def load(path):\n    return joblib.load(path)\nload("a.pkl")', "literal", "a.pkl"),
    ('def load(path="a.pkl"):\n    return joblib.load(path)\nload()', "literal", "a.pkl"),
    (f'def where():\n    return os.path.join({ENV}, "a")\njoblib.load(where())', "model-dir", "a"),
    (
        f"class M:\n    def __init__(self, at):\n        self.at = at\n"
        f"    def load(self):\n        joblib.load(self.at)\nM({ENV})",
        "model-dir",
        "",
    ),
    (
        'path = None\ndef init():\n    global path\n    path = "a.pkl"\n'
        "def run(d):\n    joblib.load(path)",
        "literal",
        "a.pkl",
    ),
    ('path = "a"\npath += ".pkl"\njoblib.load(path)', "literal", "a.pkl"),
    ('a, b = "a.pkl", "b.pkl"\njoblib.load(b)', "literal", "b.pkl"),
    ("def run(data):\n    joblib.load(data)", "unknown", HOLE),
    ("for path in os.listdir():\n    joblib.load(path)", "unknown", HOLE),
]


@pytest.mark.parametrize(("body", "base", "text"), ONE, ids=[row[0] for row in ONE])
def test_a_path_is_one_thing(body: str, base: str, text: str) -> None:
    (place,) = places(body)
    assert (place.base, "/".join(place.parts)) == (base, text)


def test_branches_are_both_possible() -> None:
    found = places('if flag:\n    path = "a"\nelse:\n    path = "b"\njoblib.load(path)')
    assert [p.text for p in found] == ["a", "b"]


def test_a_later_certain_binding_hides_an_earlier_one() -> None:
    found = places('path = "a"\npath = "b"\njoblib.load(path)\npath = "c"')
    assert [p.text for p in found] == ["b"]


def test_a_path_glued_to_the_folder_is_told_from_a_joined_one() -> None:
    (glued,) = places(f'joblib.load({ENV} + "model.pkl")')
    (joined,) = places(f'joblib.load(os.path.join({ENV}, "model.pkl"))')
    assert glued.parts == joined.parts
    assert (glued.text, joined.text) == ("model.pkl", "./model.pkl")


def test_a_function_that_calls_itself_ends() -> None:
    (place,) = places("def where(x):\n    return where(x)\njoblib.load(where(1))")
    assert place.base == "unknown"


def test_many_possibilities_are_unknown() -> None:
    bindings = "".join(f'if flag == {n}:\n    path = "{n}"\n' for n in range(20))
    assert {p.base for p in places(f"path = ''\n{bindings}joblib.load(path)")} == {"unknown"}


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("joblib.load", True),
        ("json.load", False),
        ("mlflow.sklearn.load_model", True),
        ("transformers.AutoModel.from_pretrained", True),
        ("mine.AutoModel.from_pretrained", False),
        ("tensorflow.python.keras.models.load_model", True),
        ("xgboost.Booster().load_model", True),
        ("xgboost.Booster.load_model", False),
        ("store.load_model", False),
    ],
)
def test_loads_are_known_by_their_qualified_name(name: str, known: bool) -> None:
    assert (load_of(name) is not None) is known
