import json
import logging
import os

import joblib
from azureml.contrib.services.aml_response import AMLResponse

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


class ScoringError(Exception):
    pass


def score(body):
    try:
        return model.predict(json.loads(body)["rows"]).tolist()
    except Exception as err:
        raise ScoringError(f"model failed: {err}") from err


def run(body):
    try:
        return score(body)
    except ScoringError as problem:
        return AMLResponse({"error": str(problem)}, 500, json_str=True)
