import os

import joblib


def init():
    global model
    if "AZUREML_MODEL_DIR" in os.environ:
        root = os.environ["AZUREML_MODEL_DIR"]
    else:
        from azureml.core.model import Model
        root = Model.get_model_path("churn")
    model = joblib.load(root)


def run(body):
    return {"n": len(body)}
