"""A rule's page is its first test: examples report, corrections do not, fixes fix."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from amllint.config import Settings, load
from amllint.engine import fixing
from amllint.engine.check import Report, check
from amllint.rules.registry import RULES
from amllint.snapshot.reading import read
from amllint.source.overlay import Overlay
from amllint.source.repository import EXTENSIONS, RUN
from tests.checking import places, write
from tests.rules.pages import Page, pages
from tools import generate

HEADINGS = ["What it does", "Why it matters", "Example", "Use instead", "Fix safety", "Sources"]
WITHOUT_EXAMPLE = {"AML902", "AML903", "AML321"}
"""A failing rule and an unreadable file cannot be written down as text, nor can an index."""

PAGES = pages()
SHOWN = [p for p in PAGES if p.rule.code not in WITHOUT_EXAMPLE]
FIXING = [p for p in PAGES if p.rule.fix]


def examined(folder: Path, files: dict[str, str], **changes: Any) -> Report:
    """What is found in a block, with the configuration that it holds."""
    write(folder, dict(files))
    overlay = Overlay(cwd=str(folder))
    file = folder / "amllint.toml"
    settings = load(str(file), overlay) if file.exists() else Settings()
    workspace = folder / "snapshot.json"
    snapshot = read(str(workspace), overlay) if workspace.exists() else None
    return check(["."], replace(settings, **changes), overlay, snapshot=snapshot)


def named(page: Page) -> str:
    return str(page.rule.name)


@pytest.mark.parametrize("page", SHOWN, ids=named)
def test_the_example_reports_this_rule_on_the_marked_lines_and_nothing_else(
    page: Page, tmp_path: Path
) -> None:
    block = page.block("Example")
    assert block.marks, "no line is marked"
    report = examined(tmp_path, block.files, persona=block.persona)
    wanted = sorted((path, line, page.rule.name) for path, line in block.marks)
    assert sorted(places(report)) == wanted


@pytest.mark.parametrize("page", SHOWN, ids=named)
def test_the_example_is_clean_once_the_rule_is_ignored(page: Page, tmp_path: Path) -> None:
    block = page.block("Example")
    report = examined(tmp_path, block.files, persona=block.persona, ignore=(page.rule.name,))
    assert places(report) == []


@pytest.mark.parametrize("page", SHOWN, ids=named)
def test_what_to_use_instead_reports_nothing_at_all(page: Page, tmp_path: Path) -> None:
    block = page.block("Use instead")
    assert block.files
    report = examined(tmp_path, block.files)
    assert places(report) == []
    assert report.asked == len([name for name in block.files if name.endswith((*EXTENSIONS, *RUN))])
    assert not report.incomplete
    assert any(row.kind != "none" for row in report.listed), "nothing of it was looked at"


@pytest.mark.parametrize("page", [p for p in PAGES if p not in SHOWN], ids=named)
def test_a_rule_about_the_run_itself_has_no_example(page: Page) -> None:
    assert "Example" not in page.headings
    assert "Use instead" not in page.headings


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_a_page_has_its_headings_in_order(page: Page) -> None:
    wanted = set(HEADINGS)
    if page.rule.code in WITHOUT_EXAMPLE:
        wanted -= {"Example", "Use instead"}
    if page.rule.fix is None:
        wanted -= {"Fix safety"}
    if page.rule.code.startswith("AML9") and "Sources" not in page.headings:
        wanted -= {"Sources"}
    assert page.headings == [h for h in HEADINGS if h in wanted]
    assert all((page.section(h) or "").strip() for h in page.headings)


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_a_page_begins_with_one_sentence(page: Page) -> None:
    lines = page.text.split("\n")
    assert page.summary.endswith(".")
    assert len(page.summary) <= 80
    assert lines[1] == ""
    assert lines[2] == "## What it does"


@pytest.mark.parametrize("page", FIXING, ids=named)
def test_the_safety_of_a_fix_is_said_as_it_is_declared(page: Page) -> None:
    said = (page.section("Fix safety") or "").lower()
    assert re.match(rf"{page.rule.fix}\b", said)


@pytest.mark.parametrize("page", FIXING, ids=named)
def test_the_fix_mends_the_example_and_leaves_the_rest_as_it_was(
    page: Page, tmp_path: Path
) -> None:
    block = page.block("Example")
    write(tmp_path, block.files)
    overlay = Overlay(cwd=str(tmp_path))
    settings = Settings(persona=block.persona)
    fixed = fixing.fix(["."], settings, overlay, unsafe=True, ignores=True)
    assert [f.name for f, _ in fixed.applied] == [page.rule.name] * len(block.marks)
    assert not fixed.rejected
    assert page.rule.name not in {f.name for f in fixed.report.findings}
    (name,) = {edit.path for _, fix in fixed.applied for edit in fix.edits}
    spans = [edit.span for _, fix in fixed.applied for edit in fix.edits]
    before, after = fixed.before[name], fixed.after[name]
    assert after.startswith(before[: min(spans).start])
    assert after.endswith(before[max(s.end for s in spans) :])
    assert set(fixed.after) == {name}
    fixing.write(overlay, fixed, lambda path, error: pytest.fail(f"{path}: {error}"))
    on_disk = {p: (tmp_path / p).read_bytes() for p in block.files}
    assert on_disk == {p: fixed.after.get(p, t).encode() for p, t in block.files.items()}


@pytest.mark.parametrize("page", FIXING, ids=named)
def test_a_fixed_example_is_not_fixed_again(page: Page, tmp_path: Path) -> None:
    block = page.block("Example")
    write(tmp_path, block.files)
    for _ in range(2):
        overlay = Overlay(cwd=str(tmp_path))
        settings = Settings(persona=block.persona)
        fixed = fixing.fix(["."], settings, overlay, unsafe=True, ignores=True)
        fixing.write(overlay, fixed, lambda path, error: pytest.fail(f"{path}: {error}"))
    assert fixed.applied == []
    assert fixed.after == {}


@pytest.mark.parametrize("page", [p for p in FIXING if p.rule.fix == "unsafe"], ids=named)
def test_an_unsafe_fix_is_not_applied_unasked(page: Page, tmp_path: Path) -> None:
    block = page.block("Example")
    write(tmp_path, block.files)
    overlay = Overlay(cwd=str(tmp_path))
    settings = Settings(persona=block.persona)
    fixed = fixing.fix(["."], settings, overlay, unsafe=False, ignores=True)
    assert fixed.applied == []
    assert page.rule.name in {f.name for f in fixed.report.findings}


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_a_fix_carries_the_applicability_that_its_rule_declares(page: Page, tmp_path: Path) -> None:
    block = page.block("Example")
    report = examined(tmp_path, block.files, persona=block.persona) if block.files else None
    fixes = [f.observation.fix for f in report.findings] if report else []
    declared = {page.rule.fix} if block.files else set()
    assert {fix and fix.applicability for fix in fixes} == declared


def test_index_pages_and_schema_are_in_step_with_the_rules(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["generate", "--check"])
    assert generate.main() == 0, capsys.readouterr().out


def test_a_page_out_of_step_is_noticed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    outputs = {path: text + "stale" for path, text in generate.outputs().items()}
    monkeypatch.setattr(generate, "outputs", lambda: outputs)
    monkeypatch.setattr(sys, "argv", ["generate", "--check"])
    assert generate.main() == 1
    assert "out of step: docs/rules/error-leak.md" in capsys.readouterr().out


def test_the_index_knows_every_rule_as_its_module_defines_it() -> None:
    indexed = {(r.code, r.name, r.severity, r.stage, r.fix) for r in RULES}
    own = (p.rule for p in PAGES)
    assert indexed == {(r.code, r.name, r.severity, r.stage, r.fix) for r in own}
    assert len(indexed) >= 16
