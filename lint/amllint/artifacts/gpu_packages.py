"""Whether anything in an environment can compute on a GPU, as far as its packages tell."""

from __future__ import annotations

import re
from typing import Final

from amllint.artifacts.environment import Environment
from amllint.artifacts.requirements import distribution_names, pip_name

_NEVER: Final = frozenset(
    {"python", "pip", "setuptools", "wheel", "numpy", "pandas", "scipy", "scikit-learn", "joblib"}
    | {"azureml-defaults", "azureml-core", "azureml-inference-server-http", "inference-schema"}
    | {"azureml-monitoring", "azureml-telemetry", "azureml-dataset-runtime", "azureml-sdk"}
    | {"azure-storage-blob", "azure-identity", "azure-core", "applicationinsights"}
    | {"flask", "flask-cors", "gunicorn", "werkzeug", "jinja2", "markupsafe", "itsdangerous"}
    | {"requests", "urllib3", "pyyaml", "cloudpickle", "dill", "pydantic", "typing-extensions"}
    | {"pillow", "matplotlib", "seaborn", "statsmodels", "nltk", "pyarrow", "fastparquet"}
    | {"onnxruntime", "imbalanced-learn", "category-encoders", "pynacl", "protobuf"}
)
"""Packages that compute on the CPU alone, or not at all."""
_NEEDS_CUDA: Final = frozenset({"tensorflow", "tensorflow-gpu", "onnxruntime-gpu"})
"""Packages whose wheels use a GPU through the CUDA libraries that the image brings."""
_CUDA: Final = re.compile(r"cuda|cudnn|nvidia|\bcu1\d", re.IGNORECASE)


def why_no_gpu(environment: Environment) -> str | None:
    """Why no package can use a GPU on an image without CUDA; `None` where one may.

    Source: the wheels on PyPI. Those of PyTorch and XGBoost, say, bring CUDA of their own; those
    of TensorFlow do with the extra `and-cuda` only; onnxruntime's plain ones have no GPU code.
    """
    names = distribution_names(environment) if environment.complete else None
    rows = (*environment.conda, *environment.pip)
    if names is None or any(_CUDA.search(row.text) for row in rows):
        return None
    names = names - {""}
    wanting = sorted(_NEEDS_CUDA & {pip_name(row) for row in environment.pip})
    if not names <= _NEVER | set(wanting):
        return None
    if wanting:
        return f"`{wanting[0]}` finds no CUDA libraries"
    return "none of the packages computes on a GPU"
