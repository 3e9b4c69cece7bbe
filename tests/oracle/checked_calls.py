"""Lines of code that change services and clusters, and what azureml-core does with each.

As a program in the oracle environment it reads a JSON list of lines and prints what comes of
them: `refused`, or `passed` where nothing but the service is left to say something. Workspace
and services are made up, and nothing is sent.
"""

from __future__ import annotations

import contextlib
import json
import logging
import sys
import tempfile
import types
from pathlib import Path
from types import SimpleNamespace
from typing import Any

ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.{}/managedClusters/c"
PROVISION = "AksCompute.provisioning_configuration"
ATTACH = "AksCompute.attach_configuration"

UPDATES = (
    *("cpu_cores=-1", 'cpu_cores="1"', "cpu_cores=2", "cpu_cores_limit=0", "memory_gb_limit=-1"),
    *("cpu_cores=2, cpu_cores_limit=1", "memory_gb=1, memory_gb_limit=2", "gpu_cores=-1"),
    *("num_replicas=-2", "num_replicas=2", "autoscale_min_replicas=3", "autoscale_enabled=False"),
    *("autoscale_enabled=True, num_replicas=2", "autoscale_enabled=True, num_replicas=0"),
    "autoscale_enabled=True, autoscale_min_replicas=4, autoscale_max_replicas=2",
    "autoscale_enabled=True, autoscale_min_replicas=12",
    *("period_seconds=-1", "initial_delay_seconds=10", "success_threshold=5", "gpu_cores=0.5"),
    *("scoring_timeout_ms=-1", "scoring_timeout_ms=10**9", "max_request_wait_time=-1"),
)
OF_SERVICES = (
    *("auth_enabled=True, token_auth_enabled=True", "auth_enabled=True", 'namespace="A_b"'),
    *('namespace="ab"', 'auth_enabled="false"', 'auth_enabled="false", token_auth_enabled=True'),
)
OF_VERSIONS = ("traffic_percentile=110", "traffic_percentile=-1", "traffic_percentile=33.3")
CALLS = (
    *(f"service.update({a})" for a in (*UPDATES, *OF_SERVICES)),
    *(f'endpoint.create_version("green", {a})' for a in (*UPDATES, *OF_VERSIONS)),
    *(f'endpoint.update_version("green", {a})' for a in (*UPDATES, *OF_VERSIONS)),
    *(f"endpoint.create_version({name!r})" for name in ("green", "v1", "Green", "a" * 33)),
    *("aci.update(ssl_enabled=True)", 'aci.update(auth_enabled="false")'),
    *(f"{PROVISION}({a})" for a in ("ssl_cname='a.b'", "vnet_name='v'", "service_cidr='c'")),
    *(f"{PROVISION}({a})" for a in ("agent_count=-1", "agent_count='3'", "agent_count=0")),
    *(f"{PROVISION}({a})" for a in ("load_balancer_type='x'", "load_balancer_subnet='s'")),
    *(f"{PROVISION}({a})" for a in ("cluster_purpose='x'", "vm_size='Standard_NC6'", "")),
    *(f"{ATTACH}({a})" for a in ("", "resource_group='g'", "cluster_name='c'", "'g', 'c'")),
    *(f"{ATTACH}('g', 'c', {a})" for a in ("load_balancer_type='x'", "load_balancer_subnet='s'")),
    f"{ATTACH}('g', 'c', load_balancer_type='InternalLoadBalancer', load_balancer_subnet='s')",
    f"{ATTACH}('g', 'c', cluster_purpose='x')",
    *(f"{ATTACH}(resource_id='{ID.format(kind)}')" for kind in ("ContainerService", "Compute")),
    f"{ATTACH}(resource_id='{ID.format('ContainerService')}', cluster_name='c')",
    *("Model.deploy(ws, 'scoring', [])", "Model.deploy(ws, 'scoring')", "Model.register(ws)"),
    *("Model.register(ws, 'm.pkl', 'a b')", "Model.register(ws, 'm.pkl', 'a-b')"),
    *("Model.register(ws, 'https://a.b/m', 'm')", "Model.register(ws, '../m.pkl', 'm')"),
    "Model.register(ws, 'm.pkl', 'm', model_framework_version='1')",
    *(f"Model.profile(ws, 'p', [], None, None, {a})" for a in ("cpu=4", "cpu=0.05")),
    *(f"Model.profile(ws, 'p', [], None, None, memory_in_gb={a})" for a in (16, 0.05)),
    *("Model.get_model_path('m', version='1')", "Environment()", "Model.package(ws)"),
    *(
        f"service.update({a})"
        for a in ("", "num_replica=2", "foo=1, cpu_cores=1", "foo=1, tags={}")
    ),
    *(f"service.update({a})" for a in ("num_replicas=0", "cpu_cores=0, foo=1", "tags=None")),
    *(f"service.update({a})" for a in ("namespace=''", "image=None", "description='x'")),
    *(
        f"aci.update({a})"
        for a in ("", "tags=None", "tags={}", "num_replicas=2", "description='x'")
    ),
    *(f"endpoint.update({a})" for a in ("", "tags={}", "description='x'", "auth_enabled=True")),
    *(f"endpoint.update({a})" for a in ("num_replicas=2", "enable_app_insights=False")),
    *("endpoint.add_tags({'a': 'b'})", "endpoint.remove_tags(['a'])", "aci.add_tags({'a': 'b'})"),
    *("endpoint.add_properties({'a': 'b'})", "service.add_tags({'a': 'b'})"),
    *("local.get_keys()", "local.get_token()", "local.regen_key('Primary')"),
    *("Environment('a', image='b')", "Model(ws, 'a', verison=3)"),
    *("ContainerImage.create(ws, 'A_b', [], None)", "ContainerImage.create(ws, 'ab', [], None)"),
)


