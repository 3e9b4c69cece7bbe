import json
import logging
import os

import joblib

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


import contextlib


def run(body):
    doc = {}
    with contextlib.suppress(ValueError):
        doc = json.loads(body)
    return {"doc": len(doc)}
