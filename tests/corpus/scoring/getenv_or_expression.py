import os

import joblib
from azureml.core.model import Model


def init():
    global model
    root = os.getenv("AZUREML_MODEL_DIR") or Model.get_model_path("churn")
    model = joblib.load(root)


def run(body):
    return {"n": len(body)}
