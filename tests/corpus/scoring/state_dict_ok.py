import json
import os

import joblib

STATE = {}


def init():
    STATE["model"] = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "m.pkl"))


def run(body):
    try:
        return STATE["model"].predict(json.loads(body)["rows"]).tolist()
    except Exception:
        raise
