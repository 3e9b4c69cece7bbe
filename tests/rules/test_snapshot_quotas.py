"""Quotas, limits of groups and sizes of machines, as a snapshot tells of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from amllint.snapshot import facts
from amllint.snapshot.asset_rows import Deployment, Endpoint
from amllint.snapshot.place_rows import (
    GroupCapability,
    NodeSize,
    QuotaCap,
    Restriction,
    VmSize,
)
from tests.rules.clusters import (
    WORKSPACE,
    Given,
    compute,
    computes,
    held,
    known,
    kubernetes,
    managed,
    said,
    unchecked,
    usages,
)

QUOTA, LIMIT, UNKNOWN, ABSENT = (
    "quota-exceeded",
    "aci-limit",
    "unknown-vm-size",
    "vm-size-unavailable",
)
NO_ENDPOINTS: Given = (facts.ONLINE_ENDPOINTS, ())
# Two of DS3_v2 take 3 × 4 = 12 cores.
ROWS: list[tuple[dict[str, tuple[int, int | None]], list[str]]] = [
    ({"standardDSv2Family": (0, 12)}, []),
    ({"standardDSv2Family": (0, 11)}, [QUOTA]),
    ({"Standard DSv2 Family": (5, 16)}, [QUOTA]),
    ({"standardDSv2Family": (0, None)}, []),
    ({"standardDSv2Family": (0, 99), "TotalDedicatedCores": (30, 41)}, [QUOTA]),
    ({"standardDSv2Family": (0, 99), "TotalDedicatedCores": (30, 42)}, []),
    ({"standardDSv2Family": (0, 99), "TotalLowPriorityCores": (30, 31)}, []),
    ({"standardDSv2Family": (20, 8)}, [QUOTA]),
]


@pytest.mark.parametrize(("rows", "findings"), ROWS)
def test_a_managed_deployment_is_held_against_the_quota_of_azure_ml(
    rows: dict[str, tuple[int, int | None]], findings: list[str], tmp_path: Path
) -> None:
    # The quota of virtual machines has nothing to do with it.
    others = usages(facts.COMPUTE_USAGES, cores=(10, 10), standardDSv2Family=(9, 9))
    given = known(usages(facts.ML_USAGES, **rows), others, NO_ENDPOINTS)
    report = held(tmp_path, {"d.yml": managed()}, given)
    assert [f.name for f in report.findings] == findings
    assert QUOTA not in unchecked(report)


def test_the_message_says_which_quota_it_is_and_of_which_day(tmp_path: Path) -> None:
    given = known(usages(facts.ML_USAGES, standardDSv2Family=(0, 11)), NO_ENDPOINTS)
    (found,) = held(tmp_path, {"d.yml": managed()}, given).findings
    assert found.message == (
        "2 × Standard_DS3_v2, with 1 more reserved for upgrades, take 12 cores, and the quota of "
        "standardDSv2Family leaves 11 (snapshot of 2026-11-20): it is refused"
    )


def test_a_family_that_is_not_listed_leaves_the_rule_unchecked(tmp_path: Path) -> None:
    given = known(usages(facts.ML_USAGES, standardDv3Family=(0, 11)), NO_ENDPOINTS)
    report = held(tmp_path, {"d.yml": managed()}, given)
    assert said(report) == []
    assert QUOTA in unchecked(report)


def test_the_cap_of_the_workspace_counts(tmp_path: Path) -> None:
    rows = usages(facts.ML_USAGES, standardDSv2Family=(0, 99))
    for cap, workspace, findings in (
        (12, "prod", []),
        (11, "PROD", [f"{QUOTA} error"]),
        (11, "dev", []),
        (None, "prod", []),
    ):
        caps = (facts.ML_QUOTAS, (QuotaCap("standardDSv2Family", cap, workspace),))
        report = held(tmp_path, {"d.yml": managed()}, known(rows, caps, NO_ENDPOINTS))
        assert said(report) == findings
    given = known(rows, (facts.ML_QUOTAS, (QuotaCap("standardDSv2Family", 8, "prod"),)))
    report = held(tmp_path, {"d.yml": managed()}, given)
    assert unchecked(report) >= {QUOTA}


BLUE = Deployment("churn", "blue", instance_type="Standard_DS3_v2", instance_count=2)
THERE: list[tuple[tuple[Given, ...], int, list[str], bool]] = [
    # It takes 12 cores already, which the usage counts.
    (((facts.ONLINE_DEPLOYMENTS, (BLUE,), "churn"),), 0, [], False),
    (((facts.ONLINE_DEPLOYMENTS, (BLUE,), "churn"),), -1, [QUOTA], False),
    (((facts.ONLINE_DEPLOYMENTS, (), "churn"),), 11, [QUOTA], False),
    # Whether it is there is not known: nothing is told that it might give back.
    (((facts.ONLINE_DEPLOYMENTS, "HTTP 403: no", "churn"),), 11, [], True),
    (((facts.ONLINE_DEPLOYMENTS, "HTTP 403: no", "churn"),), 12, [], False),
    ((), 11, [], True),
    # Another size, of another family: the region gets its cores back, the family does not.
    (
        (
            (
                facts.ONLINE_DEPLOYMENTS,
                (Deployment("churn", "blue", None, None, "Standard_F4s_v2", 9),),
                "churn",
            ),
        ),
        11,
        [QUOTA],
        False,
    ),
]


@pytest.mark.parametrize(("given", "left", "findings", "is_open"), THERE)
def test_what_a_deployment_takes_already_comes_back(
    given: tuple[Given, ...], left: int, findings: list[str], is_open: bool, tmp_path: Path
) -> None:
    rows = usages(facts.ML_USAGES, standardDSv2Family=(30, 30 + left))
    endpoints = (facts.ONLINE_ENDPOINTS, (Endpoint("churn"),))
    report = held(tmp_path, {"d.yml": managed()}, known(rows, endpoints, *given))
    assert [f.name for f in report.findings] == findings
    assert (QUOTA in unchecked(report)) is is_open


def test_names_of_endpoints_and_deployments_are_the_same_in_other_case(tmp_path: Path) -> None:
    rows = usages(facts.ML_USAGES, standardDSv2Family=(30, 30))
    for listed in ((facts.ONLINE_ENDPOINTS, (Endpoint("churn"),)), (facts.ONLINE_ENDPOINTS, "no")):
        given = known(rows, listed, (facts.ONLINE_DEPLOYMENTS, (BLUE,), "churn"))
        text = managed().replace("churn\n", "Churn\n").replace("blue", "Blue")
        report = held(tmp_path, {"d.yml": text}, given)
        assert said(report) == []
        assert QUOTA not in unchecked(report)


def test_the_region_gets_its_cores_back_too(tmp_path: Path) -> None:
    rows = usages(facts.ML_USAGES, standardDSv2Family=(0, 99), TotalDedicatedCores=(50, 50))
    for there, findings in (((BLUE,), []), ((), [QUOTA])):
        given = (rows, (facts.ONLINE_DEPLOYMENTS, there, "churn"))
        report = held(tmp_path, {"d.yml": managed()}, known(*given))
        assert [f.name for f in report.findings] == findings


def test_a_cluster_that_is_there_is_not_held_against_a_declared_quota(tmp_path: Path) -> None:
    toml = "[target.quota]\nregional-cores = 0\n"
    files = {"make.py": MAKES.format(D4, "'churn-aks'")}
    assert said(held(tmp_path, files, known(computes(compute("churn-aks"))), toml)) == []
    assert said(held(tmp_path, files, known(computes()), toml)) == [f"{QUOTA} error"]


def test_a_deployment_to_kubernetes_counts_against_no_quota(tmp_path: Path) -> None:
    report = held(tmp_path, {"d.yml": kubernetes()}, known((facts.ML_USAGES, "HTTP 403: no")))
    assert QUOTA not in unchecked(report)


# -- clusters that code makes ----------------------------------------------------------------

MAKES = """\
from azureml.core import Workspace
from azureml.core.compute import AksCompute, ComputeTarget

