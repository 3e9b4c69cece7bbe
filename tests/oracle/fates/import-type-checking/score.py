from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas


def init():
    pass


def run(raw_data):
    return {"received": len(raw_data)}
