import json
import logging
import os

import joblib
from azureml.contrib.services.aml_response import AMLResponse

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


import requests


def run(body):
    try:
        rows = json.loads(body)["rows"]
        reply = requests.post(os.environ["BACKEND"], json=rows, timeout=5)
        reply.raise_for_status()
        return reply.json()
    except requests.HTTPError as ex:
        return AMLResponse({"error": "backend", "status": ex.response.status_code}, 502, json_str=True)
    except Exception:
        logger.exception("x")
        return AMLResponse({"error": "failed"}, 500, json_str=True)
