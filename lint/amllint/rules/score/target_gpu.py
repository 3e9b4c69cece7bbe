"""Whether what a deployment runs on has a GPU, as far as its files say."""

from __future__ import annotations

from typing import NamedTuple

from amllint.artifacts.deployment_config import AciDeployment, AksDeployment
from amllint.artifacts.fields import Absent, Known
from amllint.artifacts.image_names import is_for_gpu
from amllint.artifacts.inference_config import InferenceConfig
from amllint.artifacts.vm_sizes import has_gpu
from amllint.findings.finding import Location
from amllint.units import DeploymentUnit


class WithoutGpu(NamedTuple):
    """What says that there is none: in words, and where."""

    why: str
    location: Location


def without_gpu(unit: DeploymentUnit) -> WithoutGpu | None:
    """What says that the target has no GPU; `None` where it has one, or nothing tells."""
    if unit.reference is not None:
        size = unit.reference.instance_type
        if isinstance(size, Known) and isinstance(size.value, str) and has_gpu(size.value) is False:
            return WithoutGpu(f"`{size.value}` has no GPU", size.location)
        return None
    config = unit.deployment_config
    if isinstance(config, AciDeployment):
        why = "a container group of this deployment has no GPU"
        return WithoutGpu(why, config.section.locate())
    if not isinstance(config, AksDeployment) or config.is_change:
        return None
    if _asks_for_none(config, unit.inference_config):
        return WithoutGpu("the deployment asks for no GPU", config.section.locate())
    return None


def _asks_for_none(config: AksDeployment, inference: InferenceConfig | None) -> bool:
    """Whether neither the resources nor the image are made for a GPU."""
    cores = config.argument("gpu_cores")
    asked = not isinstance(cores, Absent) and not (isinstance(cores, Known) and cores.value == 0)
    if asked or inference is None:
        return False
    image, enabled = inference.base_image, inference.enable_gpu
    if isinstance(image, Absent):
        plain = True
    else:
        known = isinstance(image, Known) and isinstance(image.value, str)
        plain = known and not is_for_gpu(str(getattr(image, "value", "")))
    off = isinstance(enabled, Absent) or (isinstance(enabled, Known) and not enabled.value)
    return plain and off
