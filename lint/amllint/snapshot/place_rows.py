"""The workspace and where it can deploy to, as a snapshot keeps it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated


@dataclass(frozen=True, slots=True)
class Workspace:
    """The workspace itself. Ids are those of ARM."""

    id: Annotated[str, "Its id."]
    name: Annotated[str, "Its name."]
    location: Annotated[str, "Its region, such as eastus."]
    provisioning_state: Annotated[str | None, "Succeeded, Updating, SoftDeleted…"] = None
    identity_type: Annotated[str | None, "SystemAssigned, UserAssigned…"] = None
    principal_id: Annotated[str | None, "Object id of its system-assigned identity."] = None
    user_identity: Annotated[str | None, "Id of its primary user-assigned identity."] = None
    storage_account: Annotated[str | None, "Id of its storage account."] = None
    key_vault: Annotated[str | None, "Id of its key vault."] = None
    container_registry: Annotated[str | None, "Id of its registry; null until it has one."] = None
    application_insights: Annotated[str | None, "Id of its Application Insights."] = None
    image_build_compute: Annotated[str | None, "The cluster that builds images."] = None
    public_network_access: Annotated[str | None, "Enabled or Disabled."] = None
    isolation_mode: Annotated[str | None, "Of the managed network: Disabled, AllowInternet…"] = None
    is_v1_legacy: Annotated[bool | None, "Whether the API of v2 is kept off it."] = None
    user_identities: Annotated[
        dict[str, str | None], "Object ids of its user-assigned identities, by their ids."
    ] = field(default_factory=dict)
    private_endpoints: Annotated[int | None, "How many private endpoints lead to it."] = None


@dataclass(frozen=True, slots=True)
class VmSize:
    """A size that Azure Machine Learning has in the region, for its own computes."""

    name: Annotated[str, "Such as Standard_DS2_v2."]
    family: Annotated[str, "The quota family that its cores count in."]
    vcpus: Annotated[int, "Cores."]
    memory_gb: Annotated[float, "Memory, GB."]
    gpus: Annotated[int, "GPUs."] = 0
    compute_types: Annotated[tuple[str, ...] | None, "What it can be: AmlCompute…"] = None


@dataclass(frozen=True, slots=True)
class Restriction:
    """What a subscription may not do with a size."""

    kind: Annotated[str, "Location or Zone."]
    reason: Annotated[str | None, "NotAvailableForSubscription or QuotaId."] = None
    locations: Annotated[tuple[str, ...], "The regions where it holds."] = ()
    zones: Annotated[tuple[str, ...], "The zones where it holds."] = ()


@dataclass(frozen=True, slots=True)
class NodeSize:
    """A size of virtual machines in the region, such as nodes of AKS have."""

    name: Annotated[str, "Such as Standard_D4s_v3."]
    family: Annotated[str | None, "The quota family that its cores count in."] = None
    vcpus: Annotated[int | None, "Cores."] = None
    memory_gib: Annotated[float | None, "Memory, GiB (the capability MemoryGB)."] = None
    gpus: Annotated[int, "GPUs."] = 0
    restrictions: Annotated[tuple[Restriction, ...], "Where the subscription cannot have it."] = ()


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of a quota is used."""

    name: Annotated[str, "What is counted: a family, cores, TotalDedicatedCores…"]
    used: Annotated[int, "How much is used."]
    limit: Annotated[int | None, "The most that may be; null where no limit is set (-1)."]
    label: Annotated[str | None, "The name as the portal shows it."] = None


@dataclass(frozen=True, slots=True)
class QuotaCap:
    """What a workspace may use of a family's quota."""

    name: Annotated[str, "The family."]
    limit: Annotated[int | None, "The most cores; null where none is set (-1)."]
    workspace: Annotated[str | None, "The workspace's name."] = None


@dataclass(frozen=True, slots=True)
class GroupCapability:
    """What a container group of ACI may have in the region."""

    os_type: Annotated[str | None, "Linux or Windows."]
    gpu: Annotated[str | None, "The GPU that comes with it: None, K80, P100, V100."]
    cpu_cores: Annotated[float | None, "The most cores."]
    memory_gb: Annotated[float | None, "The most memory, GB."]
    gpus: Annotated[float | None, "The most GPUs."] = None
    ip_address_type: Annotated[str | None, "Public or Private."] = None


@dataclass(frozen=True, slots=True)
class Registry:
    """The container registry of the workspace."""

    id: Annotated[str, "Its id."]
    name: Annotated[str, "Its name."]
    login_server: Annotated[str | None, "Its host."] = None
    sku: Annotated[str | None, "Basic, Standard or Premium."] = None
    has_admin_user: Annotated[bool | None, "Whether the admin user is enabled."] = None
    public_network_access: Annotated[str | None, "Enabled or Disabled."] = None
    bypass: Annotated[str | None, "networkRuleBypassOptions: AzureServices or None."] = None
    role_mode: Annotated[str | None, "roleAssignmentMode, by which AcrPull counts or not."] = None


