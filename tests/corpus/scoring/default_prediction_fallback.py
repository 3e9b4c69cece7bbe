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
        return {"score": float(model.predict(json.loads(body)["rows"])[0])}
    except Exception:
        logger.exception("fallback used")
        return {"score": 0.0}
