"""Files that command lines name: where they are looked for, and what may make them."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.checking import Files, line, look, only, places

DEPLOY = "az ml model deploy -n svc-a -m m:1 --ic ic.json --dc {}\n"
SCRIPT = "def init():\n    pass\n\n\ndef run(raw_data):\n    return {'received': len(raw_data)}\n"
HERE: Files = {
    "score.py": SCRIPT,
    "conda.yml": "dependencies:\n  - python=3.10\n  - pip:\n      - azureml-defaults==1.60.0\n",
    "ic.json": '{"entryScript": "score.py", "runtime": "python", "condaFile": "conda.yml"}\n',
    "dc.json": '{"computeType": "aks", "numReplicas": 2}\n',
}


def told(folder: Path, files: Files) -> list[tuple[str, int, str]]:
    """Where a file is missed, and how grave that is."""
    report = look(folder, HERE | files, persona="pedantic")
    names = ("command-file-missing", "entry-script-missing", "referenced-file-missing")
    found = [f for f in report.findings if f.name in names]
    return [(f.location.path, line(report, f), f.severity) for f in found]


def in_pipeline(*lines: str, head: str = "", folder: str = "") -> str:
    """A pipeline that runs lines of a shell."""
    inputs = f"    workingDirectory: {folder}\n" if folder else ""
    body = "".join(f"      {text}\n" for text in lines)
    return f"{head}steps:\n- task: AzureCLI@2\n  inputs:\n{inputs}    inlineScript: |\n{body}"


COMMANDS = {
    "the file of a script": DEPLOY.format("gone.json"),
    "its long name": "az ml model deploy -n svc-a --deploy-config-file=gone.json\n",
    "one in a folder": DEPLOY.format("config/gone.json"),
    "a known variable": "DC=gone.json\n" + DEPLOY.format("$DC"),
    "the script's own folder": 'cd "$(dirname "$0")"\n' + DEPLOY.format("gone.json"),
    "a comment that names it": "# needs gone.json\n" + DEPLOY.format("gone.json"),
    "a package": "az ml model package -m m:1 --ic gone.json\n",
    "a profile": "az ml model profile -n p -m m:1 --ic gone.json\n",
    "an update": "az ml service update -n svc-a --ic gone.json\n",
    "what describes a model": "az ml model deploy -n svc-a -f gone.json --dc dc.json\n",
    "the script of a package": "az ml model package -m m:1 --es gone.py --rt python\n",
    "an endpoint": "az ml online-endpoint create -n e -f gone.yml\n",
    "a deployment": "az ml online-deployment create --file gone.yml --all-traffic\n",
    "a batch deployment": "az ml batch-deployment update --file gone.yml\n",
    "the older CLI": "az ml service create realtime -f gone.py -m m.pkl -n svc -r python\n",
    "its conda file": "az ml service create realtime -f score.py -m m.pkl -n s -c gone.yml\n",
    "its packages": "az ml service create realtime -f score.py -m m -n s -p gone.txt -r python\n",
    "what it depends on": "az ml image create -f score.py -m m -n s -d gone.py -r python\n",
    "a script": "az ml model deploy -n svc-a --es gone.py --rt python --dc dc.json\n",
    "a conda file": "az ml model deploy -n svc-a --es score.py --rt python --cf gone.yml\n",
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_file_that_is_nowhere_is_missed(tmp_path: Path, command: str) -> None:
    severity = "info" if re.search("realtime|image", command) else "error"
    assert told(tmp_path, {"deploy.sh": command}) == [
        (
            "deploy.sh",
            command.count("\n"),
            severity,
        ),
    ]


def test_a_file_is_missed_in_every_command_that_names_it(tmp_path: Path) -> None:
    again = in_pipeline(DEPLOY.format("gone.json").strip())
    assert told(tmp_path, {"deploy.sh": DEPLOY.format("gone.json"), "ci.yml": again}) == [
        ("ci.yml", 5, "error"),
        ("deploy.sh", 1, "error"),
    ]


COMING = {
    "a variable": DEPLOY.format("$CONFIG"),
    "a part that is one": DEPLOY.format("config/$ENV/gone.json"),
    "a substitution": DEPLOY.format("$(find . -name 'gone*.json')"),
    "a pattern": DEPLOY.format("gone*.json"),
    "a placeholder": DEPLOY.format("__CONFIG__"),
    "an absolute path": DEPLOY.format("/etc/gone.json"),
    "a home": DEPLOY.format("~/gone.json"),
    "an address": "az ml service create realtime -f score.py -n s -d https://x.example/gone.py\n",
    "a here document": "cat > gone.json <<EOF\n{}\nEOF\n" + DEPLOY.format("gone.json"),
    "a redirection": "echo '{}' >gone.json\n" + DEPLOY.format("./gone.json"),
    "a copy": "cp dc.json gone.json\n" + DEPLOY.format("gone.json"),
    "an edit": "sed -i s/a/b/ gone.json\n" + DEPLOY.format("gone.json"),
    "tee": "jq .dc all.json | tee gone.json\n" + DEPLOY.format("gone.json"),
    "a copy by a variable": 'for f in *.tpl; do cp "$f" "${f%.tpl}"; done\n'
    + DEPLOY.format("gone.json"),
    "a name with a variable": "envsubst < dc.tpl > gone-$ENV.json\n" + DEPLOY.format("gone-a.json"),
    "a download": "wget -q https://x.example/configs.zip\n" + DEPLOY.format("gone.json"),
    "a clone": "git clone https://x.example/configs\n" + DEPLOY.format("gone.json"),
    "an unknown folder": "cd $WORK\n" + DEPLOY.format("gone.json"),
    "one behind a condition": 'test -d "$WORK" && cd "$WORK"\n' + DEPLOY.format("gone.json"),
    "a folder that is made": "mkdir out; \ncd out\n" + DEPLOY.format("gone.json"),
    "outside of the repository": DEPLOY.format("../shared/gone.json"),
    "a condition": "if [ -f gone.json ]; then\n" + DEPLOY.format("gone.json") + "fi\n",
    "what registered the model": "az ml model register -n m -t gone.json\n"
    "az ml model deploy -n svc-a -f gone.json --ic ic.json --dc dc.json\n",
    "a script": "cat > gone.py <<EOF\nEOF\n"
    "az ml model deploy -n svc-a --es gone.py --rt python --dc dc.json\n",
    "a script elsewhere": "cd $WORK\n"
    "az ml model deploy -n svc-a --es gone.py --rt python --dc dc.json\n",
    "a source directory": "cp -r app build\n"
    "az ml model deploy -n svc-a --es gone.py --sd build --rt python --dc dc.json\n",
    "a conda file": "conda env export > gone.yml\n"
    "az ml model deploy -n svc-a --es score.py --rt python --cf gone.yml\n",
}


@pytest.mark.parametrize("text", COMING.values(), ids=COMING)
def test_what_may_come_is_not_missed(tmp_path: Path, text: str) -> None:
    assert told(tmp_path, {"deploy.sh": text}) == []


@pytest.mark.parametrize(
    "files",
    [
        {"prepare.py": "open('gone.json', 'w').write('{}')\n"},
        {"Makefile": "gone.json:\n\tpython prepare.py > $@\n"},
        {"ci.yml": "steps:\n- download: current\n- bash: ./deploy.sh\n"},
        {"ci.yml": "steps:\n- uses: actions/download-artifact@v4\n- run: sh deploy.sh\n"},
        {"ci.yml": "steps:\n- checkout: configs\n- bash: sh deploy.sh\n"},
        {
            "ci.yml": "steps:\n- download: current\n- template: run.yml\n",
            "run.yml": "steps:\n- bash: sh deploy.sh\n",
        },
    ],
)
def test_what_other_files_bring_is_not_missed(tmp_path: Path, files: Files) -> None:
    assert told(tmp_path, {"deploy.sh": DEPLOY.format("gone.json"), **files}) == []


@pytest.mark.parametrize(
    "pipeline",
    [
        in_pipeline(DEPLOY.format("gone.json").strip(), folder="$(Pipeline.Workspace)/drop"),
        in_pipeline(DEPLOY.format("gone.json").strip(), head="resources:\n- repository: configs\n"),
        in_pipeline(DEPLOY.format("$(Pipeline.Workspace)/drop/gone.json").strip()),
        in_pipeline(DEPLOY.format("${{ parameters.config }}").strip()),
        in_pipeline("echo {} > gone.json", DEPLOY.format("gone.json").strip()),
    ],
)
def test_what_a_pipeline_brings_is_not_missed(tmp_path: Path, pipeline: str) -> None:
    assert told(tmp_path, {"ci.yml": pipeline}) == []


def test_a_pipeline_is_run_at_the_root_or_where_it_says(tmp_path: Path) -> None:
    root = "$(Build.SourcesDirectory)"
    text = in_pipeline(DEPLOY.format("gone.json").strip(), folder=root)
    assert told(tmp_path, {"ci/deploy.yml": text}) == [("ci/deploy.yml", 6, "error")]
    text = in_pipeline("az ml online-deployment create -f d.yml", folder=f"{root}/models")
    assert told(tmp_path, {"ci/deploy.yml": text, "models/d.yml": "name: blue\n"}) == []


def test_what_git_ignores_is_not_missed(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    files: Files = {"deploy.sh": DEPLOY.format("local/gone.json"), ".gitignore": "local/\n"}
    assert told(tmp_path, files) == []
    below: Files = {"a/b/deploy.sh": files.pop("deploy.sh"), **files}
    assert told(tmp_path, below) == []


def test_a_file_of_that_name_elsewhere_makes_it_advice(tmp_path: Path) -> None:
    files: Files = {"deploy.sh": DEPLOY.format("gone.json"), "other/gone.json": "{}\n"}
    assert told(tmp_path, files) == [("deploy.sh", 1, "info")]


@pytest.mark.parametrize(
    ("name", "same"), [("deploy.cmd", True), ("deploy.ps1", True), ("deploy.sh", False)]
)
def test_windows_finds_names_in_another_case(tmp_path: Path, name: str, same: bool) -> None:
    text = DEPLOY.format("DC.json")
    assert told(tmp_path, {name: text}) == ([] if same else [(name, 1, "error")])


def test_a_path_of_windows_is_followed(tmp_path: Path) -> None:
    files: Files = {
        "config/dc.json": HERE["dc.json"],
        "deploy.cmd": DEPLOY.format(".\\config\\dc.json"),
    }
    assert told(tmp_path, files) == []
    reasons = {row.path: row.reason for row in look(tmp_path, files).listed}
    assert reasons["config/dc.json"].endswith("; deployed by deploy.cmd:1")


def test_the_file_that_is_meant_is_named_and_counts_as_used(tmp_path: Path) -> None:
    bad = '{"computeType": "aks", "numReplica": 2}\n'
    files: Files = HERE | {"deploymentconfig.json": bad}
    files |= {"deploy.sh": DEPLOY.format("deployment_config.json")}
    report = look(tmp_path, files)
    assert places(report) == [
        ("deploy.sh", 1, "command-file-missing"),
        ("deploymentconfig.json", 1, "unknown-deployment-key"),
    ]
    assert report.findings[0].observation.help == "did you mean `deploymentconfig.json`?"


def test_another_ending_is_a_similar_name(tmp_path: Path) -> None:
    report = look(tmp_path, HERE | {"deploy.sh": DEPLOY.format("dc.yml")})
    finding = only(report)
    assert finding.observation.help == "did you mean `dc.json`?"
    assert finding.message == (
        "`--dc` names `dc.yml`, which does not exist (tried `dc.yml`); "
        "`az ml model deploy` fails when it is run"
    )


def test_every_folder_that_was_tried_is_said(tmp_path: Path) -> None:
    report = look(tmp_path, HERE | {"ci/a/deploy.sh": DEPLOY.format("conf/gone.json")})
    assert "(tried `ci/a/conf/gone.json`, `ci/conf/gone.json`, `conf/gone.json`)" in (
        only(report).message
    )


def notebook(*cells: str) -> str:
    """A notebook with cells of code."""
    return json.dumps(
        {
            "cells": [{"cell_type": "code", "metadata": {}, "source": c} for c in cells],
            "nbformat": 4,
        }
    )


def test_a_notebook_s_cell_is_told_of_unless_another_one_writes_the_file(tmp_path: Path) -> None:
    command = "!" + DEPLOY.format("gone.json")
    assert told(tmp_path, {"a.ipynb": notebook(command)}) == [("a.ipynb", 1, "error")]
    written = notebook(command, "%%writefile gone.json\n{}\n")
    assert told(tmp_path, {"a.ipynb": written}) == []


# -- folders ----------------------------------------------------------------------------------

LOST = DEPLOY.format("dc.json")


def folders_told(folder: Path, files: Files) -> list[tuple[int, str]]:
    report = look(folder, HERE | files)
    found = [f for f in report.findings if f.name == "command-file-missing"]
    return [(line(report, f), f.severity) for f in found]


@pytest.mark.parametrize(
    ("text", "severity"),
    {
        "cd serving\n" + LOST: "warning",
        "cd ./serving/app/\n" + LOST: "warning",
        'pushd "serving"\n' + LOST: "warning",
        "cd deploy\n" + LOST: "warning",
        "cd serving\n" + LOST + LOST: "warning",
        "cd serving\n" + DEPLOY.format("gone.json"): "warning",
        "cd serving || exit 1\n" + LOST: "error",
        "cd serving && " + LOST + LOST: "error",
    }.items(),
)
def test_a_folder_that_is_nowhere_is_told_once(tmp_path: Path, text: str, severity: str) -> None:
    assert folders_told(tmp_path, {"run.sh": text}) == [(1, severity)]


def test_a_script_that_ends_at_a_failure_does_not_deploy(tmp_path: Path) -> None:
    text = "set -euo pipefail\ncd serving\n" + LOST
    assert folders_told(tmp_path, {"run.sh": text}) == [(2, "error")]


@pytest.mark.parametrize(
    "files",
    [
        {"run.sh": "cd serving\n" + LOST, "serving/model.bin": "x"},
        {"run.sh": "cd serving\n" + LOST, "a/b/serving/conf.yml": "a: 1\n"},
        {"run.sh": "mkdir -p serving\ncd serving\n" + LOST},
        {"run.sh": "cd serving\n" + LOST, "make.sh": "python build.py --to serving\n"},
        {"run.sh": "git clone https://example.com/a/b\ncd b\n" + LOST},
        {"run.sh": "unzip all.zip\ncd serving\n" + LOST},
        {"run.sh": "cd $WHERE\n" + LOST},
        {"run.sh": "cd serving || cd .\n" + LOST},
        {"run.sh": "cd ..\n" + LOST},
        {"run.sh": "cd /srv/app\n" + LOST},
        {"run.sh": "cd ~/app\n" + LOST},
        {"run.sh": "# cd serving\n" + LOST},
        {"run.sh": LOST + "cd serving\n"},
        {"run.sh": "cd serving\necho done\n"},
        {"run.sh": "cd serving\n" + LOST, ".gitmodules": "[submodule]\n"},
    ],
)
def test_a_folder_that_may_be_there_is_not_told(tmp_path: Path, files: Files) -> None:
    assert folders_told(tmp_path, files) == []
