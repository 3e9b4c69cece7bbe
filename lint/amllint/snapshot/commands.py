"""Which command prints the export that tells a fact; they are those of docs/snapshot.md."""

from __future__ import annotations

from typing import Final

_KUBECTL: Final = "kubectl get nodes,pods,instancetypes -A -o json"
_REST: Final = "az rest --url https://management.azure.com"
_ML: Final = (
    f"{_REST}/subscriptions/$SUB/providers/Microsoft.MachineLearningServices/locations/$LOC"
)
_V: Final = "?api-version=2024-10-01"
COMMANDS: Final[dict[str, str]] = {
    "workspace": "az ml workspace show -g $RG -n $WS -o json",
    "node_sizes": "az vm list-skus -l $LOC --resource-type virtualMachines --all -o json",
    "compute_usages": "az vm list-usage -l $LOC -o json",
    "aks_cluster": "az aks show -g $RG -n $AKS -o json",
    "registry": "az acr show -n $ACR -o json",
    "providers": "az provider list -o json",
    "models": "az ml model list -g $RG -w $WS -o json",
    "model_versions": "az ml model list -g $RG -w $WS -n NAME -o json",
    "environments": "az ml environment list -g $RG -w $WS -o json",
    "environment_versions": "az ml environment list -g $RG -w $WS -n NAME -o json",
    "online_endpoints": "az ml online-endpoint list -g $RG -w $WS -o json",
    "role_assignments": "az role assignment list --all -o json",
    "role_definitions": "az role definition list -o json",
    "nodes": _KUBECTL,
    "pods": _KUBECTL,
    "instance_types": _KUBECTL,
    "computes": f"{_REST}$WS_ID/computes{_V}",
    "vm_sizes": f"{_ML}/vmSizes{_V}",
    "ml_usages": f"{_ML}/usages{_V}",
}
"""By the name of the kind of fact; `$`-names are those of docs/snapshot.md."""
