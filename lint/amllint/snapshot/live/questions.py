"""What Azure is asked for each fact: the path, the version of the API, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from amllint.snapshot import facts
from amllint.snapshot.facts import Kind
from amllint.snapshot.shapes import assets, clusters, places

ML: Final = "2024-10-01"
"""The version of the API of Azure Machine Learning; earlier ones list sizes below another key."""
_ML_PROVIDER: Final = "/providers/Microsoft.MachineLearningServices"


class Question(NamedTuple):
    """A path below Resource Manager with `{ws}`, `{sub}` and `{loc}`, and what it answers.

    `keys` are those that a list stands below beside `value`.
    """

    kind: Kind[Any]
    path: str
    version: str
    shape: Callable[[Any], Any]
    keys: tuple[str, ...] = ()
    query: str = ""

    def url(self, manager: str, names: dict[str, str]) -> str:
        """The URL to ask."""
        path, query = (t.format_map(names) for t in (self.path, self.query))
        return asked(manager, path, self.version, query)


def asked(manager: str, path: str, version: str, query: str = "") -> str:
    """The URL of a path; `query` is what is asked beside the version, encoded."""
    return f"{manager}{path}?api-version={version}{'&' + query if query else ''}"


def names(subscription: str, group: str, workspace: str) -> dict[str, str]:
    """What stands for what in the paths of questions."""
    sub = f"/subscriptions/{quote(subscription, safe='')}"
    group_path = f"{sub}/resourceGroups/{quote(group, safe='')}"
    return {
        "sub": sub,
        "ws": f"{group_path}{_ML_PROVIDER}/workspaces/{quote(workspace, safe='')}",
    }


WORKSPACE: Final = Question(facts.WORKSPACE, "{ws}", ML, places.workspace)
OF_WORKSPACE: Final = (
    Question(facts.COMPUTES, "{ws}/computes", ML, clusters.computes),
    Question(facts.MODELS, "{ws}/models", ML, assets.assets),
    Question(facts.ENVIRONMENTS, "{ws}/environments", ML, assets.assets),
    Question(facts.ONLINE_ENDPOINTS, "{ws}/onlineEndpoints", ML, assets.endpoints),
    Question(facts.BATCH_ENDPOINTS, "{ws}/batchEndpoints", ML, assets.endpoints),
    Question(facts.PROVIDERS, "{sub}/providers", "2021-04-01", places.providers),
)
_LOCATIONS: Final = f"{{sub}}{_ML_PROVIDER}/locations/{{loc}}"
_COMPUTE: Final = "{sub}/providers/Microsoft.Compute"
_GROUPS: Final = "{sub}/providers/Microsoft.ContainerInstance/locations/{loc}"
OF_REGION: Final = (
    Question(facts.VM_SIZES, f"{_LOCATIONS}/vmSizes", ML, places.vm_sizes, ("amlCompute",)),
    Question(facts.ML_USAGES, f"{_LOCATIONS}/usages", ML, places.usages),
    Question(facts.ML_QUOTAS, f"{_LOCATIONS}/quotas", ML, places.quota_caps),
    Question(
        facts.NODE_SIZES,
        f"{_COMPUTE}/skus",
        "2021-07-01",
        places.node_sizes,
        query="%24filter=location%20eq%20%27{loc}%27",
    ),
    Question(
        facts.COMPUTE_USAGES, f"{_COMPUTE}/locations/{{loc}}/usages", "2024-07-01", places.usages
    ),
    Question(
        facts.ACI_CAPABILITIES, f"{_GROUPS}/capabilities", "2023-05-01", places.group_capabilities
    ),
    Question(facts.ACI_USAGES, f"{_GROUPS}/usages", "2023-05-01", places.usages),
)
OF_V1: Final[tuple[tuple[Kind[Any], Callable[[Any], Any], str], ...]] = (
    (facts.V1_MODELS, assets.v1_models, "models?count=255&latestVersionOnly=false"),
    (facts.SERVICES, assets.services, "services?expand=true"),
)
"""What the API of v1 lists below a workspace, at a host of the workspace's own."""
AKS: Final = "2024-09-01"
REGISTRIES: Final = "2023-07-01"
ROLES: Final = "2022-04-01"
