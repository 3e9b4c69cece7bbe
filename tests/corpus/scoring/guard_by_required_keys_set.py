import json
import logging
import os

import joblib
from azureml.contrib.services.aml_response import AMLResponse

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


REQUIRED = {"age", "bmi"}


def run(body):
    try:
        doc = json.loads(body)
    except ValueError:
        return AMLResponse({"error": "not JSON"}, 400, json_str=True)
    if not isinstance(doc, dict) or REQUIRED - doc.keys():
        return AMLResponse({"error": "fields missing"}, 400, json_str=True)
    return model.predict([[doc["age"], doc["bmi"]]]).tolist()
