import json
import logging
import os

import joblib

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(body):
    try:
        rows = json.loads(body)["rows"]
    except (ValueError, KeyError, TypeError):
        raise
    out, problems = [], []
    for row in rows:
        try:
            out.append(float(model.predict([row])[0]))
        except Exception as err:
            problems.append(str(err))
            out.append(None)
    return {"scores": out, "problems": problems}
