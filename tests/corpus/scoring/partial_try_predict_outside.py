import json
import logging
import os

import joblib
from azureml.contrib.services.aml_response import AMLResponse

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


import numpy as np


def run(body):
    try:
        doc = json.loads(body)
    except json.JSONDecodeError:
        return AMLResponse({"error": "not JSON"}, 400, json_str=True)
    matrix = np.array(doc["rows"], dtype=float)
    return model.predict(matrix).tolist()
