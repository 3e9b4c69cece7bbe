"""The configuration: every key, every way to get it wrong, and where it is found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from amllint.config import ConfigError, Settings, find_config, load, pattern
from amllint.config_keys import DEPLOYMENT_KEYS, KEYS
from amllint.engine.check import check
from amllint.source.overlay import Overlay
from tests.checking import Files, look, names, places, shown, write

try:
    import tomllib
except ModuleNotFoundError:
    import tomli as tomllib  # type: ignore[no-redef]

SCHEMA = Path(__file__).resolve().parents[1] / "schemas" / "config.schema.json"


def read(folder: Path, text: str, name: str = "amllint.toml") -> Settings:
    write(folder, {name: text})
    return load(str(folder / name), Overlay(str(folder)))


def refused(folder: Path, text: str, name: str = "amllint.toml") -> str:
    with pytest.raises(ConfigError) as caught:
        read(folder, text, name)
    return str(caught.value)


GOOD: dict[str, tuple[str, Any]] = {
    'select = ["AML1", "error-leak"]': ("select", ("AML1", "error-leak")),
    "select = []": ("select", ()),
    'extend-select = ["AML9"]': ("extend_select", ("AML9",)),
    'ignore = ["AML402"]': ("ignore", ("AML402",)),
    'exclude = ["old/", "*.gen.yml"]': ("exclude", ("old/", "*.gen.yml")),
    'persona = "pedantic"': ("persona", "pedantic"),
    'purpose = "demo"': ("purpose", "demo"),
    'fail-on = "never"': ("fail_on", "never"),
    'fail-on = "error"': ("fail_on", "error"),
    '[per-file-ignores]\n"a/*" = ["AML4"]\n"b.py" = []': (
        "per_file_ignores",
        (("a/*", ("AML4",)), ("b.py", ())),
    ),
    '[severity]\nerror-leak = "error"\nAML1 = "info"': (
        "severity",
        (("error-leak", "error"), ("AML1", "info")),
    ),
    "require-reason = true": ("require_reason", True),
    'today = "2026-11-27"': ("today", "2026-11-27"),
    "snapshot-max-days = 30": ("snapshot_max_days", 30.0),
    'enforce = ["error-leak", "AML4"]': ("enforce", ("error-leak", "AML4")),
    "": ("select", ("ALL",)),
}


@pytest.mark.parametrize("text", GOOD)
def test_a_key_becomes_a_setting(text: str, tmp_path: Path) -> None:
    name, value = GOOD[text]
    assert getattr(read(tmp_path, text), name) == value


def test_every_key_is_tried_here() -> None:
    tried = {key for text in GOOD for key in tomllib.loads(text)}
    assert tried == set(KEYS) - {"deployment", "baseline", "target"}


def test_a_declaration_has_every_key(tmp_path: Path) -> None:
    text = """
        [[deployment]]
        name = "prod"
        script = "a/score.py"
        inference-config = "ic.json"
        deployment-config = "../dc.json"
        environment = "conda.yml"
        models = ["m:1", "n"]
        compute-target = "aks-1"
        purpose = "production"
        traffic = { requests-per-second = 3 }
        cluster = { node-size = "Standard_D4s_v3", nodes = 3 }
        quota = { regional-cores = 12 }
        model-gib = 1.5
        """
    (declared,) = read(tmp_path / "sub", text).deployments
    assert set(tomllib.loads(text)["deployment"][0]) == set(DEPLOYMENT_KEYS)
    assert declared.name == "prod"
    assert declared.script == str(tmp_path / "sub/a/score.py")
    assert declared.inference_config == str(tmp_path / "sub/ic.json")
    assert declared.deployment_config == str(tmp_path / "dc.json")
    assert declared.environment == str(tmp_path / "sub/conda.yml")
    assert declared.models == ("m:1", "n")
    assert (declared.compute_target, declared.purpose) == ("aks-1", "production")
    assert declared.traffic is not None
    assert declared.traffic.requests_per_second == 3


def test_declarations_without_a_name_are_numbered(tmp_path: Path) -> None:
    text = '[[deployment]]\nscript = "a.py"\n[[deployment]]\nscript = "b.py"\n'
    assert [d.name for d in read(tmp_path, text).deployments] == ["deployment 1", "deployment 2"]


def test_a_table_of_pyproject_is_read_alone(tmp_path: Path) -> None:
    text = '[project]\nname = "x"\n\n[tool.amllint]\nselect = ["AML1"]\n[tool.other]\nselect = 1\n'
    assert read(tmp_path, text, "pyproject.toml").select == ("AML1",)


def test_declarations_of_pyproject_are_read(tmp_path: Path) -> None:
    text = '[[tool.amllint.deployment]]\nscript = "score.py"\n'
    (declared,) = read(tmp_path, text, "pyproject.toml").deployments
    assert declared.script == str(tmp_path / "score.py")


BAD = {
    'slect = ["AML1"]': "amllint.toml:1:1: unknown key `slect`; did you mean `select`?",
    'extend_select = ["AML1"]': "did you mean `extend-select`?",
    "# note\nzzz = 3": "amllint.toml:2:1: unknown key `zzz`; known: select,",
    'select = "AML1"': "amllint.toml:1:1: `select` must be a list of strings",
    "select = [1]": "`select` must be a list of strings",
    'ignore = ["a"]\nexclude = "b"': "amllint.toml:2:1: `exclude` must be a list of strings",
    "persona = 1": "`persona` must be a string",
    'persona = "pedant"': "`persona` cannot be `pedant`; did you mean `pedantic`?",
    'persona = "loud"': "`persona` cannot be `loud`; one of regular, pedantic",
    'fail-on = "fatal"': "`fail-on` cannot be `fatal`",
    "fail-on = true": "`fail-on` must be a string",
    'per-file-ignores = ["a"]': "`per-file-ignores` must be a table",
    '[per-file-ignores]\n"a" = "AML1"': "must be a list of strings",
    'severity = "error"': "`severity` must be a table",
    '[severity]\nerror-leak = "errors"': "amllint.toml:2:1: `error-leak` cannot be `errors`; "
    "did you mean `error`?",
    "[severity]\nerror-leak = 1": "`error-leak` must be a string",
    '[deployment]\nscript = "a.py"': "write deployments as [[tool.amllint.deployment]] tables",
    "deployment = [1]": "write deployments as [[tool.amllint.deployment]] tables",
    '[[deployment]]\nscrpt = "a.py"': "amllint.toml:2:1: unknown key `scrpt`; "
    "did you mean `script`?",
    '[target]\nnode-size = "x"': "amllint.toml:2:1: unknown key `node-size`; "
    "`node-size` is a key of `[target.cluster]`",
    "[target]\nregional_cores = 8": "unknown key `regional_cores`; `regional-cores` is a key of "
    "`[target.quota]`",
    "[target]\nmemory-gb = 8": "`memory-gb` is a key of `[target.aci]`",
    "requests-per-second = 8": "`requests-per-second` is a key of `[target.traffic]`",
    "[[deployment]]\nnodes = 8": "`nodes` is a key of `[deployment.cluster]`",
    "[[deployment]]\nregion = 'x'": "`region` is a key of `[target]`",
    "[target.cluster]\nregion = 'x'": "`region` is a key of `[target]`",
    "[target.traffic]\nnodes = 8": "`nodes` is a key of `[target.cluster]`",
    "[target.cluster]\ntraffic = 8": "`traffic` is a key of `[target]` or `[[deployment]]`",
    "[target]\nselect = []": "`select` is a key of the file itself, above all tables",
    "[target.cluster]\nnode-sise = 'x'": "did you mean `node-size`?",
    "script = 'score.py'": "`script` is a key of `[[deployment]]`",
    "[[deployment]]\nscript = 1": "`script` must be a string",
    '[[deployment]]\nmodels = "m"': "`models` must be a list of strings",
    '[[deployment]]\npurpose = "prod"': "`purpose` cannot be `prod`",
}


def test_a_table_is_called_as_the_file_calls_it(tmp_path: Path) -> None:
    text = "[tool.amllint.target]\nnode-size = 'x'\n"
    assert "key of `[tool.amllint.target.cluster]`" in refused(tmp_path, text, "pyproject.toml")
    text = "[tool.amllint.target]\nselect = []\n"
    assert "key of `[tool.amllint]`" in refused(tmp_path, text, "pyproject.toml")


@pytest.mark.parametrize("text", BAD)
def test_what_is_wrong_is_said_with_its_place(text: str, tmp_path: Path) -> None:
    assert BAD[text] in refused(tmp_path, text)


def test_an_unknown_key_of_pyproject_is_found_in_its_own_table(tmp_path: Path) -> None:
    text = '[tool.other]\nslect = 1\n\n[tool.amllint]\nslect = ["AML1"]\n'
    assert refused(tmp_path, text, "pyproject.toml").startswith("pyproject.toml:5:1: unknown key")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("select = [", "1:11"),
        ("a = 1\na = 2\n", "2:6"),
        ("x\n", "1:2"),
        ("\n\nselect = ?\n", "3:10"),
    ],
)
def test_invalid_toml_is_refused_where_it_breaks(text: str, place: str, tmp_path: Path) -> None:
    said = refused(tmp_path, text)
    assert "not valid TOML" in said
    assert said.startswith(f"amllint.toml:{place}:")


def test_a_table_that_is_none_is_refused(tmp_path: Path) -> None:
    assert "must be a table" in refused(tmp_path, "[tool]\namllint = 1\n", "pyproject.toml")


def test_a_configuration_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "amllint.toml").write_bytes(b"select = ['\xff']")
    with pytest.raises(ConfigError, match="is not UTF-8"):
        load(str(tmp_path / "amllint.toml"), Overlay(str(tmp_path)))


# -- the schema -------------------------------------------------------------------------------


@pytest.mark.parametrize("text", GOOD)
def test_the_schema_accepts_what_the_reader_accepts(text: str) -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    assert Draft202012Validator(schema).is_valid(tomllib.loads(text))


@pytest.mark.parametrize("text", BAD)
def test_the_schema_refuses_what_the_reader_refuses(text: str) -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    assert not Draft202012Validator(schema).is_valid(tomllib.loads(text))


# -- where it is found ------------------------------------------------------------------------


def nearest(folder: Path, files: Files, start: str) -> str | None:
    write(folder, files)
    (folder / start).mkdir(parents=True, exist_ok=True)
    found = find_config(str(folder / start))
    return found and str(Path(found).relative_to(folder))


def test_the_nearest_configuration_wins(tmp_path: Path) -> None:
    files: Files = {".git": "", "amllint.toml": "", "a/b/amllint.toml": ""}
    assert nearest(tmp_path, files, "a/b/c") == "a/b/amllint.toml"
    assert nearest(tmp_path, files, "a") == "amllint.toml"


def test_amllint_toml_wins_over_pyproject_beside_it(tmp_path: Path) -> None:
    files: Files = {".git": "", "amllint.toml": "", "pyproject.toml": "[tool.amllint]\n"}
    assert nearest(tmp_path, files, ".") == "amllint.toml"


def test_a_nearer_pyproject_wins_over_amllint_toml(tmp_path: Path) -> None:
    files: Files = {".git": "", "amllint.toml": "", "a/pyproject.toml": "[tool.amllint]\n"}
    assert nearest(tmp_path, files, "a") == "a/pyproject.toml"


def test_a_pyproject_without_our_table_is_passed_over(tmp_path: Path) -> None:
    files: Files = {".git": "", "amllint.toml": "", "a/pyproject.toml": "[project]\nname='x'\n"}
    assert nearest(tmp_path, files, "a") == "amllint.toml"


def test_the_search_ends_at_the_root_of_the_repository(tmp_path: Path) -> None:
    files: Files = {"amllint.toml": "", "repo/.git": ""}
    assert nearest(tmp_path, files, "repo/a") is None


# -- what it does -----------------------------------------------------------------------------

LEAKY = """\
import json


