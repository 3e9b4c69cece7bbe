import os

import joblib


def load():
    global model
    model = joblib.load(os.environ["AZUREML_MODEL_DIR"])


def init():
    load()
    model = "loaded"
    print(model)


def run(body):
    return {"m": str(model)}
