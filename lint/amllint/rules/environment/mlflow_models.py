"""What the `MLmodel` file of an MLflow model says of its environment and of what wrote it."""

from __future__ import annotations

import os
from typing import Any, Final, NamedTuple

from amllint.rules.environment.model_files import mlflow_folder
from amllint.source import documents
from amllint.source.problem import Malformed, Unreadable
from amllint.units import DeploymentUnit, Linker

_WROTE: Final = {
    "catboost_version": "catboost",
    "cloudpickle_version": "cloudpickle",
    "keras_version": "keras",
    "lgb_version": "lightgbm",
    "mlflow_version": "mlflow",
    "onnx_version": "onnx",
    "pytorch_version": "torch",
    "sklearn_version": "scikit-learn",
    "statsmodels_version": "statsmodels",
    "transformers_version": "transformers",
    "xgb_version": "xgboost",
}
"""The packages by the keys under which MLflow's flavors keep the version that wrote the model."""


class MlflowModel(NamedTuple):
    """A model that is served without a script: its folder, and what its `MLmodel` says.

    `conda` is the file that it names for conda, `None` where it names none. `wrote` has the
    versions of the packages that wrote it, `python` that of its Python, empty if it says none.
    """

    folder: str
    conda: str | None
    wrote: dict[str, str]
    python: str


def mlflow_model(unit: DeploymentUnit, links: Linker) -> MlflowModel | None:
    """The MLflow model that a unit serves without a script, if it lies here and can be read."""
    folder = mlflow_folder(unit, links)
    data = _data(os.path.join(folder, "MLmodel"), links) if folder else None
    if folder is None or not isinstance(data, dict):
        return None
    flavors = _map(data.get("flavors"))
    known = [_map(flavor) for flavor in flavors.values()]
    function = _map(flavors.get("python_function"))
    wrote = {
        package: str(place[key])
        for place in (data, *known)
        for key, package in _WROTE.items()
        if isinstance(place.get(key), str)
    }
    return MlflowModel(
        folder, _conda(function.get("env")), wrote, str(function.get("python_version") or "")
    )


def _map(data: Any) -> dict[Any, Any]:
    return data if isinstance(data, dict) else {}


def _conda(env: Any) -> str | None:
    """The name of the conda file: the text itself, or since MLflow 2 an entry of a mapping."""
    name = env.get("conda") if isinstance(env, dict) else env
    return name if isinstance(name, str) and name and "\0" not in name else None


def _data(path: str, links: Linker) -> Any:
    try:
        return documents.load(links.overlay.text(path)).data
    except (Malformed, Unreadable):
        return None
