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
    except Exception as e:
        match e.args:
            case [first, *_]:
                return AMLResponse({"error": first}, 400, json_str=True)
            case _:
                return AMLResponse({"error": "bad"}, 400, json_str=True)
    return {"n": len(doc)}
