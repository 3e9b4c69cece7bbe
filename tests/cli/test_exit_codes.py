"""The exit code says how it went."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from amllint import cli
from amllint.source.overlay import MAX_BYTES

from .commands import AKS, LEAKY, NO_RUN, SCRIPT, Commands

LINT = Path(__file__).resolve().parents[2] / "lint"


def test_a_clean_tree_is_0(amllint: Commands) -> None:
    amllint.write({"score.py": SCRIPT, "deploymentconfig.json": AKS})
    done = amllint.check()
    assert (done.code, done.out) == (0, "")
    assert "no findings in 2 files" in done.err


@pytest.mark.parametrize("text", [LEAKY, NO_RUN])
def test_findings_are_1(text: str, amllint: Commands) -> None:
    amllint.write({"score.py": text})
    assert amllint.check().code == 1


@pytest.mark.parametrize(
    ("fail_on", "code"), [("error", 0), ("warning", 1), ("info", 1), ("never", 0)]
)
def test_what_fails_is_chosen(fail_on: str, code: int, amllint: Commands) -> None:
    amllint.write({"score.py": LEAKY})
    done = amllint.check("--fail-on", fail_on)
    assert done.code == code
    assert done.names == ["error-as-success", "error-leak"]


def test_an_error_fails_at_every_level_but_never(amllint: Commands) -> None:
    amllint.write({"score.py": NO_RUN})
    codes = [amllint.check("--fail-on", level).code for level in ("error", "warning", "never")]
    assert codes == [1, 1, 0]


def test_advice_fails_only_when_asked_for(amllint: Commands) -> None:
    amllint.write({"score.py": SCRIPT.replace("len(raw_data)", "max.score(1)")})
    assert amllint.check().code == 0
    assert amllint.check("--persona", "pedantic").code == 0
    done = amllint.check("--fail-on", "info")
    assert (done.code, done.names) == (1, ["unhandled-run-error"])


def test_what_is_hidden_by_severity_fails_all_the_same(amllint: Commands) -> None:
    amllint.write({"score.py": LEAKY})
    done = amllint.check("--severity", "error")
    assert (done.code, done.out) == (1, "")


USAGE = [
    ["check", "--selekt", "AML1"],
    ["check", "--select", "nonsense"],
    ["check", "--fail-on", "fatal"],
    ["check", "--persona", "loud"],
    ["check", "-o", "xml"],
    ["check", "-o", "text", "-o", "json"],
    ["check", "-o", "json=no/such/folder/f.json"],
    ["check", "-"],
    ["check", "--resolve", "--resolve-seconds", "0"],
    ["check", "--resolve", "--resolve-seconds", "-5"],
    ["check", "--resolve", "--resolve-seconds", "nan"],
    ["check", "--resolve-seconds", "5"],
    ["check", "--resolve-python", "3.11"],
    ["check", "--config", "none.toml"],
    ["check", "--isolated", "--config", "amllint.toml"],
    ["explain", "nonsense"],
    ["explain"],
    ["schema", "nonsense"],
    ["chek"],
    ["--nonsense"],
    [],
]


@pytest.mark.parametrize("arguments", USAGE, ids=" ".join)
def test_a_command_that_cannot_be_carried_out_is_2(arguments: list[str], amllint: Commands) -> None:
    amllint.write({"score.py": SCRIPT, "amllint.toml": ""})
    done = amllint(*arguments)
    assert done.code == 2
    assert done.err or "usage:" in done.out
    assert "Traceback" not in done.err


def test_a_broken_configuration_is_2(amllint: Commands) -> None:
    amllint.write({"score.py": SCRIPT, "amllint.toml": "slect = []\n"})
    done = amllint.check()
    assert done.code == 2
    assert done.err.startswith("amllint: amllint.toml:1:1: unknown key `slect`")


def test_a_tree_with_nothing_to_look_at_is_3(amllint: Commands) -> None:
    amllint.write({"README.md": "x"})
    done = amllint.check()
    assert (done.code, done.out) == (3, "")
    assert "no file to look at" in done.err


def test_files_given_by_name_that_are_none_of_ours_are_0(amllint: Commands) -> None:
    amllint.write({"README.md": "x", "compose.yml": "services: {}\n", "tool.py": "x = 1\n"})
    assert amllint.check("README.md", "compose.yml", "tool.py").code == 0


def test_broken_files_that_are_none_of_ours_are_0(amllint: Commands) -> None:
    amllint.write({"chart.yml": "a: {{- range }}\nb: [\n", "old.py": "print 'x'\n"})
    assert amllint.check().code == 0


@pytest.mark.parametrize("name", ["score.py", "conda.yml", "none.txt", "folder/score.py"])
def test_a_path_that_does_not_exist_is_4_and_a_finding(name: str, amllint: Commands) -> None:
    done = amllint.check(name)
    assert (done.code, done.names) == (4, ["unreadable-file"])
    assert "does not exist" in done.out


def test_a_file_that_is_not_read_is_4(amllint: Commands) -> None:
    amllint.write({"deploymentconfig.json": b"\xff\xfe{\x00}\x00"})
    done = amllint.check("deploymentconfig.json")
    assert (done.code, done.names) == (4, ["unreadable-file"])


def test_a_file_over_the_limit_is_4(amllint: Commands) -> None:
    amllint.write({"conda.yml": b"#" * (MAX_BYTES + 1)})
    assert amllint.check("conda.yml").code == 4


def test_a_rule_that_fails_is_4_and_the_others_go_on(amllint: Commands) -> None:
    from amllint.rules.score import missing_run

    def fail(script: object) -> None:
        raise ZeroDivisionError("by design")

    amllint.write({"score.py": LEAKY})
    broken = type(missing_run.missing_run)(
        "AML102",
        "missing-run",
        "error",
        "start",
        None,
        fail,  # type: ignore[arg-type]
    )
    amllint.patch.setattr(missing_run, "missing_run", broken)
    from amllint.rules.registry import _load

    _load.cache_clear()
    done = amllint.check()
    _load.cache_clear()
    assert done.code == 4
    assert done.names == ["error-as-success", "error-leak", "internal-error"]
    assert "ZeroDivisionError: by design" in done.out


def test_4_wins_over_1(amllint: Commands) -> None:
    amllint.write({"score.py": NO_RUN})
    done = amllint.check("score.py", "none.py")
    assert done.code == 4
    assert "missing-run" in done.names


def test_4_is_not_talked_away(amllint: Commands) -> None:
    assert amllint.check("none.py", "--fail-on", "never").code == 4
    assert amllint.check("none.py", "--ignore", "unreadable-file").code == 4


def test_a_syntax_error_is_a_finding_like_any_other(amllint: Commands) -> None:
    amllint.write({"score.py": "def init():\n    pass\n\ndef run(x)\n    pass\n"})
    done = amllint.check()
    assert (done.code, done.names) == (1, ["syntax-error"])


def test_an_interruption_is_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(arguments: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "main", interrupted)
    with pytest.raises(SystemExit) as caught:
        cli.entry()
    assert caught.value.code == 130
    assert capsys.readouterr().err == "interrupted\n"


def process(*arguments: str, **given: object) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(LINT)}
    command = [sys.executable, "-m", "amllint", *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=environment, stderr=pipe, **given)  # type: ignore[call-overload,no-any-return]


def test_a_reader_that_has_gone_is_no_crash() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = process("rules", stdout=writer)
    os.close(writer)
    _, err = done.communicate(timeout=60)
    assert done.returncode == 1
    assert b"Traceback" not in err


def test_the_process_ends_with_the_code_and_all_of_its_output(tmp_path: Path) -> None:
    (tmp_path / "score.py").write_text(NO_RUN)
    done = process("check", "-o", "concise", stdout=subprocess.PIPE, cwd=tmp_path)
    out, err = done.communicate(timeout=60)
    assert done.returncode == 1
    assert b"missing-run" in out
    assert b"1 error in 1 file" in err


def test_a_day_that_is_none_is_a_mistake_of_whoever_asks(amllint: Commands) -> None:
    done = amllint("check", "--today", "tomorrow")
    assert done.code == 2
    assert "--today takes a day, YYYY-MM-DD, not `tomorrow`" in done.err
