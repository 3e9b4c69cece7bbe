"""A Resource Manager, and a workspace's own services, over https on loopback.

`State` holds the numbers that it answers with; the shapes are those of the published API, as far
as SDKs of Azure read them. It does not prove that Azure answers so.
"""

from __future__ import annotations

import datetime
import ipaddress
import json
import re
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

SUB, GROUP, NAME, REGION = (
    "0f3c1d52-6a51-4d0e-9d5e-3b1f0a6c9e11",
    "churn-rg",
    "churn-ws",
    "westeurope",
)
TOKEN = "eyJhbGciOiJub25lIn0.eyJhdWQiOiJhcm0ifQ.c2lnbmF0dXJlLW5vdC1yZWFs"
SUB_PATH = f"/subscriptions/{SUB}"
GROUP_PATH = f"{SUB_PATH}/resourceGroups/{GROUP}"
WS = f"{GROUP_PATH}/providers/Microsoft.MachineLearningServices/workspaces/{NAME}"
ML_REGION = f"{SUB_PATH}/providers/Microsoft.MachineLearningServices/locations/{REGION}"
ACR = f"{GROUP_PATH}/providers/Microsoft.ContainerRegistry/registries/churnacr"
AKS = f"{GROUP_PATH}/providers/Microsoft.ContainerService/managedClusters/churn-aks"
STORAGE = f"{GROUP_PATH}/providers/Microsoft.Storage/storageAccounts/churnst"
OWN = f"{GROUP_PATH}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/churn-id"
MMS = f"/own/models/modelmanagement/v1.0{WS}"
LEAK = "AccountKey=" + "Zm9vYmFyYmF6cXV4" * 5 + "Zm9vYm=="
"""What no file and no log may hold, in places where real services have secrets."""

Data = dict[str, Any]


@dataclass
class Fault:
    """What happens to requests whose path has `path` in it, the next `times` of them."""

    path: str
    kind: Literal["status", "broken", "cut", "silent", "slow-head", "slow-body", "next"] = "status"
    status: int = 500
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    next: Callable[[int], str] = lambda page: ""
    times: int = 10**6


class Linked(dict[str, Any]):
    """An answer that says in its header where the next page is."""

    link = ""


@dataclass
class State:
    """What the workspace has."""

    sizes: list[tuple[str, str, int, float, int]] = field(
        default_factory=lambda: [
            ("Standard_DS3_v2", "standardDSv2Family", 4, 14.0, 0),
            ("Standard_F4s_v2", "standardFSv2Family", 4, 8.0, 0),
            ("Standard_NC6s_v3", "standardNCSv3Family", 6, 112.0, 1),
        ]
    )
    usages: list[tuple[str, int, int]] = field(
        default_factory=lambda: [
            ("TotalDedicatedCores", 12, 100),
            ("standardDSv2Family", 8, 24),
            ("standardFSv2Family", 4, 48),
            ("standardNCSv3Family", 0, 0),
            ("standardNDSFamily", 0, -1),
        ]
    )
    cores: list[tuple[str, int, int]] = field(
        default_factory=lambda: [("cores", 40, 50), ("standardDSv3Family", 32, 40)]
    )
    models: dict[str, list[str]] = field(
        default_factory=lambda: {"churn": ["1", "2", "3"], "prices": ["7"]}
    )
    environments: dict[str, list[str]] = field(default_factory=lambda: {"serving": ["1", "4"]})
    endpoints: dict[str, list[str]] = field(
        default_factory=lambda: {"churn-ep": ["blue", "green"], "idle-ep": []}
    )
    login_server: str = "churnacr.azurecr.io"
    tags: dict[str, list[str]] = field(
        default_factory=lambda: {"churn": ["1", "2", "3", "4", "latest"], "team/prices": ["7"]}
    )


