import numpy, pandas
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType


def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
