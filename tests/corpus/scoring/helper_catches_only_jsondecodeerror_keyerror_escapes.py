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
    try:
        doc = json.loads(body)
    except json.JSONDecodeError:
        return None
    return doc["rows"]


def run(body):
    rows = parse(body)
    if rows is None:
        return AMLResponse({"error": "not JSON"}, 400, json_str=True)
    return model.predict(rows).tolist()
