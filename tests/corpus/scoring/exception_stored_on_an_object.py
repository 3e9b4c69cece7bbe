import json
import logging
import os

import joblib

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


class Answer:
    def __init__(self):
        self.error = None
        self.scores = []


def run(body):
    answer = Answer()
    try:
        answer.scores = model.predict(json.loads(body)["rows"]).tolist()
    except Exception as err:
        answer.error = str(err)
    return vars(answer)
