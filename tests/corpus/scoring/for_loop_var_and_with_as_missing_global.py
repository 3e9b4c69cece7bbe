import os


def init():
    with open(os.path.join(os.environ["AZUREML_MODEL_DIR"], "labels.txt")) as handle:
        labels = handle.read().splitlines()


def run(body):
    return {"labels": labels}
