"""Modules that ship with a scoring script, and scripts that are looked at because of one."""

from __future__ import annotations

from pathlib import Path

from amllint.artifacts.scoring_script import ScoringScript
from amllint.config import Settings
from amllint.engine.loading import Loader
from amllint.source.overlay import Overlay
from amllint.source.repository import Repository
from tests.checking import Files, look, only, places, write

SCRIPT = """import json
import os

import joblib

from {module} import prepare


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(data):
    try:
        return model.predict(prepare(json.loads(data))).tolist()
    except ValueError:
        raise
"""
CONFIG = '{"entryScript": "score.py", "sourceDirectory": "src"}'


def _script(folder: Path, files: Files, *paths: str) -> ScoringScript:
    write(folder, files)
    overlay = Overlay(cwd=str(folder))
    loader = Loader(overlay, Repository.around(str(folder)), Settings())
    loader.request(paths or ["."])
    found = [a for artifacts in loader.load().found.values() for a in artifacts]
    (script,) = [a for a in found if isinstance(a, ScoringScript)]
    return script


def test_a_script_has_the_modules_of_its_source_directory_and_theirs(tmp_path: Path) -> None:
    script = _script(
        tmp_path,
        {
            "src/score.py": SCRIPT.format(module="pkg.steps"),
            "src/pkg/__init__.py": "from .other import x\n",
            "src/pkg/steps.py": "from .other import clean\ndef prepare(x): return clean(x)\n",
            "src/pkg/other.py": "def clean(x): return opened(x)\n",
            "src/unused.py": "def prepare(x): return x\n",
            "inferenceconfig.json": CONFIG,
        },
    )
    assert script.shipped == str(tmp_path / "src")
    assert sorted(script.modules) == ["pkg", "pkg.other", "pkg.steps"]
    assert "opened" in [c.name for c in script.reached_calls("run")]
    (opened,) = [c for c in script.reached_calls("run") if c.name == "opened"]
    assert opened.module.path == "src/pkg/other.py"
    assert opened.via[0] == "run"


def test_a_script_that_nothing_names_has_the_modules_beside_it(tmp_path: Path) -> None:
    script = _script(tmp_path, {"score.py": SCRIPT.format(module="steps"), "steps.py": "x = 1\n"})
    assert script.shipped is None
    assert list(script.modules) == ["steps"]


def test_scripts_that_import_each_other_are_read_once_each(tmp_path: Path) -> None:
    files: Files = {
        "score.py": SCRIPT.format(module="a"),
        "a.py": "import b\nimport score\n",
        "b.py": "import a\n",
    }
    assert sorted(_script(tmp_path, files).modules) == ["a", "b"]


def test_a_broken_module_is_told_with_the_script_that_imports_it(tmp_path: Path) -> None:
    report = look(tmp_path, {"score.py": SCRIPT.format(module="steps"), "steps.py": "def x(:\n"})
    assert places(report) == [("steps.py", 1, "syntax-error")]
    related = only(report).observation.related
    assert [r.location.path for r in related] == ["score.py"]


def test_a_broken_module_that_may_be_missing_is_not_told(tmp_path: Path) -> None:
    guarded = "try:\n    import steps\nexcept Exception:\n    pass\n"
    text = guarded + SCRIPT.replace("from {module} import prepare\n", "prepare = list\n")
    assert places(look(tmp_path, {"score.py": text, "steps.py": "def x(:\n"})) == []


def test_a_module_given_by_name_is_seen_as_part_of_the_script_that_imports_it(
    tmp_path: Path,
) -> None:
    files: Files = {
        "src/score.py": SCRIPT.format(module="steps"),
        "src/steps.py": "def prepare(x): return x\n",
        "inferenceconfig.json": CONFIG,
    }
    script = _script(tmp_path, files, "src/steps.py")
    assert script.named_by == "inferenceconfig.json"
    assert list(script.modules) == ["steps"]


def test_a_link_that_leads_out_of_the_repository_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.py"
    outside.write_text("def prepare(x): return x\n")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "steps.py").symlink_to(outside)
    assert _script(inside, {"score.py": SCRIPT.format(module="steps")}).modules == {}
