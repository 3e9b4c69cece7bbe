import base64
import io
import json
import os

import torch
from PIL import Image
from azureml.contrib.services.aml_response import AMLResponse


def init():
    global net
    net = torch.jit.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "net.pt"))


def run(body):
    try:
        encoded = json.loads(body)["image"]
    except (ValueError, KeyError, TypeError):
        return AMLResponse({"error": "image missing"}, 400, json_str=True)
    picture = Image.open(io.BytesIO(base64.b64decode(encoded)))
    return {"size": picture.size}
