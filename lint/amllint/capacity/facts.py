"""What is known of where deployments run: each fact is there, or missing for a reason.

Today the configuration declares them (`declared.py`). Whatever else can tell them fills the same
`Facts`, one fact at a time, with `was_asked` for what it tried to learn in vain.
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
    unchecked then, each with the reason and `location`.
    """

    reason: str = "nothing says it"
    was_asked: bool = False
    location: Location | None = None


NOBODY: Final = Missing()
"""A fact that nothing was asked for."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """The nodes of an AKS cluster, as they are and as its autoscaler may add to them.

    `size` is what a node is called in messages. `growth` nodes like `added` may come.
    `is_busy_known` says that what other pods ask for is counted in; without it nodes are looked
    at as if nothing else ran on them.
    """

    location: Location
    source: str
    size: str
    nodes: tuple[Node, ...]
    side_containers: Resources
    growth: int = 0
    added: Node | None = None
    purpose: str | None = None
    is_busy_known: bool = False

    @property
    def all_nodes(self) -> tuple[Node, ...]:
        """The nodes, with all that may be added."""
        return self.nodes + ((self.added,) * self.growth if self.added is not None else ())

    @property
    def shown(self) -> str:
        """How many nodes of which size, for messages."""
        most = len(self.nodes) + self.growth
        upto = "up to " if self.growth else ""
        return f"{upto}{most} node{'s' if most != 1 else ''} of {self.size}"


@dataclass(frozen=True, slots=True)
class Quota:
    """Cores that are left: limit minus usage, of the region (`None`: not known), by family."""

    location: Location
    source: str
    regional_cores: int | None
    family_cores: dict[str, int] = field(default_factory=dict, hash=False)


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
