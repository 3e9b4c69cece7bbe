import os

import joblib
from azureml.core.model import Model


def init():
    global model
    if root := os.environ.get("AZUREML_MODEL_DIR"):
        path = os.path.join(root, "m.pkl")
    else:
        path = Model.get_model_path("m")
    model = joblib.load(path)


def run(body):
    return {"n": len(body)}
