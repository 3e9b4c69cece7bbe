import os

import joblib
from azureml.core.model import Model


def init():
    global model
    root = os.getenv("AZUREML_MODEL_DIR")
    path = os.path.join(root, "m.pkl") if root else Model.get_model_path("churn")
    model = joblib.load(path)


def run(body):
    return {"n": len(body)}
