import json
import logging
import os

import joblib
from azureml.contrib.services.aml_response import AMLResponse

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


from json import JSONDecodeError

CLIENT_ERRORS = (JSONDecodeError, KeyError, TypeError, ValueError)


def run(body):
    try:
        data = json.loads(body)["data"]
    except CLIENT_ERRORS:
        return AMLResponse({"error": "bad"}, 400, json_str=True)
    return model.predict(data).tolist()
