import json
import logging
import os

import joblib

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


import pandas as pd
from inference_schema.parameter_types.pandas_parameter_type import PandasParameterType
from inference_schema.schema_decorators import input_schema

sample = pd.DataFrame({"age": [1], "bmi": [2.0]})


@input_schema("data", PandasParameterType(sample))
def run(data):
    try:
        return model.predict(data).tolist()
    except Exception as e:
        return json.dumps({"error": str(e)})
