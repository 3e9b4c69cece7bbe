import json
import logging
import os

import joblib

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(body):
    response = {}
    try:
        response["result"] = model.predict(json.loads(body)["rows"]).tolist()
    except Exception as e:
        response.update(error=str(e))
    return response
