import json
import logging
import os

import joblib
from azureml.contrib.services.aml_response import AMLResponse

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


from pydantic import BaseModel


class Request(BaseModel):
    rows: list[list[float]]


def run(body):
    request = Request.model_validate_json(body)
    return model.predict(request.rows).tolist()
