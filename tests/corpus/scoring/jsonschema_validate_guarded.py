import json
import logging
import os

import joblib
from azureml.contrib.services.aml_response import AMLResponse

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


import jsonschema

SCHEMA = {"type": "object", "required": ["rows"]}


def run(body):
    try:
        doc = json.loads(body)
        jsonschema.validate(doc, SCHEMA)
    except (ValueError, jsonschema.ValidationError):
        return AMLResponse({"error": "bad"}, 400, json_str=True)
    return model.predict(doc["rows"]).tolist()
