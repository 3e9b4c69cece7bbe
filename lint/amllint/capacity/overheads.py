"""What Azure ML adds to the request of a container: side containers in the same pod or group."""

from __future__ import annotations

from typing import Final

from amllint.capacity.resources import Resources, resources

AKS_SIDE_CONTAINERS: Final = resources(0.1, 0.6)
"""What each pod of an AKS service asks for besides its own container.

Source: Azure/azure-sdk-for-python#14168, where 1 core and 2 GB need "more than 1.1 CPU Cores and
2.6GB Memory". It is the one source, so that a configuration can say another amount.
"""
KUBERNETES_SIDE_CONTAINERS: Final = resources(0.01, 100 / 1024)
"""What each pod of an online deployment to Kubernetes asks for besides its own container.

Source: "Reference for configuring Kubernetes cluster for Azure Machine Learning", the row
online-deployment/identity-sidecar: 10m and 100Mi.
"""
ACI_SIDE_CONTAINERS: Final = resources(0.2, 1.0)
"""What a container group of an ACI service has besides its own container.

Source: MicrosoftDocs/azure-docs#54582 and microsoft/PowerApps-Samples#332: `azureml-init-aci` and
`azureml-fe-aci`, 0.1 cores and 0.5 GB each; 2 cores and 2 GB are counted as 2.2 and 3.
"""


def with_side_containers(own: Resources, added: Resources = AKS_SIDE_CONTAINERS) -> Resources:
    """What the pod or the group asks for in all."""
    return own.plus(added)
