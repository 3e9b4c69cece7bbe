"""Says what azureml-core makes of configuration files; runs inside the oracle environment.

    python azureml_core_verdicts.py DIRECTORY
    python azureml_core_verdicts.py           one DIRECTORY a line on standard input

prints one JSON object a DIRECTORY, on a line: the path of each ``deploymentconfig.*``,
``inferenceconfig.*`` and ``deploy.py`` below it, with whether azureml-core accepts it and the
gist of the error when it does not. Each file is read with its own folder as the current
directory, as a user of the v1 CLI would; scripts, which the tests have written, are run there.
Standard library and azureml-core only; sockets are closed, so nothing here reaches a network.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import socket
import sys
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NoReturn


def refuse_connection(*_: object) -> NoReturn:
    raise OSError("the oracle works offline")


socket.socket.connect = refuse_connection  # type: ignore[assignment,method-assign]
warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)

# azureml.core.model comes first: the private module below is half of an import cycle.
from azureml.core.model import InferenceConfig  # noqa: E402  # isort: skip
import yaml  # noqa: E402
from azureml._model_management._util import deploy_config_dict_to_obj  # noqa: E402
from azureml.core import Environment  # noqa: E402

# InferenceConfig argument by key of the file; what the v1 CLI reads besides the environment.
ARGUMENTS = {
    "entry_script": "entryScript",
    "runtime": "runtime",
    "conda_file": "condaFile",
    "extra_docker_file_steps": "extraDockerfileSteps",
    "source_directory": "sourceDirectory",
    "enable_gpu": "enableGpu",
    "base_image": "baseImage",
    "base_image_registry": "baseImageRegistry",
    "cuda_version": "cudaVersion",
}


def read(path: Path) -> Any:
    """The data of a file in the order in which the v1 CLI tries: YAML, then JSON."""
    text = path.read_text(encoding="utf-8")
    try:
        return yaml.safe_load(text)
    except Exception:
        return json.loads(text)


def load_deployment(data: Any) -> None:
    deploy_config_dict_to_obj(data, None, None, None)


def load_inference(data: Any) -> None:
    written = data.get("environment")
    environment = None if written is None else Environment._deserialize_and_add_to_object(written)
    values = {argument: data.get(key) for argument, key in ARGUMENTS.items()}
    InferenceConfig(environment=environment, **values)


def load_file(load: Callable[[Any], None], path: Path) -> None:
    load(read(path))


def run_script(path: Path) -> None:
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), {"__name__": "__main__"})


LOADERS: dict[str, Callable[[Path], None]] = {
    "deploymentconfig": partial(load_file, load_deployment),
    "inferenceconfig": partial(load_file, load_inference),
    "deploy": run_script,
}


def gist(error: BaseException) -> str:
    """Type and first telling line of the innermost error."""
    while error.__cause__ is not None:
        error = error.__cause__
    lines = [line.strip().removeprefix("Message: ") for line in str(error).splitlines()]
    telling = [line for line in lines if line and not line.endswith("Exception:")]
    return f"{type(error).__name__}: {telling[0] if telling else ''}"[:200]


def verdict(path: Path) -> dict[str, object]:
    os.chdir(path.parent)
    try:
        LOADERS[path.stem](path)
    except Exception as error:
        return {"accepted": False, "error": gist(error)}
    return {"accepted": True, "error": None}


def verdicts(root: Path) -> dict[str, dict[str, object]]:
    found = (*root.rglob("*config.*"), *root.rglob("deploy.py"))
    files = sorted(path for path in found if path.stem in LOADERS)
    return {path.relative_to(root).as_posix(): verdict(path) for path in files}


def answer(root: Path) -> None:
    with contextlib.redirect_stdout(sys.stderr):
        found = verdicts(root)
    print(json.dumps(found), flush=True)


def main() -> None:
    if len(sys.argv) > 1:
        answer(Path(sys.argv[1]).resolve())
        return
    for line in sys.stdin:
        answer(Path(line.strip()).resolve())


if __name__ == "__main__":
    main()
