"""`explain`, `rules`, `schema`, `--version`, `--help`."""

from __future__ import annotations

import datetime
import json
import os
import re
import shlex
import subprocess
import sys

import pytest
from jsonschema import Draft202012Validator

from amllint import __version__
from amllint.rules.registry import RULES
from amllint.schemas import NAMES
from amllint.snapshot.document import Snapshot, render
from amllint.snapshot.document import written as as_time

from .commands import Commands


@pytest.mark.parametrize("arguments", [["--version"], ["-V"]])
def test_the_version_is_printed(arguments: list[str], amllint: Commands) -> None:
    done = amllint(*arguments)
    assert (done.code, done.out, done.err) == (0, f"amllint {__version__}\n", "")


def test_explain_prints_the_page(amllint: Commands) -> None:
    done = amllint("explain", "error-leak")
    assert done.code == 0
    assert done.out.startswith("AML109 error-leak (warning, fails at score: ")
    assert "\nUse instead\n-----------\n" in done.out


@pytest.mark.parametrize("name", ["AML109", "aml109", "error-leak"])
def test_a_rule_is_explained_by_name_and_code(name: str, amllint: Commands) -> None:
    assert amllint("explain", name).out == amllint("explain", "error-leak").out


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.name)
def test_every_rule_is_explained(rule: object, amllint: Commands) -> None:
    done = amllint("explain", rule.name)  # type: ignore[attr-defined]
    assert done.code == 0
    assert rule.summary in done.out  # type: ignore[attr-defined]


def test_a_misspelt_rule_gets_a_suggestion(amllint: Commands) -> None:
    done = amllint("explain", "eror-leak")
    assert (done.code, done.out) == (2, "")
    assert "did you mean `error-leak`?" in done.err


def test_the_beginning_of_codes_gets_a_list_of_them(amllint: Commands) -> None:
    done = amllint("explain", "aml31")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("amllint: `aml31` begins several codes; explain one:\n  AML310 ")
    assert "  AML312 wrong-package-name\n" in done.err
    assert "AML32" not in done.err


def test_a_rule_like_no_other_gets_a_list(amllint: Commands) -> None:
    assert "`amllint rules` lists the rules" in amllint("explain", "zzz").err


def test_rules_are_listed_one_a_line(amllint: Commands) -> None:
    done = amllint("rules")
    lines = done.out.splitlines()
    assert [line.split()[:2] for line in lines] == [[r.code, r.name] for r in RULES]
    assert all(r.summary in line for r, line in zip(RULES, lines, strict=True))


def test_rules_are_listed_as_json(amllint: Commands) -> None:
    rows = amllint("rules", "-o", "json").data
    assert [(r["code"], r["name"], r["fix"]) for r in rows] == [
        (r.code, r.name, r.fix) for r in RULES
    ]


def test_schemas_are_listed(amllint: Commands) -> None:
    assert [line.split()[0] for line in amllint("schema").out.splitlines()] == list(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_printed_as_it_is(name: str, amllint: Commands) -> None:
    done = amllint("schema", name)
    schema = json.loads(done.out)
    Draft202012Validator.check_schema(schema)
    assert schema["$id"].endswith(f"/{name}.schema.json")


def test_a_misspelt_schema_gets_a_suggestion(amllint: Commands) -> None:
    done = amllint("schema", "inferenceconfg")
    assert done.code == 2
    assert "did you mean `inferenceconfig`?" in done.err


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["chek"], "check"),
        (["check", "--fail-on", "warnin"], "warning"),
        (["check", "--selct", "AML1"], "--select"),
        (["check", "-o", "jsn"], "json"),
    ],
)
def test_a_misspelt_argument_gets_a_hint(
    arguments: list[str], hint: str, amllint: Commands
) -> None:
    done = amllint(*arguments)
    assert done.code == 2
    last = done.err.splitlines()[-1]
    assert hint in last


@pytest.mark.parametrize(
    "command", ["", "check", "diagnose", "explain", "rules", "schema", "snapshot"]
)
def test_every_command_helps(command: str, amllint: Commands) -> None:
    done = amllint(*filter(None, [command]), "--help")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("usage: amllint")


EXAMPLE = re.compile(r"(?m)^  (?:.*\| )?amllint ((?:\S+ )*\S+)")


@pytest.mark.parametrize("command", [[], ["check"]])
def test_the_examples_of_the_help_can_be_run(command: list[str], amllint: Commands) -> None:
    text = "def init():\n    pass\n\n\ndef run(x):\n    return 1\n"
    now = as_time(datetime.datetime.now(datetime.timezone.utc))
    snapshot = render(Snapshot(now, "amllint", "azure", None, None, None, {}))
    amllint.write({"score.py": text, "deploy/score.py": text, "snapshot.json": snapshot})
    lines = amllint(*command, "--help").out.partition("examples:\n")[2].splitlines()
    assert len(lines) >= 4
    for line in lines:
        written = re.split(r"\s{3,}", line.strip())[0].rpartition("| ")[2]
        program, *arguments = shlex.split(written)
        assert program == "amllint"
        assert amllint(*arguments, stdin=text.encode()).code == 0, line


def test_every_option_of_check_is_described(amllint: Commands) -> None:
    out = amllint("check", "--help").out
    for option in (
        *("--select", "--extend-select", "--ignore", "--severity", "--persona", "--no-ignores"),
        *("--output-format", "--fail-on", "--statistics", "--quiet", "--color", "--list-files"),
        *("--fix", "--unsafe-fixes", "--diff", "--show-fixes", "--config", "--isolated"),
        "--stdin-filename",
    ):
        assert re.search(rf"(?m)^  (?:-\w.*, )?{option}\b", out), option
    assert "130 interrupted" in out


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
def test_output_that_cannot_be_written_is_told_in_a_line() -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "amllint", "rules"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 4
    assert done.stderr == "amllint: the output cannot be written: No space left on device\n"


@pytest.mark.parametrize("command", ["check", "try", "diagnose", "annotate"])
def test_of_an_unknown_option_the_usage_of_its_command_is_shown(
    command: str, amllint: Commands
) -> None:
    done = amllint(command, *(["x.py"] if command == "try" else []), "--bogus")
    assert done.code == 2
    assert f"usage: amllint {command} " in done.err
    assert "unrecognized arguments: --bogus" in done.err


def test_a_folder_is_no_script_to_try(amllint: Commands) -> None:
    assert ". is a folder: name the scoring script in it" in amllint("try", ".").err
