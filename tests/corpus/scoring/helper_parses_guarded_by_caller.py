import json
import logging
import os

import joblib
from azureml.contrib.services.aml_response import AMLResponse

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def parse(body):
    doc = json.loads(body)
    return [[float(v) for v in row] for row in doc["rows"]]


def run(body):
    try:
        rows = parse(body)
    except (ValueError, KeyError, TypeError):
        return AMLResponse({"error": "bad input"}, 400, json_str=True)
    return model.predict(rows).tolist()
