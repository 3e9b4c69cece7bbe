import json
import logging
import os

import joblib

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


import pandas as pd


def run(body):
    frame = pd.DataFrame([body], columns=["text"])
    return model.predict(frame).tolist()
