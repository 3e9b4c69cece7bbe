"""What becomes of the older keys of an inference config: which way an image is built.

Source: azureml-core 1.61.0, `_model_management/_util.py`, `convert_parts_to_environment`,
executed for every combination: only the exact text `python` leads to an environment.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from amllint.artifacts.fields import Known
from amllint.artifacts.inference_config import InferenceConfig

_OTHER_RUNTIMES: Final = frozenset({"python", "spark-py", "python-slim"})
"""In lower case, what else is accepted as `runtime`."""


class Detour(NamedTuple):
    """A key that leads away from an environment: its name, its value and what becomes of it.

    `refused` says that azureml-core stops, `image` that it is the route without environments.
    """

    name: str
    field: Known[Any]
    why: str
    help: str
    image: bool = True
    refused: bool = False


def detours(config: InferenceConfig) -> Iterator[Detour]:
    """The keys of a configuration with a runtime that do not do what they say."""
    asked = dict(config.legacy()) if config.is_legacy else {}
    runtime = asked.get("runtime")
    if runtime is None or not isinstance(runtime.value, str):
        return
    plain = runtime.value == "python"
    if not plain and runtime.value.lower() in _OTHER_RUNTIMES:
        yield _other_runtime(runtime, "base_image" in asked)
    elif plain:
        yield from _of_python(asked)


def _other_runtime(runtime: Known[Any], has_image: bool) -> Detour:
    spelled = runtime.value.lower() == "python"
    help = "write `python` in lower case" if spelled else "write an environment"
    if has_image and not spelled:
        why = "takes no base image: azureml-core refuses to deploy it"
        return Detour("runtime", runtime, why, help, refused=True)
    why = "has the image built the old way, without an environment" + (
        ": only `python` does" if spelled else ""
    )
    return Detour("runtime", runtime, why, help)


def _of_python(asked: dict[str, Known[Any]]) -> Iterator[Detour]:
    steps, cuda = asked.get("extra_docker_file_steps"), asked.get("cuda_version")
    image, gpu = asked.get("base_image"), asked.get("enable_gpu")
    better = "write an environment with `docker.baseDockerfile` or `docker.baseImage`"
    if steps is not None:
        why = "has the image built the old way, without an environment"
        yield Detour("extra_docker_file_steps", steps, why, better)
    if image is not None and (gpu or cuda):
        what = "cuda_version" if cuda else "enable_gpu"
        why = "beside a base image has it built the old way, without an environment"
        yield Detour(what, asked[what], why, "choose a base image that has CUDA, and remove it")
    elif cuda is not None and cuda.value == "9.1":
        why = "has the image built the old way, without an environment, on CUDA 9.1 of 2017"
        yield Detour("cuda_version", cuda, why, better)
    elif cuda is not None and cuda.value == "9.0" and gpu is None:
        why = (
            "makes `base-gpu:intelmpi2018.3-cuda9.0-cudnn7-ubuntu16.04` the base image, a name "
            "without a registry"
        )
        yield Detour("cuda_version", cuda, why, better, image=False)
    elif cuda is not None:
        why = "is not kept: the image that is used has CUDA 11.8"
        yield Detour("cuda_version", cuda, why, better, image=False)
