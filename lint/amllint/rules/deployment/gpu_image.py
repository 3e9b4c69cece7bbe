"""Whether the image of a deployment is made for the GPUs that the deployment asks for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from amllint.analysis.sdk import sdk
from amllint.artifacts.deployment_config import AciDeployment, AksLike
from amllint.artifacts.fields import Absent, Known
from amllint.artifacts.gpu_packages import why_no_gpu
from amllint.artifacts.image_names import image_name, is_for_gpu
from amllint.artifacts.inference_config import InferenceConfig
from amllint.findings.finding import Location, Observation, Related, finding
from amllint.units import DeploymentUnit

_PLAIN = ("openmpi", "intelmpi", "base", "minimal")
"""How images of Azure ML begin that bring no framework."""


def mismatched(config: AksLike | AciDeployment, unit: DeploymentUnit) -> Iterator[Observation]:
    """A GPU that nothing in the image can use, or an image with CUDA and no GPU."""
    inference = unit.inference_config
    if inference is None:
        return
    cores = config.argument("gpu_cores") if "gpu_cores" in config.keys else None
    number = config.number("gpu_cores")
    if number is not None and number.value > 0:
        yield from _unused_gpu(config.name_of("gpu_cores"), number, inference, unit)
    elif (
        isinstance(config, AciDeployment)
        or number is not None
        or (isinstance(cores, Absent) and not config.is_change)
    ):
        yield from _unused_cuda(inference, config.place)


def _unused_gpu(
    name: str, cores: Known[Any], inference: InferenceConfig, unit: DeploymentUnit
) -> Iterator[Observation]:
    """A GPU for an image without CUDA, whose packages bring none and use none."""
    image = _cpu_image(inference)
    environment = unit.environment
    own = inference.section.field("environment", "python", "userManagedDependencies")
    if image is None or environment is None or not _is_off(own):
        return
    why = why_no_gpu(environment)
    if why is not None:
        yield finding(
            cores.location,
            f"`{name}` is {cores.value}, the base image `{image[0]}` has no CUDA, and {why}: a "
            "node with a GPU is taken, and the model runs on its CPU; azureml-core accepts this "
            "silently",
            help="leave it out, or use a base image with CUDA and packages made for it",
            related=(Related(image[1], "the image"),),
            key="cpu image",
        )


def _cpu_image(inference: InferenceConfig) -> tuple[str, Location] | None:
    """The base image, if it is a plain one of Azure ML without CUDA, and where it is given."""
    field = inference.base_image
    if isinstance(field, Absent) and inference.is_legacy:
        off = all(_is_off(f) for f in (inference.enable_gpu, inference.cuda_version))
        plain = isinstance(inference.runtime, Known) and inference.runtime.value == "python"
        default = sdk().values["Environment('a').docker.base_image"]
        return (default, inference.runtime.location) if off and plain else None
    if not isinstance(field, Known) or not isinstance(field.value, str):
        return None
    image = image_name(field.value)
    if image is None or not image.is_azure_ml or is_for_gpu(field.value):
        return None
    return (field.value, field.location) if image.repository.startswith(_PLAIN) else None


def _unused_cuda(inference: InferenceConfig, deployment: Location) -> Iterator[Observation]:
    """An image with CUDA for a deployment without a GPU."""
    field = inference.base_image
    if isinstance(field, Known) and isinstance(field.value, str) and is_for_gpu(field.value):
        yield finding(
            field.location,
            f"the base image `{field.value}` is one for GPUs, and the deployment asks for none: "
            "gigabytes of CUDA are built in and pulled for nothing",
            help="ask for a GPU with `gpuCores` on AKS, or use an image without CUDA",
            severity="info",
            related=(Related(deployment, "the deployment"),),
            key="gpu image",
        )


def _is_off(field: Any) -> bool:
    return isinstance(field, Absent) or (isinstance(field, Known) and not field.value)
