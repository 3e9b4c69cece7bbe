"""Who may deploy, by the roles of a snapshot and what they allow."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from amllint.config import ConfigError, load
from amllint.engine.check import Report
from amllint.rules.workspace.permissions import allows, definition, fits
from amllint.snapshot import facts
from amllint.snapshot.asset_rows import Endpoint
from amllint.snapshot.commands import absent
from amllint.snapshot.place_rows import Permission, RoleAssignment, RoleDefinition, Workspace
from amllint.source.overlay import Overlay
from tests.checking import names, only, places
from tests.rules.test_workspace_rules import ENDPOINT, deployment, held, known

WHO = "5f0c2a1e-6f0b-4e0a-9d3f-0c2f3a7d9b11"
WS = "/subscriptions/s/resourceGroups/rg/providers/M/workspaces/prod"
GROUP = "/subscriptions/s/resourceGroups/rg"
OWN = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/churn-id"
ML = "Microsoft.MachineLearningServices/workspaces"
CUSTOM = "00000000-0000-4000-8000-000000000001"
ROLE = {
    "Owner": "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
    "Contributor": "b24988ac-6180-42a0-ab88-20f7382dd24c",
    "Reader": "acdd72a7-3385-48ef-bd42-f606fba81ae7",
    "Data Scientist": "f6c7c914-8db3-469d-8ca1-694a8f32e121",
    "Compute Operator": "e503ece1-11d0-4e8e-8e2c-7a6c3bf38815",
    "Access Administrator": "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
    "Identity Operator": "f1a07417-d97a-45cb-824c-7a7467783830",
    "custom": CUSTOM,
}
AT_WORKSPACE = (facts.WORKSPACE, Workspace(WS, "prod", "westeurope"))
DEPLOYER = f'[target]\ndeployer = "{WHO.upper()}"\n'
CONFIGS = {
    "aks": '{"computeType": "aks", "numReplicas": 2}\n',
    "aci": '{"computeType": "aci", "containerResourceRequirements": {"cpu": 1, "memoryInGB": 2}}\n',
    "local": '{"computeType": "local", "port": 6789}\n',
}


def role(
    name: str,
    scope: str = WS,
    who: str = WHO,
    kind: str = "ServicePrincipal",
    conditional: bool | None = None,
) -> RoleAssignment:
    path = f"/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/{ROLE[name]}"
    return RoleAssignment(who, path, scope, kind, conditional)


def roles(*rows: RoleAssignment, of: str = WS) -> tuple[Any, ...]:
    return (facts.ROLE_ASSIGNMENTS, rows, of)


def defined(*actions: str, but: tuple[str, ...] = ()) -> tuple[Any, ...]:
    """The custom role, with what it allows."""
    row = RoleDefinition(f"/x/{CUSTOM.upper()}", "Release", (Permission(actions, but),))
    return (facts.ROLE_DEFINITIONS, (row,))


def said(
    folder: Path, *given: tuple[Any, ...], config: str = DEPLOYER, **files: str
) -> tuple[list[str], list[str]]:
    """Messages and reasons of role-missing, of a deployment of v2 if no other file is given."""
    named = {name.replace("_", "."): text for name, text in files.items()}
    named = named or {"deployment.yml": deployment()}
    endpoints = (facts.ONLINE_ENDPOINTS, (Endpoint("churn-ep", principal_id="p1"),))
    report = held(folder, {"amllint.toml": config, **named}, known(endpoints, *given))
    return messages(report), reasons(report)


def messages(report: Report) -> list[str]:
    return [f.message for f in report.findings if f.name == "role-missing"]


def reasons(report: Report) -> list[str]:
    """What is not known of the deployer's roles; not of the endpoint's storage account."""
    rows = [u for u in report.unchecked if u.rule == "role-missing"]
    storage = "does not say which storage account it has"
    return [u.reason for u in rows if not u.reason.endswith(storage)]


@pytest.mark.parametrize(
    ("rows", "found", "open_"),
    [
        ((), True, None),
        (
            (role("Reader"), role("Compute Operator"), role("Access Administrator", GROUP)),
            True,
            None,
        ),
        ((role("Data Scientist"),), False, None),
        ((role("Data Scientist", WS.upper(), WHO.upper()),), False, None),
        ((role("Contributor", GROUP),), False, None),
        ((role("Owner", "/subscriptions/s"),), False, None),
        ((role("Owner", "/subscriptions/other"),), True, None),
        ((role("Owner", WS, "somebody", "User"),), True, None),
        ((role("Reader", GROUP, "g", "Group"),), True, None),
        (
            (role("Owner", GROUP, "g", "Group"),),
            False,
            "not known: a group has the role Owner, and who is in it is not known",
        ),
        ((role("Owner", GROUP, "g", "Group"), role("Data Scientist")), False, None),
        (
            (role("custom"),),
            False,
            f"not known: what the role {CUSTOM} allows is not known",
        ),
        (
            (role("Contributor", conditional=True),),
            False,
            "not known: the role Contributor holds under a condition",
        ),
    ],
)
def test_who_deploys_needs_a_role_that_allows_it(
    tmp_path: Path, rows: tuple[RoleAssignment, ...], found: bool, open_: str | None
) -> None:
    told, unknown = said(tmp_path, AT_WORKSPACE, roles(*rows))
    expected = (
        f"who deploys ({WHO}) has no role at the workspace `prod` or above that allows"
        f" `{ML}/onlineEndpoints/write` or `{ML}/onlineEndpoints/deployments/write`: the deployment"
        " is refused"
    )
    assert told == ([expected] if found else [])
    assert unknown == ([open_] if open_ else [])


@pytest.mark.parametrize(
    ("actions", "but", "found"),
    [
        ((f"{ML}/onlineEndpoints/write",), (), False),
        ((f"{ML}/onlineEndpoints/deployments/write",), (), False),
        ((f"{ML.upper()}/ONLINEENDPOINTS/*",), (), False),
        ((f"{ML}/*/write",), (), False),
        ((f"{ML}/onlineEndpoints/*/write",), (), False),
        ((f"{ML}/online*/write",), (), False),
        ((f"{ML}/online.ndpoints/write",), (), True),
        (("*",), (), False),
        ((f"{ML}/*",), (f"{ML}/onlineEndpoints/*",), True),
        ((f"{ML}/*",), (f"{ML}/onlineEndpoints/write",), False),
        ((f"{ML}/onlineEndpoints/read", f"{ML}/batchEndpoints/write"), (), True),
        ((), (), True),
    ],
)
def test_custom_roles_are_judged_by_what_they_allow(
    tmp_path: Path, actions: tuple[str, ...], but: tuple[str, ...], found: bool
) -> None:
    given = (AT_WORKSPACE, roles(role("custom")), defined(*actions, but=but))
    told, unknown = said(tmp_path, *given)
    assert (bool(told), unknown) == (found, [])


@pytest.mark.parametrize(
    ("kind", "action", "found"),
    [
        ("aks", "services/aks/write", False),
        ("aks", "services/aci/write", True),
        ("aci", "services/aci/write", False),
        ("aci", "onlineEndpoints/write", True),
        ("local", "onlineEndpoints/write", False),
    ],
)
def test_services_of_v1_take_actions_of_their_own(
    tmp_path: Path, kind: str, action: str, found: bool
) -> None:
    given = (AT_WORKSPACE, roles(role("custom")), defined(f"{ML}/{action}"))
    told, unknown = said(tmp_path, *given, deploymentconfig_json=CONFIGS[kind])
    assert (bool(told), unknown) == (found, [])


def test_it_stands_where_the_endpoint_or_the_compute_type_is_named(tmp_path: Path) -> None:
    files = {"amllint.toml": DEPLOYER, "deployment.yml": deployment(), "dc.json": CONFIGS["aks"]}
    report = held(tmp_path, files, known(AT_WORKSPACE, roles()))
    rows = [place for place in places(report) if place[2] == "role-missing"]
    assert rows == [("dc.json", 1, "role-missing"), ("deployment.yml", 3, "role-missing")]
    finding = next(f for f in report.findings if f.name == "role-missing")
    assert (finding.stage, finding.severity) == ("submit", "error")
    assert f"assign the role AzureML Data Scientist at {WS} to {WHO}" in (
        finding.observation.help or ""
    )


def test_without_a_deployer_that_half_is_unchecked(tmp_path: Path) -> None:
    told, unknown = said(tmp_path, AT_WORKSPACE, roles(), config="")
    assert told == []
    reason = "not said: write the object id of who deploys to `deployer` under `target`"
    assert unknown == [reason]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ((), absent("workspace", "", "azure")),
        ((AT_WORKSPACE,), absent("role_assignments", WS, "azure")),
        ((AT_WORKSPACE, (facts.ROLE_ASSIGNMENTS, "HTTP 403: no", WS)), "not known: HTTP 403: no"),
        (
            (AT_WORKSPACE, roles(of="as exported")),
            "not known: an export of roles does not say for which scopes and whom it was made;"
            " `amllint snapshot --subscription …` asks for all of them",
        ),
    ],
)
def test_roles_that_are_not_known_leave_it_open(
    tmp_path: Path, given: tuple[Any, ...], reason: str
) -> None:
    told, unknown = said(tmp_path, *given)
    assert told == []
    assert reason in unknown


def test_roles_of_an_export_are_enough_to_pass(tmp_path: Path) -> None:
    given = (AT_WORKSPACE, roles(role("Data Scientist"), of="as exported"))
    assert said(tmp_path, *given) == ([], [])


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ((role("Data Scientist"), role("Identity Operator", OWN)), False),
        ((role("Contributor", GROUP),), False),
        ((role("Data Scientist"),), True),
    ],
)
def test_who_deploys_must_be_let_give_an_endpoint_its_identity(
    tmp_path: Path, rows: tuple[RoleAssignment, ...], found: bool
) -> None:
    text = f"$schema: {ENDPOINT}\nname: churn-ep\nauth_mode: key\nidentity:\n"
    text += f"  type: user_assigned\n  user_assigned_identities:\n    - resource_id: {OWN}\n"
    files = {"amllint.toml": DEPLOYER, "deployment.yml": deployment(), "endpoint.yml": text}
    new = known(AT_WORKSPACE, roles(*rows), roles(*rows, of=OWN), (facts.ONLINE_ENDPOINTS, ()))
    report = held(tmp_path, files, new)
    told = [p for p in places(report) if p[2] == "role-missing"]
    assert told == ([("endpoint.yml", 7, "role-missing")] if found else [])
    if found:
        there = (Endpoint("churn-ep", user_identities={OWN.upper(): "p1"}),)
        has = known(
            AT_WORKSPACE, roles(*rows), roles(*rows, of=OWN), (facts.ONLINE_ENDPOINTS, there)
        )
        assert names(held(tmp_path, files, has)) == []
        assert "has no role at the identity `churn-id` or above" in messages(report)[0]


def test_a_deployment_that_is_only_tried_locally_needs_no_role(tmp_path: Path) -> None:
    line = "az ml online-deployment create --local -f deployment.yml\n"
    files = {"deployment_yml": deployment(), "try_sh": line}
    assert said(tmp_path, AT_WORKSPACE, roles(), **files) == ([], [])


@pytest.mark.parametrize("value", ['"release-principal"', "7", f'"{WHO[:-1]}"', '""'])
def test_a_deployer_is_an_object_id(tmp_path: Path, value: str) -> None:
    file = tmp_path / "amllint.toml"
    file.write_text(f"[target]\ndeployer = {value}\n", "utf-8")
    with pytest.raises(ConfigError, match=r"amllint.toml:2:1: `deployer` must be an object id"):
        load(str(file), Overlay(str(tmp_path)))


@pytest.mark.parametrize(
    ("pattern", "action", "found"),
    [
        ("*", "a/b/c", True),
        ("a/*", "a/b/c", True),
        ("a/*/c", "a/c", True),
        ("a/*/c", "a/b/c", True),
        ("a/*/c", "a/b/x/c", True),
        ("a/*/c", "a/bc", False),
        ("a/*/*/c", "a/c", True),
        ("*/read", "a/b/read", True),
        ("*/read", "read", False),
        ("a/b*/c", "a/bxx/y/c", True),
        ("a/**/c", "a/c", True),
        ("A/B", "a/b", True),
        ("a.b", "axb", False),
        ("", "a", False),
        ("*" * 40 + "z", "a" * 90, False),
        ("*a" * 40 + "z", "a" * 90, False),
        ("a/" + "*/" * 40 + "z", "a/" * 60, False),
    ],
)
def test_actions_are_matched_as_azure_matches_them(pattern: str, action: str, found: bool) -> None:
    assert fits(pattern, action) is found


def test_a_permission_leaves_out_only_what_it_gives_itself() -> None:
    two = (Permission(("a/*",), ("a/b/write",)), Permission(("a/b/*",)))
    row = RoleDefinition("/r", "both", two)
    assert allows(row, "A/B/write")
    assert not allows(replace(row, permissions=two[:1]), "a/b/write")
    assert not allows(row, "a/b/write", is_data=True)


def test_a_definition_of_the_snapshot_counts_before_the_shipped_one() -> None:
    own = RoleDefinition(f"/x/{ROLE['Reader']}", "Reader of ours", (Permission(),))
    path = f"/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/{ROLE['Reader']}"
    for given, name in (((), "Reader"), (((facts.ROLE_DEFINITIONS, (own,)),), "Reader of ours")):
        found = definition(path, known(*given))
        assert found is not None
        assert found.name == name
    assert definition("/x/unheard-of", known()) is None


def test_a_deployment_by_somebody_without_a_role_is_the_one_finding(tmp_path: Path) -> None:
    given = known(AT_WORKSPACE, roles(role("Reader")))
    files = {"amllint.toml": DEPLOYER, "dc.json": CONFIGS["aks"]}
    assert only(held(tmp_path, files, given)).code == "AML708"
