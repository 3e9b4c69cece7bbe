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
    limit = int(request.args.get("limit", "10"))
    return AMLResponse({"limit": limit}, 200, json_str=True)
