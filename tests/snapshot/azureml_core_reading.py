"""Reads a workspace with azureml-core and prints what it read as JSON.

Runs in the environment that has azureml-core; the variables that point it at a server are set
already. Usage: azureml_core_reading.py SUBSCRIPTION GROUP WORKSPACE TOKEN
"""

from __future__ import annotations

import json
import sys

from azureml.core import Model, Webservice, Workspace
from azureml.core.authentication import TokenAuthentication
from azureml.core.compute import AksCompute, AmlCompute, KubernetesCompute


def main(subscription: str, group: str, name: str, token: str) -> None:
    """Print what azureml-core says."""
    auth = TokenAuthentication(get_token_for_audience=lambda audience: token, cloud="FakeCloud")
    ws = Workspace(subscription, group, name, auth=auth)
    details = ws.get_details()
    targets = ws.compute_targets
    aks, kubernetes = targets["churn-aks"], targets["churn-k8s"]
    assert isinstance(aks, AksCompute)
    assert isinstance(kubernetes, KubernetesCompute)
    read = {
        "location": details["location"],
        "registry": details["containerRegistry"],
        "sizes": AmlCompute.supported_vmsizes(ws),
        "usages": AmlCompute.list_usages(ws, show_all=True),
        "quotas": AmlCompute.list_quotas(ws),
        "aks": aks.serialize(),
        "kubernetes": kubernetes.serialize(),
        "models": [
            [m.name, m.version, m.resource_configuration.serialize()] for m in Model.list(ws)
        ],
        "services": [
            [s.name, s.state, s.compute_type, s.container_resource_requirements.serialize()]
            for s in Webservice.list(ws)
        ],
    }
    print("READ " + json.dumps(read, default=str))


main(*sys.argv[1:])
