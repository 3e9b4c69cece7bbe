import os

import joblib


class State:
    model = None


def init():
    State.model = joblib.load(os.environ["AZUREML_MODEL_DIR"])


def run(body):
    return {"m": str(State.model)}
