import os

import joblib
from azureml.core.model import Model


def init():
    global model
    try:
        print(os.environ["AZUREML_MODEL_DIR"])
        path = Model.get_model_path("m")
        model = joblib.load(path)
    except Exception as e:
        print("load failed", e)
        raise


def run(body):
    return {"n": len(body)}
