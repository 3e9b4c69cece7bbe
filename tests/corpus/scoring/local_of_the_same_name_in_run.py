import json
import os

import joblib


def load_model():
    return joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "m.pkl"))


def init():
    model = load_model()
    print(type(model))


def run(body):
    model = load_model()
    try:
        return model.predict(json.loads(body)["rows"]).tolist()
    except Exception:
        raise
