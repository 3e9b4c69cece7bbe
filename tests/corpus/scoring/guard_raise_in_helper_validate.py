import json
import logging
import os

import joblib
from azureml.contrib.services.aml_response import AMLResponse

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


class Bad(Exception):
    pass


def validate(doc):
    if not isinstance(doc, dict) or "rows" not in doc:
        raise Bad("rows missing")


def run(body):
    try:
        doc = json.loads(body)
        validate(doc)
    except ValueError:
        return AMLResponse({"error": "not JSON"}, 400, json_str=True)
    except Bad as b:
        return AMLResponse({"error": str(b)}, 400, json_str=True)
    return model.predict(doc["rows"]).tolist()
