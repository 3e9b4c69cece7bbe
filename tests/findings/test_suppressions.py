"""`# amllint: ignore[…]`: where it holds, and what happens when it holds nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from amllint.config import Settings
from amllint.engine import fixing
from amllint.findings.suppressions import read
from amllint.source.overlay import Overlay
from amllint.source.text import SourceText, Span
from tests.checking import look, names, only, places, shown, write

LEAKY = """\
import json


def init():
    pass


{above}
def run(raw_data):{on_def}
    try:
        return json.loads(raw_data)["data"]
    except Exception as e:{on_except}
{before}
        return str(e){trailing}
"""
AKS = """\
computeType: aks  # the cluster
{above}
sslEnabled: true{trailing}
{before}
containerResourceRequirements:
  {within}
  cpus: 2
"""


def script(**comments: str) -> str:
    empty = dict.fromkeys(("above", "on_def", "on_except", "before", "trailing"), "")
    return LEAKY.format(**{**empty, **comments})


def config(**comments: str) -> str:
    empty = dict.fromkeys(("above", "trailing", "before", "within"), "")
    return AKS.format(**{**empty, **comments})


def checked(folder: Path, text: str, name: str = "score.py", **given: Any) -> list[str]:
    return sorted(names(look(folder, {name: text}, **given)))


BOTH = ["error-as-success", "error-leak"]
KEYS = ["unknown-deployment-key"] * 2


def test_without_comments_everything_is_reported(tmp_path: Path) -> None:
    assert checked(tmp_path / "a", script()) == BOTH
    assert checked(tmp_path / "b", config(), "deploymentconfig.yml") == KEYS


# -- where it holds ---------------------------------------------------------------------------


def test_a_trailing_comment_holds_for_its_line(tmp_path: Path) -> None:
    text = script(trailing="  # amllint: ignore[error-leak]")
    assert checked(tmp_path, text) == ["error-as-success"]


@pytest.mark.parametrize("place", ["on_except", "on_def"])
def test_a_trailing_comment_holds_where_a_related_span_stands(place: str, tmp_path: Path) -> None:
    found = checked(tmp_path, script(**{place: "  # amllint: ignore"}))
    assert found == ([] if place == "on_except" else [*BOTH, "unused-ignore"])


def test_a_comment_of_its_own_holds_for_the_next_statement(tmp_path: Path) -> None:
    text = script(before="        # amllint: ignore[error-leak]")
    assert checked(tmp_path, text) == ["error-as-success"]


def test_a_comment_before_a_def_holds_for_all_of_it(tmp_path: Path) -> None:
    text = script(above="# amllint: ignore[error-leak, error-as-success]")
    assert checked(tmp_path, text) == []


def test_a_comment_before_a_decorated_def_holds_for_all_of_it(tmp_path: Path) -> None:
    text = script(above="# amllint: ignore\n@staticmethod")
    assert checked(tmp_path, text) == []


def test_a_comment_before_another_statement_holds_nothing(tmp_path: Path) -> None:
    text = script(above="# amllint: ignore[error-leak]\nlimit = 3\n\n")
    assert checked(tmp_path, text) == [*BOTH, "unused-ignore"]


def test_blank_lines_and_comments_may_stand_between(tmp_path: Path) -> None:
    text = script(above="# amllint: ignore\n\n# the entry\n")
    assert checked(tmp_path, text) == []


@pytest.mark.parametrize("place", ["above", "before"])
def test_ignore_file_holds_for_the_whole_file(place: str, tmp_path: Path) -> None:
    text = script(**{place: "# amllint: ignore-file[error-leak]"})
    assert checked(tmp_path, text) == ["error-as-success"]


def test_ignore_file_without_rules_holds_for_all(tmp_path: Path) -> None:
    assert checked(tmp_path, "# amllint: ignore-file\n" + script()) == []


def test_ignore_file_holds_for_what_stands_nowhere(tmp_path: Path) -> None:
    text = "def init():\n    print('AZUREML_MODEL_DIR')\n"
    assert checked(tmp_path, text) == ["missing-run"]
    assert checked(tmp_path, text + "# amllint: ignore-file[missing-run]\n") == []


@pytest.mark.parametrize(
    "rules",
    [
        "",
        "[error-leak,error-as-success]",
        "[ error-leak , error-as-success ]",
        "[AML109, AML110]",
        "[error-leak error-as-success]",
    ],
)
def test_several_rules_are_named_at_once(rules: str, tmp_path: Path) -> None:
    assert checked(tmp_path, script(trailing=f"  # amllint: ignore{rules}")) == []


@pytest.mark.parametrize(
    "comment",
    ["# amllint: ignore", "#amllint:ignore", "# amllint:  ignore", "# amllint: ignore -- known"],
)
def test_a_comment_may_be_written_tightly_or_loosely(comment: str, tmp_path: Path) -> None:
    assert checked(tmp_path, script(trailing="  " + comment)) == []


@pytest.mark.parametrize(
    "comment", ["# amllint ignore", "# amllint: ignored", "# noqa", "# see amllint: ignore"]
)
def test_other_comments_silence_nothing(comment: str, tmp_path: Path) -> None:
    assert checked(tmp_path, script(trailing="  " + comment)) == BOTH


def test_a_text_that_looks_like_a_comment_silences_nothing(tmp_path: Path) -> None:
    text = script().replace("str(e)", "str(e) + ' # amllint: ignore'")
    assert checked(tmp_path, text) == BOTH


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_comments_hold_with_any_line_end(end: str, tmp_path: Path) -> None:
    text = script(trailing="  # amllint: ignore").replace("\n", end)
    assert checked(tmp_path, text) == []


# -- in YAML ----------------------------------------------------------------------------------


def yaml(folder: Path, **comments: str) -> list[str]:
    report = look(folder, {"deploymentconfig.yml": config(**comments)})
    return [shown(report, f) for f in report.findings]


def test_a_trailing_comment_holds_for_its_key(tmp_path: Path) -> None:
    assert yaml(tmp_path, trailing="  # amllint: ignore") == ["cpus"]


def test_a_comment_before_a_key_holds_for_it_alone(tmp_path: Path) -> None:
    assert yaml(tmp_path, above="# amllint: ignore") == ["cpus"]
    assert yaml(tmp_path, within="# amllint: ignore") == ["sslEnabled"]


def test_a_comment_before_a_mapping_holds_for_all_of_it(tmp_path: Path) -> None:
    assert yaml(tmp_path, before="# amllint: ignore") == ["sslEnabled"]


def test_a_comment_before_a_list_item_holds_for_it(tmp_path: Path) -> None:
    files = {
        "inferenceconfig.json": '{"entryScript": "score.py", "runtime": "python",'
        ' "condaFile": "conda.yml"}',
        "score.py": "def init():\n    pass\n\n\ndef run(data):\n    return 1\n",
        "conda.yml": "dependencies:\n  - pip:\n      - azureml-defaults\n"
        "      # amllint: ignore[pynacl-pin] -- until March\n      - pynacl==1.2.1\n",
    }
    report = look(tmp_path, dict(files))
    assert (places(report), report.suppressed) == ([], 1)
    files["conda.yml"] = files["conda.yml"].replace(
        "      # amllint: ignore[pynacl-pin] -- until March\n", ""
    )
    assert names(look(tmp_path, dict(files))) == ["pynacl-pin"]


def test_a_comment_after_a_quoted_hash_holds(tmp_path: Path) -> None:
    text = 'computeType: aks\n"ssl # Enabled": true  # amllint: ignore\n'
    assert places(look(tmp_path, {"deploymentconfig.yml": text})) == []


# -- what is counted --------------------------------------------------------------------------


def test_suppressed_findings_are_counted(tmp_path: Path) -> None:
    report = look(tmp_path, {"score.py": script(trailing="  # amllint: ignore")})
    assert (places(report), report.suppressed) == ([], 2)


def test_no_ignores_disregards_comments_and_patterns(tmp_path: Path) -> None:
    text = script(trailing="  # amllint: ignore[error-leak, nonsense]")
    given: dict[str, Any] = {"per_file_ignores": (("*", ("ALL",)),)}
    assert checked(tmp_path, text, ignores=False, **given) == BOTH


def test_json_is_silenced_by_pattern(tmp_path: Path) -> None:
    files = {"deploymentconfig.json": '{"computeType": "aks", "sslEnabled": true}'}
    assert names(look(tmp_path, dict(files))) == ["unknown-deployment-key"]
    given: dict[str, Any] = {"path": str(tmp_path / "amllint.toml")}
    ignored = (("*.json", ("unknown-deployment-key",)),)
    report = look(tmp_path, dict(files), per_file_ignores=ignored, **given)
    assert (places(report), report.suppressed) == ([], 1)


# -- unused and unknown -----------------------------------------------------------------------


def test_a_comment_that_silences_nothing_is_reported_where_it_stands(tmp_path: Path) -> None:
    text = "computeType: aks\nnumReplicas: 2  # amllint: ignore[autoscale-conflict]\n"
    report = look(tmp_path, {"deploymentconfig.yml": text})
    finding = only(report)
    assert finding.name == "unused-ignore"
    assert shown(report, finding) == "# amllint: ignore[autoscale-conflict]"


def test_of_several_rules_the_idle_ones_are_named(tmp_path: Path) -> None:
    text = script(trailing="  # amllint: ignore[error-leak, error-as-success, missing-run]")
    finding = only(look(tmp_path, {"score.py": text}))
    assert "`missing-run`" in finding.message
    assert "`error-leak`" not in finding.message
    assert finding.observation.fix is None


def test_rules_that_did_not_run_are_not_counted_as_idle(tmp_path: Path) -> None:
    text = "computeType: aks\nnumReplicas: 2  # amllint: ignore[autoscale-conflict]\n"
    report = look(tmp_path, {"deploymentconfig.yml": text}, ignore=("autoscale-conflict",))
    assert places(report) == []


def test_unused_ignores_cannot_be_ignored_by_comment(tmp_path: Path) -> None:
    text = "computeType: aks\nnumReplicas: 2  # amllint: ignore[unused-ignore]\n"
    assert names(look(tmp_path, {"deploymentconfig.yml": text})) == ["unused-ignore"]


def test_an_unknown_rule_is_reported_at_its_name_with_a_suggestion(tmp_path: Path) -> None:
    text = script(trailing="  # amllint: ignore[error-leek, error-as-success]")
    report = look(tmp_path, {"score.py": text}, select=("unknown-rule",))
    finding = only(report)
    assert shown(report, finding) == "error-leek"
    assert "did you mean `error-leak`?" in finding.message


UNUSED = {
    "x: 1  # amllint: ignore\ny: 2\n": "x: 1\ny: 2\n",
    "x: 1\n# amllint: ignore\ny: 2\n": "x: 1\ny: 2\n",
    "x: 1\n  # amllint: ignore -- why\ny: 2\n": "x: 1\ny: 2\n",
    "x: 1\r\n# amllint: ignore\r\ny: 2\r\n": "x: 1\r\ny: 2\r\n",
    "x: 1\r\ny: 2   # amllint: ignore\r\n": "x: 1\r\ny: 2\r\n",
    "x: 1\ny: 2  # amllint: ignore": "x: 1\ny: 2",
    "x: 1\n# amllint: ignore": "x: 1\n",
    "# amllint: ignore-file\nx: 1\n": "x: 1\n",
}


WHOLE = (
    "computeType: aks\n"
    "containerResourceRequirements: {cpu: 1, memoryInGB: 2}\n"
    "scoringTimeoutMs: 60000\n"
    "livenessProbeRequirements: {initialDelaySeconds: 310, failureThreshold: 3}\n"
)
"""A configuration that nothing is said of, not even advice."""


@pytest.mark.parametrize("text", UNUSED)
def test_an_unused_comment_is_taken_away_with_nothing_else(text: str, tmp_path: Path) -> None:
    head = WHOLE.replace("\n", "\r\n") if "\r" in text else WHOLE
    before = head + text.replace("x: 1", "numReplicas: 2").replace("y: 2", "gpuCores: 1")
    after = head + UNUSED[text].replace("x: 1", "numReplicas: 2").replace("y: 2", "gpuCores: 1")
    write(tmp_path, {"deploymentconfig.yml": before})
    overlay = Overlay(str(tmp_path))
    fixed = fixing.fix(["."], Settings(), overlay, unsafe=False, ignores=True)
    assert [f.name for f, _ in fixed.applied] == ["unused-ignore"]
    assert fixed.after["deploymentconfig.yml"] == after
    assert places(fixed.report) == []


# -- reading ----------------------------------------------------------------------------------


def test_reason_rules_and_their_places_are_read() -> None:
    source = SourceText("f.yml", "a: 1  # amllint: ignore[b-c, AML109] -- until March\n")
    (found,) = read(source, [Span(6, len(source.text) - 1)], lambda offset: None)
    assert found.rules == ("b-c", "AML109")
    assert [source.slice(n.span) for n in found.names] == ["b-c", "AML109"]
    assert found.reason == "until March"
    assert source.slice(found.covers) == source.text.rstrip("\n")


@pytest.mark.parametrize("comment", ["# amllint: ignore[a", "# amllint: ignore[a -- why"])
def test_a_list_that_is_never_closed_does_not_silence_everything(
    comment: str, tmp_path: Path
) -> None:
    assert "error-leak" in checked(tmp_path, script(trailing="  " + comment))
