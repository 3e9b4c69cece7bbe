"""No output shows a secret: neither the finding about it, nor a finding beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from amllint.cli import main
from amllint.output.formats import FORMATS
from tests.checking import write

PASSWORD, KEY = "Wb4!oarfish-Qz", "v3Kx8nTq5BdR2mLz7YwC9fGs4HjP6uEa"
SCRIPT = f"""\
import json

API_KEY = "{KEY}"


def init(password="{PASSWORD}", *, more):
    pass


def run(raw_data):
    return json.loads(raw_data, key="{KEY}", password="{PASSWORD}")["data"]
"""


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("selected", ["ALL", "unhandled-run-error,init-parameters"])
def test_a_secret_is_in_no_output(
    name: str,
    selected: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(tmp_path, {"score.py": SCRIPT})
    monkeypatch.chdir(tmp_path)
    assert main(["check", ".", "--output", name, "--select", selected]) == 1
    out, err = capsys.readouterr()
    assert "json.loads(raw_data" in out
    for secret in (KEY, PASSWORD):
        assert secret not in out + err
        assert secret[4:12] not in out + err


def test_a_baseline_holds_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"score.py": SCRIPT})
    monkeypatch.chdir(tmp_path)
    main(["baseline", "write"])
    (file,) = (p for p in tmp_path.iterdir() if p.name != "score.py")
    text = file.read_text("utf-8")
    assert "secret-in-script" in text
    assert KEY[4:12] not in text
    assert PASSWORD[4:12] not in text


def test_a_message_that_quotes_a_value_is_struck_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config = f'{{"entryScript": "score.py", "runtime": "https://svc:{PASSWORD}@contoso.net"}}'
    write(tmp_path, {"score.py": SCRIPT, "inferenceconfig.json": config})
    monkeypatch.chdir(tmp_path)
    main(["check", "inferenceconfig.json", "--output", "json"])
    out, _ = capsys.readouterr()
    assert "https://svc:" in out
    assert PASSWORD[4:12] not in out
