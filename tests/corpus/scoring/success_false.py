import json
import logging
import os

import joblib

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(body):
    try:
        rows = json.loads(body)["rows"]
        return {"success": True, "scores": model.predict(rows).tolist()}
    except Exception:
        logger.exception("x")
        return {"success": False, "scores": []}
