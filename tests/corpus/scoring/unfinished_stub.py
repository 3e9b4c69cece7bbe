import json

from azureml.contrib.services.aml_response import AMLResponse


def init():
    pass


def predict(rows):
    # the model goes here
    ...
    return rows


def run(body):
    return AMLResponse(predict(json.loads(body)["rows"]), 200, json_str=True)