ws = Workspace.from_config()
config = AksCompute.provisioning_configuration({})
target = ComputeTarget.create(ws, {}, config)
"""
D4 = "vm_size='Standard_D4s_v3', agent_count=3"
NODE_QUOTA = usages(facts.COMPUTE_USAGES, cores=(90, 100), standardDSv3Family=(0, 100))
CODE: list[tuple[str, str, tuple[Given, ...], list[str]]] = [
    (D4, "'new-aks'", (NODE_QUOTA, computes()), [QUOTA]),
    (D4, "'new-aks'", (usages(facts.COMPUTE_USAGES, cores=(88, 100)), computes()), []),
    # One that is there is not made again; what is not named may be one that is there.
    (D4, "'churn-aks'", (NODE_QUOTA, computes(compute("churn-aks"))), []),
    (D4, "'new-aks'", (NODE_QUOTA, computes(compute("churn-aks"))), [QUOTA]),
    (D4, "name", (NODE_QUOTA, computes(compute("churn-aks"))), []),
    # Another region.
    (f"{D4}, location='westus2'", "'new-aks'", (NODE_QUOTA, computes(), WORKSPACE), []),
    (f"{D4}, location='East US'", "'new-aks'", (NODE_QUOTA, computes(), WORKSPACE), [QUOTA]),
]


@pytest.mark.parametrize(("arguments", "name", "given", "findings"), CODE)
def test_a_cluster_that_code_makes_is_held_against_the_quota_of_machines(
    arguments: str, name: str, given: tuple[Given, ...], findings: list[str], tmp_path: Path
) -> None:
    report = held(tmp_path, {"make.py": MAKES.format(arguments, name)}, known(*given))
    assert [f.name for f in report.findings] == findings


@pytest.mark.parametrize("name", ["'churn-aks'", "name"])
def test_computes_that_could_not_be_read_may_be_that_cluster(name: str, tmp_path: Path) -> None:
    code = {"make.py": MAKES.format(D4, name)}
    report = held(tmp_path, code, known(NODE_QUOTA, (facts.COMPUTES, "HTTP 403: no")))
    assert said(report) == []
    (told,) = (record for record in report.unchecked if record.rule == QUOTA)
    assert told.reason == "not known: computes: HTTP 403: no"


# -- FPGAs -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "findings"),
    [
        ((), ["fpga-quota warning"]),
        ((usages(facts.COMPUTE_USAGES, cores=(0, 99)),), ["fpga-quota-missing error"]),
        (
            (usages(facts.COMPUTE_USAGES, cores=(0, 99), standardPBSFamily=(0, 0)),),
            ["fpga-quota-missing error"],
        ),
        ((usages(facts.COMPUTE_USAGES, cores=(0, 99), standardPBSFamily=(0, 6)),), []),
        ((usages(facts.COMPUTE_USAGES, cores=(0, 99), standardPBSFamily=(0, None)),), []),
        (((facts.COMPUTE_USAGES, "HTTP 403: no"),), ["fpga-quota warning"]),
    ],
)
def test_quota_for_fpgas_is_known_or_reminded_of(
    given: tuple[Given, ...], findings: list[str], tmp_path: Path
) -> None:
    code = MAKES.format("vm_size='Standard_PB6s'", "'fpga'")
    assert said(held(tmp_path, {"make.py": code}, known(*given, computes()))) == findings


# -- sizes -----------------------------------------------------------------------------------

ML_SIZES: Given = (
    facts.VM_SIZES,
    (VmSize("STANDARD_DS3_V2", "DSv2", 4, 14), VmSize("Standard_D4s_v5", "DSv5", 4, 16)),
)
SIZES: dict[str, list[str]] = {
    "Standard_DS3_v2": [],
    "standard_ds3_v2": [],
    "Standard_DS4_v2": [f"{ABSENT} error"],
    "Standard_DS3v2": [f"{UNKNOWN} error"],
    "Standard_D4s_v5": [f"{UNKNOWN} warning"],
    "Standard_D8s_v5": [f"{ABSENT} error"],
    "Standard_NC6": [f"{UNKNOWN} error"],
    "'{{SIZE}}'": [],
}


@pytest.mark.parametrize("size", SIZES)
def test_a_size_is_looked_for_in_the_region(size: str, tmp_path: Path) -> None:
    report = held(tmp_path, {"d.yml": managed(f"instance_type: {size}\n")}, known(ML_SIZES))
    assert [s for s in said(report) if "vm-size" in s] == SIZES[size]


@pytest.mark.parametrize("fact", [(facts.VM_SIZES, "HTTP 403: no"), (facts.VM_SIZES, ())])
def test_a_list_of_sizes_that_is_not_known_refuses_none(fact: Given, tmp_path: Path) -> None:
    files = {"d.yml": managed("instance_type: Standard_DS4_v2\n")}
    report = held(tmp_path, files, known(fact))
    assert said(report) == []
    assert ABSENT in unchecked(report)
    files = {"d.yml": managed("instance_type: Standard_DS4v2\n")}
    assert said(held(tmp_path, files, known(fact))) == [f"{UNKNOWN} warning"]


def restricted(kind: str, *zones: str, reason: str = "NotAvailableForSubscription") -> Given:
    row = Restriction(kind, reason, ("eastus",), zones)
    named = ("Standard_D4s_v3", "Standard_D2s_v3", "Standard_Q7s_v9")
    rows = tuple(NodeSize(n, "f", 4, 16.0, 0, (row,) if n == named[0] else ()) for n in named)
    return facts.NODE_SIZES, rows


NODE_SIZES: list[tuple[str, Given, list[str]]] = [
    ("Standard_D2s_v3", restricted("Location"), []),
    ("Standard_D4s_v3", restricted("Location"), [f"{ABSENT} error"]),
    ("Standard_D4s_v3", restricted("Zone", "1", "2"), []),
    ("Standard_D8s_v3", restricted("Zone", "1", "2"), [f"{ABSENT} error"]),
    # A size that is new to amllint and not to the region.
    ("Standard_Q7s_v9", restricted("Location"), []),
    ("Standard_Q8s_v9", restricted("Location"), [f"{UNKNOWN} error"]),
    ("Standard_Q8s_v9', location='westus2", restricted("Location"), [f"{UNKNOWN} warning"]),
    ("Standard_D8s_v3', location='westus2", restricted("Location"), []),
    ("Standard_D8s_v3", (facts.NODE_SIZES, "HTTP 403: no"), []),
]


@pytest.mark.parametrize(("size", "fact", "findings"), NODE_SIZES)
def test_the_size_of_a_new_cluster_is_looked_for_among_machines(
    size: str, fact: Given, findings: list[str], tmp_path: Path
) -> None:
    code = MAKES.format(f"vm_size='{size}'", "'new-aks'")
    report = held(tmp_path, {"make.py": code}, known(fact, computes(), WORKSPACE))
    assert said(report) == findings


# -- container groups ------------------------------------------------------------------------


def group(cores: float, memory: float, **more: Any) -> GroupCapability:
    return GroupCapability(
        more.get("os", "Linux"), more.get("gpu", "None"), cores, memory, 0, more.get("ip", "Public")
    )


GROUPS: list[tuple[tuple[GroupCapability, ...], dict[str, Any], list[str]]] = [
    ((group(4, 16),), {}, []),
    ((group(2, 16),), {}, [f"{LIMIT} error"]),
    ((group(4, 2.5),), {}, [f"{LIMIT} error"]),
    ((group(2, 16), group(4, 16, gpu="V100")), {}, [f"{LIMIT} error"]),
    ((group(2, 16), group(4, 16, os="Windows")), {}, [f"{LIMIT} error"]),
    ((group(2, 16), group(4, 16)), {}, []),
    ((group(2, 16), group(4, 16, ip="Private")), {}, [f"{LIMIT} error"]),
    ((group(2, 16), group(4, 16, ip="Private")), {"vnetName": "v", "subnetName": "s"}, []),
    ((group(2, 16),), {"location": "East US"}, [f"{LIMIT} error"]),
]


@pytest.mark.parametrize(("rows", "more", "findings"), GROUPS)
def test_a_group_is_held_against_the_capabilities_of_the_region(
    rows: tuple[GroupCapability, ...], more: dict[str, Any], findings: list[str], tmp_path: Path
) -> None:
    amounts = {"cpu": 2, "memoryInGB": 2}
    config = {"computeType": "aci", "containerResourceRequirements": amounts, **more}
    given = known((facts.ACI_CAPABILITIES, rows), WORKSPACE)
    report = held(tmp_path, {"deploymentconfig.json": config}, given)
    assert said(report) == findings
    assert LIMIT not in unchecked(report)


@pytest.mark.parametrize(
    ("rows", "location"),
    [
        ("HTTP 403: no", "eastus"),
        ((group(1, 1),), "westus2"),
        ((group(1, 1, os="Windows"),), "eastus"),
        ((), "eastus"),
    ],
)
def test_limits_that_are_not_known_are_told_as_unchecked(
    rows: Any, location: str, tmp_path: Path
) -> None:
    amounts = {"cpu": 2, "memoryInGB": 2}
    config = {"computeType": "aci", "containerResourceRequirements": amounts}
    given = known((facts.ACI_CAPABILITIES, rows), WORKSPACE)
    files = {"deploymentconfig.json": {**config, "location": location}}
    report = held(tmp_path, files, given)
    assert said(report) == []
    assert LIMIT in unchecked(report)


# -- how many there may be -------------------------------------------------------------------


def many(endpoint: str, count: int) -> Given:
    rows = tuple(Deployment(endpoint, f"d{number}") for number in range(count))
    return facts.ONLINE_DEPLOYMENTS, rows, endpoint


def endpoints(**compute_of: str) -> Given:
    rows = tuple(Endpoint(name, compute=of) for name, of in compute_of.items())
    return facts.ONLINE_ENDPOINTS, rows


COUNTS: list[tuple[tuple[Given, ...], list[str]]] = [
    ((many("churn", 19),), []),
    ((many("churn", 20),), ["instance-limit warning"]),
    ((many("churn", 19), endpoints(churn="k", other="K"), many("other", 80)), []),
    (
        (many("churn", 19), endpoints(churn="k", other="K"), many("other", 81)),
        ["instance-limit error"],
    ),
    ((many("churn", 19), endpoints(churn="k", other="j"), many("other", 99)), []),
    ((many("churn", 19), endpoints(churn="k", a="k", b="k"), many("a", 99)), []),
    (((facts.ONLINE_DEPLOYMENTS, "HTTP 403: no", "churn"),), []),
]


@pytest.mark.parametrize(("given", "findings"), COUNTS)
def test_one_more_deployment_is_held_against_the_documented_limits(
    given: tuple[Given, ...], findings: list[str], tmp_path: Path
) -> None:
    for text in (managed(), kubernetes()):
        for name in ("churn", "CHURN"):
            named = text.replace("endpoint_name: churn", f"endpoint_name: {name}")
            report = held(tmp_path, {"d.yml": named}, known(*given))
            assert [s for s in said(report) if "limit" in s] == findings
        again = held(tmp_path, {"d.yml": text.replace("name: blue", "name: D1")}, known(*given))
        assert said(again) == []
