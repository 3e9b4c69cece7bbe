import json
import logging
import os

import joblib
from azureml.contrib.services.aml_response import AMLResponse

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "m.pkl"))


def run(body):
    if isinstance(body, (bytes, bytearray)):
        body = body.decode("utf-8")
    try:
        rows = json.loads(body)["rows"]
    except (ValueError, KeyError, TypeError):
        logger.warning("bad request", exc_info=True)
        return AMLResponse({"error": "bad request"}, 400, json_str=True)
    return model.predict(rows).tolist()
