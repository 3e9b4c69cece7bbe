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