def init():
    pass


def run(raw_data):
    try:
        return json.loads(raw_data)
    except Exception as e:
        return str(e)
"""
BOTH = ["error-leak", "error-as-success"]


def checked(folder: Path, **settings: Any) -> list[str]:
    path = str(folder / "amllint.toml")
    return sorted(names(look(folder, {"app/score.py": LEAKY}, path=path, **settings)))


def test_by_default_every_rule_runs(tmp_path: Path) -> None:
    assert checked(tmp_path) == sorted(BOTH)


@pytest.mark.parametrize("selector", ["AML109", "aml109", "error-leak", "AML10"])
def test_rules_are_selected_by_name_code_and_prefix(selector: str, tmp_path: Path) -> None:
    assert checked(tmp_path, select=(selector,)) == ["error-leak"]


def test_extend_select_adds_to_select(tmp_path: Path) -> None:
    found = checked(tmp_path, select=("AML2",), extend_select=("error-leak",))
    assert found == ["error-leak"]


def test_ignore_counts_over_select(tmp_path: Path) -> None:
    assert checked(tmp_path, select=("AML1",), ignore=("AML109",)) == ["error-as-success"]


def test_a_severity_is_set_by_rule_and_by_prefix(tmp_path: Path) -> None:
    report = look(
        tmp_path,
        {"score.py": LEAKY},
        severity=(("AML11", "error"), ("error-leak", "info")),
        persona="pedantic",
    )
    assert {f.name: f.severity for f in report.findings} == {
        "error-leak": "info",
        "error-as-success": "error",
    }


def test_a_rule_made_advice_is_shown_to_pedants_only(tmp_path: Path) -> None:
    assert checked(tmp_path, severity=(("AML1", "info"),)) == []
    assert checked(tmp_path, severity=(("AML1", "info"),), persona="pedantic") == sorted(BOTH)


@pytest.mark.parametrize("glob", ["app/score.py", "score.py", "app", "app/", "*.py", "**/score.py"])
def test_per_file_ignores_silence_by_pattern(glob: str, tmp_path: Path) -> None:
    found = checked(tmp_path, per_file_ignores=((glob, ("error-leak",)),))
    assert found == ["error-as-success"]


@pytest.mark.parametrize("glob", ["other.py", "score", "lib/", "*.json", "app/*.yml"])
def test_other_patterns_silence_nothing(glob: str, tmp_path: Path) -> None:
    assert checked(tmp_path, per_file_ignores=((glob, ("ALL",)),)) == sorted(BOTH)


@pytest.mark.parametrize("glob", ["app", "app/", "score.py", "app/**", "a*"])
def test_excluded_files_are_not_looked_at(glob: str, tmp_path: Path) -> None:
    report = look(
        tmp_path, {"app/score.py": LEAKY}, path=str(tmp_path / "amllint.toml"), exclude=(glob,)
    )
    assert (places(report), report.asked) == ([], 0)


UNKNOWN_RULES = {
    "select": 'select = ["AML1", "eror-leak"]\n',
    "select alone": 'select = ["eror-leak"]\n',
    "extend-select": 'extend-select = ["eror-leak"]\n',
    "ignore": 'ignore = ["eror-leak"]\n',
    "per-file-ignores": '[per-file-ignores]\n"*.py" = ["eror-leak"]\n',
    "severity": '[severity]\neror-leak = "error"\n',
}


@pytest.mark.parametrize("key", UNKNOWN_RULES)
def test_an_unknown_rule_is_a_finding_with_a_suggestion(key: str, tmp_path: Path) -> None:
    write(tmp_path, {"score.py": LEAKY, "amllint.toml": UNKNOWN_RULES[key]})
    overlay = Overlay(str(tmp_path))
    report = check(["."], load(str(tmp_path / "amllint.toml"), overlay), overlay)
    (unknown,) = (f for f in report.findings if f.name == "unknown-rule")
    assert shown(report, unknown) == "eror-leak"
    assert unknown.location.path == "amllint.toml"
    assert "did you mean `error-leak`?" in unknown.message


# -- patterns ---------------------------------------------------------------------------------

PATTERNS = [
    ("*.py", "a.py", True),
    ("*.py", "b/a.py", True),
    ("*.py", "a.pyc", False),
    ("a.py", "b/a.py", True),
    ("/a.py", "a.py", True),
    ("/a.py", "b/a.py", False),
    ("b/a.py", "b/a.py", True),
    ("b/a.py", "c/b/a.py", False),
    ("b/*.py", "b/c/a.py", False),
    ("b/**", "b/c/a.py", True),
    ("b/**/a.py", "b/a.py", True),
    ("b/**/a.py", "b/c/d/a.py", True),
    ("**/a.py", "a.py", True),
    ("**/b/a.py", "c/b/a.py", True),
    ("b", "b/a.py", True),
    ("b/", "c/b/a.py", True),
    ("?.py", "a.py", True),
    ("?.py", "ab.py", False),
    ("a+b.py", "a+b.py", True),
    ("a.b", "aXb", False),
    ("*", "a\nb", True),
]


@pytest.mark.parametrize(("glob", "path", "matches"), PATTERNS)
def test_a_pattern_matches_as_gitignore_would(glob: str, path: str, matches: bool) -> None:
    assert bool(pattern(glob).match(path)) is matches
