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
    event = {"event": "score"}
    try:
        return model.predict(json.loads(body)["rows"]).tolist()
    except Exception as err:
        event["error"] = str(err)
        logger.error(event)
        return AMLResponse({"error": "failed"}, 500, json_str=True)
