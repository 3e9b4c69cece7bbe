"""What comes out where: findings on stdout and nothing else, in each format."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from amllint.output.style import printable

from .commands import AKS, BAD_AKS, LEAKY, NO_RUN, SCRIPT, Commands

SCHEMA = Path(__file__).resolve().parents[2] / "schemas" / "findings.schema.json"
VALIDATOR = Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))
COLOR = re.compile(r"\x1b\[[\d;]*m")

TREES: dict[str, dict[str, str | bytes]] = {
    "nothing": {},
    "clean": {"score.py": SCRIPT},
    "leaky": {"score.py": LEAKY},
    "fixable": {"deploymentconfig.json": BAD_AKS},
    "broken": {"score.py": "def init(): pass\ndef run(x)\n  pass\n"},
    "unreadable": {"deploymentconfig.json": b"\xff"},
    "unknown": {"deploymentconfig.json": '{"computeType": "{{X}}", "entryScript": "{{Y}}"}'},
    "units": {
        "score.py": LEAKY,
        "conda.yml": "dependencies:\n  - pip: [a]\n",
        "a/inferenceconfig.json": '{"entryScript": "score.py", "runtime": "python",'
        ' "condaFile": "conda.yml"}',
        "b/inferenceconfig.json": '{"entryScript": "score.py"}',
    },
    "suppressed": {"score.py": "# amllint: ignore-file[missing-run, nonsense]\n" + NO_RUN},
    "odd names": {"a b/ü🐍\x1b[31m score.py": NO_RUN},
}


@pytest.mark.parametrize("tree", TREES)
@pytest.mark.parametrize("persona", ["regular", "pedantic"])
def test_json_holds_to_its_schema(tree: str, persona: str, amllint: Commands) -> None:
    amllint.write(TREES[tree])
    done = amllint.check("-o", "json", "--persona", persona)
    assert list(VALIDATOR.iter_errors(done.data)) == []
    assert done.data["version"] == 1


def test_json_tells_everything_about_a_finding(amllint: Commands) -> None:
    amllint.write({"deploymentconfig.json": BAD_AKS})
    (finding,) = amllint.check("-o", "json").data["findings"]
    assert {k: finding[k] for k in ("code", "name", "severity", "stage", "path", "cell")} == {
        "code": "AML402",
        "name": "unknown-deployment-key",
        "severity": "warning",
        "stage": "operate",
        "path": "deploymentconfig.json",
        "cell": None,
    }
    assert finding["start"] == {"line": 3, "column": 3}
    assert finding["end"] == {"line": 3, "column": 15}
    assert finding["help"] == "did you mean `numReplicas`?"
    assert finding["units"] == ["deploymentconfig.json"]
    assert finding["url"].endswith("/unknown-deployment-key")
    assert finding["fix"]["applicability"] == "unsafe"
    (edit,) = finding["fix"]["edits"]
    assert edit["content"] == '"numReplicas"'
    assert (edit["start"], edit["end"]) == (finding["start"], finding["end"])


def test_json_counts_columns_in_characters(amllint: Commands) -> None:
    amllint.write({"deploymentconfig.json": '{"computeType": "aks", "🐍é": 1, "numReplica": 2}'})
    columns = [f["start"]["column"] for f in amllint.check("-o", "json").data["findings"]]
    assert columns == [24, 33]


def test_json_sums_up(amllint: Commands) -> None:
    amllint.write(
        {
            "score.py": "# amllint: ignore-file[missing-run]\n" + NO_RUN,
            "inferenceconfig.json": '{"entryScript": "{{X}}"}',
        }
    )
    summary = amllint.check("-o", "json").data["summary"]
    assert (summary["files"], summary["suppressed"]) == (2, 1)
    assert {"rule": "entry-script-missing", "fact": "entryScript"} in [
        {k: u[k] for k in ("rule", "fact")} for u in summary["unchecked"]
    ]


def test_related_places_have_their_messages(amllint: Commands) -> None:
    amllint.write({"score.py": LEAKY.replace("return str(e)", "x = str(e)\n        return x")})
    done = amllint.check("-o", "json", "--select", "error-leak")
    (finding,) = done.data["findings"]
    assert {"returned here"} <= {r["message"] for r in finding["related"]}


def test_concise_is_one_line_a_finding(amllint: Commands) -> None:
    amllint.write({"score.py": LEAKY, "deploymentconfig.json": BAD_AKS})
    lines = amllint.check().out.splitlines()
    pattern = re.compile(r"[^:]+:\d+:\d+: AML\d{3} [a-z-]+ (error|warning|info): \S.*")
    assert len(lines) == 3
    assert all(pattern.fullmatch(line) for line in lines)


def test_text_shows_the_place_its_stage_and_what_to_do(amllint: Commands) -> None:
    amllint.write({"deploymentconfig.json": BAD_AKS})
    out = amllint.check("-o", "text").out
    assert "warning[unknown-deployment-key]" in out
    assert "--> deploymentconfig.json:3:3" in out
    assert '\n3 |   "numReplica": 2\n  |   ^^^^^^^^^^^^\n' in out
    assert "stage: operate" in out
    assert "help: did you mean `numReplicas`?" in out
    assert "amllint explain unknown-deployment-key" in out
    assert "--fix --unsafe-fixes" in out


def test_text_is_the_default(amllint: Commands) -> None:
    amllint.write({"deploymentconfig.json": BAD_AKS})
    assert amllint("check").out == amllint("check", "-o", "text").out != ""


@pytest.mark.parametrize(
    "line",
    [
        "\tx = 1; return str(e)",
        "é = '漢字🐍'; return str(e)",
        "x = 1;" + " " * 300 + "return str(e)",
    ],
)
def test_the_mark_stands_under_what_it_marks(line: str, amllint: Commands) -> None:
    line = line.strip()
    amllint.write({"score.py": LEAKY.replace("return str(e)", line)})
    out = amllint.check("-o", "text", "--select", "error-leak").out.splitlines()
    number = next(n for n, shown in enumerate(out) if "^" in shown)
    start = out[number].index("^")
    end = out[number].rindex("^") + 1
    assert out[number - 1][start:end] == "str(e)"


# -- targets ----------------------------------------------------------------------------------


def test_several_formats_go_to_several_files(amllint: Commands) -> None:
    amllint.write({"score.py": LEAKY})
    done = amllint.check("-o", "json=a.json", "-o", "concise=b.txt", "-o", "text")
    assert "error[" not in done.out
    assert "warning[error-leak]" in done.out
    assert len(json.loads((amllint.folder / "a.json").read_text())["findings"]) == 2
    assert len((amllint.folder / "b.txt").read_text().splitlines()) == 2


def test_a_format_to_a_file_leaves_stdout_empty(amllint: Commands) -> None:
    amllint.write({"score.py": LEAKY})
    done = amllint.check("-o", "json=a.json")
    assert (done.code, done.out) == (1, "")


def test_the_same_format_goes_to_stdout_and_a_file(amllint: Commands) -> None:
    amllint.write({"score.py": LEAKY})
    done = amllint.check("-o", "concise", "-o", "concise=a.txt")
    assert (amllint.folder / "a.txt").read_text() == done.out


@pytest.mark.parametrize("format", ["text", "concise", "json"])
@pytest.mark.parametrize("tree", TREES)
def test_stdout_holds_findings_and_nothing_else(format: str, tree: str, amllint: Commands) -> None:
    amllint.write(TREES[tree])
    loud = amllint.check("-o", format, "--statistics")
    quiet = amllint.check("-o", format, "--quiet")
    assert loud.out == quiet.out
    if loud.code == 0 and format != "json":
        assert loud.out == ""


def test_quiet_says_nothing_on_stderr(amllint: Commands) -> None:
    amllint.write({"score.py": LEAKY})
    done = amllint.check("-q")
    assert done.err == ""
    assert done.names == ["error-as-success", "error-leak"]


def test_statistics_count_findings_per_rule_on_stderr(amllint: Commands) -> None:
    twice = LEAKY.replace(
        "    except E", "    except OSError as e:\n        return repr(e)\n    except E"
    )
    amllint.write({"score.py": twice + "x = 1  # amllint: ignore[missing-run]\n"})
    rows = [line.split() for line in amllint.check("--statistics", "-q").err.splitlines()]
    assert rows == [
        ["2", "AML109", "error-leak", "warning"],
        ["2", "AML110", "error-as-success", "warning"],
        ["1", "AML904", "unused-ignore", "warning"],
    ]


def test_the_summary_counts(amllint: Commands) -> None:
    amllint.write({"score.py": LEAKY, "a/score.py": NO_RUN, "deploymentconfig.json": BAD_AKS})
    assert amllint.check().err.startswith(
        "1 error, 3 warnings in 3 files, 3 with --fix --unsafe-fixes"
    )


def test_what_was_not_checked_is_said(amllint: Commands) -> None:
    amllint.write({"inferenceconfig.json": '{"entryScript": "{{X}}"}'})
    done = amllint.check()
    assert (done.code, done.out) == (0, "")
    assert "not checked, for lack of facts: entry-script-missing" in done.err


def test_what_nobody_says_is_told_where_something_else_is_declared(amllint: Commands) -> None:
    amllint.write({"deploymentconfig.json": AKS})
    assert "not checked" not in amllint.check().err
    assert "as nothing says `cluster`: gpu-nodes-idle" in amllint.check("--persona=pedantic").err
    amllint.write({"amllint.toml": "[target]\nregion = 'westeurope'\n"})
    assert "as nothing says `cluster`: gpu-nodes-idle" in amllint.check().err
    assert "not checked" not in amllint.check("--quiet").err


def test_a_declared_cluster_that_cannot_be_used_is_said(amllint: Commands) -> None:
    toml = "[target.cluster]\nnodes = 3\nnode-size = 'Standard_Q1'\n"
    amllint.write({"deploymentconfig.json": AKS, "amllint.toml": toml})
    assert "not checked, for lack of facts: gpu-nodes-idle, gpu-nodes-" in amllint.check().err


# -- colour -----------------------------------------------------------------------------------

COLORS: list[tuple[dict[str, str], list[str], bool]] = [
    ({}, [], False),
    ({}, ["--color", "always"], True),
    ({}, ["--color", "never"], False),
    ({"FORCE_COLOR": "1"}, [], True),
    ({"FORCE_COLOR": "0"}, [], False),
    ({"FORCE_COLOR": ""}, [], False),
    ({"NO_COLOR": "1"}, [], False),
    ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, [], False),
    ({"NO_COLOR": "1"}, ["--color", "always"], True),
    ({"FORCE_COLOR": "1"}, ["--color", "never"], False),
    ({"NO_COLOR": "", "FORCE_COLOR": "1"}, [], True),
]


@pytest.mark.parametrize(("variables", "arguments", "colored"), COLORS)
def test_colour_is_used_where_it_is_wanted(
    variables: dict[str, str], arguments: list[str], colored: bool, amllint: Commands
) -> None:
    for name, value in variables.items():
        amllint.patch.setenv(name, value)
    amllint.write({"score.py": LEAKY})
    for format in ("text", "concise"):
        done = amllint.check("-o", format, *arguments)
        assert bool(COLOR.search(done.out)) is colored
        assert bool(COLOR.search(done.err)) is colored


@pytest.mark.parametrize(
    ("variables", "colored"),
    [
        ({"TERM": "xterm"}, True),
        ({"TERM": "dumb"}, False),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False),
    ],
)
def test_a_terminal_gets_colour(
    variables: dict[str, str], colored: bool, amllint: Commands
) -> None:
    import sys

    for name, value in variables.items():
        amllint.patch.setenv(name, value)
    amllint.write({"score.py": LEAKY})
    amllint.patch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert bool(COLOR.search(amllint.check("-o", "text").out)) is colored


def test_json_is_never_coloured(amllint: Commands) -> None:
    amllint.write({"score.py": LEAKY})
    assert not COLOR.search(amllint.check("-o", "json", "--color", "always").out)


def test_colour_changes_no_word(amllint: Commands) -> None:
    amllint.write({"score.py": LEAKY, "deploymentconfig.json": BAD_AKS})
    plain, painted = (amllint.check("-o", "text", "--color", c).out for c in ("never", "always"))
    assert COLOR.sub("", painted) == plain


# -- what a terminal could be harmed by -------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m", "\\x1b[31m"),
        ("a\rb", "a\\rb"),
        ("\x9b", "\\x9b"),
        ("\u202e", "\\u202e"),
        ("a\tb", "a    b"),
        ("\udcff", "\\udcff"),
        ("é漢🐍", "é漢🐍"),
    ],
)
def test_control_characters_are_written_out(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize("format", ["text", "concise"])
def test_names_of_files_cannot_paint(format: str, amllint: Commands) -> None:
    amllint.write(TREES["odd names"])
    out = amllint.check("-o", format).out
    assert "ü🐍\\x1b[31m score.py" in out
    assert "\x1b" not in out


# -- fixing -----------------------------------------------------------------------------------


@pytest.fixture
def fixable(amllint: Commands) -> Commands:
    amllint.write({"score.py": "def init():\n    model = 1\n\n\ndef run(x):\n    return model\n"})
    return amllint


def script(amllint: Commands) -> str:
    return (amllint.folder / "score.py").read_text()


def test_without_fix_nothing_is_written(fixable: Commands) -> None:
    before = script(fixable)
    done = fixable.check()
    assert (done.code, done.names) == (1, ["missing-global"])
    assert "1 fixable with --fix" in done.err
    assert script(fixable) == before


def test_fix_writes_and_reports_what_is_left(fixable: Commands) -> None:
    done = fixable.check("--fix")
    assert (done.code, done.out) == (0, "")
    assert "fixed 1 finding" in done.err
    assert "global model" in script(fixable)


def test_diff_prints_a_patch_and_writes_nothing(fixable: Commands) -> None:
    before = script(fixable)
    done = fixable.check("--diff")
    assert done.out.startswith("--- a/score.py\n+++ b/score.py\n")
    assert "+    global model\n" in done.out
    assert "would fix 1 finding" in done.err
    assert script(fixable) == before


def test_fix_with_diff_writes_nothing(fixable: Commands) -> None:
    before = script(fixable)
    assert "+    global model" in fixable.check("--fix", "--diff").out
    assert script(fixable) == before


def test_unsafe_fixes_want_to_be_asked_for(amllint: Commands) -> None:
    text = "computeType: aks\nnumReplica: 2\n"
    amllint.write({"deploymentconfig.yml": text})
    path = amllint.folder / "deploymentconfig.yml"
    assert amllint.check("--fix").code == 1
    assert path.read_text() == text
    assert amllint.check("--fix", "--unsafe-fixes").code == 0
    assert path.read_text() == text.replace("numReplica", "numReplicas")


def test_show_fixes_lists_them_on_stderr(fixable: Commands) -> None:
    done = fixable.check("--fix", "--show-fixes")
    assert "fixed score.py: missing-global: declare `model` global in `init`" in done.err
    assert done.out == ""


def test_fixed_standard_input_goes_to_standard_output(fixable: Commands) -> None:
    before = script(fixable)
    done = fixable.check("--fix", "--stdin-filename", "score.py", "-", stdin=before.encode())
    assert "    global model\n    model = 1\n" in done.out
    assert script(fixable) == before


def test_standard_input_without_anything_to_fix_comes_out_as_it_was(amllint: Commands) -> None:
    done = amllint.check("--fix", "--stdin-filename", "score.py", "-", stdin=SCRIPT.encode())
    assert done.out == SCRIPT


# -- listing ----------------------------------------------------------------------------------


def test_files_are_listed_with_what_they_are_taken_for(amllint: Commands) -> None:
    amllint.write({"score.py": SCRIPT, "deploymentconfig.json": AKS, "other.yml": "a: 1\n"})
    amllint.write({"inferenceconfig.json": '{"entryScript": "score.py"}'})
    done = amllint("check", "--list-files")
    rows = {re.split(r"\s{2,}", line)[0]: line for line in done.out.splitlines()}
    assert done.code == 0
    assert set(rows) == {"score.py", "deploymentconfig.json", "inferenceconfig.json"}
    assert "named by inferenceconfig.json" in rows["score.py"]
    assert "AKS deployment config" in rows["deploymentconfig.json"]
    assert "and 1 file of no kind of ours" in done.err


def test_every_finding_of_a_tree_comes_out_in_every_format(amllint: Commands) -> None:
    amllint.write(TREES["units"])
    wanted: Any = amllint.check("-o", "json").names
    assert amllint.check("-o", "concise").names == wanted
    heads = re.findall(r"(?m)^(?:error|warning)\[([a-z-]+)\]", amllint.check("-o", "text").out)
    assert sorted(heads) == wanted
    assert len(wanted) >= 3


def test_the_file_that_was_mended_is_named_where_the_finding_stands_elsewhere(
    amllint: Commands,
) -> None:
    amllint.write({
        "score.py": "import joblib\n\n\ndef init():\n    pass\n\n\ndef run(raw_data):\n"
        "    return {'model': joblib.hash(raw_data)}\n",
        "conda.yml": "dependencies:\n  - python=3.12\n  - pip\n  - pip:\n"
        "      - azureml-inference-server-http==1.5.1\n",
        "inferenceconfig.json": '{"entryScript": "score.py", "runtime": "python", '
        '"condaFile": "conda.yml"}',
    })  # fmt: skip
    done = amllint.check("--fix", "--show-fixes", "--select", "import-not-in-environment")
    assert "fixed conda.yml: import-not-in-environment: " in done.err
    assert "joblib" in (amllint.folder / "conda.yml").read_text()
