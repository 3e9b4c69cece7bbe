import json
import os

import torch


def load():
    net = torch.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "net.pt"))
    net.eval()


def init():
    load()


def run(body):
    try:
        values = json.loads(body)["values"]
        return net(torch.tensor(values)).tolist()
    except Exception:
        raise
