"""Which command tells a fact: it is on the page, and what it prints is taken."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from amllint.snapshot.commands import COMMANDS, NO_COMMAND, absent, command
from amllint.snapshot.document import Snapshot
from amllint.snapshot.facts import KINDS, Kind, Read, Unread
from tests.cli.commands import Commands

from .asking import ask, snapshot_of
from .fake_azure import ML_REGION, REGION, SUB_PATH, WS, FakeAzure
from .test_exports import only, take

ACI_REGION = f"{SUB_PATH}/providers/Microsoft.ContainerInstance/locations/{REGION}"
ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/snapshot.md").read_text("utf-8")
EXPORTED = Path(__file__).parent / "exported"


def on_page() -> list[str]:
    """The commands of the page, with its variables in place of their names."""
    lines = "\n".join(re.findall(r"^```sh\n(.*?)^```", PAGE, re.M | re.S)).splitlines()
    given = dict(m.groups() for line in lines if (m := re.fullmatch(r"(\w+)=(\S+)", line)))
    given.pop("WS_ID")  # the commands have it by its name
    found = []
    for line in lines:
        text = line.partition(" > exports/")[0].replace('"', "")
        for name, value in given.items():
            text = re.sub(rf"\${name}\b", lambda _, v=value: v, text)
        found.append(text)
    return found


def test_every_fact_has_a_command_or_a_reason_why_it_has_none() -> None:
    assert set(KINDS) == set(COMMANDS) | set(NO_COMMAND)
    assert not set(COMMANDS) & set(NO_COMMAND)


@pytest.mark.parametrize("kind", COMMANDS)
def test_each_command_is_on_the_page(kind: str) -> None:
    wanted = re.escape(COMMANDS[kind]).replace("NAME", r"[\w-]+")
    assert [line for line in on_page() if re.fullmatch(wanted, line)], COMMANDS[kind]


def test_what_tells_the_rest_is_on_the_page() -> None:
    for reason in NO_COMMAND.values():
        (told,) = re.findall("`(amllint snapshot .*?)`", reason)
        assert f"`{told}`" in PAGE


def test_what_there_is_one_of_each_of_is_named() -> None:
    assert command("aks_cluster", "churn-aks") == "az aks show -g $RG -n churn-aks -o json"
    assert command("model_versions", "a; b") == COMMANDS["model_versions"]
    assert command("services") is None
    # Roles are printed of all scopes at once.
    named = {kind.name for kind in KINDS.values() if kind.of} - {"role_assignments"}
    assert {kind for kind, text in COMMANDS.items() if "NAME" in text} == named


# -- round trips ------------------------------------------------------------------------------

PRINTED_BY_REST = {
    "ml_quotas": f"{ML_REGION}/quotas",
    "aci_capabilities": f"{ACI_REGION}/capabilities",
    "aci_usages": f"{ACI_REGION}/usages",
}


@pytest.mark.parametrize("name", PRINTED_BY_REST)
def test_what_az_rest_prints_is_taken(name: str, amllint: Commands, azure: FakeAzure) -> None:
    path = PRINTED_BY_REST[name]
    assert path.rpartition("/")[2] in COMMANDS[name]
    printed = azure.answer(path, {"api-version": "2024-10-01"})
    taken = only(take(amllint, {"printed.json": printed}), KINDS[name])
    live = snapshot_of(ask(amllint, azure)).fact(KINDS[name])
    assert isinstance(live, Read)
    assert taken
    assert taken == live.value


def exported(name: str) -> Any:
    """What `az ml` printed of a workspace, which is called WS in it."""
    text = (EXPORTED / name).read_text("utf-8")
    return json.loads(text.replace("WS/", f"{WS}/"))


def test_what_az_ml_prints_of_deployments_is_taken(amllint: Commands) -> None:
    done = take(amllint, {"printed.json": exported("online-deployments.json")})
    blue, green = only(done, KINDS["online_deployments"], "churn")
    assert (blue.name, blue.state, blue.instance_type) == ("blue", "Succeeded", "Standard_DS3_v2")
    assert (blue.instance_count, blue.request_timeout_ms, blue.kind) == (2, 5000, "Managed")
    assert (green.state, green.environment) == ("Failed", f"azureml:{WS}/environments/s/versions/2")
    assert "do-not-keep-me" not in done.out


def test_what_az_ml_prints_of_batch_endpoints_is_taken(amllint: Commands) -> None:
    (found,) = only(
        take(amllint, {"printed.json": exported("batch-endpoints.json")}), KINDS["batch_endpoints"]
    )
    assert (found.name, found.state, found.auth_mode) == ("nightly", "Succeeded", "aad_token")


# -- what is not there ------------------------------------------------------------------------


def test_what_nobody_exported_is_said_with_its_command() -> None:
    assert absent("registry", "", "files") == "not exported: run `az acr show -n $ACR -o json`"
    assert absent("pods", "", "azure") == (
        "not in the snapshot: run `kubectl get nodes,pods,instancetypes -A -o json`, and add its"
        " file by `--from-files`"
    )
    assert absent("services", "", "files").startswith("not exported: no command of az prints it")


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: str(kind.name))
def test_a_fact_that_a_snapshot_has_nothing_of_is_absent(kind: Kind[Any]) -> None:
    at = "2026-11-27T08:00:00Z"
    none = Snapshot(at, "amllint 1", "files", None, None, None, {})
    lacking = none.fact(kind, "x" if kind.of else "")
    assert isinstance(lacking, Unread)
    assert lacking.is_absent
    assert lacking.reason.startswith("not exported: ")
