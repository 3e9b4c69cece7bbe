"""Notebooks as tests write them."""

from __future__ import annotations

import json
from typing import Any


def code(*lines: str, as_list: bool = True) -> dict[str, Any]:
    """A code cell that has been run: lines without their ends."""
    text = "\n".join(lines)
    source: Any = text.splitlines(keepends=True) if as_list else text
    outputs = [{"name": "stdout", "output_type": "stream", "text": ["def init(): pass\n"]}]
    return {
        "cell_type": "code",
        "execution_count": 1,
        "metadata": {},
        "outputs": outputs,
        "source": source,
    }


def prose(text: str) -> dict[str, Any]:
    """A markdown cell."""
    return {"cell_type": "markdown", "metadata": {}, "source": [text]}


def notebook(*cells: dict[str, Any], indent: int | None = 1) -> str:
    """The file, laid out as Jupyter does."""
    whole = {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 2}
    return json.dumps(whole, indent=indent, ensure_ascii=False) + "\n"


LEAKY = """\
import json


def init():
    pass


def run(raw_data):
    try:
        return json.loads(raw_data)["data"]
    except Exception as e:
        return str(e)
"""
CLEAN = "def init():\n    pass\n\n\ndef run(raw_data):\n    return {'received': len(raw_data)}\n"


def writes(name: str, text: str = LEAKY, **how: bool) -> dict[str, Any]:
    """A cell that writes a script."""
    return code(f"%%writefile {name}", *text.rstrip("\n").split("\n"), **how)
