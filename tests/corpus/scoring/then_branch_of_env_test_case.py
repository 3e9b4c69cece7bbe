import os

import joblib
from azureml.core.model import Model


def init():
    global model
    if os.getenv("AZUREML_MODEL_DIR"):
        path = Model.get_model_path("m")
    else:
        path = "model.pkl"
    model = joblib.load(path)


def run(body):
    return {"n": len(body)}
