"""Seeded deployment configurations and inference trees as the Python code that makes them.

The same arguments as in files, under their Python names, together with those that files do not
have. The call is written in the ways that people write it: keywords, the first ones by place,
a dictionary behind ``**``, constants, a function of the script that returns the configuration.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from amllint.artifacts.deployment_config import (
    AciDeployment,
    AksDeployment,
    AksEndpointDeployment,
    LocalDeployment,
)
from tests.oracle.cases import ODD, Case, Table
from tests.oracle.code_layouts import Call, Code, code, literal
from tests.oracle.configurations import (
    DEPLOYMENTS,
    PEM,
    SPECIAL,
    bent_deployment,
    good_deployment,
    odd_values,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVICES = {
    "aks": ("AksWebservice", AksDeployment.keys),
    "aksendpoint": ("AksEndpoint", AksEndpointDeployment.keys),
    "aci": ("AciWebservice", AciDeployment.keys),
    "local": ("LocalWebservice", LocalDeployment.keys),
}
ODD_VALUES = tuple(value for value in ODD if literal(value) is not None)
ONLY_IN_CODE: dict[str, tuple[Any, ...]] = {
    "tags": ({"team": "a"}, {}, None),
    "properties": ({"a": "b"}, None),
    "description": ("scores", "", None),
}
STRANGERS = (
    *("num_replica", "cpu_core", "token_auth_enabled", "gpu_cores", "ssl_enabled", "location"),
    *("computeType", "compute_type", "port", "version_name", "namespace", "replicas", "memory_gb"),
    *("blobfuse_enabled", "collect_model_data", "compute_target_name"),
)


def deployment_arguments(rng: random.Random, kind: str, flat: Table) -> dict[str, Any]:
    """The arguments that say what a file's keys say; keys that have none are left out."""
    names = {keys: name for name, keys in SERVICES[kind][1].items()}
    found = {names[keys]: value for keys, value in flat.items() if keys in names}
    usable = {name: value for name, value in found.items() if literal(value) is not None}
    if kind != "local":
        for name, values in ONLY_IN_CODE.items():
            if rng.random() < 0.1:
                usable[name] = rng.choice(values)
    return usable


def called_deployments(kind: str, count: int, seed: int) -> Iterator[Case]:
    """``count`` calls of `deploy_configuration`; the same ones for the same seed.

    Every other one is a good call with one argument set to one odd value, until all pairs of
    the two are used up.
    """
    singles = [
        (name, value)
        for name, keys in SERVICES[kind][1].items()
        for value in (*odd_values(keys), *SPECIAL.get(keys, ()))
        if literal(value) is not None
    ]
    random.Random(f"single call {seed}").shuffle(singles)
    for number in range(count):
        rng = random.Random(f"call {kind} {seed} {number}")
        flat: Any = good_deployment(rng, kind)
        if number % 2 and number // 2 < len(singles):
            arguments = deployment_arguments(rng, kind, flat)
            arguments.update([singles[number // 2]])
        else:
            for _ in range(rng.choice((0, 1, 1, 2, 2, 3, 4))):
                bent_deployment(rng, kind, flat)
            arguments = deployment_arguments(rng, kind, flat)
            if rng.random() < 0.05:
                arguments.setdefault(rng.choice(STRANGERS), rng.choice((1, "a", True)))
        yield deployment_call(rng, kind, number, arguments)


def deployment_call(rng: random.Random, kind: str, number: int, arguments: dict[str, Any]) -> Case:
    """One call as a script of its own, with the files that it may name."""
    owner = SERVICES[kind][0]
    call = Call(f"{owner}.deploy_configuration", "azureml.core.webservice", arguments)
    files = {"deploy.py": code(rng, Code((call,)))}
    if kind == "aci":
        files |= {"cert.pem": PEM.format("CERTIFICATE"), "key.pem": PEM.format("PRIVATE KEY")}
    return Case(f"{kind}-code-{number:05}", f"{kind}, code", "deploy.py", files)


assert set(SERVICES) == set(DEPLOYMENTS)
