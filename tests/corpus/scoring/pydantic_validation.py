import json
import logging
import os

import joblib
from azureml.contrib.services.aml_response import AMLResponse

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


from pydantic import BaseModel, ValidationError


class Request(BaseModel):
    rows: list[list[float]]


def run(body):
    try:
        request = Request.model_validate_json(body)
    except ValidationError:
        return AMLResponse({"error": "bad"}, 400, json_str=True)
    return model.predict(request.rows).tolist()
