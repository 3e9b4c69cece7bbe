from azureml.studio.core.io.model_directory import ModelDirectory


def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
