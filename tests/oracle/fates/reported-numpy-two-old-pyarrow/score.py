import pyarrow


def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
