"""v1 deployment configurations: AKS, AksEndpoint, ACI, local.

Fields carry the names of the arguments of `deploy_configuration(...)`; the keys are those
that azureml-core's file reader looks up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Final, TypeAlias

from amllint.artifacts.fields import Field, Known, Section, value_of
from amllint.findings.finding import Location
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


_LIMITS_CHECKED: Final = frozenset(
    {"AksWebservice.update", "Webservice.update", "AksEndpoint.create_version"}
)
_FLAGS: Final = (
    *("auth_enabled", "token_auth_enabled", "autoscale_enabled", "ssl_enabled"),
    *("enable_app_insights", "collect_model_data"),
)
TOP_LEVEL_KEYS: Final = frozenset(
    {path[0] for keys in (_AKS, _ACI) for path in keys.values()} | {"computeType", "port"}
)
"""Keys that azureml-core looks up at the top level, for one compute type or another."""


@dataclass(frozen=True, slots=True)
class _Configuration:
    """A configuration; `call` is the method of azureml-core that is given it, `""` for files."""

    section: Section
    call: str = ""

    compute_type: ClassVar[str]
    keys: ClassVar[dict[str, tuple[str, ...]]]
    is_change: ClassVar[bool] = False
    """Whether it changes a service: what is not given stays as it is there."""

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

    def name_of(self, name: str) -> str:
        """What an argument is called where the configuration is written."""
        return self.section.called(*self.keys[name])

    def given(self, name: str) -> Any:
        """The value of an argument; `None` where it is absent, unknown, or of other types."""
        return value_of(self.argument(name)) if name in self.keys else None

    def number(self, name: str) -> Known[Any] | None:
        """An argument that is known to be a number; true and false are none."""
        field = self.argument(name) if name in self.keys else None
        if not isinstance(field, Known) or isinstance(field.value, bool):
            return None
        return field if isinstance(field.value, (int, float)) else None

    @property
    def limits_checked(self) -> bool:
        """Whether azureml-core refuses limits of zero, which it does not where a service is made.

        Source: executed with azureml-core 1.61.0.
        """
        return self.call in _LIMITS_CHECKED

    @property
    def place(self) -> Location:
        """Where a finding about the whole configuration stands."""
        return self.section.locate(("computeType",), key=True)

    def is_misshapen(self, *path: str | int) -> bool:
        """Whether something else than a mapping stands where a section belongs."""
        data = self.section.data
        for step in path:
            if not isinstance(data, dict) or step not in data:
                return False
            data = data[step]
        return not isinstance(data, dict)

    def flags(self) -> Iterator[tuple[str, Field[Any]]]:
        """The switches, by the name of the argument."""
        return ((name, self.argument(name)) for name in _FLAGS if name in self.keys)

    def unread(self, *path: str) -> Known[Any] | None:
        """A value at a key path that is not looked up for this type, if it asks for anything."""
        field = self.section.field(*path)
        if not isinstance(field, Known) or not field.value or path in self.keys.values():
            return None
        return field

    def spelled(self, value: bool) -> str:
        """True or false as it is written here."""
        return "true" if value else "false"


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
    tls_arguments: ClassVar[tuple[str, ...]] = (
        "ssl_cert_pem_file",
        "ssl_key_pem_file",
        "ssl_cname",
    )


@dataclass(frozen=True, slots=True)
class AksUpdate(AksDeployment):
    """What `AksWebservice.update` changes; azureml-core checks it as it does a new service."""

    is_change: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class AksVersionUpdate(AksEndpointDeployment):
    """What `AksEndpoint.update_version` changes; azureml-core checks none of it."""

    is_change: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class AciUpdate(AciDeployment):
    """What `AciWebservice.update` changes."""

    is_change: ClassVar[bool] = True


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
