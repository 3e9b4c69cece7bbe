"""What a v1 configuration asks for: replicas, and the amounts of each."""

from __future__ import annotations

from typing import Final, NamedTuple

from amllint.artifacts.deployment_config import (
    AciDeployment,
    AksDeployment,
    AksEndpointDeployment,
    AksLike,
)
from amllint.artifacts.fields import Absent, Known, Unknown
from amllint.capacity.replicas import (
    DEFAULT_MAX_REPLICAS,
    DEFAULT_MIN_REPLICAS,
    DEFAULT_TARGET_UTILIZATION,
)
from amllint.capacity.resources import Resources, resources
from amllint.findings.finding import Location

DEFAULT_CORES: Final = 0.1
DEFAULT_MEMORY_GB: Final = 0.5
"""What a replica gets where nothing is given, by the documentation of azureml-core."""
_DEFAULTS: Final = {"cpu_cores": DEFAULT_CORES, "memory_gb": DEFAULT_MEMORY_GB, "gpu_cores": 0}
_READ = (
    "autoscale_enabled",
    "autoscale_min_replicas",
    "autoscale_max_replicas",
    "autoscale_target_utilization",
    "replica_max_concurrent_requests",
    "num_replicas",
)


class Replicas(NamedTuple):
    """The replicas of a configuration: fewest, most, the target, and where the most stand."""

    least: float
    most: float
    utilization: float
    place: Location
    name: str


def replica_counts(config: AksLike) -> Replicas | None:
    """The replicas, `None` where a number is not known or contradicts another."""
    if any(isinstance(config.argument(name), Unknown) for name in _READ):
        return None
    if config.given("autoscale_enabled") is True:
        return _scaled(config)
    fixed = config.number("num_replicas")
    if fixed is None or fixed.value < 1:
        return None
    name = config.name_of("num_replicas")
    return Replicas(fixed.value, fixed.value, DEFAULT_TARGET_UTILIZATION, fixed.location, name)


def _scaled(config: AksLike) -> Replicas | None:
    percent = number_of(config, "autoscale_target_utilization", DEFAULT_TARGET_UTILIZATION * 100)
    least = number_of(config, "autoscale_min_replicas", DEFAULT_MIN_REPLICAS)
    most = number_of(config, "autoscale_max_replicas", DEFAULT_MAX_REPLICAS)
    if not 1 <= percent <= 100 or not 1 <= least <= most or config.number("num_replicas"):
        return None
    field = config.argument("autoscale_max_replicas")
    enabled = config.argument("autoscale_enabled")
    place = field if isinstance(field, Known) else enabled
    name = config.name_of("autoscale_max_replicas")
    return Replicas(least, most, percent / 100, place.location, name)


def number_of(config: AksLike, name: str, default: float) -> float:
    """A number of a configuration, or what holds where it gives none."""
    field = config.number(name)
    return field.value if field is not None and field.value else default


class Request(NamedTuple):
    """What a container asks for, as it is written, and where the larger part of it stands."""

    cores: float
    memory_gb: float
    gpus: int
    place: Location

    @property
    def own(self) -> Resources:
        """The amounts, without what Azure ML adds."""
        return resources(self.cores, self.memory_gb, self.gpus)


def request_of(config: AksDeployment | AksEndpointDeployment | AciDeployment) -> Request | None:
    """The request; `None` where a part of it is not known, or is refused anyway."""
    amounts: list[float] = []
    place = config.place
    for name, default in _DEFAULTS.items():
        argument = config.argument(name) if name in config.keys else Absent(place)
        field = config.number(name) if name in config.keys else None
        if field is None and not isinstance(argument, Absent):
            return None
        if field is not None and (field.value < 0 or (field.value == 0 and default)):
            return None
        if field is not None and field.value and name != "gpu_cores":
            place = field.location
        amounts.append(field.value if field is not None else default)
    cores, memory, gpus = amounts
    return Request(cores, memory, int(gpus), place) if gpus == int(gpus) else None
