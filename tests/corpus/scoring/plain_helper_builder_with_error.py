import json
import logging
import os

import joblib

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def make_answer(scores=None, error=None):
    return {"scores": scores, "error": error}


def run(body):
    try:
        return make_answer(scores=model.predict(json.loads(body)["rows"]).tolist())
    except Exception:
        logger.exception("oops")
        return make_answer(error="scoring failed")
