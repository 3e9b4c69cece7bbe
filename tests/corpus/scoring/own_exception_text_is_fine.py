import json
import logging
import os

import joblib
from azureml.contrib.services.aml_response import AMLResponse

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


class BadInput(Exception):
    pass


def read(body):
    try:
        return json.loads(body)["rows"]
    except (ValueError, KeyError, TypeError):
        raise BadInput("send {'rows': [...]}") from None


def run(body):
    try:
        rows = read(body)
    except BadInput as problem:
        return AMLResponse({"error": str(problem)}, 400, json_str=True)
    return model.predict(rows).tolist()
