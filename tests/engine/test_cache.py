"""Facts that are kept between runs: the same findings, nothing executed, nothing trusted."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from amllint.analysis.facts import ScriptFacts
from amllint.config import Settings
from amllint.engine import cache as caching
from amllint.engine.cache import FactsCache, open_cache, remove_old
from amllint.engine.check import check
from amllint.engine.parsing import parse_one
from amllint.output.json import document
from amllint.source.overlay import Overlay
from amllint.source.problem import Malformed
from amllint.source.text import SourceText
from tests.checking import write
from tests.engine.notebooks import code, notebook

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = "def init():\n    pass\n\n\ndef run(data):\n    return {'n': len(data)}\n"
EVERY_CONSTANT = (
    "A = ...\nB = 2j\nC = b'x'\nD = 10**400\nE = None\nF = -0.0\nG = '\\ud800'\n"
    "H = {1, 2}\nI = lambda: ...\n" + SCRIPT
)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("AMLLINT_NO_CACHE")
    monkeypatch.setenv("AMLLINT_CACHE_DIR", str(tmp_path / "kept"))
    return tmp_path / "kept"


def source(text: str) -> SourceText:
    return SourceText("score.py", text)


def opened() -> FactsCache:
    cache = open_cache()
    assert cache is not None
    return cache


def found(folder: Path, cache: FactsCache | None, parallel: bool) -> dict[str, Any]:
    settings = Settings(persona="pedantic")
    report = check(["."], settings, Overlay(cwd=str(folder)), parallel=parallel, cache=cache)
    return document(report)


@pytest.mark.parametrize("parallel", [False, True])
def test_a_run_finds_the_same_with_what_another_kept(
    place: Path, tmp_path: Path, parallel: bool
) -> None:
    for folder in (ROOT / "examples", _all_corpus_scripts(tmp_path)):
        expected = found(folder, None, parallel)
        assert expected["findings"]
        assert found(folder, opened(), parallel) == expected
        before = sorted(p.name for p in place.glob("*/*"))
        assert found(folder, opened(), parallel) == expected
        assert sorted(p.name for p in place.glob("*/*")) == before != []


def _all_corpus_scripts(folder: Path) -> Path:
    """Scripts of many kinds, a broken one, and a notebook."""
    files: dict[str, str | bytes] = {
        f"{n}/score.py": EVERY_CONSTANT.replace("'n'", repr(str(n))) for n in range(14)
    }
    files["broken/score.py"] = "def init():\n    pass\ndef run(data)\n    return data\n"
    written = code("%%writefile score.py\ndef init(): pass\ndef run(data): return eval(data)\n")
    files["deploy.ipynb"] = notebook(written)
    write(folder / "tree", files)
    return folder / "tree"


@pytest.mark.parametrize("text", [SCRIPT, EVERY_CONSTANT, "def run(:\n"])
def test_what_is_read_is_what_was_written(place: Path, text: str) -> None:
    known = parse_one(source(text), opened())
    again = opened().read(source(text))
    if isinstance(known, ScriptFacts):
        assert isinstance(again, ScriptFacts)
        assert again.module == known.module
        assert again.outcome == known.outcome
        assert again.bodies.by_name == known.bodies.by_name
    else:
        assert isinstance(again, Malformed)
        assert again == known


def test_a_cell_and_a_file_of_one_text_are_told_apart(place: Path) -> None:
    text = "await x\n"
    cell = SourceText("a.ipynb", text, interactive=True)
    assert isinstance(parse_one(cell, opened()), ScriptFacts)
    assert isinstance(parse_one(source(text), opened()), Malformed)


def _entry(place: Path) -> Path:
    parse_one(source(SCRIPT), opened())
    (entry,) = place.glob("*/*")
    return entry


@pytest.mark.parametrize("at", [0, 8, 16, 40, -1])
def test_a_damaged_entry_is_as_if_it_were_not_there(place: Path, at: int) -> None:
    entry = _entry(place)
    data = bytearray(entry.read_bytes())
    data[at] ^= 0x55
    entry.write_bytes(data)
    assert opened().read(source(SCRIPT)) is None
    assert not entry.exists()
    assert isinstance(parse_one(source(SCRIPT), opened()), ScriptFacts)
    assert entry.exists()


@pytest.mark.parametrize("length", [0, 5, 16, 100])
def test_a_cut_entry_is_as_if_it_were_not_there(place: Path, length: int) -> None:
    entry = _entry(place)
    entry.write_bytes(entry.read_bytes()[:length])
    assert opened().read(source(SCRIPT)) is None


class Evil:
    """A pickle that would create a file."""

    def __init__(self, target: str) -> None:
        self.target = target

    def __reduce__(self) -> tuple[Any, ...]:
        return (os.mkdir, (self.target,))


@pytest.mark.parametrize("wrapped", [False, True])
def test_an_entry_cannot_make_anything_run(place: Path, tmp_path: Path, wrapped: bool) -> None:
    entry, target = _entry(place), tmp_path / "made"
    thing: Any = Evil(str(target))
    if wrapped:
        facts = ScriptFacts.__new__(ScriptFacts)
        facts.noted = {"x": thing}
        facts.__dict__["_scopes"] = {}
        thing = facts
    data = pickle.dumps(thing)
    entry.write_bytes(caching._digest(data) + data)
    assert opened().read(source(SCRIPT)) is None
    assert not target.exists()


def test_functions_of_amllint_itself_are_not_called_either(place: Path) -> None:
    class Calls:
        def __reduce__(self) -> tuple[Any, ...]:
            return (remove_old, (str(place), 0))

    entry = _entry(place)
    data = pickle.dumps(Calls())
    entry.write_bytes(caching._digest(data) + data)
    assert opened().read(source(SCRIPT)) is None


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="permissions are POSIX's")
def test_a_folder_that_others_can_write_to_is_not_used(place: Path) -> None:
    place.mkdir(mode=0o777)
    place.chmod(0o777)
    assert open_cache() is None


def test_a_place_that_cannot_be_made_is_no_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AMLLINT_NO_CACHE")
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("AMLLINT_CACHE_DIR", str(tmp_path / "file" / "kept"))
    assert open_cache() is None


def test_an_entry_that_cannot_be_written_is_no_trouble(place: Path) -> None:
    cache = opened()
    Path(cache.folder).write_text("in the way")
    assert isinstance(parse_one(source(SCRIPT), cache), ScriptFacts)
    assert cache.read(source(SCRIPT)) is None


def test_another_make_of_amllint_does_not_read_what_this_one_kept(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _entry(place)
    monkeypatch.setattr(caching, "__version__", "0.0.0+other")
    assert opened().read(source(SCRIPT)) is None
    monkeypatch.undo()


def test_changed_code_of_amllint_does_not_either(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamps = caching._stamps()
    assert any(name == "facts.py" for name, _, _ in stamps)
    assert any("libcst" in name for name, _, _ in stamps)
    _entry(place)
    name, size, when = stamps[0]
    monkeypatch.setattr(caching, "_stamps", lambda: [(name, size, when + 1), *stamps[1:]])
    assert opened().read(source(SCRIPT)) is None


def test_nothing_is_kept_where_that_is_not_wanted(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AMLLINT_NO_CACHE", "1")
    assert open_cache() is None
    assert not place.exists()


def test_what_nothing_has_asked_for_is_removed(place: Path) -> None:
    entry = _entry(place)
    old = time.time() - (caching.KEPT_DAYS + 1) * 86_400
    kept = entry.with_name("kept")
    kept.write_bytes(b"new")
    os.utime(entry, (old, old))
    assert remove_old(str(place)) == 1
    assert not entry.exists()
    assert kept.exists()


def test_what_is_asked_for_stays(place: Path) -> None:
    entry = _entry(place)
    old = time.time() - (caching.KEPT_DAYS + 1) * 86_400
    os.utime(entry, (old, old))
    assert opened().read(source(SCRIPT)) is not None
    assert remove_old(str(place)) == 0
    assert entry.exists()


def test_only_entries_are_removed(place: Path) -> None:
    _entry(place)
    (place / "mine").mkdir()
    (place / "mine" / "file").write_text("x")
    assert remove_old(str(place), 0) == 1
    assert [p.name for p in place.iterdir()] == ["mine"]


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("linux", {"XDG_CACHE_HOME": "/c"}, "/c/amllint"),
        ("linux", {}, "/home/a/.cache/amllint"),
        ("linux", {"XDG_CACHE_HOME": "relative"}, None),
        ("darwin", {}, "/home/a/Library/Caches/amllint"),
        ("win32", {"LOCALAPPDATA": "/l"}, "/l/amllint/cache"),
        ("win32", {}, None),
        ("linux", {"AMLLINT_CACHE_DIR": "/d"}, "/d"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="paths are POSIX's")
def test_it_lies_where_the_platform_keeps_caches(
    platform: str,
    variables: dict[str, str],
    expected: str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA", "AMLLINT_CACHE_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "/home/a")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    assert caching.cache_folder() == expected


# -- the command ------------------------------------------------------------------------------


def amllint(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "amllint", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "lint")},
    )


def test_the_command_keeps_leaves_and_cleans(place: Path, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    write(tree, {"score.py": SCRIPT.replace("len(data)", "undefined")})
    without = amllint(tree, "check", "--no-cache", "-o", "json")
    assert not place.exists()
    first = amllint(tree, "check", "-o", "json")
    assert len(list(place.glob("*/*"))) == 1
    again = amllint(tree, "check", "-o", "json")
    assert json.loads(first.stdout)["findings"]
    assert first.stdout == again.stdout == without.stdout
    assert (first.returncode, again.returncode) == (1, 1)
    cleaned = amllint(tree, "clean")
    assert cleaned.returncode == 0
    assert f"1 entry removed from {place}" in cleaned.stderr
    assert not list(place.glob("*/*"))


def test_a_changed_script_is_seen(place: Path, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    write(tree, {"score.py": SCRIPT})
    assert amllint(tree, "check").returncode == 0
    write(tree, {"score.py": SCRIPT.replace("len(data)", "undefined")})
    assert "undefined-name" in amllint(tree, "check").stdout
