"""In a build service: limits, summaries, and the format that is chosen unasked."""

from __future__ import annotations

import json
import os
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from amllint.output.formats import FORMATS
from amllint.output.summaries import MAX_BYTES
from tests.cli.commands import AKS, LEAKY, NO_RUN, Commands

from . import grammars
from .reports import finding, many, report
from .validators import rendered, validate

GITHUB = {"GITHUB_ACTIONS": "true"}
AZURE = {"TF_BUILD": "True"}
GITLAB = {"GITLAB_CI": "true"}
GITLAB_FILE = "gl-code-quality-report.json"


@pytest.fixture
def amllint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Commands:
    return Commands(tmp_path, monkeypatch, capsys)


def within(amllint: Commands, service: dict[str, str]) -> Commands:
    for name, value in service.items():
        amllint.patch.setenv(name, value)
    return amllint


# -- limits -----------------------------------------------------------------------------------


def test_the_gravest_are_annotated_within_the_limits(capsys: Any) -> None:
    told = [*many("info", 12), *many("warning", 25), *many("error", 11)]
    lines = rendered("github", report(*told)).splitlines()
    names = [command.name if command else "" for command in map(grammars.github, lines)]
    assert names == ["error"] * 10 + ["warning"] * 10 + ["notice"] * 10 + [""] * 18
    assert all(any(line.endswith(f": {f.message}") for line in lines[30:]) for f in told[-1:])
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "18 more findings are in the log" in err


def test_within_the_limits_nothing_is_said(capsys: Any, monkeypatch: Any, tmp_path: Path) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    rendered("github", report(*many("error", 10), *many("warning", 10)))
    assert capsys.readouterr().err == ""
    assert not (tmp_path / "summary.md").exists()


def test_beyond_the_limits_all_of_it_is_in_the_step_summary(
    capsys: Any, monkeypatch: Any, tmp_path: Path
) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    rendered("github", report(*many("error", 33, "é.py")))
    assert "23 more findings are in the step summary" in capsys.readouterr().err
    before, _, after = summary.read_text("utf-8").partition("\n")
    assert before == "before"
    assert validate("markdown", after, 33) == []
    assert "é.py" in after


