"""The action, the template and the snippets: valid to their platforms, and what they run works."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from amllint.cli.parser import build_parser

ROOT = Path(__file__).resolve().parents[1]
ACTION = ROOT / "action.yml"
TEMPLATE = ROOT / "docs/ci/azure-pipelines-template.yml"
SCHEMAS = {
    ACTION: "vendor.github-actions",
    ROOT / "docs/ci/github-workflow.yml": "vendor.github-workflows",
    ROOT / "docs/ci/github-review.yml": "vendor.github-workflows",
    TEMPLATE: "vendor.azure-pipelines",
    ROOT / "docs/ci/github-release.yml": "vendor.github-workflows",
    ROOT / "docs/ci/azure-pipelines-release.yml": "vendor.azure-pipelines",
    ROOT / "docs/ci/gitlab-ci.yml": "vendor.gitlab-ci",
}
posix = pytest.mark.skipif(os.name == "nt", reason="the steps are bash")


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


def valid(path: Path, schema: str) -> subprocess.CompletedProcess[str]:
    """Hold a file against the schema that its platform publishes."""
    # The engine's Unicode mode takes no needless backslash, and a published schema has some.
    options = ("--regex-variant", "nonunicode", "--builtin-schema", schema)
    command = [sys.executable, "-m", "check_jsonschema", *options, str(path)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda p: p.name)
def test_a_file_is_what_its_platform_takes(path: Path, tmp_path: Path) -> None:
    done = valid(path, SCHEMAS[path])
    assert done.returncode == 0, done.stdout
    broken = tmp_path / path.name
    text = path.read_text("utf-8")
    broken.write_text(re.sub(r"(?m)^( *)(?:steps|script):", r"\1stepz:", text))
    assert valid(broken, SCHEMAS[path]).returncode != 0


def test_every_file_of_the_folder_is_held_to_a_schema() -> None:
    assert set((ROOT / "docs/ci").iterdir()) == set(SCHEMAS) - {ACTION}


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("github-workflow.yml", {"contents": "read"}),
        (
            "github-review.yml",
            {"contents": "read", "pull-requests": "write", "security-events": "write"},
        ),
    ],
)
def test_a_workflow_may_do_what_it_needs_and_no_more(name: str, wanted: dict[str, str]) -> None:
    workflow = load(ROOT / "docs/ci" / name)
    (job,) = workflow["jobs"].values()
    assert {**workflow["permissions"], **job.get("permissions", {})} == wanted
    checkout = job["steps"][0]
    assert checkout["with"] == {"persist-credentials": False}
    given = job["steps"][1]["with"]
    assert set(given) <= set(load(ACTION)["inputs"])
    assert bool(given.get("review")) == ("pull-requests" in wanted)
    assert bool(given.get("sarif")) == ("security-events" in wanted)


def test_no_expression_stands_in_a_script() -> None:
    """What a caller passes in must never become a part of the program."""
    for step in load(ACTION)["runs"]["steps"]:
        assert "${{" not in step.get("run", "")
    for step in load(TEMPLATE)["steps"]:
        assert "${{" not in step.get("bash", "")
        assert "$(" not in step.get("bash", "")


RELEASES = ("github-release.yml", "azure-pipelines-release.yml")


@pytest.mark.parametrize("name", RELEASES)
def test_a_release_looks_before_it_deploys(name: str) -> None:
    """What is run, in its order; the check is against the snapshot that was just made."""
    text = (ROOT / "docs/ci" / name).read_text("utf-8")
    runs = re.findall(r"(?m)^ +(?:run: )?((?:amllint|az ml) .*)$", text)
    kinds = [" ".join(line.split()[: 2 if line.startswith("amllint") else 4]) for line in runs]
    wanted = ["amllint snapshot", "amllint check", "az ml online-deployment create"]
    wanted += ["az ml online-deployment get-logs"] if name == RELEASES[0] else []
    assert kinds == [*wanted, "amllint diagnose"]
    for line in runs:
        arguments = shlex.split(line)
        if arguments[0] == "amllint":
            assert build_parser().parse_args(arguments[1:])
    written, read = (
        re.search(rf"{option} (\S+)", line)
        for option, line in (("--output", runs[0]), ("--snapshot", runs[1]))
    )
    assert written is not None
    assert read is not None
    assert written[1] == read[1]


@pytest.mark.parametrize("name", RELEASES)
def test_a_release_signs_in_to_read_before_it_signs_in_to_deploy(name: str) -> None:
    text = (ROOT / "docs/ci" / name).read_text("utf-8")
    identities = re.findall(r"(?:client-id: .*vars\.|azureSubscription: )(\w+)", text)
    assert [i.upper().partition("_")[0] for i in identities] == ["READER", "DEPLOYER"]


def steps(path: Path) -> dict[str, str]:
    """The scripts of a file by the names of their steps."""
    data = load(path)
    listed = data["runs"]["steps"] if "runs" in data else data["steps"]
    return {
        s.get("name") or s["displayName"]: s.get("run") or s["bash"]
        for s in listed
        if "run" in s or "bash" in s
    }


def run(script: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a step as a runner does, with amllint installed where the install step puts it."""
    place = folder / "temp/amllint/bin"
    place.mkdir(parents=True, exist_ok=True)
    program = place / "amllint"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m amllint "$@"\n')
    program.chmod(0o755)
    dropped = ("GITHUB_", "TF_BUILD", "AGENT_", "CI")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(dropped)}
    temp = {"RUNNER_TEMP": str(folder / "temp"), "AGENT_TEMPDIRECTORY": str(folder / "temp")}
    return subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script],
        cwd=folder,
        env={**kept, **temp, "GITHUB_OUTPUT": str(folder / "output"), **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "examples/broken", tmp_path / "a folder $(touch x)")
    shutil.copytree(ROOT / "examples/mended", tmp_path / "mended")
    return tmp_path


