import json
import os

import joblib

model = None


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "m.pkl"))


def run(body):
    if model is None:
        raise RuntimeError("init was not called")
    return model.predict(json.loads(body)["rows"]).tolist()
