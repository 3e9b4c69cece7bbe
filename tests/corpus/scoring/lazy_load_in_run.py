import os

import joblib

model = None


def get():
    global model
    if model is None:
        model = joblib.load(os.environ["AZUREML_MODEL_DIR"])
    return model


def init():
    model = get()
    print("ready", model)


def run(body):
    return get().predict([[len(body)]]).tolist()
