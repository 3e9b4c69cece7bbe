"""What scripts are for: what tells it, what it changes, and that nothing goes quiet unsaid."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from amllint.artifacts.intent_words import named, of_path, of_readme, of_remote
from amllint.config import Declaration, Settings, load
from amllint.engine.check import Report, check
from amllint.findings.intent import EASED_IN, Intent, most_serious
from amllint.rules.registry import RULES
from amllint.source.overlay import Overlay
from tests.checking import Files, look, names, write
from tests.rules.pages import pages

from .notebooks import LEAKY, notebook, writes

SERVED = """\
import json


def init():
    pass


def run(raw_data):
    return json.loads(raw_data)["data"]
"""
HARDENING = {r.name: r.hardening for r in RULES if r.hardening}


def remote(name: str) -> str:
    return f'[core]\n\tbare = false\n[remote "origin"]\n\turl = https://host/owner/{name}.git\n'


def severities(report: Report) -> dict[str, str]:
    return {f.name: f.severity for f in report.findings}


@pytest.mark.parametrize(
    ("name", "use"),
    {
        "examples": "sample",
        "featurestore_sample": "sample",
        "AzureML-Primers": "sample",
        "how-to-use-azureml": "sample",
        "01_hands-on": "sample",
        "HOL_MLOps": "sample",
        "MLOpsDemo": "demo",
        "nd00333-capstone": "demo",
        "quickstart": "demo",
        "collaboration": None,
        "labels": None,
        "democracy": None,
        "resampled": None,
        "mlops-starter": None,
        "project_template": None,
        "machine-learning": None,
        "training": None,
        "test": None,
        "show": None,
        "": None,
    }.items(),
)
def test_a_name_tells_by_its_whole_words(name: str, use: str | None) -> None:
    assert named(name) == use


def test_the_least_serious_of_a_path_counts() -> None:
    told = of_path(["demos", "tutorial-1", "score"])
    assert told is not None
    assert told.value == "sample"
    assert told.reason == "the folder `tutorial-1`"
    assert of_path(["deploy", "score"]) is None
    assert of_path(["demo_score"]) == Intent("demo", "the name `demo_score`")


@pytest.mark.parametrize(
    "url",
    [
        "https://host/owner/mlops-demo.git",
        "git@host:owner/mlops-demo.git",
        "https://host/owner/mlops-demo/",
        "C:\\work\\mlops-demo",
    ],
)
def test_a_remote_tells_by_the_repository_s_name(url: str) -> None:
    told = of_remote(f'[remote "origin"]\n\tfetch = +refs/*\n\turl = {url}\n')
    assert told == Intent("demo", "the repository's name, `mlops-demo`")


@pytest.mark.parametrize(
    "config",
    [
        "",
        remote("churn"),
        "[remote]\n",
        '[remote "origin"]\n[branch "x"]\nurl = a/demo\n',
        '[remote "fork"]\n\turl = https://host/owner/demo\n',
        '[remote "origin"]\n\turl = https://host/examples/churn\n',
    ],
)
def test_nothing_else_of_git_s_configuration_tells(config: str) -> None:
    assert of_remote(config) is None


@pytest.mark.parametrize(
    ("text", "use"),
    {
        "---\npage_type: sample\nlanguages:\n- python\n---\n\n# Churn\n": None,
        "---\npage_type: x\n---\n\n# Churn workshop\n": "sample",
        "# Azure ML E2E Workshop\n": "sample",
        "# Our [Azure ML](https://x) demo\n\nText.\n": "demo",
        "# Churn\n\nThis sample takes folks through a deployment.\n": "demo",
        "# Churn\n\nThis repo shows how to deploy to AKS.\n": "demo",
        "# Churn\n\nMLOps demo for classifying leaves.\n": "demo",
        "# Churn\n\nA demonstration project of agents.\n": "demo",
        "# Churn\n\nPredicts labs for patients, and demos.\n": None,
        "# Churn\n\nDemonstrates how to pass an environment variable.\n": "demo",
        "# Churn\n\n![demo](demo.png)\n\nThe repository contains a\nsample for you.\n": "demo",
        "![badge](https://x/demo.svg)\n\n# Churn\n\nPredicts who leaves.\n": None,
        "# Churn\n\nPredicts who leaves. See [examples](https://x/demo).\n": None,
        "# Churn\n\nFor examples of SDK v2 see elsewhere.\n": None,
        "# Churn\n\nThe model is trained on a sample of the customers.\n": None,
        "# Churn\n\nStarter data is generated for demonstration purposes.\n": None,
        "# Churn\n\nPredicts who leaves.\n\n## Demo\n\nThis demo shows it.\n": None,
        "# Churn\n\n<!-- this is a demo -->\n```\nthis demo\n```\nServes scores.\n": None,
        "": None,
        "#" * 10_000: None,
        "# Churn\n" + "\n" * 9_000 + "This demo is too far down.\n": None,
    }.items(),
)
def test_a_readme_tells_in_its_heading_and_opening(text: str, use: str | None) -> None:
    told = of_readme(text, "README.md")
    assert (told and told.value) == use


@pytest.mark.parametrize(
    "opening", ["[" * 8192, "![" * 4096, "<" * 8192, "code " * 1600, "- " * 4096]
)
def test_a_hostile_readme_is_read_in_time(opening: str) -> None:
    assert of_readme(f"# Churn\n\n{opening}", "README.md") is None


def test_several_units_of_a_script_count_as_the_most_serious() -> None:
    sample, demo = Intent("sample", "a"), Intent("demo", "b")
    declared = Intent("production", "c", True)
    assert most_serious([sample, demo]) == demo
    assert most_serious([sample, None]) is None
    assert most_serious([sample, None, declared]) == declared
    assert most_serious([Intent("sample", "d", True), declared]) == declared
    assert most_serious([]) is None


# -- in a run ---------------------------------------------------------------------------

TREES: dict[str, Files] = {
    "a folder": {"examples/a/score.py": LEAKY},
    "a stem": {"sample_score.py": LEAKY},
    "a README": {"deploy/score.py": LEAKY, "README.md": "# MLOps workshop\n"},
    "a remote": {"deploy/score.py": LEAKY, ".git/config": remote("mlops-tutorial")},
    "a notebook in a folder": {"labs/n.ipynb": notebook(writes("score.py"))},
}


@pytest.mark.parametrize("tree", TREES)
def test_in_a_sample_hardening_is_advice(tree: str, tmp_path: Path) -> None:
    report = look(tmp_path, TREES[tree])
    assert names(report) == []
    assert sorted(f.name for f in report.eased) == ["error-as-success", "error-leak"]
    advice = look(tmp_path, {}, persona="pedantic")
    assert severities(advice) | {"error-as-success": "info", "error-leak": "info"} == severities(
        advice
    )


@pytest.mark.parametrize("tree", TREES)
@pytest.mark.parametrize("use", ["production", "staging", "development"])
def test_a_declared_purpose_gives_every_severity_back(tree: str, use: Any, tmp_path: Path) -> None:
    report = look(tmp_path, TREES[tree], purpose=use)
    assert severities(report) == {"error-as-success": "warning", "error-leak": "warning"}
    assert report.eased == []


def test_in_a_demo_a_wrong_status_is_still_a_warning(tmp_path: Path) -> None:
    report = look(tmp_path, {"demo/score.py": LEAKY, "demo/b/score.py": SERVED})
    assert names(report) == ["error-as-success"]
    assert sorted(f.name for f in report.eased) == ["error-leak", "unhandled-run-error"]


@pytest.mark.parametrize("place", ["score.py", "deploy/score.py", "src/model/score.py"])
def test_where_nothing_tells_nothing_changes(place: str, tmp_path: Path) -> None:
    folder = tmp_path / "example-repo"
    report = look(folder, {place: SERVED})
    assert severities(report) == {"unhandled-run-error": "warning"}


OPEN = "computeType: aks\nauthEnabled: false\n"


@pytest.mark.parametrize(
    ("folder", "severity"), [("examples/a", "info"), ("demo", "info"), ("src", "warning")]
)
def test_a_configuration_without_a_script_is_for_what_its_place_says(
    folder: str, severity: str, tmp_path: Path
) -> None:
    report = look(tmp_path, {f"{folder}/deploymentconfig.yml": OPEN}, persona="pedantic")
    assert severities(report)["auth-disabled"] == severity


WAITING = """\
import requests


