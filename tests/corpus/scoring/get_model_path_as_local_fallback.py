import json
import os

import joblib


def init():
    global model
    root = os.getenv("AZUREML_MODEL_DIR")
    if root:
        path = os.path.join(root, "m.pkl")
    else:
        from azureml.core.model import Model
        path = Model.get_model_path("churn")
    model = joblib.load(path)


def run(body):
    try:
        return model.predict(json.loads(body)["rows"]).tolist()
    except Exception:
        raise
