import json
import logging
import os

import joblib
from azureml.contrib.services.aml_response import AMLResponse

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


import time


def run(body):
    try:
        rows = json.loads(body)["rows"]
    except (ValueError, KeyError, TypeError):
        return AMLResponse({"error": "bad"}, 400, json_str=True)
    last = None
    for _ in range(3):
        try:
            return model.predict(rows).tolist()
        except Exception as err:
            last = err
            time.sleep(0.1)
    return AMLResponse({"error": str(last)}, 500, json_str=True)
