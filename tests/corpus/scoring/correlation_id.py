import json
import logging
import os

import joblib
from azureml.contrib.services.aml_response import AMLResponse

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


import uuid


def run(body):
    ticket = uuid.uuid4().hex
    try:
        return model.predict(json.loads(body)["rows"]).tolist()
    except Exception as err:
        logger.error("%s: %s", ticket, err)
        return AMLResponse({"error": "failed", "ticket": ticket}, 500, json_str=True)
