import json
import os

import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(raw_data):
    try:
        rows = json.loads(raw_data)["rows"]
        return {"scores": model.predict(rows).tolist()}
    except Exception as error:
        return error