class FakeAzure:
    """The server: what was asked, and with which failures it answers."""

    def __init__(self) -> None:
        self.state = State()
        self.faults: list[Fault] = []
        self.calls: list[tuple[str, bool]] = []
        """Paths with their queries, and whether a token came along."""
        self.scopes: list[str] = []
        """What access tokens of the registry were got for."""
        self.url = ""

    def asked(self, part: str) -> int:
        """How often paths with a part were asked for."""
        return sum(part in path for path, _ in self.calls)

    def fault(self, path: str) -> Fault | None:
        """The failure that is due."""
        for fault in self.faults:
            if fault.times > 0 and fault.path in path:
                fault.times -= 1
                return fault
        return None

    @contextmanager
    def serving(self, certificate: Path) -> Iterator[str]:
        """Serve over https with a certificate and key in one file; the address."""
        httpd = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        httpd.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        httpd.socket = context.wrap_socket(httpd.socket, server_side=True)
        thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        self.url = f"https://localhost:{httpd.server_address[1]}"
        try:
            yield self.url
        finally:
            httpd.shutdown()
            httpd.server_close()
            thread.join()

    # -- what it answers ------------------------------------------------------------------

    def answer(self, path: str, query: dict[str, str]) -> Any:
        """The answer for a path; `None` where there is nothing."""
        for pattern, route in ROUTES:
            match = re.fullmatch(pattern, path, re.IGNORECASE)
            if match:
                return route(self, query, *match.groups())
        return None

    def paged(
        self, path: str, items: list[Data], query: dict[str, str], token: str = "$skip"
    ) -> Data:
        """Two items of a list, and where the next ones are."""
        at, size = int(query.get(token, "0")), 2
        page: Data = {"value": items[at : at + size]}
        if at + size < len(items):
            version = query.get("api-version", "1")
            page["nextLink"] = f"{self.url}{path}?api-version={version}&{token}={at + size}"
        return page


