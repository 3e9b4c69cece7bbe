import json
import logging
import os

import joblib
from azureml.contrib.services.aml_response import AMLResponse

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


import pandas as pd


def run(body):
    try:
        rows = json.loads(body)["rows"]
        frame = pd.DataFrame(rows)
    except (ValueError, KeyError, TypeError):
        return AMLResponse({"error": "bad"}, 400, json_str=True)
    scores = model.predict(frame)
    table = pd.DataFrame(scores, columns=["score"])
    table["flag"] = table["score"] > 0.5
    return table.to_dict(orient="records")
