"""Asks azureml-core whether it takes conda files; runs inside its environment.

    python conda_verdicts.py FOLDER

prints {case: error or null} for every `FOLDER/*/conda.yml`.
"""

import json
import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")

from azureml.core.conda_dependencies import CondaDependencies  # noqa: E402


def main(folder):
    verdicts = {}
    for path in sorted(Path(folder).glob("*/conda.yml")):
        try:
            CondaDependencies(conda_dependencies_file_path=str(path))
            verdicts[path.parent.name] = None
        except Exception as error:
            verdicts[path.parent.name] = f"{type(error).__name__}: {error}"[:200]
    print(json.dumps(verdicts))


if __name__ == "__main__":
    main(sys.argv[1])
