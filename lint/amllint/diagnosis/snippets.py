"""What belongs to some diagnoses beyond their remedies: code to run, numbers worked out."""

from __future__ import annotations

import re
from typing import Final

from amllint.diagnosis.replicas import arithmetic
from amllint.diagnosis.signatures import Signature

_FOLDER: Final = re.compile(r"azureml-models/([^/]+)")
"""The name of a model in a path below where the platform puts models."""
CONTAINER_SNIPPET: Final = (
    "# kubectl exec -it POD -- python, or: docker exec -it CONTAINER python",
    "import logging, os",
    "logging.basicConfig(level=logging.DEBUG)",
    'os.chdir(os.environ.get("AML_APP_ROOT", "/var/azureml-app"))',
    'print(os.environ.get("AZUREML_MODEL_DIR"))',
    'for folder, _, files in os.walk("azureml-models"):',
    "    print(folder, files)",
    "from azureml.core.model import Model",
    'print(Model.get_model_path("{name}"))  # the path is relative to the app root',
)


def shown(signature: Signature, groups: dict[str, str]) -> list[str]:
    """The lines to show with a diagnosis: none, the snippet, or the replica arithmetic.

    The arithmetic is that of defaults; `Deployment.shown` has that of a config.
    """
    if signature.shows == "container-snippet":
        folder = _FOLDER.search(groups.get("path", ""))
        name = groups.get("name") or (folder[1] if folder else "NAME")
        return [line.replace("{name}", name) for line in CONTAINER_SNIPPET]
    return arithmetic() if signature.shows == "replicas" else []
