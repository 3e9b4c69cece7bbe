import json
import logging
import os

import joblib
from azureml.contrib.services.aml_response import AMLResponse

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


from azureml.contrib.services.aml_request import rawhttp


@rawhttp
def run(request):
    if request.method != "POST":
        return AMLResponse("only POST", 405)
    try:
        rows = json.loads(request.get_data(False))["rows"]
    except (ValueError, KeyError, TypeError):
        return AMLResponse({"error": "bad"}, 400, json_str=True)
    return AMLResponse({"scores": model.predict(rows).tolist()}, 200, json_str=True)
