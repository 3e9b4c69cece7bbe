"""Which rules run and what is shown: `--select`, `--ignore`, severity, persona, configuration."""

from __future__ import annotations

import pytest

from .commands import LEAKY, NO_RUN, SCRIPT, Commands

BOTH = ["error-as-success", "error-leak"]


@pytest.fixture
def leaky(amllint: Commands) -> Commands:
    amllint.write({"score.py": LEAKY})
    return amllint


CHOICES = {
    "--select error-leak": ["error-leak"],
    "--select AML109": ["error-leak"],
    "--select aml109": ["error-leak"],
    "--select AML1": BOTH,
    "--select AML2": [],
    "--select ALL": BOTH,
    "--select all": BOTH,
    "--select error-leak,error-as-success": BOTH,
    "--select error-leak --select error-as-success": BOTH,
    "--select AML2 --extend-select error-leak": ["error-leak"],
    "--extend-select error-leak": BOTH,
    "--ignore error-leak": ["error-as-success"],
    "--ignore AML1": [],
    "--ignore error-leak,AML110": [],
    "--ignore error-leak --ignore AML110": [],
    "--select AML1 --ignore AML109": ["error-as-success"],
    "--ignore AML109 --select AML1": ["error-as-success"],
    "--select error-leak --ignore error-leak": [],
    "--severity warning": BOTH,
    "--severity error": [],
    "--severity info": BOTH,
}


@pytest.mark.parametrize("arguments", CHOICES)
def test_rules_are_chosen_on_the_command_line(arguments: str, leaky: Commands) -> None:
    assert leaky.check(*arguments.split()).names == CHOICES[arguments]


@pytest.mark.parametrize("option", ["--select", "--ignore", "--extend-select"])
@pytest.mark.parametrize(
    ("given", "meant"),
    [("eror-leak", "error-leak"), ("AML1O9", "AML109"), ("run-signatur", "run-signature")],
)
def test_a_misspelt_rule_gets_a_suggestion(
    option: str, given: str, meant: str, leaky: Commands
) -> None:
    done = leaky.check(option, given)
    assert (done.code, done.out) == (2, "")
    assert f"there is no rule `{given}`, did you mean `{meant}`?" in done.err


def test_select_replaces_what_the_configuration_selects(leaky: Commands) -> None:
    leaky.write({"amllint.toml": 'select = ["error-leak"]\nignore = ["error-as-success"]\n'})
    assert leaky.check().names == ["error-leak"]
    assert leaky.check("--select", "AML110").names == ["error-as-success"]


def test_ignore_adds_to_what_the_configuration_ignores(leaky: Commands) -> None:
    leaky.write({"amllint.toml": 'ignore = ["error-as-success"]\n'})
    assert leaky.check("--ignore", "error-leak").names == []


def test_isolated_disregards_the_configuration(leaky: Commands) -> None:
    leaky.write({"amllint.toml": 'select = ["AML2"]\n'})
    assert leaky.check().names == []
    assert leaky.check("--isolated").names == BOTH


def test_a_broken_configuration_does_not_matter_in_isolation(leaky: Commands) -> None:
    leaky.write({"amllint.toml": "nonsense ="})
    assert leaky.check().code == 2
    assert leaky.check("--isolated").names == BOTH


def test_a_configuration_is_named(leaky: Commands) -> None:
    leaky.write({"amllint.toml": "", "ci/strict.toml": 'select = ["error-leak"]\n'})
    assert leaky.check("--config", "ci/strict.toml").names == ["error-leak"]


def test_the_configuration_nearest_to_what_is_checked_counts(leaky: Commands) -> None:
    leaky.write({".git": "", "amllint.toml": 'select = ["AML2"]\n', "app/score.py": LEAKY})
    leaky.write({"app/amllint.toml": 'select = ["error-leak"]\n'})
    assert leaky.check("app").names == ["error-leak"]
    assert leaky.check("score.py").names == []


def test_the_command_line_counts_over_the_configuration(leaky: Commands) -> None:
    leaky.write({"amllint.toml": 'fail-on = "never"\npersona = "pedantic"\n'})
    assert leaky.check().code == 0
    assert leaky.check("--fail-on", "warning").code == 1


def test_advice_is_shown_to_pedants(amllint: Commands) -> None:
    amllint.write({"score.py": SCRIPT.replace("len(raw_data)", "max.score(1)")})
    assert amllint.check().names == []
    for asked in (["--persona", "pedantic"], ["--severity", "info"], ["--fail-on", "info"]):
        assert amllint.check(*asked).names == ["unhandled-run-error"]
    amllint.write({"amllint.toml": 'persona = "pedantic"\n'})
    assert amllint.check().names == ["unhandled-run-error"]
    assert amllint.check("--persona", "regular").names == []


def test_no_ignores_disregards_comments(amllint: Commands) -> None:
    amllint.write({"score.py": "# amllint: ignore-file\n" + NO_RUN})
    assert amllint.check().names == []
    assert amllint.check("--no-ignores").names == ["missing-run"]


def test_folders_and_files_are_given_by_path(amllint: Commands) -> None:
    amllint.write({"a/score.py": NO_RUN, "b/score.py": NO_RUN, "c/score.py": NO_RUN})
    done = amllint.check("a", "b/score.py")
    assert [line.split(":")[0] for line in done.out.splitlines()] == ["a/score.py", "b/score.py"]


def test_a_file_given_twice_is_reported_once(amllint: Commands) -> None:
    amllint.write({"score.py": NO_RUN})
    assert amllint.check("score.py", "./score.py", ".").names == ["missing-run"]


# -- standard input ---------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [["-"], []])
def test_standard_input_stands_for_a_file(arguments: list[str], amllint: Commands) -> None:
    amllint.write({"score.py": SCRIPT})
    done = amllint.check("--stdin-filename", "score.py", *arguments, stdin=NO_RUN.encode())
    assert (done.code, done.names) == (1, ["missing-run"])
    assert done.out.startswith("score.py:1:1:")


def test_standard_input_needs_no_file_on_disk(amllint: Commands) -> None:
    done = amllint.check("--stdin-filename", "app/score.py", "-", stdin=NO_RUN.encode())
    assert done.names == ["missing-run"]
    assert done.out.startswith("app/score.py:1:1:")


def test_standard_input_is_checked_with_what_names_it(amllint: Commands) -> None:
    amllint.write({"inferenceconfig.json": '{"entryScript": "main.py"}', "main.py": SCRIPT})
    done = amllint.check("--stdin-filename", "main.py", "-", stdin=NO_RUN.encode())
    assert done.names == ["missing-run"]


def test_standard_input_needs_a_name(amllint: Commands) -> None:
    done = amllint.check("-", stdin=b"")
    assert done.code == 2
    assert "--stdin-filename" in done.err


def test_other_files_are_checked_besides_standard_input(amllint: Commands) -> None:
    amllint.write({"a/score.py": NO_RUN})
    done = amllint.check("--stdin-filename", "b/score.py", "-", "a", stdin=NO_RUN.encode())
    assert [line.split(":")[0] for line in done.out.splitlines()] == ["a/score.py", "b/score.py"]
