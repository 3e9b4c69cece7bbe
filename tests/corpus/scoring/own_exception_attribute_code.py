import json
import logging
import os

import joblib
from azureml.contrib.services.aml_response import AMLResponse

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


class ApiError(Exception):
    def __init__(self, status, text):
        super().__init__(text)
        self.status = status
        self.text = text


def parse(body):
    try:
        return json.loads(body)["rows"]
    except (ValueError, KeyError, TypeError):
        raise ApiError(400, "send rows")


def run(body):
    try:
        return model.predict(parse(body)).tolist()
    except ApiError as err:
        return AMLResponse({"error": err.text}, err.status, json_str=True)
    except Exception:
        logger.exception("x")
        return AMLResponse({"error": "internal"}, 500, json_str=True)
