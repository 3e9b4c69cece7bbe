import json
import logging
import os

import joblib
from azureml.contrib.services.aml_response import AMLResponse

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def attempt(func, *args):
    try:
        return func(*args), None
    except Exception as err:
        return None, err


def run(body):
    rows, err = attempt(lambda raw: json.loads(raw)["rows"], body)
    if err is not None:
        return AMLResponse({"error": f"{err}"}, 400, json_str=True)
    return model.predict(rows).tolist()
