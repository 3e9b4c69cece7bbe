import json
import logging
import os

import joblib

logger = logging.getLogger(__name__)


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
from inference_schema.schema_decorators import input_schema


@input_schema("data", StandardPythonParameterType({"rows": [[1.0]]}))
def run(data):
    return model.predict(data["rows"]).tolist()
