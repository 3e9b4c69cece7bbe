"""Files of requirements are read where an environment names them, and judged with it."""

from __future__ import annotations

import json
from pathlib import Path

from amllint.config import Settings
from amllint.engine.check import Report, check
from amllint.engine.fixing import fix
from amllint.engine.ignoring import add
from amllint.source.overlay import Overlay
from tests.checking import Files, look, names, places

SCRIPT = "def init():\n    pass\n\n\ndef run(raw_data):\n    return {'n': len(raw_data)}\n"
CONDA = """\
name: serving
channels:
  - conda-forge
dependencies:
  - python=3.10
  - pip
  - pip:
      - azureml-defaults==1.60.0
      - -r requirements.txt
"""


def deployed(requirements: str, **more: str) -> Files:
    config = {"entryScript": "score.py", "runtime": "python", "condaFile": "conda.yml"}
    return {
        "score.py": SCRIPT,
        "inferenceconfig.json": json.dumps(config),
        "conda.yml": CONDA,
        "requirements.txt": requirements,
        **more,
    }


def test_a_file_that_nothing_names_is_nobodys_business(tmp_path: Path) -> None:
    report = look(tmp_path, {"requirements.txt": "sklearn==1.5.2\nnumpy=1.26\n"})
    assert names(report) == []


def test_what_stands_in_an_included_file_is_told_there(tmp_path: Path) -> None:
    report = look(tmp_path, deployed("# of training\nsklearn==1.5.2\nnumpy=1.26.4\n"))
    assert ("requirements.txt", 2, "wrong-package-name") in places(report)
    assert ("requirements.txt", 3, "version-operator") in places(report)


def test_a_file_given_by_name_is_seen_as_what_names_it_has_it(tmp_path: Path) -> None:
    report = look(tmp_path, deployed("sklearn==1.5.2\n"), "requirements.txt")
    assert ("requirements.txt", 1, "wrong-package-name") in places(report)
    assert report.listed[0].kind == "requirements"


def test_files_include_each_other_once(tmp_path: Path) -> None:
    more = {"base.txt": "-r requirements.txt\npandas==2.2.3\n"}
    report = look(tmp_path, deployed("-r base.txt\npandas==2.1.0\n", **more))
    assert ("requirements.txt", 2, "duplicate-dependency") in places(report)


def test_files_that_all_include_each_other_are_read_once(tmp_path: Path) -> None:
    names_ = [f"r{number}.txt" for number in range(40)]
    text = "".join(f"-r {name}\n" for name in names_) + "sklearn==1.5.2\n"
    report = look(tmp_path, deployed(text, **dict.fromkeys(names_, text)))
    assert names(report).count("wrong-package-name") == 41


def test_a_comment_suppresses_a_finding_in_a_file_of_requirements(tmp_path: Path) -> None:
    marked = "sklearn==1.5.2  # amllint: ignore[wrong-package-name] -- ours\n"
    report = look(tmp_path, deployed(marked))
    assert "wrong-package-name" not in names(report)
    above = "# amllint: ignore[wrong-package-name] -- ours\nsklearn==1.5.2\n"
    report = look(tmp_path / "above", deployed(above))
    assert "wrong-package-name" not in names(report)


def test_a_fix_changes_the_line_and_leaves_the_rest(tmp_path: Path) -> None:
    report = look(tmp_path, deployed("# of training\nsklearn==1.5.2  # why\nnumpy==1.26.4\n"))
    overlay = report.overlay
    assert overlay is not None
    fixed = fix(["."], Settings(), overlay, unsafe=False, ignores=True)
    text = fixed.after["requirements.txt"]
    assert text == "# of training\nscikit-learn==1.5.2  # why\nnumpy==1.26.4\n"


def test_a_comment_is_written_where_it_holds(tmp_path: Path) -> None:
    report = look(tmp_path, deployed("sklearn==1.5.2\n"), "requirements.txt")
    overlay = report.overlay
    assert overlay is not None
    done = add(report, lambda: again(overlay, "requirements.txt"), overlay, "ours", frozenset())
    assert done.after["requirements.txt"].startswith("sklearn==1.5.2  # amllint: ignore[")


def again(overlay: Overlay, *paths: str) -> Report:
    return check(paths or ["."], Settings(), overlay)
