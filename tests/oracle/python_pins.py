"""Asks azureml-core what becomes of `python` entries; runs inside its environment.

    python python_pins.py FOLDER

prints {case: [python entries after from_conda_specification]} for every `FOLDER/*/conda.yml`.
"""

import json
import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")

from azureml.core import Environment  # noqa: E402


def main(folder):
    found = {}
    for path in sorted(Path(folder).glob("*/conda.yml")):
        made = Environment.from_conda_specification("e", str(path)).python.conda_dependencies
        items = made.as_dict()["dependencies"]
        found[path.parent.name] = [i for i in items if isinstance(i, str) and i != "pip"]
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1])
