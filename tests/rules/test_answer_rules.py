"""What `run` answers with: values that are not JSON, and JSON that is made twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checking import look, only

HEAD = """\
import json
import os

import joblib
import numpy as np
import onnxruntime
import tensorflow as tf
import torch


def init():
    global model, session, network, unknown
    path = os.environ["AZUREML_MODEL_DIR"]
    model = joblib.load(os.path.join(path, "model.pkl"))
    session = onnxruntime.InferenceSession(path)
    network = tf.keras.models.load_model(path)
    unknown = fetch(path)


def fetch(path):
    return __import__(path)


"""

REFUSED = {
    "return model.predict(data)": ("warning", "model.predict(data)"),
    "return {'result': model.predict_proba(data)}": ("warning", "model.predict_proba(data)"),
    "result = model.predict(data)\n    return {'result': result}": ("warning", "result"),
    "return json.dumps(model.predict(data))": ("warning", "model.predict(data)"),
    "return network.predict(data)": ("error", "network.predict(data)"),
    "return session.run(None, data)": ("error", "session.run(None, data)"),
    "label = session.run(None, data)[0]\n    return {'a': [label]}": ("error", "label"),
    "return unknown.predict(data)": ("info", "unknown.predict(data)"),
    "x = torch.softmax(data, 1)\n    return x": ("error", "x"),
    "x = torch.softmax(data, 1)\n    return x[0]": ("error", "x[0]"),
    "answer = {}\n    answer['a'] = np.array(data)\n    return answer": ("error", "np.array(data)"),
    "rows = []\n    for d in data:\n        rows.append(np.array(d))\n    return rows": (
        "error",
        "np.array(d)",
    ),
    "return [np.array(d) for d in data]": ("error", "np.array(d)"),
    "yield 1": ("error", "yield 1"),
    "try:\n        return [1]\n    except ValueError as e:\n        return e": ("error", "e"),
}
ACCEPTED = (
    "return model.predict(data).tolist()",
    "return model.predict(data)[0]",
    "return float(model.predict(data))",
    "return [float(p) for p in model.predict(data)]",
    "return session.run(None, data)[0].tolist()",
    "return unknown(data)",
    "return unknown.run(data)",
    "x = np.array(data)\n    if isinstance(x, np.ndarray):\n        x = x.tolist()\n    return x",
    "x = np.array(data)\n    return x.tolist() if hasattr(x, 'tolist') else x",
    "x = {'a': np.array(data)}\n    x['a'] = x['a'].tolist()\n    return x",
    "x = {'a': np.array(data)}\n    for k in x:\n        x[k] = x[k].tolist()\n    return x",
    "x = {'a': np.array(data)}\n    convert(x)\n    return x",
    "return json.dumps(np.array(data), default=float)",
    "return json.dumps(np.array(data), cls=Encoder)",
    "return round(float(data), 2)",
    "data = json.loads(data)\n    return data",
)


def script(body: str, decorator: str = "") -> str:
    helper = (
        "def convert(x):\n    x.update(a=1)\n\n\nclass Encoder(json.JSONEncoder):\n    pass\n\n\n"
    )
    return f"{HEAD}{helper}{decorator}def run(data):\n    {body}\n"


@pytest.mark.parametrize("body", REFUSED)
def test_a_value_that_is_not_json_is_told_where_it_is_put_in(body: str, tmp_path: Path) -> None:
    report = look(tmp_path, {"score.py": script(body)}, select=("AML122",), persona="pedantic")
    finding = only(report)
    source = report.source(finding.location.path)
    assert source is not None
    assert (finding.severity, source.slice(finding.location.span)) == REFUSED[body]


@pytest.mark.parametrize("body", ACCEPTED)
def test_what_becomes_json_or_may_become_it_is_left_alone(body: str, tmp_path: Path) -> None:
    report = look(tmp_path, {"score.py": script(body)}, select=("AML122",), persona="pedantic")
    assert not report.findings


def test_a_decorator_from_elsewhere_may_write_the_answer(tmp_path: Path) -> None:
    text = "from answers import as_json\n" + script("return np.array(data)", "@as_json\n")
    assert not look(tmp_path, {"score.py": text}, select=("AML122",)).findings


def test_a_batch_script_may_return_a_dataframe(tmp_path: Path) -> None:
    text = (
        "import pandas as pd\n\n\ndef init():\n    pass\n\n\n"
        "def run(mini_batch):\n    return pd.DataFrame(mini_batch)\n"
    )
    assert not look(tmp_path, {"score.py": text}, select=("AML122",)).findings
