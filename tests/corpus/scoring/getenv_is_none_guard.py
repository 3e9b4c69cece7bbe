import os

import joblib


def init():
    global model
    root = os.getenv("AZUREML_MODEL_DIR")
    if root is None:
        from azureml.core.model import Model
        root = Model.get_model_path("churn")
    model = joblib.load(root)


def run(body):
    return {"n": len(body)}
