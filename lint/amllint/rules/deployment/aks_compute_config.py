"""An AKS cluster is made or attached with values that do not go together.

## What it does
Looks at `AksCompute.provisioning_configuration` and `attach_configuration`. Errors are what
azureml-core refuses: part of the TLS settings or of the network settings, a negative number of
nodes, a resource id that is none of an AKS cluster or stands beside a name, a load balancer
type that does not exist, a subnet for a public load balancer. Warnings are what it lets
through: a production cluster of fewer than three nodes or twelve cores, sizes that Azure has
retired, an unknown purpose, a name that no compute can have.

## Why it matters
What azureml-core refuses ends the script. The rest fails after minutes, in the service: with
`QuotaExceeded`, a size that is not offered, or a cluster that takes no deployment.

## Example
```python compute.py {3}
from azureml.core.compute import AksCompute

config = AksCompute.provisioning_configuration(
    vm_size="Standard_D4s_v3",
    agent_count=3,
    ssl_cname="scoring.example.com",
)
```

## Use instead
```python compute.py
from azureml.core.compute import AksCompute

config = AksCompute.provisioning_configuration(
    vm_size="Standard_D4s_v3",
    agent_count=3,
    ssl_cname="scoring.example.com",
    ssl_cert_pem_file="cert.pem",
    ssl_key_pem_file="key.pem",
)
```

## Sources
- azureml-core 1.61.0, `compute/aks.py`: executed, for what is refused and for what passes; the
  warnings are about values that pass. What the service says to them is documentation alone:
- Azure ML, "Create and attach an Azure Kubernetes Service cluster" (v1): three nodes for
  production, and in older revisions twelve cores.
- Azure, "Retirement of VM sizes": NC, NCv2, ND and NV on 31 August 2023, Av1 and HB on
  31 August 2024.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Any, Final

from amllint.analysis.sdk_calls import SdkCall
from amllint.artifacts.deploy_code import MAKES_CLUSTER, DeployCode
from amllint.artifacts.fields import Absent, Field, Known, Unknown
from amllint.artifacts.vm_sizes import cores, retired
from amllint.findings.finding import Observation, finding
from amllint.rules.registry import rule
from amllint.units import Linker

_TLS: Final = ("ssl_cname", "ssl_cert_pem_file", "ssl_key_pem_file")
_NETWORK: Final = (
    *("vnet_resourcegroup_name", "vnet_name", "subnet_name"),
    *("service_cidr", "dns_service_ip", "docker_bridge_cidr"),
)
_BALANCERS: Final = ("PublicIp", "InternalLoadBalancer")
_PURPOSES: Final = {"FASTPROD": "FastProd", "DEVTEST": "DevTest", "DENSEPROD": "DenseProd"}
_NAME: Final = re.compile(r"(?=.{3,24}$)[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?")
_SIZE: Final = "Standard_D3_v2"
_NODES: Final = 3
_CORES: Final = 12
_REFUSES: Final = "azureml-core refuses this"
_ACCEPTS: Final = "azureml-core accepts this silently"


@rule("AML420", "aks-compute-config", severity="error", stage="submit")
def aks_compute_config(code: DeployCode, links: Linker) -> Iterator[Observation]:
    """Report what is refused, and what fails later."""
    for call in code.calls:
        if call.name == MAKES_CLUSTER:
            yield from _group(code, call, _TLS, "TLS")
            yield from _group(code, call, _NETWORK, "network")
            yield from _nodes(code, call)
            yield from _balancer(code, call, "warning")
            yield from _size(code, call, links.today)
            yield from _unknown_purpose(code, call)
        elif call.name == "AksCompute.attach_configuration":
            yield from _cluster(code, call)
            yield from _balancer(code, call, "error")
            yield from _unknown_purpose(code, call)
        elif call.name == "ComputeTarget.create":
            yield from _name(code, call)


def _group(
    code: DeployCode, call: SdkCall, names: tuple[str, ...], what: str
) -> Iterator[Observation]:
    """All of a group, or none."""
    fields = {name: code.argument(call, name) for name in names}
    if any(isinstance(f, Unknown) and name not in call.given for name, f in fields.items()):
        return
    lacking = [n for n, f in fields.items() if isinstance(f, Absent) or _known(f) == ""]
    given = [f for n, f in fields.items() if n not in lacking]
    if given and lacking and any(isinstance(f, Known) for f in given):
        shown = ", ".join(f"`{n}`" for n in lacking)
        yield finding(
            code.at(call.call.function.span),
            f"the {what} settings are incomplete: {shown} "
            f"{'is' if len(lacking) == 1 else 'are'} not given; {_REFUSES}",
            help=f"give all of {', '.join(f'`{n}`' for n in names)}, or none",
            key=f"{what} settings",
        )


def _nodes(code: DeployCode, call: SdkCall) -> Iterator[Observation]:
    count = code.argument(call, "agent_count")
    number = _known(count)
    if isinstance(count, Known) and (isinstance(number, str) or _is_negative(number)):
        yield finding(
            count.location,
            f"`agent_count` is {number!r}, no positive number; {_REFUSES}",
            help="give the number of nodes",
            key="agent_count",
        )
        return
    if _purpose(code, call) != "FastProd" or isinstance(count, Unknown):
        return
    nodes = number if isinstance(number, int) and number else _NODES
    size = code.argument(call, "vm_size")
    each = None if isinstance(size, Unknown) else cores(str(_known(size) or _SIZE))
    if nodes >= _NODES and (each is None or each * nodes >= _CORES):
        return
    few = f"{nodes} node{'s' if nodes != 1 else ''}"
    shown = few if nodes < _NODES or each is None else f"{few} with {each} cores each"
    yield finding(
        count.location if isinstance(count, Known) else code.at(call.call.function.span),
        f"a cluster for production has {shown}: the service asks for {_NODES} nodes and "
        f"{_CORES} cores; {_ACCEPTS}",
        help="raise `agent_count`, or use `cluster_purpose=AksCompute.ClusterPurpose.DEV_TEST`",
        severity="warning",
        stage="schedule",
        key="production nodes",
    )


def _purpose(code: DeployCode, call: SdkCall) -> str | None:
    """What the cluster is for; production where nothing is said, `None` where it is open."""
    given = call.given.get("cluster_purpose")
    if given is None:
        return "FastProd" if call.rest is None else None
    name = code.constant(given.value)
    if name is None:
        return None
    return "FastProd" if name == "None" else _PURPOSES.get(name.replace("_", "").upper())


def _unknown_purpose(code: DeployCode, call: SdkCall) -> Iterator[Observation]:
    purpose = code.argument(call, "cluster_purpose")
    if not isinstance(purpose, Known) or not isinstance(purpose.value, str):
        return
    if purpose.value.replace("_", "").upper() not in _PURPOSES:
        yield finding(
            purpose.location,
            f"`{purpose.value}` is no purpose of a cluster; {_ACCEPTS}",
            help="use `AksCompute.ClusterPurpose.FAST_PROD` or `DEV_TEST`",
            severity="warning",
            key="cluster_purpose",
        )


def _size(code: DeployCode, call: SdkCall, today: datetime.date) -> Iterator[Observation]:
    size = code.argument(call, "vm_size")
    if not isinstance(size, Known) or not isinstance(size.value, str):
        return
    day = retired(size.value, today)
    if day is not None:
        yield finding(
            size.location,
            f"`{size.value}` was retired on {day} (today is {today}): no cluster can be made of "
            f"it; {_ACCEPTS}",
            help="take a size of a family that is still offered, such as NCasT4_v3 or Dsv5",
            severity="warning",
            stage="schedule",
            key=f"retired {size.value}",
        )


def _balancer(code: DeployCode, call: SdkCall, severity: Any) -> Iterator[Observation]:
    kind, subnet = (code.argument(call, f"load_balancer_{n}") for n in ("type", "subnet"))
    says = _REFUSES if severity == "error" else "azureml-core sends it on as it is"
    if isinstance(kind, Known) and kind.value not in _BALANCERS:
        yield finding(
            kind.location,
            f"`{kind.value}` is no type of load balancer; {says}",
            help="use `PublicIp` or `InternalLoadBalancer`",
            severity=severity,
            key="load_balancer_type",
        )
        return
    if isinstance(kind, Unknown) or _known(kind) == "InternalLoadBalancer":
        return
    if isinstance(subnet, Known) and subnet.value:
        yield finding(
            subnet.key,
            f"`load_balancer_subnet` goes with an internal load balancer only; {says}",
            help='add `load_balancer_type="InternalLoadBalancer"`',
            severity=severity,
            key="load_balancer_subnet",
        )


def _cluster(code: DeployCode, call: SdkCall) -> Iterator[Observation]:
    """Which cluster is attached: an id, or a group and a name."""
    names = ("resource_id", "resource_group", "cluster_name")
    identity, group, name = (code.argument(call, n) for n in names)
    if isinstance(identity, Known) and isinstance(identity.value, str):
        parts = identity.value.split("/")
        if len(parts) != 9 or parts[6] != "Microsoft.ContainerService":
            yield finding(
                identity.location,
                f"`{identity.value}` is not the id of an AKS cluster; {_REFUSES}",
                help="it is /subscriptions/…/resourceGroups/…/providers/"
                "Microsoft.ContainerService/managedClusters/…",
                key="resource_id",
            )
    doubled = next((n for n in names[1:] if n in call.given), None)
    if (
        isinstance(identity, Known)
        and doubled
        and not isinstance(code.argument(call, doubled), Absent)
    ):
        yield finding(
            code.at(call.given[doubled].key),
            f"`{doubled}` stands beside `resource_id`; {_REFUSES}",
            help="give one or the other",
            key="id and name",
        )
    lacking = [n for n, f in zip(names[1:], (group, name), strict=True) if isinstance(f, Absent)]
    if isinstance(identity, Absent) and lacking:
        shown = " and ".join(f"`{n}`" for n in lacking)
        yield finding(
            code.at(call.call.function.span),
            f"the cluster is not named: {shown} not given; {_REFUSES}",
            help="give `resource_group` and `cluster_name`, or `resource_id`",
            key="cluster not named",
        )


def _name(code: DeployCode, call: SdkCall) -> Iterator[Observation]:
    made = code.made(call, "provisioning_configuration")
    name = code.argument(call, "name")
    if made is None or not made.call.name.startswith("AksCompute.") or not isinstance(name, Known):
        return
    if isinstance(name.value, str) and not _NAME.fullmatch(name.value):
        yield finding(
            name.location,
            f"`{name.value}` is no name for a compute target: the service refuses it; {_ACCEPTS}",
            help="use 3 to 24 letters, digits and dashes, with a letter first and no dash last",
            severity="warning",
            key=f"compute name {name.value}",
        )


def _known(field: Field[Any]) -> Any:
    return field.value if isinstance(field, Known) else None


def _is_negative(number: Any) -> bool:
    return isinstance(number, (int, float)) and number < 0
