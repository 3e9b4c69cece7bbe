"""Writes which near misses of well-known names the package index does not have.

python -m tools.misspelt_names LIST DAY    schemas/misspelt-names.json

LIST has the names of all projects of the index as they were on DAY, one a line; what follows a
tab is passed over. The index itself is not asked. A near miss is a letter left out, doubled or
taken from the key beside it, two letters that changed places, a separator or a plural that is
lost or added.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
TABLE: Final = ROOT / "schemas/misspelt-names.json"
NAMES: Final = (
    *("azureml-ai-monitoring", "azureml-core", "azureml-defaults", "azureml-inference-server-http"),
    *("azureml-mlflow", "azureml-sdk", "azure-identity", "azure-storage-blob", "inference-schema"),
    *("cloudpickle", "fastapi", "flask", "gunicorn", "imbalanced-learn", "joblib", "keras"),
    *("lightgbm", "matplotlib", "mlflow", "numpy", "onnxruntime", "opencv-python"),
    *("opencv-python-headless", "pandas", "pillow", "protobuf", "psutil", "pyarrow", "pydantic"),
    *("requests", "scikit-image", "scikit-learn", "scipy", "seaborn", "sentence-transformers"),
    *("statsmodels", "tensorflow", "torchvision", "transformers", "uvicorn", "xgboost"),
)
"""What deployments list: packages of the server, of the SDK and of models."""
_ROWS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def main(arguments: list[str]) -> int:
    """Write the table."""
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    listed = Path(arguments[0]).read_text("utf-8").splitlines()
    there = {normalize(line.partition("\t")[0]) for line in listed}
    missing = [name for name in NAMES if name not in there]
    if missing:
        print(f"the list is not whole, it lacks {', '.join(missing)}", file=sys.stderr)
        return 1
    write({name: sorted(set(near_misses(name)) - there) for name in NAMES}, arguments[1])
    return 0


def normalize(name: str) -> str:
    """A name as the index compares it."""
    return re.sub(r"[-_.]+", "-", name.strip()).lower()


def near_misses(name: str) -> Iterator[str]:
    """Names that a slip makes of a name."""
    for at, letter in enumerate(name):
        before, after = name[:at], name[at + 1 :]
        yield before + after
        yield before + letter + letter + after
        if after and after[0] != letter:
            yield before + after[0] + letter + after[1:]
        for other in _beside(letter):
            yield before + other + after
    yield name.removesuffix("s") if name.endswith("s") else f"{name}s"
    yield name.replace("-", "")


def _beside(letter: str) -> str:
    row = next((row for row in _ROWS if letter in row), "")
    at = row.find(letter)
    return (row[max(at - 1, 0) : at] + row[at + 1 : at + 2]) if row else ""


def write(found: dict[str, list[str]], day: str) -> None:
    """A package is a line."""
    head = {
        "title": "Near misses of well-known names that the package index does not have",
        "source": "made by `python -m tools.misspelt_names` of the names of all its projects",
        "date": day,
    }
    clean = {n: [m for m in misses if re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", m)]
             for n, misses in found.items()}  # fmt: skip
    lines = [f"  {json.dumps(key)}: {json.dumps(text)}," for key, text in head.items()]
    rows = ",\n".join(f"    {json.dumps(n)}: {json.dumps(m)}" for n, m in sorted(clean.items()))
    text = "{\n" + "\n".join(lines) + '\n  "names": {\n' + rows + "\n  }\n}\n"
    TABLE.write_text(text, "utf-8")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
