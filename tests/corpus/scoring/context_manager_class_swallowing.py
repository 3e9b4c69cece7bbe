import json
import logging
import os

import joblib

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


class Guard:
    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if kind:
            logger.error("failed", exc_info=value)
        return False


def run(body):
    with Guard():
        return model.predict(json.loads(body)["rows"]).tolist()
