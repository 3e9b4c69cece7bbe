"""Configurations below what is checked are not read, and that is told."""

from __future__ import annotations

from tests.cli.commands import AKS, Commands

TOML = "[target]\nregion = 'westeurope'\n"


def test_a_configuration_beside_a_deployment_is_told_of_once(amllint: Commands) -> None:
    amllint.write({"v1/amllint.toml": TOML, "v1/deploymentconfig.json": AKS, "v1/a/b.json": AKS})
    said = "v1/amllint.toml is not read: run amllint in v1, or move it here"
    assert amllint.check().err.count(said) == 1
    amllint.write({"amllint.toml": TOML})
    assert "in v1, or move what it says to amllint.toml" in amllint.check().err


def test_a_table_in_a_pyproject_is_told_of_alike(amllint: Commands) -> None:
    table = "[project]\nname = 'v1'\n\n[tool.amllint.target]\nregion = 'westeurope'\n"
    amllint.write({"v1/pyproject.toml": table, "v1/deploymentconfig.json": AKS})
    said = "[tool.amllint] of v1/pyproject.toml is not read: run amllint in v1, or move it here"
    assert amllint.check().err.count(said) == 1
    assert "is not read" not in amllint.check("v1").err
    # Beside an amllint.toml nothing reads it, wherever amllint is run.
    amllint.write({"v1/amllint.toml": TOML})
    err = amllint.check().err
    assert "v1/amllint.toml is not read" in err
    assert "pyproject.toml" not in err


def test_a_pyproject_without_our_table_is_not_told_of(amllint: Commands) -> None:
    other = "[project]\nname = 'v1'\ndescription = 'tool.amllint'\n"
    amllint.write({"v1/pyproject.toml": other, "v1/deploymentconfig.json": AKS})
    assert "is not read" not in amllint.check().err
    amllint.write({"v1/pyproject.toml": "[tool.amllint\n"})
    assert amllint.check().code == 0


def test_what_is_read_is_not_told_of(amllint: Commands) -> None:
    amllint.write({"v1/amllint.toml": TOML, "v1/a/deploymentconfig.json": AKS})
    assert "is not read" not in amllint.check("v1").err
    assert "is not read" not in amllint.check("v1/a").err
    assert "is not read" not in amllint.check("--isolated").err
    assert "is not read" not in amllint.check("-q").err


def test_the_line_about_facts_names_them(amllint: Commands) -> None:
    amllint.write({"inferenceconfig.json": '{"entryScript": "{{SCRIPT}}"}'})
    err = amllint.check().err
    assert "lacking: entryScript; `--persona pedantic` tells where and why" in err
