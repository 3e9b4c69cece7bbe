"""`enforce` and `require-reason`: what nothing in the repository suppresses, and why."""

from __future__ import annotations

import json

import pytest

from tests.adoption.trees import AKS, CLEAN, LEAKY
from tests.checking import look, names, only, places
from tests.cli.commands import Commands

ENFORCE = 'enforce = ["error-leak"]\n'
NAMED = LEAKY.replace("str(e)", "str(e)  # amllint: ignore[error-leak, error-as-success] -- no")
BLANKET = LEAKY.replace("str(e)", "str(e)  # amllint: ignore -- no")
NOTE = "this does not hold: the configuration enforces the rule"


def test_a_comment_does_not_hold_and_that_is_told(amllint: Commands) -> None:
    amllint.write({"score.py": NAMED, "amllint.toml": ENFORCE})
    done = amllint.check("-o", "json")
    assert done.code == 1
    leak, unused = sorted(done.data["findings"], key=lambda f: f["name"])
    assert (leak["name"], unused["name"]) == ("error-leak", "unused-ignore")
    assert NOTE in [r["message"] for r in leak["related"]]
    assert unused["message"] == "the configuration enforces `error-leak`: nothing ignores it"
    assert unused["help"] == "take `error-leak` out of it"


def test_a_comment_that_names_nothing_else_is_to_be_removed(amllint: Commands) -> None:
    script = LEAKY.replace("str(e)", "str(e)  # amllint: ignore[error-leak] -- no")
    amllint.write({"score.py": script, "amllint.toml": ENFORCE + 'ignore = ["AML110"]\n'})
    assert amllint.check().names == ["error-leak", "unused-ignore"]
    assert amllint.check("--fix").names == ["error-leak"]


@pytest.mark.parametrize("script", [BLANKET, "# amllint: ignore-file -- no\n" + LEAKY])
def test_a_comment_for_everything_does_not_hold(amllint: Commands, script: str) -> None:
    amllint.write({"score.py": script, "amllint.toml": ENFORCE})
    done = amllint("check")
    assert done.code == 1
    assert "error[" not in done.out
    assert done.out.count("warning[") == 1
    assert NOTE in done.out


@pytest.mark.parametrize("named", ["error-leak", "AML109", "AML1", "ALL"])
def test_the_configuration_does_not_hold(amllint: Commands, named: str) -> None:
    toml = ENFORCE + f'[per-file-ignores]\n"*.py" = ["{named}", "error-as-success"]\n'
    amllint.write({"score.py": LEAKY, "amllint.toml": toml})
    done = amllint("check", "-o", "json")
    assert [f["name"] for f in done.data["findings"]] == ["error-leak"]
    (note,) = [r for r in done.data["findings"][0]["related"] if r["message"] == NOTE]
    assert (note["path"], note["start"]["line"]) == ("amllint.toml", 3)


@pytest.mark.parametrize("key", ['ignore = ["AML1"]', 'select = ["AML4"]', "select = []"])
def test_it_is_selected_whatever_the_configuration_selects(amllint: Commands, key: str) -> None:
    amllint.write({"score.py": LEAKY, "amllint.toml": ENFORCE + key + "\n"})
    assert amllint.check().names == ["error-leak"]


def test_to_ignore_and_enforce_one_name_is_a_contradiction(amllint: Commands) -> None:
    toml = 'enforce = ["error-leak"]\nignore = ["error-leak"]\n'
    amllint.write({"score.py": LEAKY, "amllint.toml": toml})
    done = amllint.check()
    assert done.code == 2
    assert "amllint.toml:1:13: `error-leak` stands in both `ignore` and `enforce`" in done.err


@pytest.mark.parametrize("option", ["--ignore=error-leak", "--select=AML110"])
def test_the_command_line_may_leave_it_out_and_that_is_told(amllint: Commands, option: str) -> None:
    amllint.write({"score.py": LEAKY, "amllint.toml": ENFORCE})
    done = amllint.check(option)
    assert done.names == ["error-as-success"]
    assert "enforced, and left out by the command line: error-leak\n" in done.err


def test_a_baseline_does_not_hold(amllint: Commands) -> None:
    amllint.write({"score.py": LEAKY})
    amllint("baseline", "write")
    amllint.write({"amllint.toml": ENFORCE})
    done = amllint("baseline", "check", "-o", "concise", "--strict")
    assert done.code == 1
    assert done.names == ["error-leak"]
    assert "1 finding is shown although in the baseline: enforced rules" in done.err
    done = amllint("baseline", "write", "--force")
    assert "1 finding accepted; 1 cannot be: error-leak" in done.err
    entries = json.loads((amllint.folder / "amllint-baseline.json").read_text())["entries"]
    assert [e["rule"] for e in entries] == ["error-as-success"]


