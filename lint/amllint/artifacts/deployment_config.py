"""v1 deployment configurations: AKS, AksEndpoint, ACI, local.

Fields carry the names of the arguments of `deploy_configuration(...)`; the keys are those
that azureml-core's file reader looks up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Final, TypeAlias

from amllint.artifacts.fields import Field, Section
from amllint.source.nodes import Path

_SHARED: Final[dict[str, tuple[str, ...]]] = {
    "auth_enabled": ("authEnabled",),
    "cpu_cores": ("containerResourceRequirements", "cpu"),
    "memory_gb": ("containerResourceRequirements", "memoryInGB"),
    "enable_app_insights": ("appInsightsEnabled",),
    "primary_key": ("keys", "primaryKey"),
    "secondary_key": ("keys", "secondaryKey"),
}
_AKS: Final[dict[str, tuple[str, ...]]] = {
    **_SHARED,
    "autoscale_enabled": ("autoScaler", "autoscaleEnabled"),
    "autoscale_min_replicas": ("autoScaler", "minReplicas"),
    "autoscale_max_replicas": ("autoScaler", "maxReplicas"),
    "autoscale_refresh_seconds": ("autoScaler", "refreshPeriodInSeconds"),
    "autoscale_target_utilization": ("autoScaler", "targetUtilization"),
    "collect_model_data": ("dataCollection", "storageEnabled"),
    "token_auth_enabled": ("tokenAuthEnabled",),
    "cpu_cores_limit": ("containerResourceRequirements", "cpuLimit"),
    "memory_gb_limit": ("containerResourceRequirements", "memoryInGBLimit"),
    "gpu_cores": ("gpuCores",),
    "scoring_timeout_ms": ("scoringTimeoutMs",),
    "replica_max_concurrent_requests": ("maxConcurrentRequestsPerContainer",),
    "max_request_wait_time": ("maxQueueWaitMs",),
    "num_replicas": ("numReplicas",),
    "period_seconds": ("livenessProbeRequirements", "periodSeconds"),
    "initial_delay_seconds": ("livenessProbeRequirements", "initialDelaySeconds"),
    "timeout_seconds": ("livenessProbeRequirements", "timeoutSeconds"),
    "success_threshold": ("livenessProbeRequirements", "successThreshold"),
    "failure_threshold": ("livenessProbeRequirements", "failureThreshold"),
    "namespace": ("namespace",),
    "compute_target_name": ("computeTargetName",),
}
_ACI: Final[dict[str, tuple[str, ...]]] = {
    **_SHARED,
    "location": ("location",),
    "ssl_enabled": ("sslEnabled",),
    "ssl_cert_pem_file": ("sslCertificate",),
    "ssl_key_pem_file": ("sslKey",),
    "ssl_cname": ("cname",),
    "dns_name_label": ("dnsNameLabel",),
    "cmk_vault_base_url": ("vaultBaseUrl",),
    "cmk_key_name": ("keyName",),
    "cmk_key_version": ("keyVersion",),
    "vnet_name": ("vnetName",),
    "subnet_name": ("subnetName",),
}


TOP_LEVEL_KEYS: Final = frozenset(
    {path[0] for keys in (_AKS, _ACI) for path in keys.values()} | {"computeType", "port"}
)
"""Keys that azureml-core looks up at the top level, for one compute type or another."""


@dataclass(frozen=True, slots=True)
class _Configuration:
    section: Section

    compute_type: ClassVar[str]
    keys: ClassVar[dict[str, tuple[str, ...]]]

    @property
    def path(self) -> str:
        """The display path of the file."""
        return self.section.path

    def argument(self, name: str) -> Field[Any]:
        """The value of a `deploy_configuration` argument, by its Python name."""
        return self.section.field(*self.keys[name])

    def key_path(self, name: str) -> Path:
        """The key path in the file of an argument."""
        return self.keys[name]


@dataclass(frozen=True, slots=True)
class AksDeployment(_Configuration):
    """`computeType: aks`."""

    compute_type: ClassVar[str] = "aks"
    keys: ClassVar[dict[str, tuple[str, ...]]] = _AKS


@dataclass(frozen=True, slots=True)
class AksEndpointDeployment(_Configuration):
    """`computeType: aksendpoint`: a version of an AksEndpoint; the file names no compute."""

    compute_type: ClassVar[str] = "aksendpoint"
    keys: ClassVar[dict[str, tuple[str, ...]]] = {
        **{k: v for k, v in _AKS.items() if k != "compute_target_name"},
        "version_name": ("versionName",),
        "traffic_percentile": ("trafficPercentile",),
    }


@dataclass(frozen=True, slots=True)
class AciDeployment(_Configuration):
    """`computeType: aci`."""

    compute_type: ClassVar[str] = "aci"
    keys: ClassVar[dict[str, tuple[str, ...]]] = _ACI


@dataclass(frozen=True, slots=True)
class LocalDeployment(_Configuration):
    """`computeType: local`: a container on the machine that deploys."""

    compute_type: ClassVar[str] = "local"
    keys: ClassVar[dict[str, tuple[str, ...]]] = {"port": ("port",)}


@dataclass(frozen=True, slots=True)
class UnknownDeployment(_Configuration):
    """A deployment configuration whose `computeType` is missing, unknown or a placeholder."""

    compute_type: ClassVar[str] = ""
    keys: ClassVar[dict[str, tuple[str, ...]]] = {}


AksLike: TypeAlias = AksDeployment | AksEndpointDeployment
DeploymentConfig: TypeAlias = (
    AksDeployment | AksEndpointDeployment | AciDeployment | LocalDeployment | UnknownDeployment
)

_BY_COMPUTE_TYPE: Final[dict[str, type[DeploymentConfig]]] = {
    kind.compute_type: kind
    for kind in (AksDeployment, AksEndpointDeployment, AciDeployment, LocalDeployment)
}


def deployment_config(section: Section) -> DeploymentConfig:
    """The configuration in a section, by its `computeType` (any case, as azureml-core reads it)."""
    compute_type = section.field("computeType")
    value = getattr(compute_type, "value", None)
    kind = _BY_COMPUTE_TYPE.get(value.lower() if isinstance(value, str) else "")
    return (kind or UnknownDeployment)(section)
