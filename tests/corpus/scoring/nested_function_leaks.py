import json
import logging
import os

import joblib

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(body):
    def safe(call):
        try:
            return call()
        except Exception as err:
            return {"error": err.args[0]}
    return safe(lambda: model.predict(json.loads(body)["rows"]).tolist())
