import json
import os

import joblib


def init():
    run.model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "m.pkl"))


def run(body):
    try:
        return run.model.predict(json.loads(body)["rows"]).tolist()
    except Exception:
        raise
