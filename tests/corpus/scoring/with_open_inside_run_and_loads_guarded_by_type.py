import json
import logging
import os

import joblib
from azureml.contrib.services.aml_response import AMLResponse

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(body):
    rows = []
    try:
        doc = json.loads(body)
        for item in doc:
            rows.append([float(item["a"]), float(item["b"])])
    except Exception:
        logger.exception("x")
        return AMLResponse({"error": "bad"}, 400, json_str=True)
    finally:
        logger.info("parsed %d", len(rows))
    return model.predict(rows).tolist()
