"""What `run` answers with: values that are not JSON, and JSON that is made twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from amllint.config import Settings
from amllint.engine import fixing
from amllint.source.overlay import Overlay
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
    "x = torch.softmax(data, 1)\n    return x": ("error", "x"),
    "x = torch.softmax(data, 1)\n    return x[0]": ("error", "x[0]"),
    "answer = {}\n    answer['a'] = np.array(data)\n    return answer": ("error", "np.array(data)"),
    "rows = []\n    for d in data:\n        rows.append(np.array(d))\n    return rows": (
        "error",
        "np.array(d)",
    ),
    "return [np.array(d) for d in data]": ("error", "np.array(d)"),
    "return unknown(data).detach().cpu().numpy()": (
        "error",
        "unknown(data).detach().cpu().numpy()",
    ),
    "out = unknown(data)\n    return {'a': out.cpu().numpy()}": ("error", "out.cpu().numpy()"),
    "return {'a': unknown(data).detach()}": ("error", "unknown(data).detach()"),
    "x = session.run(None, data)[0].astype(np.float32)\n    return [p for p in x]": ("error", "p"),
    "rows = []\n    for p in np.array(data, dtype='int64'):\n        rows.append(p)\n"
    "    return rows": ("error", "p"),
    "yield 1": ("error", "yield 1"),
    "try:\n        return [1]\n    except ValueError as e:\n        return e": ("error", "e"),
}
ACCEPTED = (
    "return unknown.predict(data)",
    "return model.predict(data).tolist()",
    "return model.predict(data)[0]",
    "return float(model.predict(data))",
    "return [float(p) for p in model.predict(data)]",
    "return session.run(None, data)[0].tolist()",
    "return unknown(data)",
    "return unknown(data).detach().cpu().numpy().tolist()",
    "return unknown.cpu()(data)",
    "return unknown(data).cpu().tolist()",
    "return float(unknown(data).detach().cpu().numpy())",
    "return [float(p) for p in np.array(data, dtype=np.float32)]",
    "return [p for p in np.array(data)]",
    "return unknown(data).numpy()",
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


TEXTS = {
    "return json.dumps({'a': 1}, indent=2)": "return {'a': 1}",
    "answer = json.dumps({'a': 1})\n    return answer": "answer = {'a': 1}\n    return answer",
    "return pd.DataFrame(data).to_json(orient='records')": (
        "return json.loads(pd.DataFrame(data).to_json(orient='records'))"
    ),
    "answer = json.dumps({'a': 1})\n    print(answer)\n    return answer": None,
    "return json.dumps(data, cls=Encoder)": None,
    "return json.dumps(  # a text\n        {'a': 1}\n    )": None,
    "return AMLResponse(json.dumps({'a': 1}), 200, json_str=True)": None,
    "if data:\n        answer = json.dumps([1])\n    else:\n        answer = json.dumps([2])\n"
    "    return answer": None,
}
NO_TEXTS = (
    "return AMLResponse(json.dumps({'a': 1}), 200)",
    "return json.loads(data)",
    "return json.dumps(np.array(data))",
    "return str(data)",
    "return pd.DataFrame(data).to_json('out.json')",
    "try:\n        return data\n    except Exception:\n        return json.dumps({'error': 'no'})",
)
MORE = "import pandas as pd\nfrom azureml.contrib.services.aml_response import AMLResponse\n"


@pytest.mark.parametrize("body", TEXTS)
def test_json_text_is_answered_as_an_object_where_that_is_plain_to_see(
    body: str, tmp_path: Path
) -> None:
    text, settings = MORE + script(body), Settings(select=("AML123",), persona="pedantic")
    assert only(look(tmp_path, {"score.py": text}, select=("AML123",), persona="pedantic"))
    fixed = fixing.fix(["."], settings, Overlay(cwd=str(tmp_path)), unsafe=True, ignores=True)
    mended = TEXTS[body]
    after = {"score.py": MORE + script(mended)} if mended else {}
    assert fixed.after == after


@pytest.mark.parametrize("body", NO_TEXTS)
def test_an_answer_that_is_encoded_once_is_left_alone(body: str, tmp_path: Path) -> None:
    text = MORE + script(body)
    assert not look(tmp_path, {"score.py": text}, select=("AML123",), persona="pedantic").findings


MENDED = {
    "return model.predict(data)": "return model.predict(data).tolist()",
    "return {'a': base64.b64encode(data)}": "return {'a': base64.b64encode(data).decode()}",
    "return {1, 2}": "return list({1, 2})",
    "return pd.DataFrame([data])": 'return pd.DataFrame([data]).to_dict(orient="records")',
    "x = np.array(data)\n    return x": "x = np.array(data)\n    return x.tolist()",
    "return np.array(data) * 2": None,
    "return map(float, data)": None,
}


@pytest.mark.parametrize("body", MENDED)
def test_a_value_is_made_json_where_its_kind_is_certain(body: str, tmp_path: Path) -> None:
    head, mended = "import base64\n" + MORE, MENDED[body]
    settings = Settings(select=("AML122",), persona="pedantic")
    assert only(
        look(tmp_path, {"score.py": head + script(body)}, select=("AML122",), persona="pedantic")
    )
    fixed = fixing.fix(["."], settings, Overlay(cwd=str(tmp_path)), unsafe=True, ignores=True)
    assert fixed.after == ({"score.py": head + script(mended)} if mended else {})
    assert not mended or not fixed.report.findings
