"""Which command prints the export that tells a fact; they are those of docs/snapshot.md."""

from __future__ import annotations

import re
from typing import Final

_KUBECTL: Final = "kubectl get nodes,pods,instancetypes -A -o json"
_REST: Final = "az rest --url https://management.azure.com"
_SUB: Final = f"{_REST}/subscriptions/$SUB/providers"
_ML: Final = f"{_SUB}/Microsoft.MachineLearningServices/locations/$LOC"
_ACI: Final = f"{_SUB}/Microsoft.ContainerInstance/locations/$LOC"
_V: Final = "?api-version=2024-10-01"
_V_ACI: Final = "?api-version=2023-05-01"
_OF: Final = "NAME"
COMMANDS: Final[dict[str, str]] = {
    "workspace": "az ml workspace show -g $RG -n $WS -o json",
    "node_sizes": "az vm list-skus -l $LOC --resource-type virtualMachines --all -o json",
    "compute_usages": "az vm list-usage -l $LOC -o json",
    "aks_cluster": f"az aks show -g $RG -n {_OF} -o json",
    "registry": "az acr show -n $ACR -o json",
    "providers": "az provider list -o json",
    "models": "az ml model list -g $RG -w $WS -o json",
    "model_versions": f"az ml model list -g $RG -w $WS -n {_OF} -o json",
    "environments": "az ml environment list -g $RG -w $WS -o json",
    "environment_versions": f"az ml environment list -g $RG -w $WS -n {_OF} -o json",
    "online_endpoints": "az ml online-endpoint list -g $RG -w $WS -o json",
    "online_deployments": f"az ml online-deployment list -g $RG -w $WS -e {_OF} -o json",
    "batch_endpoints": "az ml batch-endpoint list -g $RG -w $WS -o json",
    "role_assignments": "az role assignment list --all -o json",
    "role_definitions": "az role definition list -o json",
    "nodes": _KUBECTL,
    "pods": _KUBECTL,
    "instance_types": _KUBECTL,
    "computes": f"{_REST}$WS_ID/computes{_V}",
    "vm_sizes": f"{_ML}/vmSizes{_V}",
    "ml_usages": f"{_ML}/usages{_V}",
    "ml_quotas": f"{_ML}/quotas{_V}",
    "aci_capabilities": f"{_ACI}/capabilities{_V_ACI}",
    "aci_usages": f"{_ACI}/usages{_V_ACI}",
}
"""By the name of the kind of fact; `$`-names are those of docs/snapshot.md, and NAME is what there
is one of each of."""
ASK: Final = "amllint snapshot --subscription $SUB --resource-group $RG --workspace $WS"
_OF_V1: Final = f"no command of az prints it; `{ASK}` reads it"
NO_COMMAND: Final[dict[str, str]] = {"services": _OF_V1, "v1_models": _OF_V1}
"""What tells those facts that no export has: az gets no token for the API of v1 that lists them."""
_NOT_THERE: Final = "not in the snapshot"
_NOT_EXPORTED: Final = "not exported"
LACKS: Final = re.compile(f"(?:{_NOT_THERE}|{_NOT_EXPORTED}): ")
"""How a reason begins, or a part of one, that says that a snapshot has nothing of a fact."""
_PLAIN: Final = re.compile(r"[\w.-]+", re.ASCII)


def command(kind: str, of: str = "") -> str | None:
    """The command that prints a fact, with the name of what it is a fact of in its place."""
    found = COMMANDS.get(kind)
    # What is no plain word would have to be quoted, and is no name that Azure gives.
    return found.replace(_OF, of) if found is not None and _PLAIN.fullmatch(of) else found


def absent(kind: str, of: str, made_from: str) -> str:
    """Why nothing is known of a fact that does not stand in a snapshot, and what tells it."""
    is_live, printed = made_from == "azure", command(kind, of)
    lacks = _NOT_THERE if is_live else _NOT_EXPORTED
    if printed is None:
        return f"{lacks}: {NO_COMMAND.get(kind, 'nothing tells it')}"
    return f"{lacks}: run `{printed}`{', and add its file by `--from-files`' if is_live else ''}"
