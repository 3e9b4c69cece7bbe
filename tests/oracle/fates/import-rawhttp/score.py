from azureml.contrib.services.aml_request import AMLRequest, rawhttp


def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
