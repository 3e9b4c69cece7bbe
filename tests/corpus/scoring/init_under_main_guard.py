import json


def run(raw):
    try:
        return {"n": len(json.loads(raw)["x"])}
    except Exception:
        raise


if __name__ == "__main__":
    def init():
        print("local")

    init()