def test_a_step_summary_stays_below_its_limit(monkeypatch: Any, tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    summary.write_bytes(b"x" * 1000)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    long = [finding(f"{n}.py", "é" * 500, severity="error") for n in range(1500)]
    rendered("github", report(*long))
    assert MAX_BYTES - 2000 < summary.stat().st_size <= MAX_BYTES
    assert summary.read_text("utf-8").endswith("larger than the service takes.\n")


@pytest.mark.parametrize("full", [True, False])
def test_a_summary_that_cannot_be_written_is_told(
    full: bool, capsys: Any, monkeypatch: Any, tmp_path: Path
) -> None:
    summary = tmp_path / "summary.md" if full else tmp_path / "no" / "summary.md"
    if full:
        summary.write_bytes(b"x" * MAX_BYTES)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    assert len(rendered("github", report(*many("error", 12))).splitlines()) == 12
    err = capsys.readouterr().err
    assert "cannot write the step summary" in err
    assert "2 more findings are in the log" in err
    if full:
        assert summary.stat().st_size == MAX_BYTES


def test_a_summary_that_cannot_be_written_changes_no_exit_code(amllint: Commands) -> None:
    amllint.write({f"{n}/score.py": LEAKY for n in range(6)})
    within(amllint, {"GITHUB_STEP_SUMMARY": str(amllint.folder / "no/such/file")})
    done = amllint.check("-o", "github")
    assert (done.code, len(done.out.splitlines())) == (1, 12)
    assert "cannot write the step summary" in done.err


def test_a_message_is_cut_where_the_runner_would_cut_it() -> None:
    command = grammars.github(rendered("github", report(finding(message="🐍" * 5000))).strip())
    assert command is not None
    assert len(command.data.encode("utf-16-le")) // 2 <= 4096
    assert command.data.endswith("🐍…")


def test_an_annotation_of_several_lines_has_no_columns() -> None:
    span = finding().location.span._replace(start=0, end=12)
    command = grammars.github(rendered("github", report(finding(span=span))).strip())
    assert command is not None
    assert (command.properties["line"], command.properties["endline"]) == ("1", "2")
    assert not {"col", "endcolumn"} & command.properties.keys()


@pytest.mark.parametrize("nested", [True, False])
def test_github_paths_are_relative_to_the_checkout(nested: bool, amllint: Commands) -> None:
    amllint.write({"work/repo/deploy/score.py": LEAKY})
    root = amllint.folder / ("work/repo" if nested else "work")
    (root / ".git").mkdir()
    within(amllint, {"GITHUB_WORKSPACE": str(amllint.folder / "work")})
    command = grammars.github(amllint.check("-o", "github", "work/repo").out.splitlines()[0])
    assert command is not None
    assert command.properties["file"] == ("deploy/score.py" if nested else "repo/deploy/score.py")


# -- Azure ------------------------------------------------------------------------------------


def test_azure_takes_ten_issues_of_a_kind_and_advice_is_none(capsys: Any) -> None:
    told = [*many("info", 2), *many("warning", 12), *many("error", 11)]
    lines = rendered("azure", report(*told)).splitlines()
    commands = list(map(grammars.azure, lines))
    kinds = [command.properties["type"] if command else "" for command in commands]
    assert kinds == ["error"] * 10 + ["warning"] * 10 + [""] * 5
    assert "3 more findings are in the log" in capsys.readouterr().err


def test_azure_gets_a_summary_of_each_run(monkeypatch: Any, tmp_path: Path) -> None:
    monkeypatch.setenv("AGENT_TEMPDIRECTORY", str(tmp_path))
    for name in ("amllint.md", "amllint-2.md"):
        *_, last = rendered("azure", report(finding())).splitlines()
        command = grammars.azure(last)
        assert command is not None
        assert (command.name, command.data) == ("task.uploadsummary", str(tmp_path / name))
        assert validate("markdown", Path(command.data).read_text("utf-8"), 1) == []
    assert rendered("azure", report()) == ""
    assert len(list(tmp_path.iterdir())) == 2


def test_without_a_place_for_it_azure_gets_no_summary(monkeypatch: Any, capsys: Any) -> None:
    monkeypatch.setenv("AGENT_TEMPDIRECTORY", "/no/such/folder")
    assert "uploadsummary" not in rendered("azure", report(finding()))
    assert "cannot write a summary to /no/such/folder" in capsys.readouterr().err


def test_an_agent_gets_absolute_paths(monkeypatch: Any) -> None:
    monkeypatch.setenv("TF_BUILD", "True")
    command = grammars.azure(rendered("azure", report(finding())).strip())
    assert command is not None
    assert os.path.isabs(command.properties["sourcepath"])


# -- chosen unasked ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("service", "format"), [(GITHUB, "github"), (AZURE, "azure"), (GITLAB, "text"), ({}, "text")]
)
def test_a_build_service_gets_its_format(
    service: dict[str, str], format: str, amllint: Commands
) -> None:
    amllint.write({"score.py": LEAKY})
    within(amllint, service)
    unasked, asked = amllint("check", "score.py"), amllint("check", "score.py", "-o", format)
    assert (unasked.code, unasked.out) == (1, asked.out)
    said = unasked.err.removesuffix(asked.err)
    assert said.count("\n") == bool(service)
    assert bool(service) == ("-o text turns that off" in said)


@pytest.mark.parametrize("service", [GITHUB, AZURE, GITLAB])
def test_whoever_asks_for_a_format_gets_that_and_no_other(
    service: dict[str, str], amllint: Commands
) -> None:
    amllint.write({"score.py": LEAKY})
    plain = amllint("check", "-o", "concise=a.txt")
    within(amllint, service)
    done = amllint("check", "-o", "concise=b.txt")
    assert (done.out, done.err) == (plain.out, plain.err)
    assert not (amllint.folder / GITLAB_FILE).exists()


@pytest.mark.parametrize("service", [GITHUB, AZURE])
@pytest.mark.parametrize("arguments", [["--diff"], ["--list-files"]])
def test_where_no_findings_go_out_nothing_is_chosen(
    service: dict[str, str], arguments: list[str], amllint: Commands
) -> None:
    amllint.write({"score.py": LEAKY})
    assert "turns that off" not in within(amllint, service)("check", *arguments).err


@pytest.mark.parametrize(
    ("service", "begins"), [(GITHUB, "::warning"), (AZURE, "##vso[tas"), (GITLAB, "warning[e")]
)
def test_quiet_keeps_the_choice_to_itself(
    service: dict[str, str], begins: str, amllint: Commands
) -> None:
    amllint.write({"score.py": LEAKY})
    done = within(amllint, service)("check", "-q")
    assert (done.err, done.out[:9]) == ("", begins)


