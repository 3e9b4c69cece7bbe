import json
import os

import joblib


def init():
    global models
    models = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "m.pkl"))


def run(body):
    doc = json.loads(body)
    try:
        return models[doc["model"]].predict(doc["rows"]).tolist()
    except KeyError:
        raise KeyError("no such model") from None
