import json
import logging
import os

import joblib
from azureml.contrib.services.aml_response import AMLResponse

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


DEBUG = os.getenv("DEBUG") == "1"


def run(body):
    try:
        return model.predict(json.loads(body)["rows"]).tolist()
    except Exception as ex:
        message = str(ex) if DEBUG else "failed"
        return AMLResponse({"error": message}, 500, json_str=True)
