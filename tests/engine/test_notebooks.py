"""Scripts in notebooks: which cells are some, where their findings stand, how they are mended."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from amllint.artifacts.scoring_script import ScoringScript
from amllint.config import Settings
from amllint.engine import fixing
from amllint.engine.check import Report, check
from amllint.engine.loading import Loader
from amllint.output.formats import renderer
from amllint.output.style import Style
from amllint.source.overlay import Overlay
from amllint.source.repository import Repository
from tests.checking import Files, look, names, places, write
from tests.engine.notebooks import CLEAN, LEAKY, code, notebook, prose, writes

LEAK = ["error-as-success", "error-leak"]
BOTH = code("import json", *CLEAN.split("\n"))
CONFIG = "entryScript: score.py\nruntime: python\n"
PLAIN = code(*LEAKY.rstrip().split("\n"))
AZURE = code("import azureml.core")


def listed(report: Report) -> dict[str, str]:
    return {row.path: row.kind for row in report.listed if row.kind != "none"}


def script(folder: Path, files: Files) -> ScoringScript:
    write(folder, files)
    overlay = Overlay(cwd=str(folder))
    loader = Loader(overlay, Repository(str(folder), False), Settings())
    loader.request(["."])
    found = [a for a in loader.load().all() if isinstance(a, ScoringScript)]
    assert len({id(a) for a in found}) == 1
    return found[0]


def test_a_cell_that_writes_a_script_is_one(tmp_path: Path) -> None:
    report = look(tmp_path, {"n.ipynb": notebook(prose("# how"), writes("score.py"))})
    assert listed(report) == {"n.ipynb:cell 2": "online scoring script"}
    assert places(report) == [("n.ipynb", 13, LEAK[0]), ("n.ipynb", 13, LEAK[1])]
    assert {f.location.cell for f in report.findings} == {2}


@pytest.mark.parametrize("as_list", [True, False])
def test_machine_formats_get_the_line_of_the_json(tmp_path: Path, as_list: bool) -> None:
    text = notebook(prose("# how"), writes("score.py", as_list=as_list))
    report = look(tmp_path, {"n.ipynb": text})
    rows = text.split("\n")
    line = next(n for n, row in enumerate(rows, 1) if "return str(e)" in row)
    data = json.loads("\n".join(renderer("json")(report, Style(False))))
    leak = next(f for f in data["findings"] if f["name"] == "error-leak")
    assert (leak["path"], leak["cell"]) == ("n.ipynb", 2)
    assert leak["start"] == {"line": 13, "column": 16}
    at = leak["in_file"]
    assert at["start"]["line"] == line
    shown = rows[line - 1][at["start"]["column"] - 1 : at["end"]["column"] - 1]
    assert shown == "str(e)"
    sarif = json.loads("\n".join(renderer("sarif")(report, Style(False))))
    regions = [r["locations"][0]["physicalLocation"]["region"] for r in sarif["runs"][0]["results"]]
    assert {r["startLine"] for r in regions} == {line}


def test_people_get_the_line_of_the_cell(tmp_path: Path) -> None:
    report = look(tmp_path, {"n.ipynb": notebook(writes("score.py"))})
    lines = list(renderer("concise")(report, Style(False)))
    assert lines[1].startswith("n.ipynb:cell 1:13:16: AML109 ")
    text = "\n".join(renderer("text")(report, Style(False)))
    assert "--> n.ipynb:cell 1:13:16\n" in text
    assert "13 |         return str(e)\n" in text


def test_what_names_the_written_file_names_the_cell(tmp_path: Path) -> None:
    odd = "%%writefile src/main.py"
    cell = code(odd, "def run(raw_data):", "    return 1")
    deployment = "code_configuration:\n  code: src\n  scoring_script: main.py\nenvironment: {}\n"
    report = look(tmp_path, {"n.ipynb": notebook(cell), "deploy.yml": deployment})
    assert listed(report)["n.ipynb:cell 1"] == "v2 online scoring script"
    assert "missing-init" in names(report)
    assert all(f.location.cell == 1 for f in report.findings if f.name == "missing-init")


def test_a_file_that_a_notebook_writes_is_not_missing(tmp_path: Path) -> None:
    files: Files = {"n.ipynb": notebook(writes("score.py", CLEAN)), "inferenceconfig.yml": CONFIG}
    assert names(look(tmp_path, files)) == []
    assert names(look(tmp_path, files, "inferenceconfig.yml")) == []
    found = script(tmp_path, files)
    assert (found.family, found.named_by, found.whole) == ("v1", "inferenceconfig.yml", True)


def test_an_equal_file_is_checked_once(tmp_path: Path) -> None:
    files: Files = {"n.ipynb": notebook(writes("score.py")), "score.py": LEAKY}
    report = look(tmp_path, files)
    assert {f.location.path for f in report.findings} == {"score.py"}
    files["score.py"] = CLEAN
    report = look(tmp_path, files)
    assert {f.location.path for f in report.findings} == {"n.ipynb"}


@pytest.mark.parametrize("name", ["$folder/score.py", "{folder}/score.py", "${folder}/score.py"])
def test_variables_of_the_notebook_stand_for_folders(tmp_path: Path, name: str) -> None:
    cells = (code('folder = "src"  # where it goes'), writes(name, CLEAN))
    config = CONFIG + "sourceDirectory: src\n"
    files: Files = {"n.ipynb": notebook(*cells), "inferenceconfig.yml": config}
    assert script(tmp_path, files).named_by == "inferenceconfig.yml"


def test_a_folder_that_is_not_known_is_not_guessed(tmp_path: Path) -> None:
    cells = (code('folder = "a"'), code('folder = "b"'), writes("$folder/score.py"))
    report = look(tmp_path, {"n.ipynb": notebook(*cells)})
    assert names(report) == LEAK


def test_a_plain_cell_is_told_as_advice(tmp_path: Path) -> None:
    files: Files = {"n.ipynb": notebook(AZURE, PLAIN)}
    assert names(look(tmp_path, files)) == []
    report = look(tmp_path, files, persona="pedantic")
    assert set(names(report)) >= set(LEAK)
    assert {f.severity for f in report.findings} == {"info"}
    assert not script(tmp_path, files).whole


NOT_OURS = [
    (PLAIN,),
    (AZURE, code("def init():", "    pass"), code("def run(data):", "    return 1")),
    (AZURE, code("%%bash", *LEAKY.split("\n"))),
    (AZURE, prose(LEAKY)),
    (AZURE, code("class Trainer:", "    def init(self): pass", "    def run(self, data): pass")),
    (AZURE, writes("train.py", "def init():\n    pass\n\n\ndef run(epochs):\n    pass\n")),
    (AZURE, writes("notes.txt")),
]


@pytest.mark.parametrize("cells", NOT_OURS)
def test_what_only_looks_like_a_script_is_none(tmp_path: Path, cells: Any) -> None:
    report = look(tmp_path, {"n.ipynb": notebook(*cells)}, persona="pedantic")
    assert (listed(report), names(report)) == ({}, [])


def test_magics_and_await_are_no_trouble(tmp_path: Path) -> None:
    cell = code(
        "%matplotlib inline", "!pip install x", "files = !ls", *LEAKY.split("\n"), "await f()"
    )
    report = look(tmp_path, {"n.ipynb": notebook(AZURE, cell)}, persona="pedantic")
    assert listed(report) == {"n.ipynb:cell 2": "online scoring script"}
    assert set(names(report)) >= set(LEAK)


def test_a_magic_in_a_written_file_is_a_syntax_error(tmp_path: Path) -> None:
    report = look(tmp_path, {"n.ipynb": notebook(writes("score.py", "%pip install x\n" + LEAKY))})
    assert places(report) == [("n.ipynb", 2, "syntax-error")]


def test_comments_in_cells_suppress(tmp_path: Path) -> None:
    own = LEAKY.replace("return str(e)", "return str(e)  # amllint: ignore[error-leak] -- why")
    report = look(tmp_path, {"n.ipynb": notebook(writes("score.py", own), writes("score2.py"))})
    assert [(f.location.cell, f.name) for f in report.findings] == [
        (1, LEAK[0]),
        (2, LEAK[0]),
        (2, LEAK[1]),
    ]
    unused = notebook(writes("score.py", CLEAN + "# amllint: ignore[error-leak]\n"))
    assert "unused-ignore" in names(look(tmp_path, {"n.ipynb": unused}, persona="pedantic"))


BROKEN = [
    (notebook(writes("score.py"))[:-20], ["syntax-error"]),
    (notebook(writes("score.py")).replace('"cells"', '"worksheets"'), ["syntax-error"]),
    (notebook(writes("train.py", "x = 1\n"))[:-20], []),
    ("", []),
    ("\0\0\0", []),
    ("[1]", []),
    ('{"cells": 1}', []),
    ("\ufeff" + notebook(writes("score.py", CLEAN)), []),
    (notebook(writes("score.py")).encode("utf-16"), ["unreadable-file"]),
]


@pytest.mark.parametrize(("text", "expected"), BROKEN)
def test_broken_notebooks_are_told_of_if_they_are_ours(
    tmp_path: Path, text: str | bytes, expected: list[str]
) -> None:
    assert names(look(tmp_path, {"n.ipynb": text})) == expected


@pytest.mark.parametrize(("text", "expected"), BROKEN)
def test_a_notebook_that_is_none_is_told_of_by_name(
    tmp_path: Path, text: str | bytes, expected: list[str]
) -> None:
    intact = isinstance(text, str) and text.startswith("\ufeff")
    wanted = expected or ([] if intact else ["syntax-error"])
    assert names(look(tmp_path, {"n.ipynb": text}, "n.ipynb")) == wanted


# -- fixing ---------------------------------------------------------------------------------


def fixed(folder: Path, text: str) -> tuple[str, fixing.Fixed]:
    write(folder, {"n.ipynb": text})
    overlay = Overlay(cwd=str(folder))
    done = fixing.fix(["."], Settings(), overlay, unsafe=True, ignores=True)
    return overlay.text(str(folder / "n.ipynb")).text, done


@pytest.mark.parametrize("indent", [None, 1, 4])
@pytest.mark.parametrize("as_list", [True, False])
def test_a_fix_changes_the_source_of_its_cell_alone(
    tmp_path: Path, indent: int | None, as_list: bool
) -> None:
    cells = (prose("é"), writes("score.py", as_list=as_list), code("x = 1"), writes("score_b.py"))
    text = notebook(*cells, indent=indent)
    after, done = fixed(tmp_path, text)
    assert done.report.findings == []
    assert not done.rejected
    old, new = json.loads(text), json.loads(after)
    for number in (1, 3):
        source = "".join(new["cells"][number]["source"])
        assert source.startswith("%%writefile score")
        assert "str(e)" not in source
        assert isinstance(new["cells"][number]["source"], list) == (as_list or number == 3)
        new["cells"][number]["source"] = old["cells"][number]["source"]
    assert new == old
    assert fixed(tmp_path, after)[0] == after


def test_lines_that_a_fix_does_not_touch_keep_their_bytes(tmp_path: Path) -> None:
    text = notebook(writes("score.py")).replace('"import json\\n"', '"\\u0069mport json\\n"')
    after, _ = fixed(tmp_path, text)
    assert '"\\u0069mport json\\n"' in after
    rows, before = after.split("\n"), text.split("\n")
    assert rows[:5] == before[:5]
    assert rows[-8:] == before[-8:]


def test_what_a_fix_would_do_is_told_for_the_file(tmp_path: Path) -> None:
    text = notebook(writes("score.py"))
    report = look(tmp_path, {"n.ipynb": text})
    data = json.loads("\n".join(renderer("rdjson")(report, Style(False))))
    suggested = [s for d in data["diagnostics"] for s in d["suggestions"]]
    assert suggested
    rows = text.split("\n")
    for one in suggested:
        start, end = one["range"]["start"], one["range"]["end"]
        starts = [0]
        for row in rows:
            starts.append(starts[-1] + len(row) + 1)
        first = starts[start["line"] - 1] + start["column"] - 1
        last = starts[end["line"] - 1] + end["column"] - 1
        json.loads(text[:first] + one["text"] + text[last:])


# -- families -------------------------------------------------------------------------------

NAMED: list[tuple[Files, str, str | None]] = [
    ({"inferenceconfig.yml": CONFIG}, "online", "v1"),
    ({"d.yml": "code_configuration:\n  code: .\n  scoring_script: score.py\n"}, "online", "v2"),
    (
        {"d.yml": "mini_batch_size: 1\ncode_configuration: {scoring_script: score.py}\n"},
        "batch",
        "v2",
    ),
    ({"p.yml": "parallel_run_config:\n  entry_script: score.py\n"}, "batch", "v1"),
    ({"p.yml": "type: parallel\ntask:\n  code: .\n  entry_script: score.py\n"}, "batch", "v2"),
    ({"p.py": 'c = ParallelRunConfig(\n    entry_script="score.py",\n)\n'}, "batch", "v1"),
    ({"p.py": 'c = InferenceConfig(f(), entry_script="score.py")\n'}, "online", "v1"),
    ({"p.py": 'S = "score.py"\nc = InferenceConfig(entry_script=S)\n'}, "online", "v1"),
    (
        {
            "n.ipynb": notebook(
                code(
                    "d = BatchDeployment(",
                    '    code_configuration=CodeConfiguration(".", scoring_script="score.py")',
                    ")",
                )
            )
        },
        "batch",
        "v2",
    ),
    ({"p.py": 'CodeConfiguration(code=".", scoring_script="score.py")\n'}, "online", "v2"),
    (
        {
            "inferenceconfig.yml": CONFIG,
            "d.yml": "code_configuration: {scoring_script: score.py}\n",
        },
        "online",
        None,
    ),
    ({}, "online", None),
]


@pytest.mark.parametrize(("files", "purpose", "family"), NAMED)
def test_who_names_a_script_says_what_it_is(
    tmp_path: Path, files: Files, purpose: str, family: str | None
) -> None:
    found = script(tmp_path, {**files, "score.py": CLEAN})
    assert (found.purpose, found.family) == (purpose, family)


def test_a_script_that_imports_azureml_core_is_of_v1(tmp_path: Path) -> None:
    assert script(tmp_path, {"score.py": "from azureml.core import Model\n" + CLEAN}).family == "v1"


RULE = "# -----------------------------\n"
HEADER = f"{RULE}# Copyright (c) Microsoft Corporation. All rights reserved.\n{RULE}"
AUTOML = HEADER + "import azureml.automl.core\n\ninput_sample = [1]\n\n\n" + LEAKY


def test_what_automated_ml_wrote_gets_errors_alone(tmp_path: Path) -> None:
    assert script(tmp_path, {"score.py": AUTOML}).generated
    report = look(tmp_path, {"score.py": AUTOML}, persona="pedantic")
    assert names(report) == []
    assert listed(report) == {"score.py": "online scoring script of AutoML"}
    broken = AUTOML.replace("def init():", "def begin():")
    assert "missing-init" in names(
        look(tmp_path, {"score.py": broken, "inferenceconfig.yml": CONFIG})
    )
    own = AUTOML.removeprefix(HEADER)
    assert names(look(tmp_path, {"score.py": own})) == LEAK


def test_checking_again_sees_the_notebook_as_it_is(tmp_path: Path) -> None:
    write(tmp_path, {"n.ipynb": notebook(writes("score.py"))})
    overlay = Overlay(cwd=str(tmp_path))
    assert names(check(["."], Settings(), overlay)) == LEAK
    overlay.put(str(tmp_path / "n.ipynb"), notebook(writes("score.py", CLEAN)).encode())
    assert names(check(["."], Settings(), overlay)) == []


def test_names_that_other_cells_bind_are_not_missing(tmp_path: Path) -> None:
    bare = LEAKY.removeprefix("import json\n")
    plain = notebook(AZURE, code("import json"), code(*bare.split("\n")))
    assert "undefined-name" not in names(look(tmp_path, {"n.ipynb": plain}, persona="pedantic"))
    added = notebook(writes("score.py", "import json\n"), writes("-a score.py", bare))
    assert "undefined-name" not in names(look(tmp_path, {"n.ipynb": added}))
    whole = notebook(code("import json"), writes("score.py", bare))
    assert "undefined-name" in names(look(tmp_path, {"n.ipynb": whole}))


def test_a_written_script_stands_where_it_is_written(tmp_path: Path) -> None:
    helper = "import helper\n\n\n" + CLEAN
    deployment = "code_configuration:\n  code: src\n  scoring_script: score.py\n"
    cells = (writes("src/helper.py", "N = 1\n"), writes("src/score.py", helper))
    files: Files = {"n.ipynb": notebook(*cells), "d.yml": deployment, "helper.py": "N = 1\n"}
    assert names(look(tmp_path, files)) == []


@pytest.mark.parametrize(
    "name", ["sc\\ud800ore.py", "sc\\u0000ore.py", "~/score.py", "../../score.py"]
)
def test_names_that_no_file_can_have_are_no_trouble(tmp_path: Path, name: str) -> None:
    text = notebook(writes("NAME")).replace("NAME", name)
    assert set(names(look(tmp_path, {"n.ipynb": text}))) <= set(LEAK)
    config = CONFIG.replace("score.py", '"sc\\ud800.py"')
    look(tmp_path, {"n.ipynb": text, "inferenceconfig.yml": config})


def test_what_a_part_of_a_file_lacks_is_not_told(tmp_path: Path) -> None:
    init, run = CLEAN.split("\n\n\n", 1)
    parts = (writes("score.py", "import os\n" + init), writes("-a score.py", run))
    config = '{"entryScript": "score.py"}'
    files = {"deploy.ipynb": notebook(*parts), "inferenceconfig.json": config}
    assert places(look(tmp_path, files)) == []
