import json
import logging
import os

import joblib
from azureml.contrib.services.aml_response import AMLResponse

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def problem(text, status=400):
    return AMLResponse({"error": text}, status, json_str=True)


def run(body):
    try:
        rows = json.loads(body)["rows"]
    except ValueError:
        return problem("not JSON")
    except (KeyError, TypeError):
        return problem("rows missing")
    try:
        return model.predict(rows).tolist()
    except Exception:
        logger.exception("predict")
        return problem("prediction failed", 500)
