"""What the rules about configurations say of azureml-core is what azureml-core does."""

from __future__ import annotations

from pathlib import Path

import pytest

from amllint.config import Settings
from amllint.engine.check import check
from amllint.source.overlay import Overlay
from tests.checking import Files, write
from tests.oracle.configuration_answers import sdk_verdicts
from tests.rules.pages import pages

REFUSED = "azureml-core refuses"
REFUSED_LATER = {"retired-image-route", "discarded-key", "embedded-credentials"}
"""Accepted when the configuration is read, and refused when it is deployed, or by the service."""


def said_and_done() -> list[tuple[str, str, Files]]:
    """Rule, section and files of every example that has a configuration."""
    found: list[tuple[str, str, Files]] = []
    for page in pages():
        family = page.rule.code[:4]
        for title in ("Example", "Use instead"):
            files: Files = {**page.block(title).files} if title in page.headings else {}
            named = [n for n in files if Path(n).stem in ("inferenceconfig", "deploymentconfig")]
            if family in ("AML2", "AML4") and len(named) == 1 and "/" not in named[0]:
                found.append((str(page.rule.name), title, files))
    return found


@pytest.fixture(scope="module")
def verdicts(azureml_core: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bool]:
    """Whether azureml-core accepts each example, by `rule/title`."""
    root = tmp_path_factory.mktemp("pages")
    for name, title, files in said_and_done():
        write(root / f"{name} {title}", files)
    answers = sdk_verdicts(root)
    return {path.split("/")[0]: bool(answer["accepted"]) for path, answer in answers.items()}


@pytest.mark.oracle
def test_examples_are_refused_where_the_message_says_so(
    verdicts: dict[str, bool], tmp_path: Path
) -> None:
    wrong = []
    for name, title, files in said_and_done():
        folder = tmp_path / f"{name} {title}"
        write(folder, files)
        settings = Settings(persona="pedantic", select=(name,))
        report = check(["."], settings, Overlay(cwd=str(folder)))
        messages = [f.message for f in report.findings if f.name == name]
        refused = any(REFUSED in message for message in messages)
        errors = any(f.severity == "error" for f in report.findings if f.stage == "submit")
        expected = refused or (errors and name not in REFUSED_LATER)
        if verdicts[folder.name] == expected:
            wrong.append((folder.name, messages))
    assert wrong == []


@pytest.mark.oracle
def test_there_are_examples_of_both_kinds(verdicts: dict[str, bool]) -> None:
    assert len(verdicts) >= 50
    assert 10 <= sum(not accepted for accepted in verdicts.values()) <= 30
