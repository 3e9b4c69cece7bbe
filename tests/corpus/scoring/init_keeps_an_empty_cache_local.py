import json

cache = {}


def init():
    cache = {}


def run(raw_data):
    try:
        key = json.loads(raw_data)["key"]
    except (ValueError, KeyError, TypeError):
        raise
    return {"hit": key in cache}
