import json
import os

labels = []


def init():
    labels = os.listdir(os.environ["AZUREML_MODEL_DIR"])


def run(raw_data):
    try:
        index = json.loads(raw_data)["index"]
    except (ValueError, KeyError, TypeError):
        raise
    return {"label": labels[int(index)] if isinstance(index, int) else None}