def outputs(repository: Path) -> dict[str, str]:
    lines = (repository / "output").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


@posix
def test_the_action_checks_and_hands_its_result_on(repository: Path) -> None:
    done = run(
        steps(ACTION)["Check"],
        repository,
        GITHUB_ACTIONS="true",
        AMLLINT_PATHS="a folder $(touch x)\nmended\n",
        AMLLINT_ARGUMENTS="--fail-on=error\n--select=AML1\n",
        AMLLINT_REVIEW="false",
        AMLLINT_SARIF="true",
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("::error file=a folder $(touch x)/score.py,line=")
    said = outputs(repository)
    assert said["exit-code"] == "1"
    findings = json.loads(Path(said["findings"]).read_text())["findings"]
    assert {f["code"][:4] for f in findings} == {"AML1"}
    assert json.loads(Path(said["sarif"]).read_text())["version"] == "2.1.0"
    assert not (repository / "x").exists(), "a path was run"
    result = steps(ACTION)["Result"]
    assert run(result, repository, AMLLINT_CODE=said["exit-code"]).returncode == 1


@posix
def test_the_action_is_clean_where_the_deployment_is(repository: Path) -> None:
    done = run(
        steps(ACTION)["Check"],
        repository,
        GITHUB_ACTIONS="true",
        AMLLINT_PATHS="mended",
        AMLLINT_ARGUMENTS="",
        AMLLINT_REVIEW="true",
        AMLLINT_SARIF="false",
    )
    assert (done.returncode, done.stdout) == (0, "")
    assert outputs(repository)["exit-code"] == "0"


@posix
def test_the_template_fails_the_job_that_has_findings(repository: Path) -> None:
    script = steps(TEMPLATE)["amllint"]
    given = {"TF_BUILD": "True", "AMLLINT_ARGUMENTS": ""}
    bad = run(script, repository, AMLLINT_PATHS="a folder $(touch x)", **given)
    assert bad.returncode == 1
    assert "##vso[task.logissue type=error;" in bad.stdout
    assert json.loads((repository / "temp/amllint.json").read_text())["findings"]
    assert run(script, repository, AMLLINT_PATHS="mended", **given).returncode == 0


def test_what_the_files_run_are_commands_that_exist() -> None:
    scripts = [*steps(ACTION).values(), *steps(TEMPLATE).values()]
    scripts += load(ROOT / "docs/ci/gitlab-ci.yml")["amllint"]["script"]
    joined = " ".join(scripts).replace("\\\n", " ")
    commands = re.findall(
        r"amllint\"? (annotate|check) ((?:--[\w-]+ \S+ ?)*)", " ".join(joined.split())
    )
    assert {name for name, _ in commands} == {"annotate", "check"}
    for name, given in commands:
        arguments = [a.strip('"') for a in given.split()]
        assert build_parser().parse_args([name, *arguments])
