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
        rows = json.loads(body)["rows"]
    except (ValueError, KeyError, TypeError):
        return AMLResponse({"error": "bad"}, 400, json_str=True)
    scores = np.array(model.predict(rows), dtype=float)
    return [int(s > 0.5) for s in scores]
