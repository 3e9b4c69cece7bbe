import json
import logging
import os

import joblib

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


from fastapi import HTTPException


def run(body):
    try:
        rows = json.loads(body)["rows"]
    except Exception as e:
        raise HTTPException(status_code=400, detail=str(e))
    return model.predict(rows).tolist()
