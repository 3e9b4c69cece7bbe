"""The command line of `amllint annotate`: what it refuses, and what it reads."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from amllint.bot.results import ResultsError, parse

from .running import run

ENV = {"GITHUB_REPOSITORY": "acme/churn", "GITHUB_REF": "refs/pull/7/merge", "GITHUB_TOKEN": "t"}
EMPTY = {"version": 1, "findings": [], "summary": {"files": 0, "suppressed": 0, "unchecked": []}}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is not JSON"),
        ("[" * 10_000, "is not JSON"),
        ("[]", "is not the JSON of `amllint check"),
        ('{"version": 1}', "is not the JSON of `amllint check"),
        ('{"version": 2, "findings": []}', "has version '2' of the format, this amllint reads 1"),
        ('{"version": 1, "findings": []}', "at $: 'summary' is a required property"),
        (
            json.dumps({**EMPTY, "findings": [{"code": 1}]}),
            "does not fit `amllint schema findings`",
        ),
        (json.dumps({**EMPTY, "findings": [[[]]]}), "at $.findings[0]"),
    ],
)
def test_json_that_is_no_findings_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "f.json").write_text(text, "utf-8")
    done = run(tmp_path, ENV, "annotate", "--isolated", "--from", "f.json")
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "f.json" in done.err
    piped = run(tmp_path, ENV, "annotate", "--isolated", "--from", "-", stdin=text.encode())
    assert piped.code == 2
    assert said in piped.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--from", "none.json"), "cannot read none.json"),
        (("--from", "f.json", "score.py"), "give it or paths, not both"),
        (("--config", "none.toml"), "no configuration file none.toml"),
        (("--mode", "nothing"), "invalid choice"),
        (("--pause", "-1"), "no number of seconds"),
        (("--pause", "nan"), "no number of seconds"),
        (("--max-comments", "-1"), "no whole number"),
        (("--token", "x"), "unrecognized arguments"),
    ],
)
def test_wrong_command_lines_are_refused(
    tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    (tmp_path / "f.json").write_text(json.dumps(EMPTY), "utf-8")
    done = run(tmp_path, ENV, "annotate", *arguments)
    assert done.code == 2
    assert said in done.err


def test_a_server_without_https_gets_no_token(tmp_path: Path) -> None:
    (tmp_path / "f.json").write_text(json.dumps(EMPTY), "utf-8")
    given = ("--from", "f.json", "--isolated", "--url", "http://api.example")
    done = run(tmp_path, ENV, "annotate", *given)
    assert done.code == 2
    assert "not https" in done.err


def test_without_files_there_is_nothing_to_say(tmp_path: Path) -> None:
    assert run(tmp_path, ENV, "annotate", "--isolated").code == 3


def test_without_the_extra_it_says_what_to_install(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['httpx'] = None; from amllint.cli import main; "
        "sys.exit(main(['annotate']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, encoding="utf-8"
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "pip install 'amllint[bot]'" in done.stderr


def test_what_check_writes_is_read_back(tmp_path: Path) -> None:
    script = "def init():\n    pass\n\n\ndef run(raw_data):\n    return raw_data.nope, model\n"
    (tmp_path / "score.py").write_text(script + "x = 1  # amllint: ignore[missing-run]\n", "utf-8")
    done = run(tmp_path, {}, "check", "--isolated", "-o", "json")
    data: Any = json.loads(done.out)
    read = parse(data)
    assert len(read.findings) == len(data["findings"]) > 0
    for found, entry in zip(read.findings, data["findings"], strict=True):
        assert found.place.path == entry["path"]
        assert found.place.start == (entry["start"]["line"], entry["start"]["column"])
        assert (found.mend is None) == (entry["fix"] is None)


@pytest.mark.parametrize("version", [0, 2, "1", None, [], 1e300, "x" * 1000])
def test_other_versions_are_refused_briefly(version: Any) -> None:
    with pytest.raises(ResultsError, match="version") as caught:
        parse({**EMPTY, "version": version})
    assert len(str(caught.value)) < 200