class Reached(Exception):
    """The workspace, or the service, would have been asked."""


def made_up(kind: Any) -> Any:
    """A service that stands in nothing."""
    made = object.__new__(kind)
    made.name, made.versions, made.workspace = "scoring", {}, Workspace()
    made.environment = made.image = made.models = made.container_resource_requirements = None
    made.tags, made.properties = {"a": "c"}, {}
    made.auth_enabled = made.token_auth_enabled = made.ssl_enabled = None
    made._auth = SimpleNamespace(get_authentication_header=dict)
    made._patch_endpoint_call = lambda *_: None
    return made


class Workspace:
    """A workspace that cannot be asked anything."""

    def __getattr__(self, name: str) -> Any:
        raise Reached(name)


def names() -> dict[str, Any]:
    """What the lines may speak of."""
    # Only its name is asked for, before the limits of a profile are.
    sys.modules["azureml.dataprep"] = types.ModuleType("azureml.dataprep")
    sys.modules["azureml.dataprep"].FieldType = object  # type: ignore[attr-defined]
    # azureml.core.model comes first: the others are half of an import cycle.
    from azureml.core.model import Model  # isort: skip
    from azureml.core import Environment
    from azureml.core.compute import AksCompute
    from azureml.core.image import ContainerImage
    from azureml.core.webservice import (
        AciWebservice,
        AksEndpoint,
        AksWebservice,
        LocalWebservice,
        aci,
        aks,
    )

    for module in (aci, aks):
        module.ComputeTarget = module.global_tracking_info_registry = None  # type: ignore[attr-defined]
    services = {"service": AksWebservice, "endpoint": AksEndpoint, "aci": AciWebservice}
    given = {name: made_up(kind) for name, kind in services.items()}
    given["local"] = object.__new__(LocalWebservice)
    classes = (Model, Environment, AksCompute, ContainerImage)
    return {"ws": Workspace(), **given, **{kind.__name__: kind for kind in classes}}


def outcome(line: str, known: dict[str, Any]) -> str:
    """What one line comes to. What trips over the made-up service has been checked before."""
    try:
        eval(line, dict(known))
    except (Reached, AttributeError):
        return "passed"
    except Exception as error:
        said = str(error)
        late = ("InferenceConfig" in said and "version" in line) or "Dataset not provided" in said
        return "passed" if late else "refused"
    return "passed"


def main() -> None:
    """Judge the lines of the standard input."""
    logging.disable(logging.CRITICAL)
    lines = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder, "here")
        here.mkdir()
        for place in (folder, here):
            Path(place, "m.pkl").touch()
        with contextlib.chdir(here), contextlib.redirect_stdout(sys.stderr):
            known = names()
            found = {line: outcome(line, known) for line in lines}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
