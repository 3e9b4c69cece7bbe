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


class Req(BaseModel):
    rows: list


def run(body):
    try:
        req = Req.model_validate_json(body)
    except ValidationError as err:
        return AMLResponse({"errors": err.errors(include_url=False)}, 422, json_str=True)
    return model.predict(req.rows).tolist()
