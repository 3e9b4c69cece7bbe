"""`amllint baseline`: accepted findings are left out, new ones are not, fixed ones are told."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from amllint.findings.baseline import BaselineError, parse, render
from amllint.source.overlay import decode
from tests.adoption.trees import AKS, CLEAN, CONDA, CONFIG, LEAKY, MODEL
from tests.cli.commands import Commands

FILE = "amllint-baseline.json"
SCHEMA = Path(__file__).resolve().parents[2] / "schemas" / "baseline.schema.json"
TWICE = LEAKY.replace(
    "    except Exception as e:",
    "    except EOFError as e:\n        return str(e)\n    except Exception as e:",
)


def written(amllint: Commands, *arguments: str) -> dict[str, Any]:
    done = amllint("baseline", "write", *arguments)
    assert (done.code, done.out) == (0, ""), done.err
    data: dict[str, Any] = json.loads((amllint.folder / FILE).read_text("utf-8"))
    return data


def checked(amllint: Commands, *arguments: str) -> list[str]:
    """Rules that `baseline check` shows."""
    done = amllint("baseline", "check", "-o", "concise", *arguments)
    assert done.code == bool(done.out), done.err
    return done.names


# -- writing ----------------------------------------------------------------------------------


def test_it_is_sorted_one_entry_a_line_and_fits_its_schema(amllint: Commands) -> None:
    amllint.write({"b/score.py": LEAKY, "a/score.py": TWICE, "deploymentconfig.json": AKS})
    data = written(amllint)
    Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(data)
    text = (amllint.folder / FILE).read_text("utf-8")
    lines = [line.strip().rstrip(",") for line in text.splitlines() if '"rule"' in line]
    assert [json.loads(line) for line in lines] == data["entries"]
    keys = [(e["path"], e["rule"], e["fingerprint"]) for e in data["entries"]]
    assert keys == sorted(keys)
    counts = {(e["path"], e["rule"]): e["count"] for e in data["entries"]}
    assert counts["a/score.py", "error-leak"] == 2
    assert counts["b/score.py", "error-leak"] == 1


def test_it_is_written_the_same_again_and_read_as_it_was_written(amllint: Commands) -> None:
    amllint.write({"score.py": TWICE})
    written(amllint)
    text = (amllint.folder / FILE).read_text("utf-8")
    written(amllint, "--force")
    assert (amllint.folder / FILE).read_text("utf-8") == text
    source = decode(FILE, text.encode())
    assert render(parse(source, "/x/" + FILE)) == text


def test_it_is_not_overwritten_unasked(amllint: Commands) -> None:
    amllint.write({"score.py": LEAKY, FILE: "mine"})
    done = amllint("baseline", "write")
    assert done.code == 2
    assert "--force" in done.err
    assert (amllint.folder / FILE).read_text() == "mine"


def test_it_is_not_written_through_a_link(amllint: Commands) -> None:
    amllint.write({"score.py": LEAKY, "precious": "mine"})
    (amllint.folder / FILE).symlink_to("precious")
    done = amllint("baseline", "write", "--force")
    assert done.code == 2
    assert "is a link" in done.err
    assert (amllint.folder / "precious").read_text() == "mine"


def test_what_makes_a_run_unsound_is_not_accepted(amllint: Commands) -> None:
    amllint.write({"inferenceconfig.yml": b"entryScript: \xff\n", "score.py": LEAKY})
    done = amllint("baseline", "write")
    assert done.code == 4
    assert "cannot be: unreadable-file" in done.err
    assert amllint("baseline", "check").code == 4


def test_an_empty_tree_has_none(amllint: Commands) -> None:
    assert amllint("baseline", "write").code == 3
    assert not (amllint.folder / FILE).exists()


def test_a_baseline_changes_nothing_that_is_found(amllint: Commands) -> None:
    # The messages in it name packages, and a rule asks whether any file names them.
    config = "entryScript: serve.py\nenvironment: {name: a, python: {condaDependencies: "
    config += "{dependencies: [python]}}}\n"
    amllint.write({"score.py": MODEL, "e/inferenceconfig.yml": config, "e/serve.py": CLEAN})
    before = amllint.check().out
    assert "get-model-path warning" in before
    assert "azureml-defaults" in json.dumps(written(amllint))
    assert amllint.check().out == before
    (amllint.folder / FILE).rename(amllint.folder / "mine.json")
    assert amllint.check("--baseline", "mine.json").out == ""


# -- checking ---------------------------------------------------------------------------------


def test_what_is_accepted_is_left_out_and_counted(amllint: Commands) -> None:
    amllint.write({"score.py": LEAKY})
    written(amllint)
    for command in (("baseline", "check"), ("check", "--baseline", FILE)):
        done = amllint(*command)
        assert (done.code, done.out) == (0, "")
        assert done.err == "no findings in 1 file, 2 in the baseline\n"
    assert amllint.check().code == 1


def test_the_configuration_names_it(amllint: Commands) -> None:
    amllint.write({"score.py": LEAKY, "amllint.toml": 'baseline = "quality/known.json"\n'})
    (amllint.folder / "quality").mkdir()
    assert amllint("baseline", "write").code == 0
    entries = json.loads((amllint.folder / "quality/known.json").read_text())["entries"]
    assert {e["path"] for e in entries} == {"../score.py"}
    assert amllint.check().code == 0
    assert amllint.check("score.py").code == 0
    assert amllint.check("--no-ignores").code == 1
    assert amllint.check("--isolated").code == 1


def test_it_means_the_same_from_every_folder(amllint: Commands) -> None:
    amllint.write({"a/b/score.py": LEAKY, "amllint.toml": f'baseline = "{FILE}"\n'})
    written(amllint)
    for folder, given in (("a", "b"), ("a/b", "score.py"), ("a/b", "../..")):
        amllint.patch.chdir(amllint.folder / folder)
        inner = Commands(amllint.folder / folder, amllint.patch, amllint.capture)
        done = inner.check(given)
        assert (done.code, done.out) == (0, ""), done.err
        assert "2 in the baseline" in done.err


def test_one_more_of_the_same_is_shown(amllint: Commands) -> None:
    amllint.write({"score.py": LEAKY})
    written(amllint)
    amllint.write({"score.py": TWICE})
    assert checked(amllint) == ["error-as-success", "error-leak"]


def test_another_defect_before_an_equal_one_shifts_nothing(amllint: Commands) -> None:
    amllint.write({"score.py": TWICE})
    written(amllint)
    other = TWICE.replace(
        "    except EOFError",
        "    except OSError as k:\n        return repr(k)\n    except EOFError",
    )
    amllint.write({"score.py": other})
    assert checked(amllint) == ["error-as-success", "error-leak"]


def test_the_same_defect_in_another_file_is_new(amllint: Commands) -> None:
    amllint.write({"score.py": LEAKY})
    written(amllint)
    amllint.write({"a/score.py": LEAKY})
    assert checked(amllint) == ["error-as-success", "error-leak"]


def test_advice_that_is_not_shown_is_neither_counted_nor_fixed(amllint: Commands) -> None:
    files = {"score.py": MODEL, "inferenceconfig.yml": CONFIG, "conda.yml": CONDA}
    amllint.write(dict(files))
    data = written(amllint, "--persona", "pedantic")
    assert [e["rule"] for e in data["entries"]] == ["legacy-runtime", "get-model-path"]
    done = amllint("baseline", "check", "--strict")
    assert (done.code, done.err) == (0, "no findings in 3 files\n")
    done = amllint("baseline", "check", "--strict", "--persona", "pedantic")
    counted, unsaid = done.err.splitlines()
    assert (done.code, counted) == (0, "no findings in 3 files, 2 in the baseline")
    assert unsaid == "not checked, as nothing says `snapshot`: registry-pull-denied"


def test_what_is_accepted_is_not_fixed_either(amllint: Commands) -> None:
    amllint.write({"deploymentconfig.json": AKS})
    written(amllint)
    assert amllint.check("--fix", "--unsafe-fixes", "--baseline", FILE).code == 0
    assert (amllint.folder / "deploymentconfig.json").read_text() == AKS


# -- fixed entries ----------------------------------------------------------------------------


def test_fixed_entries_are_told_and_update_takes_them_out(amllint: Commands) -> None:
    amllint.write({"score.py": TWICE, "deploymentconfig.json": AKS})
    before = written(amllint)["entries"]
    amllint.write({"score.py": LEAKY})
    done = amllint("baseline", "check")
    assert done.code == 0
    assert "2 entries of the baseline are fixed: run amllint baseline update" in done.err
    assert amllint("baseline", "check", "--strict").code == 1
    done = amllint("baseline", "update")
    assert done.code == 0
    assert f"{FILE}: 2 findings fixed, 3 left" in done.err
    after = json.loads((amllint.folder / FILE).read_text())["entries"]
    assert [e["fingerprint"] for e in after] == [e["fingerprint"] for e in before]
    assert [e["count"] for e in after] == [1, 1, 1]
    assert amllint("baseline", "check", "--strict").code == 0


def test_update_adds_nothing(amllint: Commands) -> None:
    amllint.write({"score.py": LEAKY})
    written(amllint)
    text = (amllint.folder / FILE).read_text()
    amllint.write({"score.py": TWICE, "deploymentconfig.json": AKS})
    assert amllint("baseline", "update").code == 0
    assert (amllint.folder / FILE).read_text() == text


@pytest.mark.parametrize(
    "arguments",
    [
        ("a/score.py",),
        ("a",),
        (".", "--select", "AML4"),
        (".", "--ignore", "error-leak,error-as-success"),
    ],
)
def test_a_run_on_a_part_shrinks_no_other(amllint: Commands, arguments: tuple[str, ...]) -> None:
    amllint.write({"score.py": LEAKY, "a/score.py": CLEAN, "b/score.py": LEAKY})
    written(amllint)
    text = (amllint.folder / FILE).read_text()
    amllint.write({"score.py": CLEAN})
    os.unlink(amllint.folder / "b/score.py")
    assert amllint("baseline", "update", *arguments).code == 0
    assert (amllint.folder / FILE).read_text() == text
    amllint("baseline", "update")
    assert json.loads((amllint.folder / FILE).read_text())["entries"] == []


@pytest.mark.parametrize(
    "broken", ["def init(:\n", LEAKY.replace("except Exception as e:", "except Exception as e")]
)
def test_a_file_that_broke_is_not_fixed(amllint: Commands, broken: str) -> None:
    amllint.write({"score.py": LEAKY, "deploymentconfig.json": AKS})
    written(amllint)
    text = (amllint.folder / FILE).read_text()
    amllint.write({"score.py": broken})
    amllint("baseline", "update")
    assert (amllint.folder / FILE).read_text() == text


def test_a_config_that_broke_fixes_nothing_of_its_unit(amllint: Commands) -> None:
    conda = CONDA.replace("      - azureml-defaults==1.62.0\n", "")
    files = {"score.py": MODEL, "inferenceconfig.yml": CONFIG, "conda.yml": conda}
    amllint.write(dict(files))
    text = json.dumps(written(amllint))
    assert "missing-inference-server" in text
    amllint.write({"inferenceconfig.yml": CONFIG + "  x: [\n"})
    assert amllint("baseline", "update").code == 0
    assert json.dumps(json.loads((amllint.folder / FILE).read_text())) == text


def test_a_file_accepted_as_broken_does_not_hold_up_the_rest(amllint: Commands) -> None:
    amllint.write({"a/inferenceconfig.yml": "entryScript: [\n", "score.py": LEAKY})
    assert "syntax-error" in json.dumps(written(amllint))
    amllint.write({"score.py": CLEAN})
    amllint("baseline", "update")
    entries = json.loads((amllint.folder / FILE).read_text())["entries"]
    assert [e["rule"] for e in entries] == ["syntax-error"]


def test_an_unreadable_file_fixes_nothing(amllint: Commands) -> None:
    amllint.write({"score.py": LEAKY})
    written(amllint)
    text = (amllint.folder / FILE).read_text()
    amllint.write({"score.py": CLEAN, "inferenceconfig.yml": b"entryScript: \xff\n"})
    assert amllint("baseline", "update").code == 4
    assert (amllint.folder / FILE).read_text() == text


# -- expiry -----------------------------------------------------------------------------------


def test_it_holds_through_its_last_day_and_then_says_so(amllint: Commands) -> None:
    amllint.write({"score.py": LEAKY})
    assert written(amllint, "--expires", "2027-03-31")["expires"] == "2027-03-31"
    assert amllint("baseline", "check", "--today", "2027-03-31").code == 0
    done = amllint("baseline", "check", "-o", "concise", "--today", "2027-04-01")
    assert done.code == 1
    assert done.names == ["error-as-success", "error-leak"]
    assert "2 findings are shown: the baseline's date has passed (2027-04-01)" in done.err
    assert "fixed" not in done.err


def test_an_entry_may_have_a_day_of_its_own(amllint: Commands) -> None:
    amllint.write({"score.py": LEAKY})
    data = written(amllint, "--expires", "2027-03-31")
    data["entries"][0]["expires"] = "2030-01-01"
    amllint.write({FILE: json.dumps(data)})
    done = amllint("baseline", "check", "-o", "concise", "--today", "2028-01-01")
    assert done.names == [data["entries"][1]["rule"]]
    amllint.write({"score.py": LEAKY.replace("str(e)", "repr(e)")})
    amllint("baseline", "update")
    assert json.loads((amllint.folder / FILE).read_text())["expires"] == "2027-03-31"


@pytest.mark.parametrize("day", ["2027-02-30", "tomorrow", "20270331", "2027-3-1", ""])
def test_a_day_that_is_none_is_refused(amllint: Commands, day: str) -> None:
    amllint.write({"score.py": LEAKY})
    assert amllint("baseline", "write", f"--expires={day}").code == 2
    assert not (amllint.folder / FILE).exists()
    written(amllint)
    assert amllint("baseline", "check", f"--today={day}").code == 2


# -- what cannot be used ----------------------------------------------------------------------

ENTRY = {"rule": "r", "path": "p", "fingerprint": "f", "count": 1, "message": "m"}


def entry(**changes: Any) -> str:
    return json.dumps({"version": 1, "entries": [{**ENTRY, **changes}]})


BAD = {
    "not JSON": ("{", "1:2: not valid JSON"),
    "empty": ("", "1:1: not valid JSON"),
    "no object": ("[]", "1:1: this is no baseline"),
    "no version": ('{"entries": []}', "1:1: this baseline has no version"),
    "another version": (
        '{\n  "version": 2,\n  "entries": []\n}',
        "2:14: this baseline has version 2",
    ),
    "true for a version": ('{"version": true, "entries": []}', "reads version 1"),
    "no entries": ('{"version": 1}', "1:1: `entries` must be a list"),
    "entries of another type": ('{"version": 1, "entries": {}}', "1:27: `entries` must be a list"),
    "an unknown key": ('{"version": 1, "entries": [], "x": 1}', '1:36: unknown key "x"'),
    "a key twice": ('{"version": 1, "entries": [], "entries": []}', "stands twice"),
    "an entry that is none": ('{"version": 1, "entries": [7]}', "1:28: an entry must be an object"),
    "a count of nothing": (entry(count=0), "`count` of an entry must be a whole number from 1"),
    "a count that is true": (entry(count=True), "`count` of an entry"),
    "a count that is no number": (entry(count=1.5), "`count` of an entry"),
    "a path that is no text": (entry(path=[]), "`path` of an entry must be a string"),
    "no rule": (entry(rule=None), "`rule` of an entry must be a string"),
    "an unknown key of an entry": (entry(line=3), 'unknown key "line"'),
    "a day that is none": (entry(expires="never"), "`expires` must be a day"),
    "a null day": (entry(expires=None), "`expires` must be a day"),
    "depth": ('{"version": 1, "entries": ' + "[" * 100_000, "nested too deep"),
    "digits": ('{"version": ' + "9" * 100_000 + "}", "too many digits"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_baseline_that_cannot_be_used_ends_the_run_with_its_place(
    amllint: Commands, name: str
) -> None:
    text, said = BAD[name]
    amllint.write({"score.py": LEAKY, FILE: text})
    for command in (("check", "--baseline", FILE), ("baseline", "check"), ("baseline", "update")):
        done = amllint(*command)
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith(f"amllint: {FILE}:")
        assert said in done.err
    assert (amllint.folder / FILE).read_text() == text


@pytest.mark.parametrize("kind", ["missing", "folder", "pipe", "encoding", "too large"])
def test_a_baseline_that_cannot_be_read_is_never_none(amllint: Commands, kind: str) -> None:
    amllint.write({"score.py": CLEAN})
    path = amllint.folder / FILE
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "encoding":
        path.write_bytes(b"\xff")
    elif kind == "too large":
        path.write_bytes(b" " * (10 * 2**20 + 1))
    done = amllint("baseline", "check")
    assert (done.code, done.out) == (2, "")
    assert f"{FILE}:1:1: the baseline" in done.err
    amllint.write({"amllint.toml": f'baseline = "{FILE}"\n'})
    assert amllint.check().code == 2


@pytest.mark.parametrize("path", ["../../../etc/passwd", "/etc/passwd", ".."])
def test_paths_of_entries_lead_nowhere(amllint: Commands, path: str) -> None:
    amllint.write({"score.py": CLEAN, FILE: entry(path=path, rule="error-leak")})
    done = amllint("baseline", "check", "--strict")
    assert done.code == 0, done.err
    assert amllint("baseline", "update").code == 0
    assert json.loads((amllint.folder / FILE).read_text())["entries"][0]["path"] == path


@pytest.mark.parametrize("path", ["gone.py\0", "a" * 9000, "a/../../" + "x" * 300])
def test_paths_that_no_file_can_have_end_in_an_answer(amllint: Commands, path: str) -> None:
    amllint.write({"score.py": CLEAN, FILE: entry(path=path, rule="error-leak")})
    assert amllint("baseline", "check").code == 0


@pytest.mark.parametrize("name", ["/etc/passwd", "../outside.json", "a\\u0000b"])
def test_the_configuration_names_no_file_outside_of_the_repository(
    amllint: Commands, name: str
) -> None:
    amllint.write(
        {"r/.git/HEAD": "", "r/score.py": LEAKY, "r/amllint.toml": f'baseline = "{name}"\n'}
    )
    for command in (("check", "r"), ("baseline", "write", "r")):
        done = amllint(*command)
        assert done.code == 2
        assert "r/amllint.toml:1:1: `baseline` must name a file of the repository" in done.err


def test_a_link_out_of_the_repository_is_not_followed(amllint: Commands) -> None:
    amllint.write({"out.json": entry(), "r/.git/HEAD": "", "r/score.py": LEAKY})
    amllint.write({"r/amllint.toml": 'baseline = "known.json"\n'})
    (amllint.folder / "r/known.json").symlink_to("../out.json")
    assert amllint("check", "r").code == 2


def test_control_characters_of_entries_do_not_reach_the_terminal(amllint: Commands) -> None:
    evil = entry(path="gone\x1b[2J##vso[x]/score.py", rule="error-leak")
    amllint.write({"score.py": CLEAN, FILE: evil})
    done = amllint("baseline", "update")
    assert "1 finding fixed" in done.err
    assert "\x1b" not in done.err
    assert "##vso[" not in done.err


def test_a_baseline_of_fifty_thousand_entries_is_read_in_time(amllint: Commands) -> None:
    entries = [{**ENTRY, "fingerprint": f"{n:016x}"} for n in range(50_000)]
    amllint.write({"score.py": LEAKY, FILE: json.dumps({"version": 1, "entries": entries})})
    assert len(checked(amllint)) == 2


def test_equal_entries_of_a_merge_are_counted_together() -> None:
    text = json.dumps({"version": 1, "entries": [ENTRY, ENTRY]})
    (one,) = parse(decode(FILE, text.encode()), "/x/" + FILE).entries
    assert one.count == 2


def test_no_ignores_and_a_baseline_exclude_each_other(amllint: Commands) -> None:
    amllint.write({"score.py": LEAKY})
    written(amllint)
    assert amllint.check("--baseline", FILE, "--no-ignores").code == 2


def test_without_an_action_the_usage_is_wrong(amllint: Commands) -> None:
    assert amllint("baseline").code == 2


def test_the_error_is_one() -> None:
    with pytest.raises(BaselineError, match="1:1"):
        parse(decode(FILE, b""), "/x")


def test_a_file_that_broke_unseen_is_not_fixed_either(amllint: Commands) -> None:
    amllint.write({"serve.py": MODEL})
    text = json.dumps(written(amllint))
    assert "get-model-path" in text
    amllint.write({"serve.py": MODEL.replace("def run", "  def run")})
    assert "syntax-error" not in amllint.check().out
    done = amllint("baseline", "check", "--strict")
    assert (done.code, done.out) == (0, "")
    amllint("baseline", "update")
    assert json.dumps(json.loads((amllint.folder / FILE).read_text())) == text
