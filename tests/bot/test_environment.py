"""Which pull request it is about, and with which token, the build says or the options."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from amllint.bot.environment import Chosen, azure_devops, github, platform
from amllint.bot.errors import Misconfigured

GITHUB = {"GITHUB_REPOSITORY": "acme/churn", "GITHUB_REF": "refs/pull/7/merge", "GITHUB_TOKEN": "t"}
AZURE = {
    "SYSTEM_COLLECTIONURI": "https://dev.azure.com/acme/",
    "SYSTEM_TEAMPROJECT": "ML Ops",
    "BUILD_REPOSITORY_ID": "1234",
    "SYSTEM_PULLREQUEST_PULLREQUESTID": "7",
    "SYSTEM_ACCESSTOKEN": "t",
}


@pytest.mark.parametrize(
    ("env", "wanted"),
    [
        ({"GITHUB_ACTIONS": "true"}, "github"),
        ({"GITHUB_REPOSITORY": "a/b"}, "github"),
        ({"TF_BUILD": "True"}, "azure-devops"),
        ({"TF_BUILD": "True", "BUILD_REPOSITORY_PROVIDER": "TfsGit"}, "azure-devops"),
        ({"TF_BUILD": "True", "BUILD_REPOSITORY_PROVIDER": "GitHub"}, "github"),
    ],
)
def test_the_build_tells_the_platform(env: dict[str, str], wanted: str) -> None:
    assert platform(env) == wanted


def test_without_a_build_the_platform_must_be_given() -> None:
    with pytest.raises(Misconfigured, match="--platform"):
        platform({})


def test_the_pull_request_of_a_workflow(tmp_path: Path) -> None:
    access, target = github(GITHUB, Chosen())
    assert (access.url, target.repository, target.number) == (
        "https://api.github.com",
        "acme/churn",
        7,
    )
    assert target.commit is None
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"pull_request": {"number": 9, "head": {"sha": "abc"}}}))
    _, told = github({**GITHUB, "GITHUB_EVENT_PATH": str(event)}, Chosen())
    assert (told.number, told.commit) == (9, "abc")
    _, other = github({**GITHUB, "GITHUB_EVENT_PATH": str(event)}, Chosen(pull_request=3))
    assert (other.number, other.commit) == (3, None)


@pytest.mark.parametrize(
    "event", ["", "[]", "{", '{"pull_request": 3}', '{"pull_request": {"head": 1}}', "[" * 5000]
)
def test_an_odd_event_says_nothing(tmp_path: Path, event: str) -> None:
    path = tmp_path / "event.json"
    path.write_text(event)
    assert github({**GITHUB, "GITHUB_EVENT_PATH": str(path)}, Chosen())[1].number == 7


def test_a_pull_request_on_github_that_azure_pipelines_builds() -> None:
    env = {
        "BUILD_REPOSITORY_NAME": "acme/churn",
        "SYSTEM_PULLREQUEST_PULLREQUESTNUMBER": "12",
        "GH_TOKEN": "t",
    }
    assert github(env, Chosen())[1].number == 12


@pytest.mark.parametrize(
    ("changes", "chosen", "said"),
    [
        ({"GITHUB_TOKEN": ""}, {}, "GITHUB_TOKEN or GH_TOKEN"),
        ({"GITHUB_TOKEN": "a\nb"}, {}, "characters"),
        ({"GITHUB_TOKEN": "ü"}, {}, "characters"),
        ({"GITHUB_REF": "refs/heads/main"}, {}, "--pull-request"),
        ({"GITHUB_REPOSITORY": ""}, {}, "--repository"),
        ({}, {"repository": "../../orgs/acme"}, "OWNER/NAME"),
        ({}, {"repository": "a/b?c"}, "OWNER/NAME"),
    ],
)
def test_what_is_missing_on_github_is_told(
    changes: dict[str, str], chosen: dict[str, Any], said: str
) -> None:
    with pytest.raises(Misconfigured, match=said) as caught:
        github({**GITHUB, **changes}, Chosen(**chosen))
    assert "a\nb" not in str(caught.value)


def test_the_pull_request_of_a_pipeline() -> None:
    access, target = azure_devops(AZURE, Chosen())
    assert (access.url, access.personal) == ("https://dev.azure.com/acme/", False)
    assert target.path == "/ML%20Ops/_apis/git/repositories/1234/pullRequests/7"
    personal = {**AZURE, "SYSTEM_ACCESSTOKEN": "$(System.AccessToken)", "AZURE_DEVOPS_EXT_PAT": "p"}
    assert azure_devops(personal, Chosen())[0].personal


@pytest.mark.parametrize(
    "name",
    list(AZURE),
)
def test_what_is_missing_on_azure_devops_is_told(name: str) -> None:
    with pytest.raises(Misconfigured, match=name):
        azure_devops({**AZURE, name: ""}, Chosen())


def test_options_win_over_the_build() -> None:
    chosen = Chosen(8, "5678", "abc", "https://ado.example/c", "Other")
    access, target = azure_devops(AZURE, chosen)
    assert access.url == "https://ado.example/c"
    assert (target.number, target.repository, target.project, target.commit) == (
        8,
        "5678",
        "Other",
        "abc",
    )
