"""Suppression comments at command lines: in shell scripts, in steps of pipelines, in cells."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.checking import Files, look, names, places

COMMAND = "az ml model deploy -n {} -m m:1 --ic $IC --dc $DC"
BAD = COMMAND.format("Svc_A")
LONG = BAD.replace(" -m", " \\\n  -m").replace(" --dc", " \\\n  --dc")
IGNORE = "# amllint: ignore[service-name] -- it is called so"


def step(body: str, above: str = "") -> str:
    """A pipeline with a step that runs lines."""
    lines = "".join(f"      {line}\n" for line in body.split("\n"))
    start = f"- task: AzureCLI@2\n  inputs:\n    inlineScript: |\n{lines}"
    return "steps:\n- bash: echo\n" + above + start


def cell(*lines: str) -> str:
    """A notebook with one cell."""
    source = {"cell_type": "code", "metadata": {}, "source": "\n".join(lines)}
    return json.dumps({"cells": [source], "nbformat": 4})


SILENT: dict[str, tuple[str, str]] = {
    "behind a command": ("d.sh", f"{BAD}  {IGNORE}\n"),
    "behind its last line": ("d.sh", f"{LONG}  {IGNORE}\n"),
    "above it": ("d.sh", f"#!/bin/sh\n{IGNORE}\n{LONG}\n"),
    "above, with others between": ("d.sh", f"{IGNORE}\n# more\n\n{BAD}\n"),
    "for the file": ("d.sh", f"{IGNORE.replace('ignore[', 'ignore-file[')}\necho\n{BAD}\n"),
    "of all rules": ("d.sh", f"{BAD} # amllint: ignore\n"),
    "in PowerShell": ("d.ps1", LONG.replace("\\", "`") + f" {IGNORE}\n"),
    "behind a remark of cmd": ("d.cmd", f"REM {IGNORE}\n{BAD}\n"),
    "in a step": ("p.yml", step(f"echo\n{IGNORE}\n{LONG}")),
    "in a step, behind": ("p.yml", step(f"{LONG} {IGNORE}\necho")),
    "above a step": ("p.yml", step(BAD, f"{IGNORE}\n")),
    "behind a plain step": ("p.yml", f"steps:\n- bash: {BAD}  {IGNORE}\n"),
    "above a plain step": ("p.yml", f"steps:\n{IGNORE}\n- bash: {BAD}\n"),
    "above a key": ("p.yml", f"steps:\n- name: x\n  {IGNORE}\n  bash: {BAD}\n"),
    "in a cell": ("n.ipynb", cell("import os", IGNORE, f"!{BAD}")),
    "in a cell of bash": ("n.ipynb", cell("%%bash", "echo", f"{BAD} {IGNORE}")),
}


@pytest.mark.parametrize(("name", "text"), SILENT.values(), ids=SILENT)
def test_a_comment_suppresses_what_is_found_in_a_command(
    tmp_path: Path, name: str, text: str
) -> None:
    report = look(tmp_path, {name: text}, ignore=("retired-api",))
    assert (names(report), report.suppressed) == ([], 1)
    assert report.silenced[0].reason == (None if "ignore\n" in text else "it is called so")
    assert names(look(tmp_path, {name: text}, ignores=False)) == ["service-name"]


LOUD: dict[str, tuple[str, str]] = {
    "in a quotation": ("d.sh", f"echo '{IGNORE}'\n{BAD}\n"),
    "after another statement": ("d.sh", f"{IGNORE}\necho\n{BAD}\n"),
    "above another step": ("p.yml", step(BAD).replace("- bash", f"{IGNORE}\n- bash")),
}


@pytest.mark.parametrize(("name", "text"), LOUD.values(), ids=LOUD)
def test_a_comment_elsewhere_does_not(tmp_path: Path, name: str, text: str) -> None:
    assert "service-name" in names(look(tmp_path, {name: text}))


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("d.sh", f"{COMMAND.format('svc-a')}  {IGNORE}\n", 1),
        ("d.sh", f"{IGNORE}\n{COMMAND.format('svc-a')}\n", 1),
        ("p.yml", step(f"{IGNORE}\n{COMMAND.format('svc-a')}"), 6),
        ("p.yml", step(COMMAND.format("svc-a"), f"{IGNORE}\n"), 3),
    ],
)
def test_an_unused_comment_is_told_and_taken_away(
    tmp_path: Path, name: str, text: str, line: int
) -> None:
    from amllint.config import Settings
    from amllint.engine.fixing import fix
    from amllint.source.overlay import Overlay

    assert places(look(tmp_path, {name: text})) == [(name, line, "unused-ignore")]
    overlay = Overlay(cwd=str(tmp_path))
    fixed = fix(["."], Settings(), overlay, unsafe=False, ignores=True)
    assert fixed.report.findings == []
    assert fixed.after[name].split() == text.replace(IGNORE, "").split()


def test_an_unknown_rule_is_told(tmp_path: Path) -> None:
    text = f"{BAD}  # amllint: ignore[service-nam, service-name]\n"
    assert places(look(tmp_path, {"d.sh": text})) == [("d.sh", 1, "unknown-rule")]


def test_comments_are_told_once_where_the_notebook_deploys_by_code_as_well(tmp_path: Path) -> None:
    code = "from azureml.core.webservice import AciWebservice\n"
    code += "AciWebservice.deploy_configuration(cpu_cores=1, memory_gb=1, auth_enabled=True)\n"
    text = cell(code, IGNORE, f"!{COMMAND.format('svc-a')}")
    report = look(tmp_path, {"n.ipynb": text}, ignore=("retired-api",))
    assert names(report).count("unused-ignore") <= 1


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("d.sh", f"{BAD}\n", f"{IGNORE}\n{BAD}\n"),
        ("d.sh", f"echo\n{LONG}\n", f"echo\n{IGNORE}\n{LONG}\n"),
        ("p.yml", step(BAD), None),
    ],
)
def test_comments_are_written_where_they_hold(
    tmp_path: Path, name: str, text: str, wanted: str | None
) -> None:
    from amllint.config import Settings
    from amllint.engine.check import check
    from amllint.engine.ignoring import add
    from amllint.source.overlay import Overlay
    from tests.checking import write

    files: Files = {name: text}
    write(tmp_path, files)
    overlay = Overlay(cwd=str(tmp_path))
    first = check(["."], Settings(), overlay)
    done = add(
        first, lambda: check(["."], Settings(), overlay), overlay, "it is called so", frozenset()
    )
    assert names(done.report) == []
    assert done.report.suppressed == 1
    assert wanted is None or done.after[name] == wanted
