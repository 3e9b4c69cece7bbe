import json
import os

import joblib


def init():
    global model
    try:
        path = os.path.join(os.environ["AZUREML_MODEL_DIR"], "m.pkl")
    except KeyError:
        from azureml.core.model import Model
        path = Model.get_model_path("churn")
    model = joblib.load(path)


def run(body):
    try:
        return model.predict(json.loads(body)["rows"]).tolist()
    except Exception:
        raise
