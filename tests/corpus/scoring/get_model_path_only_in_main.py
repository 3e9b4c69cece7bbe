import json
import os

import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "m.pkl"))


def run(body):
    try:
        return model.predict(json.loads(body)["rows"]).tolist()
    except Exception:
        raise


if __name__ == "__main__":
    from azureml.core.model import Model
    print(Model.get_model_path("churn"))
