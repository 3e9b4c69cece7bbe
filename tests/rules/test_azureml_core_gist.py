"""Messages about v1 say what azureml-core does, and their pages how that is known."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.checking import look
from tests.rules.pages import Page, pages

FAMILIES = ("AML2", "AML4", "AML8")
GIST = re.compile(
    r"azureml-core (?:refuses|accepts|crashes|raises|sends|takes|makes)|says azureml-core"
    r"|the CLI (?:accepts this silently|refuses|takes|asks)|Python raises|`az ml [a-z -]+` fails"
)
EXECUTED = re.compile(r"\bexecuted\b|\bExecuted\b|read off the package|tests/oracle")
JUDGED = [
    page
    for page in pages()
    if page.rule.code.startswith(FAMILIES) and page.rule.severity in ("error", "warning")
]


def name(page: Page) -> str:
    return str(page.rule.name)


@pytest.mark.parametrize("page", JUDGED, ids=name)
def test_a_page_cites_what_was_executed(page: Page) -> None:
    assert EXECUTED.search(page.section("Sources") or "")


@pytest.mark.parametrize("page", JUDGED, ids=name)
def test_a_message_says_what_azureml_core_does(page: Page, tmp_path: Path) -> None:
    files = {**page.block("Example").files}
    report = look(tmp_path, files, select=(page.rule.name,), persona="pedantic")
    messages = [f.message for f in report.findings if f.name == page.rule.name]
    assert [message for message in messages if not GIST.search(message)] == []


def test_there_are_many_of_them() -> None:
    assert len(JUDGED) >= 35
