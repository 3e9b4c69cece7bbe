import json
import logging
import os

import joblib
from azureml.contrib.services.aml_response import AMLResponse

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def problem(error, status):
    return AMLResponse({"error": str(error)}, status, json_str=True)


def run(body):
    try:
        return model.predict(json.loads(body)["rows"]).tolist()
    except ValueError as error:
        return problem(error, 400)
    except Exception as error:
        return problem(error, 500)
