import json
import os

import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "m.pkl"))


def run(body):
    doc = json.loads(body)
    if "rows" not in doc.keys():
        raise Exception("send a top level key 'rows'")
    return model.predict(doc["rows"]).tolist()
