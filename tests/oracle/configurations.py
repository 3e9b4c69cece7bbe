"""Seeded deployment configurations, good and bad.

A case is a folder of its own, so that file names alone say what a file is and relative paths
have one meaning. Most cases change one thing of a good configuration, others up to four, some
nothing. Values are written as text, so that a case can hold scalars which YAML 1.1, JSON and
their readers take differently (``6e4``, ``010``, ``yes``).
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from amllint.artifacts.deployment_config import TOP_LEVEL_KEYS
from tests.oracle.cases import FLAGS, ODD, Case, Keys, Table, beside
from tests.oracle.layouts import nested, written

if TYPE_CHECKING:
    from collections.abc import Iterator

# Small integers and true are file descriptors to os.path.exists, so they "exist" by accident.
ODD_PATHS: tuple[Any, ...] = (
    None,
    "",
    "missing.pem",
    [],
    {},
    ["cert.pem"],
    0.5,
    -1.5,
    "a/b.pem",
    False,
)
NAMESPACES = (
    *("scoring", "a", "-a", "a-", "A", "a_b", "a.b", "a b", "kube-system", "a\n", "\n"),
    *("a" * 63, "a" * 64, "0" * 62 + "-", "é"),
)
VERSIONS = (
    *(
        "blue",
        "v1",
        "Blue",
        "a--b",
        "blue-",
        "1blue",
        "blue\n",
        "b" * 32,
        "b" * 33,
        "bl ue",
        "é" * 4,
    ),
)

POSITIVE = (1, 2, 4, 10)
RESOURCES: Table = {
    ("containerResourceRequirements", "cpu"): (0.1, 0.5, 1, 2),
    ("containerResourceRequirements", "memoryInGB"): (0.5, 1, 2, 4),
}
KEYS: Table = {
    ("keys", "primaryKey"): ("p" * 32,),
    ("keys", "secondaryKey"): ("s" * 32,),
}
AKS: Table = {
    **RESOURCES,
    **KEYS,
    ("containerResourceRequirements", "cpuLimit"): (2, 4),
    ("containerResourceRequirements", "memoryInGBLimit"): (4, 8),
    ("autoScaler", "autoscaleEnabled"): FLAGS,
    ("autoScaler", "minReplicas"): (1, 2, 3),
    ("autoScaler", "maxReplicas"): (2, 3, 10),
    ("autoScaler", "refreshPeriodInSeconds"): POSITIVE,
    ("autoScaler", "targetUtilization"): (50, 70),
    ("dataCollection", "storageEnabled"): FLAGS,
    ("authEnabled",): FLAGS,
    ("tokenAuthEnabled",): FLAGS,
    ("gpuCores",): (0, 1),
    ("appInsightsEnabled",): FLAGS,
    ("scoringTimeoutMs",): (60000, 5000),
    ("maxConcurrentRequestsPerContainer",): (1,),
    ("maxQueueWaitMs",): (500,),
    ("numReplicas",): (1, 3),
    ("livenessProbeRequirements", "periodSeconds"): POSITIVE,
    ("livenessProbeRequirements", "initialDelaySeconds"): (310, 60),
    ("livenessProbeRequirements", "timeoutSeconds"): POSITIVE,
    ("livenessProbeRequirements", "successThreshold"): (1,),
    ("livenessProbeRequirements", "failureThreshold"): (3,),
    ("namespace",): ("scoring", "azureml-ws"),
}
DEPLOYMENTS: dict[str, Table] = {
    "aks": {**AKS, ("computeTargetName",): ("aks-prod",)},
    "aksendpoint": {
        **AKS,
        ("versionName",): ("blue", "green"),
        ("trafficPercentile",): (0, 10, 100),
    },
    "aci": {
        **RESOURCES,
        **KEYS,
        ("location",): ("westeurope",),
        ("authEnabled",): FLAGS,
        ("sslEnabled",): FLAGS,
        ("sslCertificate",): ("cert.pem",),
        ("sslKey",): ("key.pem",),
        ("cname",): ("score.example.com",),
        ("appInsightsEnabled",): FLAGS,
        ("dnsNameLabel",): ("scoring",),
        ("vaultBaseUrl",): ("https://vault.example.com",),
        ("keyName",): ("key",),
        ("keyVersion",): ("1a",),
        ("vnetName",): ("vnet",),
        ("subnetName",): ("subnet",),
    },
    "local": {("port",): (8890, 1, 65535)},
}
SPECIAL: Table = {
    ("namespace",): NAMESPACES,
    ("versionName",): VERSIONS,
    ("sslCertificate",): ODD_PATHS,
    ("sslKey",): ODD_PATHS,
    ("computeType",): ("AKS", "aCi", "Local", "AksEndpoint", "iot", "managed", "aks ", "aks\n", ""),
}
STRANGERS = ("ComputeTarget", "enableAppInsights", "sslEnabled", "replicas", "1", "gpu", "location")
SPELLINGS = {"aks": "AKS", "aksendpoint": "AksEndpoint", "aci": "ACI", "local": "local"}
PEM = "-----BEGIN {0}-----\nMIIB\n-----END {0}-----\n"


def good_deployment(rng: random.Random, kind: str) -> dict[Keys, Any]:
    """A configuration that azureml-core accepts, with some of the keys."""
    table = DEPLOYMENTS[kind]
    share = rng.choice((0.0, 0.2, 0.5, 0.9))
    flat = {path: rng.choice(values) for path, values in table.items() if rng.random() < share}
    if flat.get(("autoScaler", "autoscaleEnabled")) is True:
        flat.pop(("numReplicas",), None)
        if flat.get(("autoScaler", "minReplicas"), 0) > flat.get(("autoScaler", "maxReplicas"), 9):
            del flat["autoScaler", "minReplicas"]
    else:
        enabled = flat.get(("autoScaler", "autoscaleEnabled"))
        flat = {path: value for path, value in flat.items() if path[0] != "autoScaler"}
        if enabled is False:
            flat |= {("autoScaler", "autoscaleEnabled"): False, ("numReplicas",): 2}
    if flat.get(("authEnabled",)):
        flat.pop(("tokenAuthEnabled",), None)
    for group in TOGETHER:
        if any(path in flat for path in group) and group <= table.keys():
            flat |= {path: table[path][0] for path in sorted(group)}
    return {("computeType",): SPELLINGS[kind], **flat}


TOGETHER = (
    {("sslEnabled",), ("sslCertificate",), ("sslKey",), ("cname",)},
    {("vaultBaseUrl",), ("keyName",), ("keyVersion",)},
    {("vnetName",), ("subnetName",)},
)


def bent_deployment(rng: random.Random, kind: str, flat: dict[Keys, Any]) -> None:
    """Changes one thing of a configuration, usually for the worse."""
    table = DEPLOYMENTS[kind]
    path = rng.choice([*table, ("computeType",)] if rng.random() < 0.9 or not flat else list(flat))
    change = rng.random()
    if change < 0.60:
        special = path in SPECIAL and rng.random() < 0.7
        flat[path] = rng.choice(SPECIAL[path]) if special else odd(rng, path)
    elif change < 0.72:
        flat[path] = rng.choice(table.get(path, ("aks",)))
    elif change < 0.80:
        flat.pop(path, None)
    elif change < 0.88:
        for nested_path in [other for other in flat if other[0] == path[0]]:
            del flat[nested_path]
        flat[path[:1]] = odd(rng, path)
    elif change < 0.94:
        flat[beside(path, rng.choice((path[-1].lower(), path[-1].capitalize())))] = 1
    else:
        flat[beside(path, rng.choice(STRANGERS))] = rng.choice(ODD)


def odd(rng: random.Random, path: Keys) -> Any:
    """A value that seldom fits."""
    return rng.choice(odd_values(path))


def odd_values(path: Keys) -> tuple[Any, ...]:
    """Values that seldom fit; for the path of a file none that is an open file descriptor."""
    return ODD_PATHS if path[0] in ("sslCertificate", "sslKey") else ODD


def single_changes(kind: str, seed: int) -> list[tuple[Keys, Any]]:
    """Every (key, odd value) of a kind once, in an order of the seed's own."""
    changes = [
        (path, value)
        for path in (*DEPLOYMENTS[kind], ("computeType",))
        for value in (*odd_values(path), *SPECIAL.get(path, ()))
    ]
    random.Random(f"single {kind} {seed}").shuffle(changes)
    return changes


