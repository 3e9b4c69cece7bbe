import json
import os

import joblib

model = None


def init():
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "m.pkl"))


def run(body):
    try:
        return model.predict(json.loads(body)["rows"]).tolist()
    except Exception:
        raise
