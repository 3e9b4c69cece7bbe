import logging
import os

from azureml.contrib.services.aml_response import AMLResponse
from transformers import pipeline

log = logging.getLogger("scoring")


def init():
    global pipe
    pipe = pipeline("text-classification", model=os.environ["AZUREML_MODEL_DIR"])


def run(text):
    if not text.strip():
        return AMLResponse({"error": "empty text"}, 400, json_str=True)
    return pipe(text)
