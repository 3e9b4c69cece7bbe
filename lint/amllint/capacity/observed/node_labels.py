"""Of which cluster nodes are, by what AKS writes on them."""

from __future__ import annotations

from typing import Final

_LONGEST: Final = 63
"""How long a value of a label can be; what is longer is cut."""


def names_cluster(label: str, group: str, name: str) -> bool:
    """Whether a label of a node names the cluster of a name in a resource group.

    No region has an underscore: what follows the name is the region alone. Of a label that was cut
    the beginning counts.
    """
    told, whole = label.lower(), f"mc_{group}_{name}_".lower()
    if len(told) >= _LONGEST:
        whole = whole[:_LONGEST]
    return told.startswith(whole) and "_" not in told[len(whole) :]
