import json
import logging
import os

import joblib
from azureml.contrib.services.aml_response import AMLResponse

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


from functools import wraps


def guarded(func):
    @wraps(func)
    def inner(body):
        try:
            return func(body)
        except Exception as problem:
            return AMLResponse({"error": str(problem)}, 500, json_str=True)
    return inner


@guarded
def run(body):
    return model.predict(json.loads(body)["rows"]).tolist()
