from inference_schema.parameter_types.pandas_parameter_type import PandasParameterType


def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
