"""Asks azureml-core what it makes of conda files; runs inside its environment.

    python conda_readings.py FOLDER

prints, for every `FOLDER/*/conda.yml`, whether `CondaDependencies` and
`Environment.from_conda_specification` refuse it, and the conda and pip items that the latter
is left with.
"""

import json
import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")

from azureml.core import Environment  # noqa: E402
from azureml.core.conda_dependencies import CondaDependencies  # noqa: E402


def error_of(call):
    try:
        return None, call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:200], None


def reading(path):
    """What becomes of one file."""
    loaded, _ = error_of(lambda: CondaDependencies(conda_dependencies_file_path=path))
    refused, made = error_of(lambda: Environment.from_conda_specification("e", path))
    row = {"loaded": loaded, "refused": refused}
    if made is not None:
        dependencies = made.python.conda_dependencies
        items = dependencies.as_dict().get("dependencies", [])
        row["conda"] = [i for i in items if isinstance(i, str)]
        row["pip"] = error_of(lambda: list(dependencies.pip_packages))[1]
    return row


def main(folder):
    paths = sorted(Path(folder).glob("*/conda.yml"))
    print(json.dumps({path.parent.name: reading(str(path)) for path in paths}))


if __name__ == "__main__":
    main(sys.argv[1])