def init():
    requests.get("https://example.com/model")


def run(raw_data):
    return {"n": len(raw_data)}
"""
CONFIG = '{"entryScript": "score.py"}'


@pytest.mark.parametrize(
    ("files", "severity"),
    [
        ({"samples/a/score.py": WAITING}, "info"),
        ({"samples/a/score.py": WAITING, "samples/a/inferenceconfig.json": CONFIG}, "warning"),
        ({"samples/n.ipynb": notebook(writes("score.py", WAITING))}, "warning"),
        ({"demo/a/score.py": WAITING}, "warning"),
        ({"src/a/score.py": WAITING}, "warning"),
        ({"samples/a/score.py": WAITING, "amllint.toml": 'purpose = "sample"'}, "warning"),
    ],
)
def test_in_a_sample_that_nothing_names_every_warning_is_advice(
    files: Files, severity: str, tmp_path: Path
) -> None:
    write(tmp_path, files)
    toml = tmp_path / "amllint.toml"
    overlay = Overlay(cwd=str(tmp_path))
    settings = load(str(toml), overlay) if toml.exists() else Settings()
    report = check(["samples", "demo", "src"], replace(settings, persona="pedantic"), overlay)
    found = {f.name: f.severity for f in report.findings}
    assert found["no-timeout-network-call"] == severity


def test_a_severity_that_is_given_wins(tmp_path: Path) -> None:
    report = look(tmp_path, TREES["a folder"], severity=(("error-leak", "error"),))
    assert severities(report) == {"error-leak": "error"}
    assert [f.name for f in report.eased] == ["error-as-success"]


def test_a_deployment_s_purpose_counts_before_that_of_all(tmp_path: Path) -> None:
    text = (
        'purpose = "sample"\n[[deployment]]\nscript = "a/score.py"\npurpose = "production"\n'
        '[[deployment]]\nscript = "b/score.py"\n'
    )
    write(tmp_path, {"a/score.py": LEAKY, "b/score.py": LEAKY, "amllint.toml": text})
    overlay = Overlay(cwd=str(tmp_path))
    report = check(["."], load(str(tmp_path / "amllint.toml"), overlay), overlay)
    assert {f.location.path for f in report.findings} == {"a/score.py"}
    assert {f.location.path for f in report.eased} == {"b/score.py"}


def test_it_is_told_with_its_reason_and_what_to_set(tmp_path: Path) -> None:
    from amllint.cli.eased import told

    (line,) = told(look(tmp_path, TREES["a folder"]).eased, False)
    assert line == (
        "2 findings are advice, in samples and demos (the folder `examples`): "
        '`purpose = "production"` in the configuration makes them warnings, '
        "`--persona pedantic` shows them"
    )
    assert list(told([], False)) == []


def test_listed_files_say_what_a_script_is_for(tmp_path: Path) -> None:
    (row,) = look(tmp_path, TREES["a folder"]).listed
    assert row.reason.endswith("; sample: the folder `examples`")


def test_what_fails_every_call_is_never_eased(tmp_path: Path) -> None:
    report = look(tmp_path, {"examples/score.py": "import azureml\n\n\ndef init():\n    pass\n"})
    assert "missing-run" in names(report)


def test_rules_say_themselves_what_hardening_is() -> None:
    assert HARDENING == {
        "unhandled-run-error": "demo",
        "error-leak": "demo",
        "error-as-success": "sample",
        "auth-disabled": "demo",
    }
    own = {p.rule.name: p.rule.hardening for p in pages() if p.rule.hardening}
    assert own == HARDENING
    assert set(HARDENING.values()) <= set(EASED_IN)


def test_settings_know_no_purpose_by_default() -> None:
    assert Settings().purpose is None
    assert "purpose" in Declaration._fields
