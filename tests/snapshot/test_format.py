"""The file of a snapshot: written, read again, and what is told of a broken one."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from amllint.schemas import load_schema
from amllint.snapshot.asset_rows import Service
from amllint.snapshot.document import Snapshot, render, written
from amllint.snapshot.facts import (
    KINDS,
    NODES,
    PODS,
    PROVIDERS,
    SERVICES,
    VM_SIZES,
    Kind,
    Read,
    Unread,
)
from amllint.snapshot.reading import NoSnapshot, parse, read
from amllint.source.overlay import Overlay
from amllint.source.text import SourceText

from .samples import AT, whole

JUDGE: Any = Draft202012Validator(load_schema("snapshot"))


def read_text(text: str) -> Snapshot:
    return parse(SourceText("snapshot.json", text))


def refusal(text: str) -> str:
    with pytest.raises(NoSnapshot) as caught:
        read_text(text)
    return str(caught.value)


@pytest.mark.parametrize("bare", [False, True])
def test_what_is_written_is_read_again_and_fits_the_schema(bare: bool) -> None:
    text = render(whole(bare))
    assert list(JUDGE.iter_errors(json.loads(text))) == []
    assert read_text(text) == whole(bare)
    assert render(read_text(text)) == text


def test_a_row_is_a_line() -> None:
    text = render(whole())
    rows = json.loads(text)["facts"]
    listed = [row for fact in rows for row in fact.get("value", []) if isinstance(row, dict)]
    assert {json.dumps(row) for row in listed} <= {
        line.strip().rstrip(",") for line in text.splitlines()
    }


def test_a_snapshot_without_facts_is_one() -> None:
    empty = replace(whole(), facts={})
    assert read_text(render(empty)) == empty


def test_facts_are_typed_and_asked_for_one_by_one() -> None:
    snapshot = read_text(render(whole()))
    sizes = snapshot.fact(VM_SIZES)
    assert isinstance(sizes, Read)
    assert sizes.value[0].memory_gb == 1.5
    assert (sizes.read_at, sizes.source) == (AT, "GET /it")
    lacking = replace(snapshot, facts={}).fact(VM_SIZES)
    assert isinstance(lacking, Unread)
    assert lacking == Unread(lacking.reason, AT, "", is_absent=True)


@pytest.mark.parametrize("kind", [k for k in KINDS.values() if k.of], ids=lambda k: k.name)
def test_an_unread_fact_keeps_its_reason(kind: Kind[Any]) -> None:
    snapshot = read_text(render(whole()))
    assert snapshot.fact(kind, "other") == Unread("HTTP 403: no", AT, "GET /other")
    assert list(snapshot.subjects(kind)) == ["it", "other"]


def test_its_age_is_that_of_the_oldest_fact() -> None:
    facts = {(PODS.name, ""): Read((), "2026-11-20T12:00:00Z", "pods.json")}
    facts[NODES.name, ""] = Read((), AT, "nodes.json")
    snapshot = replace(whole(), facts=dict(facts))
    assert written(snapshot.oldest) == "2026-11-20T12:00:00Z"
    assert snapshot.days_before(datetime.date(2026, 11, 27)) == 7
    assert snapshot.days_before(datetime.date(2026, 11, 19)) == -1


def test_what_looks_like_a_secret_is_struck_out() -> None:
    key = "AccountKey=" + "q8Zx" * 21 + "aB=="
    service = Service("s", error=f"DefaultEndpointsProtocol=https;{key};EndpointSuffix=x")
    facts = {(SERVICES.name, ""): Read((service,), AT, "GET /s")}
    text = render(replace(whole(), facts=dict(facts)))
    assert "q8Zxq8Zx" not in text * 1
    assert read_text(text).fact(SERVICES)


def test_no_build_agent_obeys_what_a_workspace_says() -> None:
    facts = {(PROVIDERS.name, ""): Unread("##vso[task.setvariable]x ##[error]", AT, "GET /p")}
    text = render(replace(whole(), facts=dict(facts)))
    assert "##" not in text
    assert read_text(text).facts == facts


# -- what is told of a broken one -------------------------------------------------------------


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_truncated_json_is_told_with_its_place(share: float) -> None:
    text = render(whole())
    cut = text[: int(len(text) * share)]
    said = refusal(cut)
    where, _, rest = said.partition(": ")
    path, line, column = where.split(":")
    assert path == "snapshot.json"
    assert int(line) == cut.count("\n") + 1
    assert int(column) >= 1
    assert rest.startswith("the snapshot is no JSON: ")
    assert said.endswith("`amllint snapshot` writes such a file")


def test_a_broken_line_is_told_with_line_and_column() -> None:
    text = render(whole()).splitlines()
    text[4] = text[4].replace(",", ";")
    assert refusal("\n".join(text)).startswith("snapshot.json:5:")


@pytest.mark.parametrize(
    ("version", "said"),
    [
        (2, "3:14: the snapshot is of version 2: update amllint, which knows none after 1"),
        (0, "3:14: `0` is no version of a snapshot; known: 1"),
        (True, "3:14: `true` is no version of a snapshot; known: 1"),
        ("1", '3:14: `"1"` is no version of a snapshot; known: 1'),
    ],
)
def test_a_version_that_is_not_known_is_told(version: Any, said: str) -> None:
    text = render(whole()).replace('"version": 1', f'"version": {json.dumps(version)}')
    assert refusal(text).startswith(f"snapshot.json:{said}")


@pytest.mark.parametrize("text", ["[]", "{}", "3", '{"version": 1}', '{"facts": []}', "null"])
def test_other_json_is_no_snapshot(text: str) -> None:
    assert "this is no snapshot" in refusal(text)


def change(path: list[Any], value: Any) -> str:
    """The text of a snapshot in which one value is another."""
    data = json.loads(render(whole()))
    inner = data
    for step in path[:-1]:
        inner = inner[step]
    if value is None:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return json.dumps(data, indent=1)


SIZES = next(i for i, name in enumerate(KINDS) if name == "vm_sizes")


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (["facts", SIZES, "value", 1, "vcpus"], "4", "a whole number is expected here"),
        (["facts", SIZES, "value", 1, "vcpus"], True, "a whole number is expected here"),
        (["facts", SIZES, "value", 1, "vcpus"], None, "`vcpus` is missing"),
        (["facts", SIZES, "value", 1], 3, "a mapping is expected here"),
        (["facts", SIZES, "value"], {}, "a list is expected here"),
        (["facts", SIZES, "value"], None, "`vm_sizes` needs `value` or `unknown`, and not both"),
        (["facts", SIZES, "unknown"], "x", "`vm_sizes` needs `value` or `unknown`, and not both"),
        (["facts", SIZES, "read_at"], "today", "`today` is no time in UTC"),
        (["facts", SIZES, "source"], None, "`source` is missing"),
        (["facts", SIZES, "fact"], "workspace", "`workspace` is there twice"),
        (["made_at"], "2026-11-27", "`2026-11-27` is no time in UTC"),
        (["made_by"], None, "`made_by` is missing"),
        (["workspace"], 3, "text is expected here"),
        (["facts"], {}, "a list is expected here"),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(path: list[Any], value: Any, said: str) -> None:
    text = change(path, value)
    told = refusal(text)
    assert said in told
    line = text.splitlines()[int(told.split(":")[1]) - 1]
    if value is not None and not isinstance(value, dict) and path[-1] not in ("unknown", "fact"):
        assert json.dumps(value) in line


def test_facts_and_keys_of_later_versions_are_passed_over() -> None:
    text = change(["facts", SIZES, "value", 1, "price"], 3)
    assert read_text(text) == whole()
    text = change(["facts", SIZES, "fact"], "moon_phases")
    assert ("vm_sizes", "") not in read_text(text).facts


@pytest.mark.parametrize(
    ("name", "said"),
    [("absent.json", "the snapshot does not exist"), (".", "the snapshot is not a regular file")],
)
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(NoSnapshot, match=said):
        read(str(tmp_path / name), Overlay(str(tmp_path)))


def test_deep_json_is_told(tmp_path: Path) -> None:
    assert "nested" in refusal("[" * 100_000) or "no JSON" in refusal("[" * 100_000)
