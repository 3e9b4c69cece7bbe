import json
import logging
import os

import joblib
from azureml.contrib.services.aml_response import AMLResponse

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


import functools


def guarded(func):
    @functools.wraps(func)
    def inner(body):
        try:
            return func(body)
        except (ValueError, KeyError, TypeError):
            logger.exception("bad request")
            return AMLResponse({"error": "bad request"}, 400, json_str=True)
    return inner


@guarded
def run(body):
    rows = json.loads(body)["rows"]
    return model.predict(rows).tolist()
