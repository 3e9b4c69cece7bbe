"""What the summary of the JSON output says of the run."""

from __future__ import annotations

import json
from pathlib import Path

from amllint.output import json as json_format
from amllint.output.style import Style
from tests.checking import look

BROKEN = b"def init():\n    pass\n\n\ndef run(data):\n    return '\xff'\n"


def _summary(folder: Path, files: dict[str, str | bytes]) -> dict[str, object]:
    report = look(folder, files)
    text = "".join(json_format.render(report, Style(False)))
    return dict(json.loads(text)["summary"])


def test_an_unread_file_makes_the_run_incomplete(tmp_path: Path) -> None:
    assert _summary(tmp_path / "a", {"score.py": BROKEN})["incomplete"] is True
    assert _summary(tmp_path / "b", {"conda.yml": "dependencies: [pip]\n"})["incomplete"] is False
