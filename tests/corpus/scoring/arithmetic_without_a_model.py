import json

multiplier: int = None


def init():
    global multiplier
    multiplier = 3


def run(body):
    doc = json.loads(body)
    value = doc["input"]
    return {"output": value * multiplier}