def test_an_unknown_name_is_a_finding(amllint: Commands) -> None:
    amllint.write({"score.py": CLEAN, "amllint.toml": 'enforce = ["error-leek"]\n'})
    done = amllint.check()
    assert done.code == 1
    assert "amllint.toml:1:13: AML905 unknown-rule error" in done.out
    assert "did you mean `error-leak`?" in done.out


def test_without_it_nothing_is_different(amllint: Commands) -> None:
    amllint.write({"score.py": NAMED})
    assert amllint.check().code == 0


# -- reasons ----------------------------------------------------------------------------------

BARE = {"deploymentconfig.yml": "computeType: aks\nnumReplica: 2  # amllint: ignore[AML402]\n"}


def test_a_comment_without_a_reason_is_told_where_asked_for(tmp_path: object) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path))
    assert names(look(folder, dict(BARE))) == []
    report = look(folder, dict(BARE), require_reason=True)
    assert places(report) == [("deploymentconfig.yml", 2, "ignore-without-reason")]
    assert only(report).message == "this comment ignores `AML402` and does not say why"


@pytest.mark.parametrize("rest", ["", " --", " --   ", " because", " - because"])
def test_only_what_follows_two_dashes_is_a_reason(amllint: Commands, rest: str) -> None:
    text = BARE["deploymentconfig.yml"].rstrip() + rest + "\n"
    amllint.write({"deploymentconfig.yml": text, "amllint.toml": "require-reason = true\n"})
    assert amllint.check().names == ["ignore-without-reason"]
    amllint.write({"deploymentconfig.yml": BARE["deploymentconfig.yml"].rstrip() + " -- because\n"})
    assert amllint.check().code == 0


@pytest.mark.parametrize("comment", ["ignore-file", "ignore-file[AML402]", "ignore"])
def test_comments_for_all_need_one_too_and_do_not_hide_it(amllint: Commands, comment: str) -> None:
    text = f"# amllint: {comment}\ncomputeType: aks\nnumReplica: 2\n"
    if comment == "ignore":
        text = f"computeType: aks\n# amllint: {comment}\nnumReplica: 2\n"
    amllint.write({"deploymentconfig.yml": text, "amllint.toml": "require-reason = true\n"})
    assert amllint.check().names == ["ignore-without-reason"]


def test_no_comment_ignores_it_but_the_configuration_does(amllint: Commands) -> None:
    text = "computeType: aks\nnumReplica: 2  # amllint: ignore[AML402, ignore-without-reason]\n"
    toml = "require-reason = true\n"
    amllint.write({"deploymentconfig.yml": text, "amllint.toml": toml})
    assert "ignore-without-reason" in amllint.check().names
    more = '[per-file-ignores]\n"*.yml" = ["ignore-without-reason"]\n'
    amllint.write(
        {"deploymentconfig.yml": BARE["deploymentconfig.yml"], "amllint.toml": toml + more}
    )
    assert amllint.check().code == 0


def test_a_baseline_accepts_what_has_none_yet(amllint: Commands) -> None:
    amllint.write({**BARE, "amllint.toml": "require-reason = true\n"})
    amllint("baseline", "write")
    assert amllint("baseline", "check").code == 0
    more = (
        BARE["deploymentconfig.yml"]
        + "cpus: 1  # amllint: ignore[AML401, unknown-deployment-key]\n"
    )
    amllint.write({"deploymentconfig.yml": more})
    assert "ignore-without-reason" in amllint("baseline", "check", "-o", "concise").names


def test_json_needs_none(amllint: Commands) -> None:
    toml = 'require-reason = true\n[per-file-ignores]\n"*.json" = ["AML402"]\n'
    amllint.write({"deploymentconfig.json": AKS, "amllint.toml": toml})
    assert amllint.check().code == 0


def test_each_of_many_comments_is_told(amllint: Commands) -> None:
    lines = [f"numReplica{n}: 2  # amllint: ignore[AML402]\n" for n in range(40)]
    text = "computeType: aks\n" + "".join(lines)
    amllint.write({"deploymentconfig.yml": text, "amllint.toml": "require-reason = true\n"})
    assert amllint.check().names == ["ignore-without-reason"] * 40
