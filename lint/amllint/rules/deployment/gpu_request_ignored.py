"""A GPU is asked for in a way that has no effect, or that cannot be had.

## What it does
Reports `gpu` or `gpuCores` where nothing reads them (inside `containerResourceRequirements`,
`gpu` at the top level, either of them on ACI), a `gpuCores` that is no whole number, and an
inference config with `enableGpu: true` whose deployment asks for no GPU. Where the inference
config is known too: a `gpuCores` for a base image of Azure ML without CUDA and packages none
of which brings or uses a GPU, and, as advice, a base image for GPUs whose deployment asks for
none.

## Why it matters
azureml-core accepts this silently. The service is deployed without a GPU, and the model runs
on the CPU, or fails at its first `.cuda()`. Kubernetes gives out GPUs only as a whole. A GPU
that nothing in the image can use costs as much as one that is used, and where no node has one
the service is never scheduled: `Insufficient nvidia.com/gpu`.

## Example
```json deploymentconfig.json {7}
{
  "computeType": "aks",
  "numReplicas": 2,
  "containerResourceRequirements": {
    "cpu": 1,
    "memoryInGB": 4,
    "gpu": 1
  }
}
```

## Use instead
```json deploymentconfig.json
{
  "computeType": "aks",
  "numReplicas": 2,
  "gpuCores": 1,
  "containerResourceRequirements": {
    "cpu": 1,
    "memoryInGB": 4
  }
}
```

## Sources
- azureml-core 1.61.0, the file reader in `_util.py` and `webservice/aks.py`: executed; 0.5
  is accepted, and GPUs are read at the top level, for AKS and AksEndpoint alone.
- TensorFlow, ONNX Runtime and PyTorch, their installation guides and wheels: which of them
  bring CUDA and which need it in the image. PyTorch's wheels run on an image without.
- ACI for v1 services has no GPUs; GPUs of container instances were retired on 14 July 2025.
"""

from __future__ import annotations

from collections.abc import Iterator

from amllint.artifacts.deployment_config import (
    AciDeployment,
    AciUpdate,
    AksDeployment,
    AksEndpointDeployment,
    AksUpdate,
    AksVersionUpdate,
)
from amllint.artifacts.fields import Known
from amllint.findings.finding import Observation, Related, finding
from amllint.rules.deployment.gpu_image import mismatched
from amllint.rules.deployment.unread_gpu import UNREAD_GPU
from amllint.rules.registry import rule
from amllint.units import DeploymentUnit


@rule("AML414", "gpu-request-ignored", severity="warning", stage="schedule")
def gpu_request_ignored(
    config: AksDeployment
    | AksEndpointDeployment
    | AciDeployment
    | AksUpdate
    | AksVersionUpdate
    | AciUpdate,
    unit: DeploymentUnit,
) -> Iterator[Observation]:
    """Report each request that comes to nothing."""
    aci = isinstance(config, AciDeployment)
    for path in UNREAD_GPU:
        field = config.unread(*path)
        if field is not None:
            where = "ACI has no GPUs" if aci else "GPUs are asked for with `gpuCores`"
            yield finding(
                field.key,
                f"`{path[-1]}` is not read here and has no effect: {where}; azureml-core accepts "
                "this silently",
                help="deploy to AKS for a GPU, or remove it"
                if aci
                else f"write `gpuCores: {field.value}` at the top level",
                key="/".join(path),
            )
    cores = config.number("gpu_cores")
    if cores is not None and isinstance(cores.value, float) and not cores.value.is_integer():
        yield finding(
            cores.location,
            f"`{config.name_of('gpu_cores')}` is {cores.value}; azureml-core accepts this "
            "silently, and a GPU cannot be shared between containers",
            help="write a whole number",
            key="fraction",
        )
    yield from _unused_image(config, unit)
    yield from mismatched(config, unit)


def _unused_image(
    config: AksDeployment | AksEndpointDeployment | AciDeployment, unit: DeploymentUnit
) -> Iterator[Observation]:
    """An image made for a GPU where the deployment surely has none."""
    inference = unit.inference_config
    enabled = inference.enable_gpu if inference is not None else None
    cores = config.number("gpu_cores")
    none = isinstance(config, AciDeployment) or (cores is not None and cores.value == 0)
    if inference is None or not none or not isinstance(enabled, Known) or not enabled.value:
        return
    place = cores.location if cores is not None else config.section.locate(("computeType",))
    yield finding(
        enabled.location,
        f"`{inference.name_of('enable_gpu')}` is on, and the deployment has no GPU: the image "
        "carries CUDA for nothing; azureml-core accepts this silently",
        help="ask for a GPU with `gpuCores` on AKS, or set it to false",
        related=(Related(place, "the deployment"),),
        key="enableGpu",
    )
