import os

import joblib

model, scaler = None, None


def init():
    model, scaler = joblib.load(os.environ["AZUREML_MODEL_DIR"])


def run(body):
    return model.predict(scaler.transform([[len(body)]])).tolist()