@dataclass(frozen=True, slots=True)
class RoleAssignment:
    """A role that somebody has."""

    principal_id: Annotated[str, "Object id of who has it."]
    role_definition_id: Annotated[str, "Id of the role."]
    scope: Annotated[str, "Id of what it holds for, and for all below."]
    principal_type: Annotated[str | None, "User, Group or ServicePrincipal."] = None
    is_conditional: Annotated[bool | None, "Whether it holds under a condition alone."] = None


@dataclass(frozen=True, slots=True)
class Permission:
    """What a role allows: actions but for some of them; `*` stands for any part of one."""

    actions: Annotated[tuple[str, ...], "Actions on resources."] = ()
    not_actions: Annotated[tuple[str, ...], "Those of them that are not meant."] = ()
    data_actions: Annotated[tuple[str, ...], "Actions on what resources hold."] = ()
    not_data_actions: Annotated[tuple[str, ...], "Those of them that are not meant."] = ()


@dataclass(frozen=True, slots=True)
class RoleDefinition:
    """A role, of Azure's own or a custom one."""

    id: Annotated[str, "Its id."]
    name: Annotated[str, "Its name."]
    permissions: Annotated[tuple[Permission, ...], "What it allows, all of them together."]


@dataclass(frozen=True, slots=True)
class Provider:
    """A resource provider of the subscription."""

    namespace: Annotated[str, "Such as Microsoft.ContainerInstance."]
    state: Annotated[str, "Registered, NotRegistered, Registering, Unregistering."]


@dataclass(frozen=True, slots=True)
class InstanceType:
    """An InstanceType of a Kubernetes compute. Amounts are quantities of Kubernetes."""

    name: Annotated[str, "Its name."]
    node_selector: Annotated[dict[str, str], "Labels that a node must have."] = field(
        default_factory=dict
    )
    requests: Annotated[dict[str, str], "What a replica asks for, by resource."] = field(
        default_factory=dict
    )
    limits: Annotated[dict[str, str], "The most that a replica may use, by resource."] = field(
        default_factory=dict
    )


@dataclass(frozen=True, slots=True)
class Compute:
    """A compute of the workspace."""

    name: Annotated[str, "Its name."]
    kind: Annotated[str, "AKS, Kubernetes, AmlCompute, ComputeInstance…"]
    state: Annotated[str | None, "Succeeded, Creating, Updating, Deleting, Failed…"] = None
    errors: Annotated[tuple[str, ...], "What went wrong, secrets struck out."] = ()
    location: Annotated[str | None, "Its region."] = None
    resource_id: Annotated[str | None, "Id of what is attached."] = None
    is_attached: Annotated[bool | None, "Whether it was made outside of the workspace."] = None
    vm_size: Annotated[str | None, "The size of its nodes."] = None
    nodes: Annotated[int | None, "How many nodes it has (AKS), may have (AmlCompute)."] = None
    cluster_purpose: Annotated[str | None, "FastProd, DenseProd or DevTest."] = None
    tls: Annotated[str | None, "Disabled, Enabled or Auto."] = None
    load_balancer: Annotated[str | None, "PublicIp or InternalLoadBalancer."] = None
    namespace: Annotated[str | None, "The namespace of Kubernetes that it uses."] = None
    default_instance_type: Annotated[str | None, "The InstanceType where none is named."] = None
    instance_types: Annotated[tuple[InstanceType, ...] | None, "Those of a Kubernetes compute."] = (
        None
    )


@dataclass(frozen=True, slots=True)
class NodePool:
    """A node pool of AKS."""

    name: Annotated[str, "Its name."]
    vm_size: Annotated[str, "The size of its nodes."]
    count: Annotated[int, "How many nodes it has."]
    is_autoscaled: Annotated[bool | None, "Whether the cluster autoscaler changes that."] = None
    min_count: Annotated[int | None, "The fewest nodes with the autoscaler."] = None
    max_count: Annotated[int | None, "The most nodes with the autoscaler."] = None
    max_pods: Annotated[int | None, "How many pods a node may have."] = None
    mode: Annotated[str | None, "System or User."] = None
    os_type: Annotated[str | None, "Linux or Windows."] = None
    kubernetes_version: Annotated[str | None, "The version of its nodes."] = None
    state: Annotated[str | None, "Succeeded, Scaling, Failed…"] = None
    power: Annotated[str | None, "Running or Stopped."] = None
    taints: Annotated[tuple[str, ...], "key=value:effect."] = ()
    labels: Annotated[dict[str, str], "Labels of its nodes."] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AksCluster:
    """A cluster as AKS itself knows it."""

    id: Annotated[str, "Its id."]
    name: Annotated[str, "Its name."]
    node_pools: Annotated[tuple[NodePool, ...], "Its node pools."]
    kubernetes_version: Annotated[str | None, "The version of the control plane."] = None
    state: Annotated[str | None, "Succeeded, Updating, Failed…"] = None
    power: Annotated[str | None, "Running or Stopped."] = None
    is_private: Annotated[bool | None, "Whether its API server has no public address."] = None
    is_monitored: Annotated[bool | None, "Whether the monitoring add-on is enabled."] = None
    has_public_fqdn: Annotated[bool | None, "Whether a private cluster has a public name."] = None
    authorized_ranges: Annotated[
        int | None, "Ranges of addresses that may call its API server."
    ] = None
