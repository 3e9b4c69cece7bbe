"""The table of pickles: how what was executed becomes rows."""

from __future__ import annotations

from pathlib import Path

import pytest
from tools.sklearn_pickles import Cell, Seen

from tools import sklearn_pickles as tool

MINORS = ["1.0", "1.1", "1.2"]
TREE = tool.TREE
NODES = "load: ValueError: node array from the pickle has an incompatible dtype:\n- expected"
LOST = "predict: AttributeError: 'Model' object has no attribute 'monotonic_cst'"


def seen(answers: dict[str, dict[str, str | None]], missing: dict[str, set[str]]) -> Seen:
    names = {
        f"{version}.0/{name}": [f"sklearn.a:{name}", *([TREE] if name == "Tree" else [])]
        for version in MINORS
        for name in ("Model", "Tree")
    }
    versions = [f"{minor}.0" for minor in MINORS]
    every: dict[str, dict[str, str | None]] = {v: dict.fromkeys(names) for v in versions}
    for version, row in answers.items():
        every[version].update(row)
    return Seen(versions, names, {v: missing.get(v, set()) for v in versions}, every)


@pytest.mark.parametrize(
    ("some", "told"),
    [
        (["1.0"], ["1.0"]),
        (["1.2", "1.1"], ["1.1-1.2"]),
        (["1.0", "1.2"], ["1.0", "1.2"]),
        (MINORS, ["1.0-1.2"]),
        ([], []),
    ],
)
def test_versions_in_a_row_become_a_range(some: list[str], told: list[str]) -> None:
    assert tool.ranges(some, MINORS) == told


def test_a_name_that_is_gone_is_listed_with_the_versions_without_it() -> None:
    facts = seen({}, {"1.0.0": {"sklearn.b:C"}, "1.2.0": {"sklearn.b:C"}})
    assert tool.table(facts)["missing"] == {"sklearn.b.C": ["1.0", "1.2"]}


def test_what_every_model_of_a_version_fails_with_is_a_row() -> None:
    facts = seen(
        {
            "1.1.0": {"1.0.0/Tree": NODES},
            "1.2.0": {"1.0.0/Tree": NODES, "1.1.0/Tree": NODES, "1.0.0/Model": LOST},
        },
        {},
    )
    symptom = "ValueError: node array from the pickle has an incompatible dtype"
    tree = {"name": "sklearn.tree._tree.Tree", "stage": "start", "symptom": symptom}
    lost = LOST.removeprefix("predict: ")
    assert tool.table(facts)["states"] == [
        {"name": "sklearn.a.Model", "written": "1.0", "read": "1.2", "stage": "score"}
        | {"symptom": lost},
        {**tree, "written": "1.0", "read": "1.1-1.2"},
        {**tree, "written": "1.1", "read": "1.2"},
    ]


def test_what_only_some_models_fail_with_is_no_row() -> None:
    facts = seen({"1.2.0": {"1.0.0/Tree": NODES}}, {})
    facts.names["1.0.0/Forest"] = [TREE]
    facts.answers["1.2.0"]["1.0.0/Forest"] = None
    assert tool.table(facts)["states"] == []


def test_a_failure_that_a_missing_name_explains_is_no_row() -> None:
    facts = seen({"1.2.0": {"1.0.0/Tree": NODES}}, {"1.2.0": {"sklearn.a:Tree"}})
    assert tool.table(facts)["states"] == []


@pytest.mark.parametrize(
    ("why", "cause"),
    [
        (LOST, ("sklearn.a:Model", Cell("score", LOST.removeprefix("predict: ")))),
        ("predict: AttributeError: 'Other' object has no attribute 'x'", None),
        ("predict: IndexError: tuple index out of range", None),
        ("load: ModuleNotFoundError: No module named 'scipy.x'", None),
    ],
)
def test_a_failure_is_blamed_on_a_name_that_it_tells(
    why: str, cause: tuple[str, Cell] | None
) -> None:
    assert tool.cause_of(why, ["sklearn.a:Model"]) == cause


def test_the_committed_table_is_written_as_the_tool_writes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import json

    text = tool.TABLE.read_text("utf-8")
    monkeypatch.setattr(tool, "TABLE", tmp_path / "table.json")
    tool.write(json.loads(text))
    assert tool.TABLE.read_text("utf-8") == text
