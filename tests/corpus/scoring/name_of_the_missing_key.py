import json
import logging
import os

import joblib
from azureml.contrib.services.aml_response import AMLResponse

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "m.pkl"))


def run(body):
    try:
        rows = json.loads(body)["rows"]
    except KeyError as missing:
        return AMLResponse({"error": f"missing key: {missing}"}, 400, json_str=True)
    except (ValueError, TypeError):
        return AMLResponse({"error": "bad request"}, 400, json_str=True)
    return model.predict(rows).tolist()
