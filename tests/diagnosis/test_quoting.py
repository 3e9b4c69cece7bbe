"""Lines of logs are shown without their secrets."""

from __future__ import annotations

import pytest

from amllint.diagnosis.quoting import masked

SECRET = "Zq8secretZq8secret"


@pytest.mark.parametrize(
    "line",
    [
        "api_key={}",
        "AZURE_CLIENT_SECRET={}",
        "docker login -u myacr -p {}",
        "InstrumentationKey={};Ingestion=https://x.example",
        "error: password={}",
        "https://x.example/a?sv=1&sig={}&se=2",
        "AccountKey={}==;EndpointSuffix=core",
        '"accessToken": "{}"',
        "Authorization: Bearer {}",
        "Looking in indexes: https://me:{}@pkgs.dev.azure.com/churn/simple/",
        "git clone https://{}@github.com/churn/model",
    ],
)
def test_a_secret_is_struck_out(line: str) -> None:
    shown = masked(line.format(SECRET))
    assert SECRET not in shown
    assert "********" in shown
    short = masked(line.format("hunter2"))
    assert "hunter2" not in short


def test_the_token_of_a_channel_is_struck_out() -> None:
    line = "CondaHTTPError: HTTP 403 FORBIDDEN for url <https://conda.example.org/t/{}/x>"
    assert SECRET not in masked(line.format(SECRET))


@pytest.mark.parametrize(
    "line",
    [
        "KeyError: 'data'",
        "SyntaxError: unexpected token: x",
        "pip install -p torch",
        "the password is wrong",
        "key: value and sort_key=name",
        "git+ssh://git@github.com/churn/model",
        "failed to fetch oauth token: unexpected status: 401",
        "POST http://churn.example:8080/score from me@example.com",
    ],
)
def test_what_is_no_secret_stays(line: str) -> None:
    assert masked(line) == line
