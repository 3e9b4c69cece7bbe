"""The facts of a snapshot: what each is, and of what type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from amllint.snapshot.asset_rows import (
    Asset,
    Deployment,
    Endpoint,
    EnvironmentVersion,
    ModelVersion,
    Service,
)
from amllint.snapshot.place_rows import (
    AksCluster,
    Compute,
    GroupCapability,
    InstanceType,
    NodeSize,
    Provider,
    QuotaCap,
    Registry,
    RoleAssignment,
    RoleDefinition,
    Usage,
    VmSize,
    Workspace,
)

T_co = TypeVar("T_co", covariant=True)
KubernetesObject = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kind(Generic[T_co]):
    """A kind of fact.

    `row` is its type, or that of its items; `of` is what
    there is one of each of, empty where there is one in all.
    """

    name: str
    row: Any
    is_list: bool
    about: str
    of: str = ""

    def shown(self, of: str = "") -> str:
        """What messages call a fact of it."""
        return f"{self.name} of {of}" if of else self.name


@dataclass(frozen=True, slots=True)
class Read(Generic[T_co]):
    """A fact that is known: its value, when (UTC, ISO 8601) and from where it was read."""

    value: T_co
    read_at: str
    source: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A fact that could not be read, and why; never to be taken for nothing or for zero.

    `is_absent` says that nobody tried: the snapshot has nothing of it. The reason then says by
    what it is told.
    """

    reason: str
    read_at: str
    source: str
    is_absent: bool = False


WORKSPACE: Final[Kind[Workspace]] = Kind("workspace", Workspace, False, "The workspace itself.")
VM_SIZES: Final[Kind[tuple[VmSize, ...]]] = Kind(
    "vm_sizes", VmSize, True, "Sizes that Azure Machine Learning has in the region."
)
NODE_SIZES: Final[Kind[tuple[NodeSize, ...]]] = Kind(
    "node_sizes", NodeSize, True, "Sizes of virtual machines in the region, with restrictions."
)
ML_USAGES: Final[Kind[tuple[Usage, ...]]] = Kind(
    "ml_usages", Usage, True, "Quota of Azure Machine Learning: managed endpoints, AmlCompute."
)
ML_QUOTAS: Final[Kind[tuple[QuotaCap, ...]]] = Kind(
    "ml_quotas", QuotaCap, True, "What workspaces may use of that quota."
)
COMPUTE_USAGES: Final[Kind[tuple[Usage, ...]]] = Kind(
    "compute_usages", Usage, True, "Quota of virtual machines in the region: nodes of AKS."
)
ACI_CAPABILITIES: Final[Kind[tuple[GroupCapability, ...]]] = Kind(
    "aci_capabilities", GroupCapability, True, "The most that container groups get in the region."
)
ACI_USAGES: Final[Kind[tuple[Usage, ...]]] = Kind(
    "aci_usages", Usage, True, "Quota of container instances in the region."
)
COMPUTES: Final[Kind[tuple[Compute, ...]]] = Kind(
    "computes", Compute, True, "Computes of the workspace."
)
AKS_CLUSTER: Final[Kind[AksCluster]] = Kind(
    "aks_cluster", AksCluster, False, "A cluster as AKS knows it.", "the cluster's name"
)
MODELS: Final[Kind[tuple[Asset, ...]]] = Kind("models", Asset, True, "Names of registered models.")
MODEL_VERSIONS: Final[Kind[tuple[ModelVersion, ...]]] = Kind(
    "model_versions", ModelVersion, True, "Registered versions of a model.", "the model's name"
)
V1_MODELS: Final[Kind[tuple[ModelVersion, ...]]] = Kind(
    "v1_models", ModelVersion, True, "All registered versions, as the API of v1 lists them."
)
ENVIRONMENTS: Final[Kind[tuple[Asset, ...]]] = Kind(
    "environments", Asset, True, "Names of registered environments."
)
ENVIRONMENT_VERSIONS: Final[Kind[tuple[EnvironmentVersion, ...]]] = Kind(
    "environment_versions",
    EnvironmentVersion,
    True,
    "Registered versions of an environment.",
    "the environment's name",
)
SERVICES: Final[Kind[tuple[Service, ...]]] = Kind("services", Service, True, "Web services of v1.")
ONLINE_ENDPOINTS: Final[Kind[tuple[Endpoint, ...]]] = Kind(
    "online_endpoints", Endpoint, True, "Online endpoints."
)
ONLINE_DEPLOYMENTS: Final[Kind[tuple[Deployment, ...]]] = Kind(
    "online_deployments", Deployment, True, "Deployments of an endpoint.", "the endpoint's name"
)
BATCH_ENDPOINTS: Final[Kind[tuple[Endpoint, ...]]] = Kind(
    "batch_endpoints", Endpoint, True, "Batch endpoints."
)
REGISTRY: Final[Kind[Registry]] = Kind("registry", Registry, False, "The workspace's registry.")
ROLE_ASSIGNMENTS: Final[Kind[tuple[RoleAssignment, ...]]] = Kind(
    "role_assignments",
    RoleAssignment,
    True,
    "Roles at a scope and above it.",
    "the scope's id",
)
ROLE_DEFINITIONS: Final[Kind[tuple[RoleDefinition, ...]]] = Kind(
    "role_definitions", RoleDefinition, True, "What the roles allow that somebody has there."
)
PROVIDERS: Final[Kind[tuple[Provider, ...]]] = Kind(
    "providers", Provider, True, "Resource providers of the subscription."
)
NODES: Final[Kind[tuple[KubernetesObject, ...]]] = Kind(
    "nodes", KubernetesObject, True, "Nodes, in the form of Kubernetes, what schedules kept."
)
PODS: Final[Kind[tuple[KubernetesObject, ...]]] = Kind(
    "pods", KubernetesObject, True, "Pods, in the form of Kubernetes, what schedules kept."
)
INSTANCE_TYPES: Final[Kind[tuple[InstanceType, ...]]] = Kind(
    "instance_types", InstanceType, True, "InstanceTypes, as the cluster has them."
)

OWNER_LABEL: Final = "kubernetes.azure.com/cluster"
"""The label in which AKS writes the resource group of a node, MC_group_cluster_region."""
CLUSTER_KINDS: Final = (NODES, PODS, INSTANCE_TYPES)
"""What Kubernetes alone tells, and Azure does not."""
KINDS: Final[dict[str, Kind[Any]]] = {
    kind.name: kind for kind in list(globals().values()) if isinstance(kind, Kind)
}
"""Every kind of fact, by its name."""
