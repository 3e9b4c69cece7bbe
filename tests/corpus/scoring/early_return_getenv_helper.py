import os

import joblib
from azureml.core.model import Model


def locate(name):
    root = os.environ.get("AZUREML_MODEL_DIR")
    if root:
        return os.path.join(root, name)
    return Model.get_model_path(name)


def init():
    global model
    model = joblib.load(locate("churn.pkl"))


def run(body):
    return {"n": len(body)}