def deployment_cases(kind: str, count: int, seed: int) -> Iterator[Case]:
    """``count`` deployment configurations of a kind; the same ones for the same seed.

    Every other one is a good configuration with one key set to one odd value, until all pairs
    of a key and a value are used up.
    """
    singles = single_changes(kind, seed)
    for number in range(count):
        rng = random.Random(f"deployment {kind} {seed} {number}")
        flat = good_deployment(rng, kind)
        if number % 2 and number // 2 < len(singles):
            path, value = singles[number // 2]
            flat[path] = value
        else:
            for _ in range(rng.choice((0, 1, 1, 2, 2, 3, 4))):
                bent_deployment(rng, kind, flat)
        yield deployment_case(rng, kind, number, recognized(kind, flat))


def recognized(kind: str, flat: dict[Keys, Any]) -> dict[Keys, Any]:
    """A configuration that more than the name of its file speaks for, or an empty one."""
    known = {key.lower() for key in TOP_LEVEL_KEYS}
    if flat and not any(path[0].lower() in known for path in flat):
        return {("computeType",): SPELLINGS[kind], **flat}
    return flat


def deployment_case(rng: random.Random, kind: str, number: int, flat: dict[Keys, Any]) -> Case:
    """The configuration as a file, now and then with a root that is no mapping."""
    roots: tuple[Any, ...] = (None, [], ["computeType"], "aks", 1)
    config, text = written(
        rng, "deploymentconfig", nested(flat) if rng.random() < 0.98 else rng.choice(roots)
    )
    files = {config: text}
    if kind == "aci":
        files |= {"cert.pem": PEM.format("CERTIFICATE"), "key.pem": PEM.format("PRIVATE KEY")}
    return Case(f"{kind}-{number:05}", f"{kind}, file", config, files)
