"""What is registered and deployed in a workspace, as a snapshot keeps it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated


@dataclass(frozen=True, slots=True)
class Asset:
    """A name under which versions of a model or of an environment are registered."""

    name: Annotated[str, "The name."]
    latest_version: Annotated[str | None, "The version that `@latest` means."] = None
    is_archived: Annotated[bool | None, "Whether it is hidden from lists."] = None


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """A registered version of a model."""

    name: Annotated[str, "The model's name."]
    version: Annotated[str, "The version, a text."]
    kind: Annotated[str | None, "custom_model, mlflow_model or triton_model."] = None
    framework: Annotated[str | None, "The framework that it was registered for, such as Onnx."] = (
        None
    )
    framework_version: Annotated[str | None, "The framework's version."] = None
    cpu_cores: Annotated[float | None, "Cores that it was registered to ask for."] = None
    memory_gb: Annotated[float | None, "GB of memory that it was registered to ask for."] = None
    is_archived: Annotated[bool | None, "Whether it is hidden from lists."] = None


@dataclass(frozen=True, slots=True)
class EnvironmentVersion:
    """A registered version of an environment."""

    name: Annotated[str, "The environment's name."]
    version: Annotated[str, "The version, a text."]
    kind: Annotated[str | None, "Curated or UserCreated."] = None
    image: Annotated[str | None, "The base image, where it names one."] = None
    os_type: Annotated[str | None, "Linux or Windows."] = None
    is_archived: Annotated[bool | None, "Whether it is hidden from lists."] = None
    is_built: Annotated[bool | None, "Whether an image is built, upon the base image if any."] = (
        None
    )


@dataclass(frozen=True, slots=True)
class Service:
    """A web service of v1."""

    name: Annotated[str, "The service's name."]
    state: Annotated[str | None, "Healthy, Unhealthy, Transitioning, Failed…"] = None
    compute_type: Annotated[str | None, "ACI, AKS, AKSENDPOINT…"] = None
    compute_name: Annotated[str | None, "The AKS compute that it runs on."] = None
    cpu_cores: Annotated[float | None, "Cores that each replica asks for."] = None
    cpu_cores_limit: Annotated[float | None, "The most cores that a replica may use."] = None
    memory_gb: Annotated[float | None, "GB of memory that each replica asks for."] = None
    memory_gb_limit: Annotated[float | None, "The most GB that a replica may use."] = None
    gpu_cores: Annotated[int | None, "GPUs that each replica asks for."] = None
    replicas: Annotated[int | None, "How many replicas it has."] = None
    models: Annotated[tuple[str, ...], "Its models, as name:version."] = ()
    error: Annotated[str | None, "What went wrong, secrets struck out."] = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint of v2, for calls or for batches."""

    name: Annotated[str, "The endpoint's name."]
    kind: Annotated[str | None, "Managed or Kubernetes."] = None
    state: Annotated[str | None, "Creating, Updating, Deleting, Succeeded, Failed, Canceled."] = (
        None
    )
    auth_mode: Annotated[str | None, "Key, AMLToken or AADToken."] = None
    traffic: Annotated[dict[str, int], "Percent of the calls, by deployment."] = field(
        default_factory=dict
    )
    mirror_traffic: Annotated[dict[str, int], "Percent that is copied, by deployment."] = field(
        default_factory=dict
    )
    public_network_access: Annotated[str | None, "Enabled or Disabled."] = None
    compute: Annotated[str | None, "Id of the Kubernetes compute that it runs on."] = None
    identity_type: Annotated[str | None, "SystemAssigned, UserAssigned or None."] = None
    principal_id: Annotated[str | None, "Object id of its system-assigned identity."] = None
    user_identities: Annotated[
        dict[str, str | None], "Object ids of its user-assigned identities, by their ids."
    ] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Deployment:
    """A deployment of an online endpoint."""

    endpoint: Annotated[str, "The endpoint's name."]
    name: Annotated[str, "The deployment's name."]
    kind: Annotated[str | None, "Managed or Kubernetes."] = None
    state: Annotated[str | None, "Creating, Updating, Scaling, Deleting, Succeeded, Failed…"] = None
    instance_type: Annotated[str | None, "VM size, or an InstanceType of the cluster."] = None
    instance_count: Annotated[int | None, "How many instances it has."] = None
    model: Annotated[str | None, "Id of its model."] = None
    environment: Annotated[str | None, "Id of its environment."] = None
    request_timeout_ms: Annotated[int | None, "Milliseconds until a call is given up."] = None
    concurrent_requests: Annotated[int | None, "Calls at a time to one instance."] = None
    scale_type: Annotated[str | None, "Default or TargetUtilization."] = None
    egress: Annotated[str | None, "egressPublicNetworkAccess: Enabled or Disabled."] = None
