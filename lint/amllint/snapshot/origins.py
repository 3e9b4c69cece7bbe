"""Whether exports are all of one workspace, of its region and of its registry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from amllint.snapshot.facts import Read, Unread
from amllint.snapshot.tag_lists import answered_by
from amllint.source.names import region_key
from amllint.source.problem import Refused

_PROVIDER: Final = r"/providers/microsoft\.machinelearningservices"
_WORKSPACE: Final = re.compile(
    rf"/subscriptions/[^/]+/resourcegroups/[^/]+{_PROVIDER}/workspaces/(?P<name>[^/]+)",
    re.IGNORECASE,
)
_REGION: Final = re.compile(rf"{_PROVIDER}/locations/(?P<region>[^/]+)/", re.IGNORECASE)


class NoExports(Refused):
    """A folder has no exports that can be used; `str()` says why."""


class Origins:
    """Which workspace, region and registry files are of, by what is in them, each with the first
    file of it."""

    def __init__(self) -> None:
        self._workspaces: dict[str, tuple[str, str]] = {}
        self._regions: dict[str, tuple[str, str]] = {}
        self._registries: dict[str, tuple[str, str]] = {}

    @property
    def registry(self) -> str | None:
        """The host of the registry that a list of tags is of, where one says it."""
        return next((host for host, _ in self._registries.values()), None)

    def take(self, file: str, data: Any) -> None:
        """Take account of a file. Raises `NoExports` for one of another workspace."""
        for whole in _ids(data):
            if match := _WORKSPACE.search(whole):
                self._workspaces.setdefault(match[0].lower(), (match["name"], file))
            if match := _REGION.search(whole):
                self._regions.setdefault(region_key(match["region"]), (match["region"], file))
        for region in _regions_of_sizes(data):
            self._regions.setdefault(region_key(region), (region, file))
        host = answered_by(data)
        if host is not None:
            self._registries.setdefault(host.lower(), (host, file))
        every = {"workspace": self._workspaces, "region": self._regions}
        for what, known in {**every, "registry": self._registries}.items():
            if len(known) > 1:
                (one, first), (other, second) = list(known.values())[:2]
                raise NoExports(
                    f"{first} is of the {what} `{one}`, {second} of `{other}`: export all of one"
                )

    def hold_against(
        self, workspace: Read[Any] | Unread | None, registry: Read[Any] | Unread | None
    ) -> None:
        """Hold regions and registries against those of the workspace. Raises `NoExports`."""
        location = workspace.value.location if isinstance(workspace, Read) else None
        for region, file in self._regions.values():
            if location and region_key(region) != region_key(location):
                raise NoExports(
                    f"{file} is of the region `{region}`, the workspace is in `{location}`: export"
                    " it of that region"
                )
        _check_attached(workspace, registry)
        check_registry(self.registry, registry)


def _regions_of_sizes(data: Any) -> set[str]:
    """The region of a list of sizes of virtual machines, each of which names that one alone."""
    listed = data.get("value") if isinstance(data, dict) else data
    rows = [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []
    named = [row.get("locations") for row in rows if "resourceType" in row]
    single = {row[0] for row in named if isinstance(row, list) and len(row) == 1}
    regions = {region for region in single if isinstance(region, str)}
    return regions if len(regions) == 1 else set()


def _ids(data: Any) -> Iterator[str]:
    listed = data.get("value", [data]) if isinstance(data, dict) else data
    for item in listed if isinstance(listed, list) else ():
        if isinstance(item, dict) and isinstance(item.get("id"), str):
            yield item["id"]


def check_registry(host: str | None, known: Read[Any] | Unread | None) -> None:
    """Hold the registry that tags are of against the workspace's. Raises `NoExports`."""
    own = known.value.login_server if isinstance(known, Read) else None
    if host is not None and own is not None and host.lower() != own.lower():
        raise NoExports(
            f"there are tags of the registry `{host}`, the workspace's is `{own}`: export them of"
            " that one"
        )


def _check_attached(workspace: Read[Any] | Unread | None, found: Read[Any] | Unread | None) -> None:
    """Hold a registry against the one that the workspace has. Raises `NoExports`."""
    attached = workspace.value.container_registry if isinstance(workspace, Read) else None
    if not attached or not isinstance(found, Read) or found.value.id.lower() == attached.lower():
        return
    raise NoExports(
        f"{found.source} is of the registry `{found.value.name}`, the workspace's is `{attached}`:"
        " export that one"
    )
