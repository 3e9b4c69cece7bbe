import json
import logging
import os

import joblib

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


import functools


def safe(f):
    @functools.wraps(f)
    def inner(body):
        try:
            return f(body)
        except Exception:
            logger.exception("x")
            return {"error": "scoring failed"}
    return inner


@safe
def run(body):
    return model.predict(json.loads(body)["rows"]).tolist()
