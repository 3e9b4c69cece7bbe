import json
import logging
import os

import joblib
from azureml.contrib.services.aml_response import AMLResponse

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(body):
    e = 3
    try:
        return model.predict(json.loads(body)["rows"]).tolist()[:e]
    except Exception as e:
        logger.error("%s", e)
        e = "failed"
        return AMLResponse({"error": e}, 500, json_str=True)
