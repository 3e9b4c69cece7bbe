"""`amllint completions`: what real shells offer once they have read them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from amllint.rules.registry import RULES
from amllint.schemas import NAMES
from tests.cli.commands import Commands

BASH = """\
source {script}
COMP_WORDS=({words})
COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
COMP_LINE="${{COMP_WORDS[*]}}"
COMP_POINT=${{#COMP_LINE}}
_shtab_amllint
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
FISH = "source {script}; complete --do-complete '{words}'"
# zsh completes only in a terminal of its own: a pseudo terminal is asked to press the tab key.
ZSH = """\
zmodload zsh/zpty
zpty -b shell zsh -f -i
zpty -w shell "PROMPT=; fpath=({folder} \\$fpath); autoload -Uz compinit; compinit -u -D"
zpty -w shell "bindkey '^I' list-choices; echo rea''dy"
while zpty -r shell line; do [[ $line == *ready* ]] && break; done
zpty -n -w shell $'{words}\\t'
sleep 1
while zpty -r -t shell line; do print -r -- "$line"; done
zpty -d shell
"""
SHELLS = {
    "bash": (["bash", "--norc", "-c"], BASH),
    "fish": (["fish", "--no-config", "-c"], FISH),
    "zsh": (["zsh", "-f", "-c"], ZSH),
}


def offered(shell: str, script: Path, words: str) -> str:
    """What a shell offers for the last word of a command line."""
    command, program = SHELLS[shell]
    if shutil.which(command[0]) is None:
        pytest.skip(f"{shell} is not on this machine")
    text = program.format(
        script=script, folder=script.parent, words=words if words[-1] != " " else words + "''"
    )
    text = text.replace("''", "") if shell != "bash" else text
    done = subprocess.run([*command, text], capture_output=True, text=True, timeout=60)
    return done.stdout


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("completions")
    found = {}
    for shell in SHELLS:
        command = [sys.executable, "-m", "amllint", "completions", shell]
        found[shell] = folder / ("_amllint" if shell == "zsh" else f"amllint.{shell}")
        found[shell].write_bytes(subprocess.run(command, capture_output=True, check=True).stdout)
    return found


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("amllint ch", ["check"]),
        ("amllint check --sel", ["--select"]),
        ("amllint check --fail-on wa", ["warning"]),
        ("amllint explain error-", ["error-leak", "error-as-success"]),
        ("amllint schema infer", ["inferenceconfig"]),
        ("amllint config sh", ["show"]),
    ],
)
def test_a_shell_completes(
    shell: str, words: str, wanted: list[str], scripts: dict[str, Path]
) -> None:
    said = offered(shell, scripts[shell], words)
    assert all(word in said for word in wanted), said


def test_every_rule_and_schema_is_offered(scripts: dict[str, Path]) -> None:
    rules = offered("bash", scripts["bash"], "amllint check --ignore ").split()
    assert {r.name for r in RULES} | {r.code for r in RULES} <= set(rules)
    schemas = offered("bash", scripts["bash"], "amllint schema ").split()
    assert set(NAMES) <= set(schemas)


def test_without_the_extra_it_says_what_to_install(
    amllint: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "shtab", None)
    done = amllint("completions", "bash")
    assert (done.code, done.out) == (2, "")
    assert "pip install 'amllint[completions]'" in done.err
