"""Tags of images: asked of the registry itself, and taken from exports."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from amllint.snapshot import facts
from amllint.snapshot.facts import Read, Unread
from amllint.snapshot.live import paging
from amllint.snapshot.live.clouds import CLOUDS, Cloud, UntrustedPlace, custom
from amllint.snapshot.live.failures import CallFailed
from amllint.snapshot.live.registry import RegistryReader
from amllint.snapshot.place_rows import ImageTag
from tests.cli.commands import Commands, Done

from .asking import ask, facts_of, session, snapshot_of
from .fake_azure import ACR, TOKEN, FakeAzure, Fault
from .fake_registry import ACCESS, REFRESH, digest
from .test_exports import only, take

TAGS = "/acr/v1/churn/_tags"


@pytest.fixture
def registry(azure: FakeAzure) -> FakeAzure:
    """The fake Azure, whose registry is on loopback as well."""
    azure.state.login_server = urlsplit(azure.url).netloc
    return azure


def tags_of(done: Done, repository: str = "churn") -> Any:
    """The fact that tells the tags of a repository, as it stands in the file."""
    assert done.code == 0, done.err
    return facts_of(done)[f"image_tags {repository}"]


# -- asked of the registry --------------------------------------------------------------------


def test_tags_are_read_page_by_page(amllint: Commands, registry: FakeAzure) -> None:
    done = ask(amllint, registry, "--image-tags", "churn", "--image-tags", "team/prices")
    found = snapshot_of(done)
    for name, tags in registry.state.tags.items():
        fact = found.fact(facts.IMAGE_TAGS, name)
        assert isinstance(fact, Read), fact
        assert fact.value == tuple(ImageTag(tag, digest(tag)) for tag in tags)
        assert fact.source == f"GET /acr/v1/{name}/_tags"
    assert registry.asked(TAGS) == 3
    assert registry.asked("/oauth2/exchange") == 1
    assert registry.scopes == [f"repository:{n}:metadata_read" for n in registry.state.tags]
    assert "  image_tags of churn: 5\n" in done.err


def test_the_registry_is_asked_for_nothing_unless_told(
    amllint: Commands, registry: FakeAzure
) -> None:
    assert ask(amllint, registry).code == 0
    assert registry.asked("/oauth2/") == registry.asked("/acr/") == 0


def test_a_repository_that_is_not_there_has_no_tags(amllint: Commands, registry: FakeAzure) -> None:
    assert tags_of(ask(amllint, registry, "--image-tags", "chrun"), "chrun")["value"] == []


def errors(code: str, message: str) -> Any:
    return {"errors": [{"code": code, "message": message}]}


@pytest.mark.parametrize("path", [TAGS, "/oauth2/exchange", "/oauth2/token"])
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault("", status=401, body=errors("UNAUTHORIZED", "why")), "HTTP 401: why"),
        (Fault("", status=403, body=errors("DENIED", "why")), "HTTP 403: why"),
        (Fault("", status=404, body=errors("NOT_FOUND", "why")), "HTTP 404: why"),
        (Fault("", status=404, body="<html>"), "HTTP 404"),
        (Fault("", status=500), "HTTP 500, 4 times"),
        (
            Fault("", status=429, headers={"Retry-After": "3600"}),
            "HTTP 429; it asks to wait 3600 s, within 30 s",
        ),
        (Fault("", status=302, headers={"Location": "/x"}), "HTTP 302: redirects are not followed"),
        (Fault("", kind="broken"), "the answer is no valid JSON: it is broken or cut off, 4 times"),
        (Fault("", kind="cut"), "the answer was cut off"),
        (Fault("", kind="silent"), "no answer"),
    ],
    ids=lambda x: f"{x.kind} {x.status}" if isinstance(x, Fault) else "",
)
def test_why_tags_cannot_be_read_is_told(
    registry: FakeAzure, path: str, fault: Fault, said: str
) -> None:
    registry.faults = [Fault(path, fault.kind, fault.status, fault.body, fault.headers)]
    calls, _, _ = session(registry, call=1 if fault.kind == "silent" else 30)
    with pytest.raises(CallFailed) as caught:
        RegistryReader(calls, registry.state.login_server).tags("churn")
    assert str(caught.value).startswith(said)


def test_tags_that_cannot_be_read_are_unknown_and_all_else_is_read(
    amllint: Commands, registry: FakeAzure
) -> None:
    registry.faults = [Fault(TAGS, status=403, body=errors("DENIED", "why"))]
    done = ask(amllint, registry, "--image-tags", "churn")
    fact = tags_of(done)
    assert fact["unknown"] == "HTTP 403: why"
    assert "value" not in fact
    assert "value" in facts_of(done)["models"]
    assert ask(amllint, registry, "--image-tags", "churn", "--strict").code == 4


def test_where_signing_in_fails_it_is_not_tried_for_each(
    amllint: Commands, registry: FakeAzure
) -> None:
    registry.faults = [Fault("/oauth2/exchange", status=403)]
    done = ask(amllint, registry, "--image-tags", "churn", "--image-tags", "team/prices")
    assert tags_of(done, "churn")["unknown"] == tags_of(done, "team/prices")["unknown"]
    assert registry.asked("/oauth2/") == 1


def test_what_the_registry_asks_to_wait_for_is_waited_for(registry: FakeAzure) -> None:
    limited = {"Retry-After": "7"}
    registry.faults = [
        Fault("/oauth2/exchange", status=429, headers=limited, times=1),
        Fault(TAGS, status=503, headers=limited, times=2),
    ]
    calls, waits, notes = session(registry)
    reader = RegistryReader(calls, registry.state.login_server)
    assert len(reader.tags("churn")) == 5
    assert waits == [7.0, 7.0, 7.0]
    assert "POST /oauth2/exchange: 429" in notes


@pytest.mark.parametrize(
    "body",
    [
        [],
        3,
        None,
        {},
        {"refresh_token": None, "access_token": None},
        {"refresh_token": "", "access_token": ""},
        {"refresh_token": "a b", "access_token": "a\r\nX: y"},
        {"refresh_token": "tökén", "access_token": ["x"]},
    ],
)
@pytest.mark.parametrize("step", ["exchange", "token"])
def test_what_is_no_token_is_not_sent(
    amllint: Commands, registry: FakeAzure, step: str, body: Any
) -> None:
    registry.faults = [Fault(f"/oauth2/{step}", status=200, body=body)]
    fact = tags_of(ask(amllint, registry, "--image-tags", "churn"))
    assert fact["unknown"].startswith("the registry gives no token (")
    assert registry.asked("/acr/") == 0


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ([], "the answer is no list of tags"),
        ({}, "the answer is not as expected: it is no list of tags"),
        ({"tags": None}, "the answer is not as expected: it is no list of tags"),
        ({"tags": [{"digest": "x"}]}, "the answer is not as expected: an item has no `name`"),
        ({"tags": [{"name": "a b"}]}, "the answer is not as expected: an item has no `name`"),
    ],
)
def test_tags_of_another_shape_are_unknown(
    amllint: Commands, registry: FakeAzure, body: Any, said: str
) -> None:
    registry.faults = [Fault(TAGS, status=200, body=body)]
    assert tags_of(ask(amllint, registry, "--image-tags", "churn"))["unknown"].startswith(said)


def test_tags_of_which_a_page_is_missing_are_unknown(
    amllint: Commands, registry: FakeAzure
) -> None:
    first = registry.answer(TAGS, {})
    follows = {"Link": '</acr/v1/churn/_tags?last=2>; rel="next"'}
    gone = errors("NAME_UNKNOWN", "repository name not known to registry")
    registry.faults = [
        Fault(TAGS, status=200, body=first, headers=follows, times=1),
        Fault(TAGS, status=404, body=gone),
    ]
    fact = tags_of(ask(amllint, registry, "--image-tags", "churn"))
    assert fact["unknown"].startswith("HTTP 404")
    registry.faults = [Fault(TAGS, status=200, body=first, headers={"Link": "what follows"})]
    fact = tags_of(ask(amllint, registry, "--image-tags", "churn"))
    assert fact["unknown"] == "where its next page is cannot be read"


@pytest.mark.parametrize(
    ("follow", "said"),
    [
        (lambda page: TAGS + "?n=100", "its pages lead back to a page that was read before"),
        (lambda page: f"{TAGS}?page={page + 1}", "it has more than 5 pages"),
        (lambda page: "https://evil.test/x", "its next page is at https://evil.test"),
        (lambda page: "http://localhost/x", "its next page is at http://localhost"),
        (lambda page: "//evil.azurecr.io/x", "its next page is at https://evil.azurecr.io"),
        (lambda page: "https://[::1/x", "its next page is at no URL"),
    ],
)
def test_pages_without_end_or_elsewhere_are_given_up(
    amllint: Commands,
    registry: FakeAzure,
    monkeypatch: pytest.MonkeyPatch,
    follow: Any,
    said: str,
) -> None:
    monkeypatch.setattr(paging, "MAX_PAGES", 5)
    registry.faults = [Fault(TAGS, kind="next", next=follow)]
    assert tags_of(ask(amllint, registry, "--image-tags", "churn"))["unknown"].startswith(said)


def test_no_token_follows_a_page_or_a_registry_elsewhere(
    amllint: Commands, registry: FakeAzure, certificate: Path
) -> None:
    other = FakeAzure()
    with other.serving(certificate):
        registry.faults = [Fault(TAGS, kind="next", next=lambda page: f"{other.url}{TAGS}")]
        fact = tags_of(ask(amllint, registry, "--image-tags", "churn"))
    assert "the token is not sent there" in fact["unknown"]
    assert other.calls == []


@pytest.mark.parametrize(
    ("server", "said"),
    [
        ("churnacr.azurecr.io", "it leads to https://churnacr.azurecr.io: the token is not sent"),
        ("evil.test", "it leads to https://evil.test: the token is not sent there"),
        ("u@evil.test", "the name of the registry's host is none"),
        ("evil.test/x", "the name of the registry's host is none"),
        ("localhost:99999", "it leads to https://localhost: the token is not sent there"),
    ],
)
def test_a_registry_that_is_none_of_the_clouds_is_not_asked(
    amllint: Commands, azure: FakeAzure, server: str, said: str
) -> None:
    azure.state.login_server = server
    assert tags_of(ask(amllint, azure, "--image-tags", "churn"))["unknown"].startswith(said)
    assert azure.asked("/oauth2/") == 0


def is_trusted(cloud: Cloud, url: str) -> bool:
    try:
        return cloud.trusts_registry(url)
    except UntrustedPlace:
        return False


@pytest.mark.parametrize(
    ("name", "domain"),
    [("public", "azurecr.io"), ("us-government", "azurecr.us"), ("china", "azurecr.cn")],
)
def test_tokens_of_registries_stay_below_the_clouds_own_domain(name: str, domain: str) -> None:
    cloud = CLOUDS[name]
    good = [f"https://churnacr.{domain}/x", f"https://CHURNACR.{domain.upper()}:443/x"]
    bad = [
        f"http://churnacr.{domain}/x",
        f"https://churnacr.{domain}:8443/x",
        f"https://u@churnacr.{domain}/x",
        f"https://churnacr.{domain}.evil.test/x",
        f"https://evil{domain}/x",
        f"https://{domain}/x",
        f"{cloud.manager}/x",
        "https://localhost/x",
        "https://[::1/x",
    ]
    assert all(is_trusted(cloud, url) for url in good)
    assert not any(is_trusted(cloud, url) for url in bad)
    others = {"azurecr.io", "azurecr.us", "azurecr.cn"} - {domain}
    assert not any(is_trusted(cloud, f"https://churnacr.{other}/x") for other in others)


def test_a_cloud_of_ones_own_has_registries_on_loopback_alone() -> None:
    own = custom("https://arm.local.test")
    assert not any(is_trusted(own, f"https://{h}/x") for h in ("x.azurecr.io", "localhost"))
    here = custom("https://localhost:8443")
    assert is_trusted(here, "https://localhost:5000/x")
    assert not is_trusted(here, "http://localhost:5000/x")
    assert not is_trusted(here, "https://x.azurecr.io/x")


def test_no_token_is_in_the_file_or_on_stderr(amllint: Commands, registry: FakeAzure) -> None:
    leak = errors("DENIED", f"{TOKEN} and {REFRESH} and {ACCESS} may not")
    registry.faults = [Fault("/team/prices/_tags", status=403, body=leak)]
    asked = ("--image-tags", "churn", "--image-tags", "team/prices")
    done = ask(amllint, registry, *asked, "-vv")
    assert tags_of(done, "team/prices")["unknown"].startswith("HTTP 403: ")
    for text in (done.out, done.err):
        assert not any(token in text for token in (TOKEN, REFRESH, ACCESS))
    assert "    POST /oauth2/exchange: 200\n" in done.err
    assert f"    GET {TAGS}: 200\n" in done.err


def test_opaque_tokens_of_a_registry_are_struck_out(registry: FakeAzure) -> None:
    opaque = "opaque-refresh-token-of-nobody"
    registry.faults = [
        Fault("/oauth2/exchange", status=200, body={"refresh_token": opaque}),
        Fault("/oauth2/token", status=403, body=errors("DENIED", f"not with {opaque}")),
    ]
    calls, _, _ = session(registry)
    reader = RegistryReader(calls, registry.state.login_server)
    with pytest.raises(CallFailed, match=r"^HTTP 403: not with \*\*\*$"):
        reader.tags("churn")
    assert opaque not in repr(reader)


def test_without_a_registry_there_is_nothing_to_ask(amllint: Commands, azure: FakeAzure) -> None:
    azure.faults = [Fault(ACR, status=403)]
    fact = tags_of(ask(amllint, azure, "--image-tags", "churn"))
    assert fact["unknown"].startswith("not asked for: the host of the workspace's registry")


def test_tags_count_for_the_time_of_everything(amllint: Commands, registry: FakeAzure) -> None:
    registry.faults = [Fault(TAGS, kind="silent")]
    asked = ("--image-tags", "churn", "--image-tags", "team/prices", "--seconds", "3")
    found = facts_of(ask(amllint, registry, *asked))
    assert found["image_tags churn"]["unknown"].startswith("no answer, within the limit of 3 s")
    assert found["image_tags team/prices"]["unknown"].startswith("not asked for: the time was over")


@pytest.mark.parametrize("name", ["churn:1", "x.azurecr.io/Churn", "Churn", "", "a/../b", "a?n=1"])
def test_what_is_no_repository_is_told(amllint: Commands, azure: FakeAzure, name: str) -> None:
    done = ask(amllint, azure, "--image-tags", name)
    assert (done.code, done.out) == (2, "")
    assert f"`{name}` is no repository: write its name without host and tag" in done.err


def test_files_alone_do_not_ask_for_tags(amllint: Commands) -> None:
    done = amllint("snapshot", "--from-files", "exports", "--image-tags", "churn")
    assert (done.code, done.out) == (2, "")
    assert "--image-tags asks Azure: say --subscription, --resource-group" in done.err


# -- exports ----------------------------------------------------------------------------------

DETAILED = [
    {"name": "1", "digest": digest("1"), "createdTime": "2026-01-01T00:00:00Z", "signed": False},
    {"name": "latest", "digest": digest("2"), "changeableAttributes": {"readEnabled": True}},
]


@pytest.mark.parametrize(
    ("file", "data", "of", "rows"),
    [
        ("tags-churn.json", ["1", "latest"], "churn", (("1", None), ("latest", None))),
        ("tags-team%2Fchurn.json", ["1"], "team/churn", (("1", None),)),
        ("tags-team%2fchurn.json", ["1"], "team/churn", (("1", None),)),
        ("tags-churn.json", [], "churn", ()),
        ("tags-churn.json", DETAILED, "churn", (("1", digest("1")), ("latest", digest("2")))),
        (
            "x.json",
            {"registry": "x.azurecr.io", "imageName": "team/churn", "tags": DETAILED[:1]},
            "team/churn",
            (("1", digest("1")),),
        ),
    ],
)
def test_tags_are_taken_from_files(
    amllint: Commands, file: str, data: Any, of: str, rows: Any
) -> None:
    found = only(take(amllint, {file: data}), facts.IMAGE_TAGS, of)
    assert found == tuple(ImageTag(*row) for row in rows)


def test_the_registrys_own_answer_is_what_is_read_live(
    amllint: Commands, registry: FakeAzure
) -> None:
    registry.state.tags = {"churn": ["1", "2"]}
    printed = registry.answer(TAGS, {})
    taken = only(take(amllint, {"x.json": printed}), facts.IMAGE_TAGS, "churn")
    live = snapshot_of(ask(amllint, registry, "--image-tags", "churn"))
    fact = live.fact(facts.IMAGE_TAGS, "churn")
    assert isinstance(fact, Read)
    assert taken == fact.value


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"x.json": DETAILED}, "x.json: of which repository these tags are cannot be told: call"),
        ({"tags-Churn.json": ["1"]}, "`Churn` is no name of a repository: call it tags-REPOSITORY"),
        ({"tags-.json": ["1"]}, "`` is no name of a repository"),
        (
            {"x.json": {"registry": "x.azurecr.io", "imageName": 3, "tags": []}},
            "what it names is no name of a repository",
        ),
        (
            {"x.json": {"registry": "r", "imageName": "churn", "tags": ["1"], "link": "</x>"}},
            "x.json: it is the first page of a list alone",
        ),
        ({"names.json": ["1", "2"]}, "exports has no exports of az or kubectl"),
        (
            {
                "tags-churn.json": ["1"],
                "x.json": {"registry": "x.azurecr.io", "imageName": "churn", "tags": []},
            },
            "x.json and tags-churn.json both tell image_tags of churn: remove one",
        ),
        (
            {
                name: {"registry": f"{name}.azurecr.io", "imageName": name[0], "tags": []}
                for name in ("a.json", "b.json")
            },
            "a.json is of the registry `a.json.azurecr.io`, b.json of `b.json.azurecr.io`",
        ),
    ],
)
def test_lists_of_tags_that_cannot_be_used_are_told(
    amllint: Commands, files: dict[str, Any], said: str
) -> None:
    done = take(amllint, files)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


@pytest.mark.parametrize("data", [["1", "a b"], [{"name": 3, "digest": "x"}], ["", "1"]])
def test_a_list_with_what_is_no_tag_is_unknown(amllint: Commands, data: Any) -> None:
    done = take(amllint, {"tags-churn.json": data, "sizes.json": [SIZE]})
    fact = snapshot_of(done).fact(facts.IMAGE_TAGS, "churn")
    assert isinstance(fact, Unread)
    assert "an item has no `name` that can be a tag" in fact.reason


SIZE = {"name": "S", "family": "f", "vCPUs": 2, "memoryGB": 7.0, "maxResourceVolumeMB": 1}


def test_as_many_tags_as_a_page_has_may_not_be_all(amllint: Commands) -> None:
    rows = [{"name": str(n), "digest": digest(str(n))} for n in range(100)]
    answer = {"registry": "x.azurecr.io", "imageName": "churn", "tags": rows}
    done = take(amllint, {"x.json": answer, "sizes.json": [SIZE]})
    fact = snapshot_of(done).fact(facts.IMAGE_TAGS, "churn")
    assert isinstance(fact, Unread)
    assert "100 tags may be one page of several" in fact.reason
    (amllint.folder / "exports/x.json").unlink()
    done = take(amllint, {"tags-churn.json": rows})  # az reads all pages
    assert isinstance(snapshot_of(done).fact(facts.IMAGE_TAGS, "churn"), Read)


def test_tags_of_another_registry_are_refused(amllint: Commands, azure: FakeAzure) -> None:
    answer = {"registry": "other.azurecr.io", "imageName": "churn", "tags": []}
    acr = azure.answer(ACR, {})
    said = "there are tags of the registry `other.azurecr.io`, the workspace's is `churnacr.azur"
    done = take(amllint, {"x.json": answer, "acr.json": acr})
    assert done.code == 2
    assert said in done.err
    (amllint.folder / "exports/acr.json").unlink()
    done = ask(amllint, azure, "--from-files", "exports")
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    own = {**answer, "registry": "ChurnACR.azurecr.io"}
    assert take(amllint, {"x.json": own, "acr.json": acr}).code == 0
    assert ask(amllint, azure, "--from-files", "exports").code == 0
