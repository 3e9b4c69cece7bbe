import json
import logging
import os

import joblib
from azureml.contrib.services.aml_response import AMLResponse

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(mini):
    try:
        doc = json.loads(mini)
    except ValueError:
        return AMLResponse("bad", 400)
    return {"n": len(doc)}
