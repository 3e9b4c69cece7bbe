"""Reads a workspace with azure-ai-ml and prints what it read as JSON.

Runs in the environment that has azure-ai-ml; the variables that point it at a server are set
already. Usage: azure_ai_ml_reading.py SUBSCRIPTION GROUP WORKSPACE TOKEN
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from azure.ai.ml import MLClient
from azure.core.credentials import AccessToken


class Signed:
    """A credential that has a token already."""

    def __init__(self, token: str) -> None:
        self._token = token

    def get_token(self, *scopes: str, **more: Any) -> AccessToken:
        """The token, whatever it is for."""
        return AccessToken(self._token, int(time.time()) + 3600)


def main(subscription: str, group: str, name: str, token: str) -> None:
    """Print what azure-ai-ml says.

    Attributes of sizes and of usage are None in this version: `__dict__` has what was answered.
    """
    client = MLClient(Signed(token), subscription, group, name)
    workspace = client.workspaces.get(name)
    endpoints = list(client.online_endpoints.list())
    read = {
        "workspace": [workspace.name, workspace.location, workspace.container_registry],
        "public": workspace.public_network_access,
        "sizes": [vars(size) for size in client.compute.list_sizes()],
        "size attributes": [size.v_cp_us for size in client.compute.list_sizes()],
        "usages": [vars(usage) for usage in client.compute.list_usage()],
        "computes": [[c.name, c.type] for c in client.compute.list()],
        "kubernetes": kubernetes(client),
        "models": {m.name: m.latest_version for m in client.models.list()},
        "versions": {
            m.name: [v.version for v in client.models.list(name=m.name)]
            for m in client.models.list()
        },
        "environments": {
            e.name: [v.version for v in client.environments.list(name=e.name)]
            for e in client.environments.list()
        },
        "endpoints": [[e.name, e.auth_mode, e.traffic, e.mirror_traffic] for e in endpoints],
        "batch": [e.name for e in client.batch_endpoints.list()],
        "deployments": {
            e.name: [deployment(d) for d in client.online_deployments.list(endpoint_name=e.name)]
            for e in endpoints
        },
    }
    print("READ " + json.dumps(read, default=str))


def kubernetes(client: MLClient) -> Any:
    """The InstanceTypes of the compute of Kubernetes, as it tells them."""
    found = client.compute.get("churn-k8s")
    return [found.namespace, found.properties]


def deployment(found: Any) -> list[Any]:
    """What a deployment of an online endpoint asks for."""
    settings = found.request_settings
    return [
        found.name,
        found.instance_type,
        found.instance_count,
        settings.request_timeout_ms,
        settings.max_concurrent_requests_per_instance,
        found.model,
        found.environment,
        found.provisioning_state,
        found.egress_public_network_access,
    ]


main(*sys.argv[1:])
