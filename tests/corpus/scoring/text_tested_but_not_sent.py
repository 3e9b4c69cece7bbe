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
    try:
        return model.predict(json.loads(body)["rows"]).tolist()
    except ValueError as err:
        text = "wrong number of columns" if "features" in str(err) else "bad values"
        return AMLResponse({"error": text}, 400, json_str=True)
    except (KeyError, TypeError):
        return AMLResponse({"error": "rows missing"}, 400, json_str=True)
