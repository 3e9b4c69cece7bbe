import json
import logging
import os

import joblib

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


from contextlib import suppress


def run(body):
    doc = {}
    with suppress(OSError):
        doc = json.loads(body)
    return {"doc": len(doc)}
