import json
import os
import pickle


def init():
    global encoder
    base = os.environ["AZUREML_MODEL_DIR"]
    with open(os.path.join(base, "enc.pkl"), "rb") as handle:
        encoder = pickle.load(handle)
    with open(os.path.join(base, "clf.pkl"), "rb") as handle:
        clf = pickle.load(handle)


def predict(rows):
    return clf.predict(encoder.transform(rows)).tolist()


def run(body):
    try:
        return predict(json.loads(body)["rows"])
    except Exception:
        raise
