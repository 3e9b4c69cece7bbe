"""Small deployments with and without findings."""

from __future__ import annotations

CLEAN = "def init():\n    pass\n\n\ndef run(raw_data):\n    return {'received': len(raw_data)}\n"
LEAKY = """\
import json


def init():
    pass


def run(raw_data):
    try:
        return json.loads(raw_data)["data"]
    except Exception as e:
        return str(e)


def unrelated(x):
    return x
"""
MODEL = """\
from azureml.core import Model


def init():
    global model
    model = Model.get_model_path("churn")


def run(raw_data):
    return {"received": len(raw_data)}
"""
CONFIG = "entryScript: score.py\nruntime: python\ncondaFile: conda.yml\n"
CONDA = """\
name: churn
dependencies:
  - python=3.12
  - pip=24.2
  - pip:
      - azureml-defaults==1.62.0
      - scikit-learn==1.5.2
"""
AKS = '{\n  "computeType": "aks",\n  "numReplica": 2\n}\n'
