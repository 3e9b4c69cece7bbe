import json
import logging
import os

import joblib

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


class PredictionFailed(RuntimeError):
    pass


def run(body):
    try:
        rows = json.loads(body)["rows"]
    except Exception as err:
        logger.error("bad request: %s", err)
        raise PredictionFailed("bad request")
    return model.predict(rows).tolist()
