import json
import logging
import os

import joblib
from azureml.contrib.services.aml_response import AMLResponse

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


STATUS = {ValueError: 400, KeyError: 422}


def run(body):
    try:
        return model.predict(json.loads(body)["rows"]).tolist()
    except Exception as err:
        logger.exception("request failed")
        code = STATUS.get(type(err), 500)
        return AMLResponse({"error": "request failed", "code": code}, code, json_str=True)
