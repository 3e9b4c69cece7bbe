import json
import logging
import os

import joblib
from azureml.contrib.services.aml_response import AMLResponse

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(body):
    try:
        doc = json.loads(body)
    except ValueError:
        return AMLResponse({"error": "bad"}, 400, json_str=True)
    age = doc.get("age") if isinstance(doc, dict) else None
    if not isinstance(age, (int, float)):
        return AMLResponse({"error": "age missing"}, 422, json_str=True)
    return model.predict([[float(age)]]).tolist()
