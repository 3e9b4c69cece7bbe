import json
import logging
import os

import joblib

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


from flask import abort


def run(body):
    try:
        rows = json.loads(body)["rows"]
    except (ValueError, KeyError, TypeError):
        abort(400)
    return model.predict(rows).tolist()
