"""What is known of where deployments run: each fact is there, or missing for a reason.

The configuration declares them (`declared.py`), and a snapshot of the workspace knows them
(`observed/`). Each fills the same `Facts`, one fact at a time, with `was_asked` for what it should
have told and does not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from amllint.findings.finding import Location

if TYPE_CHECKING:
    from amllint.capacity.resources import Resources
    from amllint.capacity.scheduling import Node


class Missing(NamedTuple):
    """A fact that is not there, and why.

    `was_asked` says that something should have told it: the rules that need it are told of as
    unchecked then, each with the reason and `location`. `is_moot` says that it has no bearing on
    what is deployed, so that nobody misses it.
    """

    reason: str = "nothing says it"
    was_asked: bool = False
    location: Location | None = None
    is_moot: bool = False


DECLARED: Final = "declared"
"""The source of facts that the configuration declares."""
NOBODY: Final = Missing()
"""A fact that nothing was asked for."""
MOOT: Final = Missing("it has no bearing here", is_moot=True)
"""A fact that what is deployed has nothing to do with."""


class InstanceType(NamedTuple):
    """What an InstanceType of a Kubernetes compute gives a replica, and where it may run."""

    requests: dict[str, str]
    limits: dict[str, str]
    node_selector: tuple[tuple[str, str], ...] = ()


class Replaced(NamedTuple):
    """A service of which an update takes the place, and how many pods it has.

    `freed` are the nodes that these run on, as they are without them, each with its place among
    the nodes of the cluster.
    """

    service: str
    pods: int
    freed: tuple[tuple[int, Node], ...]


class NewNode(NamedTuple):
    """A node as a pool makes new ones, with what runs on each of them.

    The autoscaler may add so many, and the quota has cores for so many more, `None` where that is
    not known.
    """

    node: Node
    by_autoscaler: int = 0
    by_quota: int | None = None


@dataclass(frozen=True, slots=True)
class Cluster:
    """The nodes of an AKS cluster, as they are and as its autoscaler may add to them.

    `size` is what a node is called in messages, `name` the cluster. The nodes in `added` may come.
    `is_busy_known` says that what other pods ask for is counted in; without it nodes are looked
    at as if nothing else ran on them. `is_observed` says that nodes and labels are the cluster's
    own, and not what its size says, `are_pods_known` that the pods there are known one by one.
    `replaced` are services that run there and of which it may be
    that one is deployed anew. `new` is a new node of each pool, and `quota` why it is not known for
    how many of them the quota has cores. `types` are the InstanceTypes of a Kubernetes compute.
    `more` says why it is not known whether nodes may be added, where it is not.
    """

    location: Location
    source: str
    size: str
    nodes: tuple[Node, ...]
    side_containers: Resources
    added: tuple[Node, ...] = ()
    purpose: str | None = None
    is_busy_known: bool = False
    name: str = ""
    is_observed: bool = False
    replaced: tuple[Replaced, ...] = ()
    types: dict[str, InstanceType] | Missing = field(default=NOBODY, hash=False)
    default_type: str | None = None
    are_pods_known: bool = False
    more: Missing | None = field(default=None, hash=False)
    new: tuple[NewNode, ...] = field(default=(), hash=False)
    quota: Missing | None = field(default=None, hash=False)

    @property
    def all_nodes(self) -> tuple[Node, ...]:
        """The nodes, with all that may be added."""
        return self.nodes + self.added

    @property
    def shown(self) -> str:
        """How many nodes of which size, and of which cluster, for messages."""
        most = len(self.all_nodes)
        upto = "up to " if self.added else ""
        return f"{upto}{most} node{'s' if most != 1 else ''} of {self.size}{self.where}"

    def verb(self, of_one: str, of_many: str) -> str:
        """The form of a verb that goes with `shown`."""
        return of_one if len(self.all_nodes) == 1 else of_many

    @property
    def is_declared(self) -> bool:
        """Whether the configuration is the source of it."""
        return self.source == DECLARED

    @property
    def where(self) -> str:
        """Which cluster it is and what says so, for messages; nothing for one that is declared."""
        if self.is_declared:
            return ""
        return f" in `{self.name}` ({self.source})" if self.name else f" ({self.source})"


class OwnCores(NamedTuple):
    """Cores of a family that a deployment takes already."""

    family: str
    cores: int


@dataclass(frozen=True, slots=True)
class Quota:
    """Cores that are left: limit minus usage, of the region (`None`: not known), by family.

    `workspace_cores` is what the workspace may use of a family in all. `own` is what a deployment
    that is replaced takes of its family already; missing where it is not known whether it is
    there. `is_whole` says that every family that the region has is listed, of which `unlimited`
    have no limit. `region` is where it holds, if that is known.
    """

    location: Location
    source: str
    regional_cores: int | None
    family_cores: dict[str, int] = field(default_factory=dict, hash=False)
    workspace_cores: dict[str, int] = field(default_factory=dict, hash=False)
    own: OwnCores | Missing | None = None
    is_whole: bool = False
    unlimited: frozenset[str] = frozenset()
    region: str | None = None


@dataclass(frozen=True, slots=True)
class GroupLimit:
    """The most cores and memory that a container group of ACI gets in the region."""

    location: Location
    source: str
    cores: float | None = None
    memory_gb: float | None = None


@dataclass(frozen=True, slots=True)
class ModelSize:
    """How many bytes the models of a deployment are, and what says so."""

    location: Location
    source: str
    total_bytes: int

    @property
    def gib(self) -> float:
        """The same in GiB."""
        return self.total_bytes / (1 << 30)


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known beyond files. The names of the fields are what configurations call them."""

    cluster: Cluster | Missing = NOBODY
    quota: Quota | Missing = NOBODY
    aci: GroupLimit | Missing = NOBODY
    model: ModelSize | Missing = NOBODY


FIELDS: Final = {"Cluster": "cluster", "Quota": "quota", "GroupLimit": "aci", "ModelSize": "model"}
"""The field of each type of fact, by which rules ask for it."""
NO_FACTS: Final = Facts()
"""Where nothing is known but files."""
