import json
import logging
import os

import joblib

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(body):
    record = {}
    record["raw"] = body
    logger.info("got %s", record)
    return {"ok": True}
