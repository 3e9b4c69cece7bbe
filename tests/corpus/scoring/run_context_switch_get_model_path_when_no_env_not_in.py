import os

import joblib
from azureml.core.model import Model


def init():
    global model
    if "AZUREML_MODEL_DIR" not in os.environ:
        path = Model.get_model_path("m")
    else:
        path = os.path.join(os.environ["AZUREML_MODEL_DIR"], "m.pkl")
    model = joblib.load(path)


def run(body):
    return {"n": len(body)}
