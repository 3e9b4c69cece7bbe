"""Calls to Resource Manager: waiting, pages, whom the token is for."""

from __future__ import annotations

import pytest

from amllint.network.secret import Secret
from amllint.snapshot.live import paging, transport
from amllint.snapshot.live.clouds import CLOUDS, Cloud, UntrustedPlace, custom
from amllint.snapshot.live.credentials import NoToken, Tokens, tokens
from amllint.snapshot.live.failures import CallFailed, TimeOver

from .asking import Signed, session
from .fake_azure import ML_REGION, TOKEN, FakeAzure, Fault

SIZES = f"{ML_REGION}/vmSizes?api-version=2024-10-01"


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_server_is_asked_again(azure: FakeAzure, status: int) -> None:
    azure.faults = [Fault("/vmSizes", status=status, times=2, headers={"Retry-After": "7"})]
    calls, waits, notes = session(azure)
    assert len(calls.pages(azure.url + SIZES)) == 3
    assert waits == [7.0, 7.0]
    assert f"HTTP {status}; again in 7.0 s" in notes[1]


def test_a_server_that_stays_busy_is_given_up(azure: FakeAzure) -> None:
    azure.faults = [Fault("/vmSizes", status=503, body={"error": {"message": "busy"}})]
    calls, waits, _ = session(azure)
    with pytest.raises(CallFailed, match=r"^HTTP 503: busy, 4 times$"):
        calls.get(azure.url + SIZES)
    assert len(waits) == 3
    assert azure.asked("vmSizes") == 4


def test_a_wait_beyond_the_time_is_not_begun(azure: FakeAzure) -> None:
    azure.faults = [Fault("/vmSizes", status=429, headers={"Retry-After": "40"})]
    calls, waits, _ = session(azure, call=30, total=300)
    with pytest.raises(CallFailed, match="HTTP 429; it asks to wait 40 s, within 30 s") as caught:
        calls.get(azure.url + SIZES)
    assert not isinstance(caught.value, TimeOver)
    calls, waits, _ = session(azure, call=300, total=30)
    with pytest.raises(TimeOver, match="within the limit of 30 s for everything"):
        calls.get(azure.url + SIZES)
    assert waits == []


def test_endless_pages_are_bounded(azure: FakeAzure, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "MAX_PAGES", 5)
    more = f"{azure.url}{SIZES}&page="
    azure.faults = [Fault("/vmSizes", kind="next", next=lambda page: f"{more}{page + 1}")]
    calls, _, _ = session(azure)
    with pytest.raises(CallFailed, match="it has more than 5 pages"):
        calls.pages(azure.url + SIZES)
    assert azure.asked("vmSizes") == 5


def test_a_list_with_a_page_missing_is_no_list(azure: FakeAzure) -> None:
    calls, _, _ = session(azure)
    whole = calls.pages(f"{azure.url}{ML_REGION}/usages?api-version=1")
    assert len(whole) == len(azure.state.usages)
    first = azure.answer(f"{ML_REGION}/usages", {"api-version": "1"})
    azure.faults = [
        Fault("/usages", status=200, body=first, times=1),
        Fault("/usages", status=403),
    ]
    with pytest.raises(CallFailed, match="HTTP 403"):
        calls.pages(f"{azure.url}{ML_REGION}/usages?api-version=1")


def test_an_answer_too_large_is_not_kept(azure: FakeAzure, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "MAX_ANSWER", 100)
    calls, _, _ = session(azure)
    with pytest.raises(CallFailed, match="the answer is larger than"):
        calls.get(azure.url + SIZES)


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.test/x",
        "http://management.azure.com/x",
        "https://management.azure.com.evil.test/x",
        "https://management.azure.com@evil.test/x",
        "https://management.azure.com:444/x",
        "https://evilazureml.ms/x",
        "http://westeurope.api.azureml.ms/x",
        "https://westeurope.api.azureml.ms:8443/x",
        "https://u@westeurope.api.azureml.ms/x",
        "https://[::1/x",
        "",
    ],
)
def test_the_token_is_for_the_cloud_alone(url: str, azure: FakeAzure) -> None:
    calls, _, _ = session(azure)
    calls.cloud = CLOUDS["public"]
    with pytest.raises(CallFailed, match="the token is not sent there"):
        calls.get(url)
    assert azure.calls == []


@pytest.mark.parametrize(
    "url",
    [
        "https://management.azure.com/x",
        "https://MANAGEMENT.azure.com:443/x",
        "https://westeurope.api.azureml.ms/discovery",
        "https://x.workspace.westeurope.api.azureml.ms/x",
    ],
)
def test_a_workspace_has_hosts_of_its_own(url: str) -> None:
    assert CLOUDS["public"].trusts(url)


def test_a_cloud_of_ones_own_is_trusted_itself() -> None:
    own = custom("https://arm.local.test/")
    assert own.scope == "https://arm.local.test/.default"
    assert own.trusts("https://arm.local.test/x")
    assert not own.trusts("https://x.azureml.ms/x")
    with pytest.raises(UntrustedPlace):
        custom("http://arm.local.test")


def test_a_token_is_asked_for_once_and_again_before_it_ends() -> None:
    now = [1000.0]
    signed = Signed(lasts=3600)
    source = Tokens(signed, "scope", lambda: now[0])
    assert {source.current().reveal(), source.current().reveal()} == {f"{TOKEN}1"}
    assert signed.asked == [("scope",)]
    now[0] += 3400
    assert source.current().reveal() == f"{TOKEN}2"
    assert source.hidden_in(f"{TOKEN}1 {TOKEN}2") == "*** ***"
    assert "eyJ" not in repr(source.current())


def test_why_there_is_no_token_is_told_with_what_to_do() -> None:
    class Failing:
        def get_token(self, *scopes: str) -> object:
            raise RuntimeError("no account\nOther: x\n\tAzureCliCredential: not found\n")

    with pytest.raises(NoToken) as caught:
        Tokens(Failing(), "scope").current()
    said = str(caught.value)
    assert said.startswith(
        "no token for Azure: no account AzureCliCredential: not found; sign in with `az"
    )


@pytest.mark.parametrize("text", ["a b", "a\r\nX-Evil: 1", "tökén"])
def test_what_is_no_token_is_not_sent(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("AMLLINT_AZURE_TOKEN", text)
    with pytest.raises(NoToken, match="is no token"):
        tokens(Cloud("https://x.test", "", ()))


def test_a_secret_in_a_session_is_not_shown(azure: FakeAzure) -> None:
    calls, _, _ = session(azure)
    calls.get(azure.url + SIZES)
    assert TOKEN not in repr(calls)
    assert isinstance(calls.tokens.current(), Secret)
