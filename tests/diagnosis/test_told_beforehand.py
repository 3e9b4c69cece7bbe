"""For each failure and each rule that is said to tell of it: a deployment for which `check` does.

Where `told.json` has no files for a pair, it is the example of the rule's own page.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from amllint.diagnosis.signatures import by_id, signatures
from tests.checking import DAY, names
from tests.rules.pages import pages
from tests.rules.test_pages import examined

TOLD: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent / "told.json").read_text("utf-8")
)
PAIRS = [(s.id, rule) for s in signatures() for rule in s.rules]


@pytest.mark.parametrize(("failure", "rule"), PAIRS, ids=str)
def test_check_tells_of_it(failure: str, rule: str, tmp_path: Path) -> None:
    files = TOLD.get(failure, {}).get(rule)
    if files is None:
        (page,) = (p for p in pages() if p.rule.name == rule)
        files = page.block("Example").files
    assert rule in names(examined(tmp_path, files, persona="pedantic", today=DAY))


def test_no_example_is_left_over() -> None:
    given = {(failure, rule) for failure, rules in TOLD.items() for rule in rules}
    assert given <= set(PAIRS)


def test_a_case_is_named_for_rules_that_are_listed() -> None:
    assert [s.id for s in by_id().values() if not set(s.when) <= set(s.rules)] == []
