"""The role in the documentation allows what a snapshot asks for, and nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

from tests.cli.commands import Commands

from .asking import ask
from .fake_azure import FakeAzure

ROLE = Path(__file__).resolve().parents[2] / "docs/snapshot-role.json"


def action(path: str) -> str:
    """The action that reading a path takes: the provider, and the types without their names."""
    found = list(re.finditer(r"/providers/(?=[^/]+/)", path))
    if not found:
        assert path.endswith("/providers"), path
        return "Microsoft.Resources/subscriptions/providers/read"
    provider, *rest = path[found[-1].end() :].split("/")
    types = rest[::2]
    return "/".join([provider, *types, "read"])


def test_a_path_is_turned_into_its_action() -> None:
    ws = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices"
    assert action(f"{ws}/workspaces/w/models/m/versions").endswith("/models/versions/read")
    roles = f"{ws}/workspaces/w/providers/Microsoft.Authorization/roleAssignments"
    assert action(roles) == "Microsoft.Authorization/roleAssignments/read"


def test_the_role_allows_what_is_asked_for_and_no_more(amllint: Commands, azure: FakeAzure) -> None:
    assert ask(amllint, azure).code == 0
    asked = {urlsplit(path).path for path, with_token in azure.calls if with_token}
    wanted = {action(path).lower() for path in asked}
    allowed = {a.lower() for a in json.loads(ROLE.read_text("utf-8"))["Actions"]}
    assert allowed == wanted
    assert not any(a.endswith(("*", "/write", "/action", "/delete")) for a in allowed)
