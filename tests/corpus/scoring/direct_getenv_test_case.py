import os

import joblib
from azureml.core.model import Model


def init():
    global model
    if os.getenv("AZUREML_MODEL_DIR"):
        path = os.path.join(os.getenv("AZUREML_MODEL_DIR"), "m.pkl")
    else:
        path = Model.get_model_path("m")
    model = joblib.load(path)


def run(body):
    return {"n": len(body)}