@pytest.mark.parametrize("target", ["terminal", "file"])
def test_what_no_service_reads_is_text(
    target: str, amllint: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from amllint.cli import build_services

    within(amllint, GITHUB)
    if target == "terminal":
        read, write = os.openpty()
    else:
        read, write = -1, os.open(tmp_path / "out.txt", os.O_CREAT | os.O_WRONLY)
    monkeypatch.setattr(sys, "stdout", os.fdopen(write, "w"))
    assert build_services.detected() == ""
    if read >= 0:
        os.close(read)


def test_a_service_reads_a_pipe(monkeypatch: pytest.MonkeyPatch, amllint: Commands) -> None:
    from amllint.cli import build_services

    within(amllint, AZURE)
    read, write = os.pipe()
    monkeypatch.setattr(sys, "stdout", os.fdopen(write, "w"))
    assert build_services.detected() == "azure"
    os.close(read)


# -- GitLab's report --------------------------------------------------------------------------


def test_gitlab_gets_a_report_beside_the_text(amllint: Commands) -> None:
    amllint.write({"score.py": LEAKY})
    done = within(amllint, GITLAB)("check")
    file = amllint.folder / GITLAB_FILE
    assert validate("gitlab", file.read_text("utf-8"), 2) == []
    assert GITLAB_FILE in done.err
    assert stat.S_IMODE(file.stat().st_mode) == 0o644
    amllint.write({"score.py": AKS, "a/score.py": NO_RUN})
    amllint("check")
    assert [i["check_name"] for i in json.loads(file.read_text("utf-8"))] == ["missing-run"]
    assert sorted(p.name for p in amllint.folder.iterdir()) == ["a", GITLAB_FILE, "score.py"]


@pytest.mark.parametrize(
    "content", ["", "{}", "[1]", '[{"description": "mine"}]', "text", "[" * 100_000, b"\xff"]
)
def test_a_file_that_is_no_such_report_is_kept(content: str | bytes, amllint: Commands) -> None:
    amllint.write({"score.py": LEAKY, GITLAB_FILE: content})
    before = (amllint.folder / GITLAB_FILE).read_bytes()
    done = within(amllint, GITLAB)("check")
    assert (amllint.folder / GITLAB_FILE).read_bytes() == before
    assert f"{GITLAB_FILE} is no code quality report and stays as it is" in done.err
    assert done.code == 1


def test_nothing_is_written_through_a_link(amllint: Commands) -> None:
    amllint.write({"score.py": LEAKY, "other": "[]"})
    (amllint.folder / GITLAB_FILE).symlink_to("other")
    done = within(amllint, GITLAB)("check")
    assert (amllint.folder / "other").read_text() == "[]"
    assert (amllint.folder / GITLAB_FILE).is_symlink()
    assert "stays as it is" in done.err


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="this user writes everywhere")
def test_a_folder_that_cannot_be_written_changes_no_exit_code(amllint: Commands) -> None:
    amllint.write({"score.py": LEAKY})
    amllint.folder.chmod(0o555)
    done = within(amllint, GITLAB)("check")
    amllint.folder.chmod(0o755)
    assert (done.code, f"cannot write {GITLAB_FILE}" in done.err) == (1, True)


def test_a_service_that_is_off_chooses_nothing(amllint: Commands) -> None:
    amllint.write({"score.py": LEAKY})
    off = dict.fromkeys(("GITHUB_ACTIONS", "TF_BUILD", "GITLAB_CI"), "false")
    assert within(amllint, off)("check").out == amllint("check", "-o", "text").out


# -- the list ---------------------------------------------------------------------------------


def test_help_and_errors_name_every_format(amllint: Commands) -> None:
    help = " ".join(amllint("check", "--help").out.split())
    error = amllint("check", "-o", "nonsense").err
    assert all(f"{name}" in help and name in error for name in FORMATS)
    assert ", ".join(FORMATS) in error


@pytest.mark.parametrize("format", FORMATS)
def test_a_format_brings_in_no_other(format: str, tmp_path: Path) -> None:
    from tests.test_imports import loaded

    (tmp_path / "score.py").write_text(LEAKY)
    _, names = loaded(tmp_path, "check", "-o", format, "--isolated", ".")
    mine = {n.rpartition(".")[2] for n in names if n.startswith("amllint.output.")} & set(FORMATS)
    beside = {"github": {"concise", "markdown"}, "azure": {"concise", "markdown"}}
    assert mine == {format} | beside.get(format, set())