def make_certificate(file: Path) -> None:
    """A self-signed certificate for loopback with its key, of today and tomorrow."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.timezone.utc)
    hosts = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    usage = x509.BasicConstraints(ca=True, path_length=0)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(hosts), False)
        .add_extension(usage, True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    pem = key.private_bytes(serialization.Encoding.PEM, form, plain)
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + pem)


# -- the routes -----------------------------------------------------------------------------

Route = Callable[..., Any]
ROUTES: list[tuple[str, Route]] = []


def at(path: str) -> Callable[[Route], Route]:
    """Answer a path, in which `*` is one name."""

    def add(route: Route) -> Route:
        ROUTES.append((re.escape(path).replace(r"\*", "([^/]+)"), route))
        return route

    return add


def resource(path: str, kind: str, properties: Data, /, **more: Any) -> Data:
    """A resource of ARM."""
    name = path.rpartition("/")[2]
    return {"id": path, "name": name, "type": kind, "properties": properties, **more}


@at(WS)
def _workspace(fake: FakeAzure, query: dict[str, str]) -> Data:
    properties = {
        "friendlyName": NAME,
        "workspaceId": "5b0f7a0e-0000-4000-8000-1d2c3b4a5f60",
        "provisioningState": "Succeeded",
        "containerRegistry": ACR,
        "storageAccount": STORAGE,
        "keyVault": f"{GROUP_PATH}/providers/Microsoft.KeyVault/vaults/churnkv",
        "applicationInsights": f"{GROUP_PATH}/providers/microsoft.insights/components/churnai",
        "discoveryUrl": f"{fake.url}/own/discovery",
        "publicNetworkAccess": "Enabled",
        "managedNetwork": {
            "isolationMode": "AllowInternetOutbound",
            "status": {"status": "Active"},
        },
        "v1LegacyMode": False,
        "hbiWorkspace": False,
        "imageBuildCompute": None,
        "privateEndpointConnections": [{"id": f"{WS}/privateEndpointConnections/one"}],
        "notebookInfo": {"primaryAccessKey": LEAK},
    }
    identity = {"type": "SystemAssigned", "principalId": "11111111-aaaa-4bbb-8ccc-222222222222"}
    kind = "Microsoft.MachineLearningServices/workspaces"
    return resource(
        WS, kind, properties, location=REGION, identity=identity, sku={"name": "Basic"}, tags={}
    )


@at(f"{ML_REGION}/vmSizes")
def _sizes(fake: FakeAzure, query: dict[str, str]) -> Data:
    items = [
        {
            "name": name,
            "family": family,
            "vCPUs": cores,
            "memoryGB": memory,
            "gpus": gpus,
            "osVhdSizeMB": 1047552,
            "maxResourceVolumeMB": 28672,
            "lowPriorityCapable": True,
            "premiumIO": True,
            "supportedComputeTypes": ["AmlCompute", "ComputeInstance"],
        }
        for name, family, cores, memory, gpus in fake.state.sizes
    ]
    return {"amlCompute" if query["api-version"] < "2020-03-01" else "value": items}


def usage(name: str, used: int, limit: int, kind: str = "") -> Data:
    """A row of usage."""
    row = {
        "currentValue": used,
        "limit": limit,
        "unit": "Count",
        "name": {"value": name, "localizedValue": f"{name} vCPUs"},
    }
    if not kind:
        return row
    place = {"id": f"{ML_REGION}/{kind}/{name}", "amlWorkspaceLocation": REGION}
    return {**row, **place, "type": f"Microsoft.MachineLearningServices/locations/{kind}"}


@at(f"{ML_REGION}/usages")
def _ml_usages(fake: FakeAzure, query: dict[str, str]) -> Data:
    items = [usage(*row, "usages") for row in fake.state.usages]
    return fake.paged(f"{ML_REGION}/usages", items, query)


@at(f"{ML_REGION}/quotas")
def _quotas(fake: FakeAzure, query: dict[str, str]) -> Data:
    caps = {"standardDSv2Family": 16, "standardFSv2Family": -1}
    items = [
        {
            "id": f"{WS}/quotas/{name}",
            "type": "Microsoft.MachineLearningServices/workspaces/quotas",
            "amlWorkspaceLocation": REGION,
            "name": {"value": name, "localizedValue": name},
            "limit": limit,
            "unit": "Count",
        }
        for name, limit in caps.items()
    ]
    return {"value": items}


@at(f"{SUB_PATH}/providers/Microsoft.Compute/skus")
def _skus(fake: FakeAzure, query: dict[str, str]) -> Data:
    assert query["$filter"] == f"location eq '{REGION}'"

    def machine(name: str, cores: str, memory: str, **more: Any) -> Data:
        capabilities = [{"name": "vCPUs", "value": cores}, {"name": "MemoryGB", "value": memory}]
        head = {"resourceType": "virtualMachines", "name": name, "family": "standardDSv3Family"}
        return {**head, "capabilities": capabilities, "locations": [REGION], **more}

    barred = {
        "type": "Location",
        "values": [REGION],
        "restrictionInfo": {"locations": [REGION]},
        "reasonCode": "NotAvailableForSubscription",
    }
    disk = {"resourceType": "disks", "name": "Premium_LRS", "locations": [REGION]}
    sizes = [
        machine("Standard_D4s_v3", "4", "16", restrictions=[]),
        machine("Standard_D64s_v3", "64", "256", restrictions=[barred]),
    ]
    return {"value": [disk, *sizes]}


@at(f"{SUB_PATH}/providers/Microsoft.Compute/locations/{REGION}/usages")
def _cores(fake: FakeAzure, query: dict[str, str]) -> Data:
    return {"value": [usage(*row) for row in fake.state.cores]}


@at(f"{SUB_PATH}/providers/Microsoft.ContainerInstance/locations/{REGION}/capabilities")
def _groups(fake: FakeAzure, query: dict[str, str]) -> Data:
    most = {"maxMemoryInGB": 16.0, "maxCpu": 4.0, "maxGpuCount": 0.0}
    row = {"resourceType": "containerGroups", "osType": "Linux", "gpu": "None", "location": REGION}
    return {"value": [{**row, "ipAddressType": "Public", "capabilities": most}]}


@at(f"{SUB_PATH}/providers/Microsoft.ContainerInstance/locations/{REGION}/usages")
def _group_usages(fake: FakeAzure, query: dict[str, str]) -> Data:
    return {"value": [usage("ContainerGroups", 3, 100)]}


@at(f"{SUB_PATH}/providers")
def _providers(fake: FakeAzure, query: dict[str, str]) -> Data:
    states = {"Microsoft.MachineLearningServices": "Registered"}
    states["Microsoft.ContainerInstance"] = "NotRegistered"
    rows = [
        {"namespace": n, "registrationState": s, "resourceTypes": []} for n, s in states.items()
    ]
    return {"value": rows}


@at(f"{WS}/computes")
def _computes(fake: FakeAzure, query: dict[str, str]) -> Data:
    return {"value": [_aks_compute(), _kubernetes_compute()]}


@at(f"{WS}/computes/*")
def _compute(fake: FakeAzure, query: dict[str, str], name: str) -> Data | None:
    known = {"churn-aks": _aks_compute(), "churn-k8s": _kubernetes_compute()}
    return known.get(name)


def _aks_compute() -> Data:
    inner = {
        "agentVmSize": "Standard_D4s_v3",
        "agentCount": 3,
        "clusterPurpose": "FastProd",
        "clusterFqdn": "churn-aks.hcp.westeurope.azmk8s.io",
        "systemServices": [
            {"systemServiceType": "ScoringFrontEnd", "version": "1", "publicIpAddress": "192.0.2.7"}
        ],
        "sslConfiguration": {"status": "Enabled", "cert": "…", "key": LEAK},
        "loadBalancerType": "PublicIp",
        "loadBalancerSubnet": None,
        "aksNetworkingConfiguration": None,
    }
    return _any_compute("churn-aks", "AKS", inner, AKS)


def _kubernetes_compute() -> Data:
    gpu = {
        "nodeSelector": {"agentpool": "gpu"},
        "resources": {
            "requests": {"cpu": "1", "memory": "8Gi"},
            "limits": {"cpu": "4", "memory": "16Gi", "nvidia.com/gpu": 1},
        },
    }
    inner = {
        "namespace": "azureml",
        "defaultInstanceType": "defaultinstancetype",
        "instanceTypes": {"gpu": gpu},
        "relayConnectionString": LEAK,
    }
    return _any_compute("churn-k8s", "Kubernetes", inner, f"{AKS}-2")


def _any_compute(name: str, kind: str, inner: Data, target: str) -> Data:
    properties = {
        "computeType": kind,
        "computeLocation": REGION,
        "description": "",
        "createdOn": "2026-01-01T00:00:00Z",
        "modifiedOn": "2026-01-01T00:00:00Z",
        "provisioningState": "Succeeded",
        "provisioningErrors": None,
        "isAttachedCompute": True,
        "resourceId": target,
        "properties": inner,
    }
    kind_of = "Microsoft.MachineLearningServices/workspaces/computes"
    return resource(f"{WS}/computes/{name}", kind_of, properties, location=REGION, tags=None)


@at(AKS)
def _cluster(fake: FakeAzure, query: dict[str, str]) -> Data:
    pool = {
        "name": "nodepool1",
        "count": 3,
        "vmSize": "Standard_D4s_v3",
        "maxPods": 110,
        "enableAutoScaling": True,
        "minCount": 3,
        "maxCount": 5,
        "mode": "System",
        "osType": "Linux",
        "nodeTaints": ["sku=cpu:NoSchedule"],
        "nodeLabels": {"team": "churn"},
        "provisioningState": "Succeeded",
        "powerState": {"code": "Running"},
        "currentOrchestratorVersion": "1.29.4",
    }
    properties = {
        "kubernetesVersion": "1.29",
        "currentKubernetesVersion": "1.29.4",
        "provisioningState": "Succeeded",
        "powerState": {"code": "Running"},
        "agentPoolProfiles": [pool],
        "addonProfiles": {"omsagent": {"enabled": True}},
        "apiServerAccessProfile": {
            "enablePrivateCluster": False,
            "enablePrivateClusterPublicFQDN": True,
            "authorizedIPRanges": ["192.0.2.0/24", "198.51.100.0/24"],
        },
        "servicePrincipalProfile": {"clientId": "msi", "secret": LEAK},
    }
    kind = "Microsoft.ContainerService/ManagedClusters"
    return resource(AKS, kind, properties, location=REGION)


@at(ACR)
def _registry(fake: FakeAzure, query: dict[str, str]) -> Data:
    properties = {
        "loginServer": fake.state.login_server,
        "adminUserEnabled": False,
        "publicNetworkAccess": "Enabled",
        "networkRuleBypassOptions": "AzureServices",
        "roleAssignmentMode": "LegacyRegistryPermissions",
    }
    kind = "Microsoft.ContainerRegistry/registries"
    return resource(ACR, kind, properties, location=REGION, sku={"name": "Standard"})


def _roles(fake: FakeAzure, query: dict[str, str], scope: str) -> Data:
    assert "$filter" not in query  # with atScope() Azure leaves out what was given below
    role = f"{SUB_PATH}/providers/Microsoft.Authorization/roleDefinitions/reader"
    properties = {
        "roleDefinitionId": role,
        "principalId": "33333333-aaaa-4bbb-8ccc-444444444444",
        "principalType": "ServicePrincipal",
        "scope": scope,
    }
    return {"value": [resource(f"{scope}/x", "roleAssignments", properties)]}


@at(f"{WS}/providers/Microsoft.Authorization/roleDefinitions")
def _role_definitions(fake: FakeAzure, query: dict[str, str]) -> Data:
    """Azure lists every role that can be given there, whether anybody has it or not."""
    allowed = {"actions": ["*/read"], "notActions": [], "dataActions": [], "notDataActions": []}
    return {
        "value": [
            resource(
                f"{SUB_PATH}/providers/Microsoft.Authorization/roleDefinitions/{name}",
                "Microsoft.Authorization/roleDefinitions",
                {"roleName": name.title(), "type": "CustomRole", "permissions": [allowed]},
                name=name,
            )
            for name in ("reader", "writer")
        ]
    }


for _scope in (WS, ACR, STORAGE, OWN):
    at(f"{_scope}/providers/Microsoft.Authorization/roleAssignments")(
        lambda fake, query, scope=_scope: _roles(fake, query, scope)
    )


@at(f"{WS}/models")
def _models(fake: FakeAzure, query: dict[str, str]) -> Data:
    return _containers("models", fake.state.models)


@at(f"{WS}/environments")
def _environments(fake: FakeAzure, query: dict[str, str]) -> Data:
    return _containers("environments", fake.state.environments)


def _containers(kind: str, known: dict[str, list[str]]) -> Data:
    rows = [
        resource(
            f"{WS}/{kind}/{name}",
            f"workspaces/{kind}",
            {"latestVersion": versions[-1], "nextVersion": "9", "isArchived": False, "tags": {}},
        )
        for name, versions in known.items()
    ]
    return {"value": rows}


@at(f"{WS}/models/*/versions")
def _versions(fake: FakeAzure, query: dict[str, str], name: str) -> Data:
    rows = [
        resource(
            f"{WS}/models/{name}/versions/{version}",
            "workspaces/models/versions",
            {"modelType": "custom_model", "isArchived": False, "flavors": {}, "tags": {}},
        )
        for version in fake.state.models[name]
    ]
    return fake.paged(f"{WS}/models/{name}/versions", rows, query)


@at(f"{WS}/environments/*/versions")
def _environment_versions(fake: FakeAzure, query: dict[str, str], name: str) -> Data:
    properties = {
        "environmentType": "UserCreated",
        "image": "mcr.microsoft.com/azureml/minimal-ubuntu22.04-py39-cpu-inference",
        "condaFile": f"dependencies:\n- pip:\n  - --extra-index-url https://u:{LEAK}@example.org",
        "isArchived": False,
        "osType": "Linux",
    }
    path = f"{WS}/environments/{name}/versions"
    versions = fake.state.environments[name]
    return {"value": [resource(f"{path}/{v}", "versions", properties) for v in versions]}


@at(f"{WS}/onlineEndpoints")
def _endpoints(fake: FakeAzure, query: dict[str, str]) -> Data:
    properties = {
        "authMode": "Key",
        "provisioningState": "Succeeded",
        "traffic": {"blue": 90, "green": 10},
        "mirrorTraffic": {},
        "publicNetworkAccess": "Enabled",
        "compute": None,
        "keys": {"primaryKey": LEAK},
    }
    own = {"principalId": "77777777-aaaa-4bbb-8ccc-888888888888", "clientId": "client"}
    identity = {
        "type": "SystemAssigned,UserAssigned",
        "principalId": "55555555-aaaa-4bbb-8ccc-666666666666",
        "userAssignedIdentities": {OWN: own},
    }
    rows = [
        resource(
            f"{WS}/onlineEndpoints/{name}",
            "onlineEndpoints",
            properties,
            kind="Managed",
            identity=identity,
            location=REGION,
        )
        for name in fake.state.endpoints
    ]
    return {"value": rows}


@at(f"{WS}/batchEndpoints")
def _batch(fake: FakeAzure, query: dict[str, str]) -> Data:
    properties = {"authMode": "AADToken", "provisioningState": "Succeeded"}
    return {"value": [resource(f"{WS}/batchEndpoints/nightly", "batchEndpoints", properties)]}


@at(f"{WS}/onlineEndpoints/*/deployments")
def _deployments(fake: FakeAzure, query: dict[str, str], endpoint: str) -> Data:
    probe = {
        "period": "PT10S",
        "initialDelay": "PT10S",
        "timeout": "PT2S",
        "successThreshold": 1,
        "failureThreshold": 30,
    }
    properties = {
        "endpointComputeType": "Managed",
        "instanceType": "Standard_DS3_v2",
        "provisioningState": "Succeeded",
        "model": f"{WS}/models/churn/versions/3",
        "environmentId": f"{WS}/environments/serving/versions/4",
        "environmentVariables": {"STORAGE": LEAK},
        "requestSettings": {
            "requestTimeout": "PT1M5.5S",
            "maxConcurrentRequestsPerInstance": 2,
            "maxQueueWait": "PT0.5S",
        },
        "scaleSettings": {"scaleType": "Default"},
        "livenessProbe": probe,
        "readinessProbe": probe,
        "egressPublicNetworkAccess": "Enabled",
    }
    rows = [
        resource(
            f"{WS}/onlineEndpoints/{endpoint}/deployments/{name}",
            "deployments",
            properties,
            kind="Managed",
            location=REGION,
            sku={"name": "Default", "capacity": 2},
        )
        for name in fake.state.endpoints[endpoint]
    ]
    return {"value": rows}


@at("/own/discovery")
def _discovery(fake: FakeAzure, query: dict[str, str]) -> Data:
    names = ("api", "catalog", "experimentation", "gallery", "history", "hyperdrive", "pipelines")
    services = {name: f"{fake.url}/own/{name}" for name in (*names, "studio")}
    return {**services, "modelmanagement": f"{fake.url}/own/models"}


@at(f"{MMS}/models")
def _v1_models(fake: FakeAzure, query: dict[str, str]) -> Data:
    rows = [
        {
            "id": f"{name}:{version}",
            "name": name,
            "version": int(version),
            "url": "aml://asset/x",
            "mimeType": "application/x-python",
            "description": None,
            "createdTime": "2026-01-01T00:00:00.0Z",
            "modifiedTime": "2026-01-01T00:00:00.0Z",
            "framework": "ScikitLearn",
            "frameworkVersion": "1.2.2",
            "tags": [],
            "kvTags": {"owner": LEAK},
            "properties": {},
            "unpack": False,
            "experimentName": None,
            "runId": None,
            "datasets": [],
            "createdBy": {"userName": "u"},
            "resourceRequirements": {"cpu": 1.0, "memoryInGB": 2.0},
        }
        for name, versions in fake.state.models.items()
        for version in versions
    ]
    return fake.paged(f"{MMS}/models", rows, query, "$skipToken")


@at(f"{MMS}/services")
def _services(fake: FakeAzure, query: dict[str, str]) -> Data:
    unused = ("cname", "publicFqdn", "vnetConfiguration", "encryptionProperties", "dnsNameLabel")
    row = {
        **dict.fromkeys((*unused, "modelConfigMap", "dataCollection", "imageId"), None),
        "id": "churn-v1",
        "name": "churn-v1",
        "description": None,
        "tags": [],
        "kvTags": {},
        "properties": {},
        "state": "Unhealthy",
        "createdTime": "2026-01-01T00:00:00Z",
        "updatedTime": "2026-01-01T00:00:00Z",
        "error": {"code": "KubernetesDeploymentFailed", "message": f"crashed with {LEAK}"},
        "computeType": "ACI",
        "deploymentType": "GRPCHTTP",
        "scoringUri": "http://192.0.2.8/score",
        "swaggerUri": "http://192.0.2.8/swagger.json",
        "location": REGION,
        "environmentImageRequest": {
            "environment": {
                "name": "serving",
                "version": "1",
                "environmentVariables": {"STORAGE": LEAK},
            },
            "assets": [],
            "driverProgram": "score.py",
            "models": [],
            "modelIds": ["churn:3"],
        },
        "containerResourceRequirements": {
            "cpu": 1.0,
            "memoryInGB": 1.5,
            "gpu": None,
            "cpuLimit": 2.0,
            "memoryInGBLimit": 1.5,
        },
        "authEnabled": True,
        "appInsightsEnabled": False,
        "sslEnabled": True,
        "sslCertificate": "…",
        "sslKey": LEAK,
        "publicIp": "192.0.2.8",
        "createdBy": {},
    }
    return {"value": [row]}


@at("/metadata/endpoints")
def _metadata(fake: FakeAzure, query: dict[str, str]) -> list[Data]:
    suffixes = {
        "azureDataLakeStoreFileSystem": "azuredatalakestore.net",
        "acrLoginServer": "azurecr.io",
        "sqlServerHostname": "database.windows.net",
        "azureDataLakeAnalyticsCatalogAndJob": "azuredatalakeanalytics.net",
        "keyVaultDns": "vault.azure.net",
        "storage": "core.windows.net",
        "azureFrontDoorEndpointSuffix": "azurefd.net",
    }
    authentication = {
        "loginEndpoint": f"{fake.url}/login/",
        "audiences": [f"{fake.url}/", fake.url],
        "tenant": "common",
        "identityProvider": "AAD",
    }
    places = dict.fromkeys(("media", "graphAudience", "graph", "batch"), fake.url)
    unused = ("vmImageAliasDoc", "activeDirectoryDataLake", "sqlManagement", "gallery", "portal")
    return [
        {
            **places,
            **dict.fromkeys(unused, "https://example.org"),
            "name": "FakeCloud",
            "authentication": authentication,
            "suffixes": suffixes,
            "resourceManager": f"{fake.url}/",
        }
    ]


@at(GROUP_PATH)
def _group(fake: FakeAzure, query: dict[str, str]) -> Data:
    state = {"provisioningState": "Succeeded"}
    return {"id": GROUP_PATH, "name": GROUP, "location": REGION, "properties": state}


@at(f"{GROUP_PATH}/providers/Microsoft.MachineLearningServices/workspaces")
def _workspaces(fake: FakeAzure, query: dict[str, str]) -> Data:
    return {"value": [_workspace(fake, query)]}


@at("/subscriptions")
def _subscriptions(fake: FakeAzure, query: dict[str, str]) -> Data:
    row = {"id": SUB_PATH, "subscriptionId": SUB, "displayName": "fake", "state": "Enabled"}
    return {"value": [row]}


# -- how ------------------------------------------------------------------------------------


def _handler(fake: FakeAzure) -> type[BaseHTTPRequestHandler]:
    from . import fake_registry  # which adds its routes

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {k: v[0] for k, v in parse_qs(parts.query).items()}
            token = self.headers.get("Authorization", "")
            fake.calls.append((unquote(self.path), bool(token)))
            path = unquote(parts.path)
            # azureml-core asks another host for computes, by the same path.
            path = re.sub("^/own/api/rp/workspaces", "", re.sub("/+", "/", path))
            fault = fake.fault(path)
            free = path.startswith(("/own/discovery", "/metadata"))
            if fault is not None:
                self.fail(fault, query, lambda: fake.answer(path, query))
            elif path.startswith("/acr/") and not self.let_in(token, path):
                self.send(401, {"errors": [{"code": "UNAUTHORIZED", "message": "no bearer"}]})
            elif not token and not free:
                self.send(401, {"error": {"code": "AuthenticationFailed", "message": "no bearer"}})
            else:
                self.tell(path, fake.answer(path.rstrip("/"), query))

        def let_in(self, token: str, path: str) -> bool:
            repository = path.removeprefix("/acr/v1/").removesuffix("/_tags")
            return fake_registry.is_let_in(token, repository, fake.scopes)

        def tell(self, path: str, found: Any) -> None:
            if found is not None:
                link = getattr(found, "link", "")
                self.send(200, found, {"Link": link} if link else None)
            elif path.startswith("/acr/"):
                told = {"code": "NAME_UNKNOWN", "message": "repository name not known to registry"}
                self.send(404, {"errors": [told]})
            else:
                gone = {"error": {"code": "NotFound", "message": f"nothing at {path}"}}
                self.send(404, gone)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            form = {k: v[0] for k, v in parse_qs(body.decode()).items()}
            fake.calls.append((self.path, True))
            fault = fake.fault(self.path)
            status, found = fake_registry.signed_in(fake, self.path, form)
            if fault is not None:
                self.fail(fault, {}, lambda: found)
            else:
                self.send(status, found)

        def fail(self, fault: Fault, query: dict[str, str], answer: Callable[[], Any]) -> None:
            if fault.kind == "next":
                page, follows = answer(), fault.next(int(query.get("page", "0")))
                if isinstance(page, Linked):
                    self.send(200, page, {"Link": f'<{follows}>; rel="next"'})
                else:
                    self.send(200, {**page, "nextLink": follows})
            elif fault.kind == "broken":
                self.raw(200, json.dumps(answer()).encode()[:-20])
            elif fault.kind == "status":
                self.send(fault.status, fault.body, fault.headers)
            else:
                self.dawdle(fault, json.dumps(answer()).encode())

        def dawdle(self, fault: Fault, data: bytes) -> None:
            """Answer less than was announced, or so slowly that nobody sees the end."""
            self.close_connection = True
            head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(data)}\r\n".encode()
            try:
                if fault.kind == "silent":
                    time.sleep(20)  # longer than anybody waits
                elif fault.kind == "slow-head":
                    self.drip(head)
                else:
                    self.wfile.write(head + b"Content-Type: application/json\r\n\r\n")
                    if fault.kind == "cut":
                        self.wfile.write(data[: len(data) // 2])
                    else:
                        self.drip(data)
            except OSError:
                pass

        def drip(self, data: bytes) -> None:
            for byte in data[:40]:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                time.sleep(0.1)

        def send(self, status: int, data: Any, headers: dict[str, str] | None = None) -> None:
            self.raw(status, json.dumps(data).encode(), headers)

        def raw(self, status: int, data: bytes, headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(data)))
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

    return Handler
