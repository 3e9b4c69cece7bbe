"""Secrets in addresses that packages are fetched from. None of them was ever in use."""

from __future__ import annotations

from pathlib import Path

import pytest

from amllint.output.style import Style
from amllint.output.text import render
from tests.checking import look, names, only, shown

PAT = "r7kq3w2yz5xv" + "n4mt6hjb8dcp" + "1fgs9qlw0kra" + "z3vxn2mt7hjq"
SIGNATURE = "Zk3Qw7Rt" + "Yb2Np5Lc" + "Vx8Hd4Jg" + "Mf6Ts9Ka" + "Eu1Wo0Ci" + "Rq2%3D"
GITHUB = "ghp_" + "Zk3Qw7RtYb2Np5LcVx8Hd4JgMf6Ts9KaEu1W"
CHANNEL = "kq-" + "7f3a9c2e-5d1b-4e8f-9a6c-2b7d4e1f8a3c"


def conda(line: str, channel: str = "conda-forge") -> str:
    head = f"channels:\n  - {channel}\ndependencies:\n  - python=3.12\n  - pip\n  - pip:\n"
    return head + f"      - {line}\n      - azureml-inference-server-http==1.5.1\n"


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        (f"--extra-index-url https://build:{PAT}@packages.contoso.com/simple", PAT),
        (f"-i https://{PAT}@pkgs.dev.azure.com/o/_packaging/f/pypi/simple/", PAT),
        (f"--find-links=https://build:{PAT}@packages.contoso.com/wheels", PAT),
        (f"git+https://{GITHUB}@github.com/contoso/scoring", GITHUB),
        (f"https://a.blob.core.windows.net/c/m-1-py3-none-any.whl?sv=1&sig={SIGNATURE}", SIGNATURE),
        (f"model @ https://build:{PAT}@packages.contoso.com/model-1-py3-none-any.whl", PAT),
    ],
)
def test_a_secret_in_an_address_is_told_and_never_shown(
    line: str, secret: str, tmp_path: Path
) -> None:
    report = look(tmp_path, {"conda.yml": conda(line)})
    told = only(report)
    assert (told.name, told.severity, shown(report, told)) == ("index-credentials", "error", secret)
    assert secret not in "".join(render(report, Style(False)))


@pytest.mark.parametrize(
    "channel",
    [f"https://build:{PAT}@conda.contoso.com/main", f"https://conda.anaconda.org/t/{CHANNEL}/own"],
)
def test_a_secret_in_a_channel_is_told(channel: str, tmp_path: Path) -> None:
    assert names(look(tmp_path, {"conda.yml": conda("joblib==1.4.2", channel)})) == [
        "index-credentials"
    ]


@pytest.mark.parametrize(
    "line",
    [
        "--extra-index-url https://build:$(PAT)@packages.contoso.com/simple",
        "--extra-index-url https://build:${PAT}@packages.contoso.com/simple",
        '"--extra-index-url https://build:{{ pat }}@packages.contoso.com/simple"',
        "--extra-index-url https://build:<token>@packages.contoso.com/simple",
        "--extra-index-url https://contoso@pkgs.dev.azure.com/o/_packaging/f/pypi/simple/",
        "git+ssh://git@github.com/contoso/scoring",
        "git+https://github.com/contoso/scoring@3f2a9c1",
        "https://a.blob.core.windows.net/c/m-1-py3-none-any.whl",
    ],
)
def test_placeholders_users_and_plain_addresses_are_fine(line: str, tmp_path: Path) -> None:
    assert names(look(tmp_path, {"conda.yml": conda(line)})) == []


def test_what_is_no_address_of_packages_is_none_of_its_business(tmp_path: Path) -> None:
    text = conda("joblib==1.4.2") + f"variables:\n  FEED: https://build:{PAT}@contoso.com/\n"
    assert names(look(tmp_path, {"conda.yml": text})) == []


@pytest.mark.parametrize(("day", "ended"), [("2026-01-01", False), ("2026-03-01", True)])
def test_a_token_that_has_ended_stops_the_build(day: str, ended: bool, tmp_path: Path) -> None:
    query = f"sv=2020-08-04&se=2026-02-01T00%3A00%3A00Z&sr=b&sig={SIGNATURE}"
    line = f"https://contoso.blob.core.windows.net/wheels/m-1-py3-none-any.whl?{query}"
    told = only(look(tmp_path, {"conda.yml": conda(line)}, today=day))
    assert told.stage == ("build" if ended else "operate")
    assert ("ended on 2026-02-01 (today is 2026-03-01)" in told.message) == ended


def test_a_token_that_its_owner_publishes_is_no_secret(tmp_path: Path) -> None:
    host = "https://azuremldownloads.blob.core.windows.net"
    line = f"{host}/wheels/latest/a-1-py3-none-any.whl?sv=1&si=ro&sr=c&sig={SIGNATURE}"
    assert names(look(tmp_path, {"conda.yml": conda(line)})) == []


@pytest.mark.parametrize(
    "stands_for_one",
    ["YOUR_TOKEN", "REPLACE_ME", "xxxxxxx", "MY_PAT", "ACCESS_KEY_NAME", "%FEED_PAT%", "__FEED__",
     "[secret-here]", "azure-devops-pat", "xxx-xxx-xxx", "PERSONAL", "feed_credentials"],
)  # fmt: skip
def test_what_stands_for_a_token_is_no_secret(stands_for_one: str, tmp_path: Path) -> None:
    line = f"--extra-index-url https://build:{stands_for_one}@packages.contoso.com/simple"
    assert names(look(tmp_path, {"conda.yml": conda(line)})) == []


@pytest.mark.parametrize("secret", ["Vq7pat9Zkw2", "QW3RTZ_UI9OP", "kZq-pa7-Rw3t"])
def test_what_only_resembles_a_placeholder_is_one_all_the_same(secret: str, tmp_path: Path) -> None:
    line = f"--extra-index-url https://build:{secret}@packages.contoso.com/simple"
    assert names(look(tmp_path, {"conda.yml": conda(line)})) == ["index-credentials"]
