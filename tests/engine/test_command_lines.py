"""Command lines that deploy: what is read of them, and what they link and override."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from amllint.artifacts.command_options import argument_of
from amllint.config import Settings
from amllint.engine.loading import Loader
from amllint.source.overlay import Overlay
from amllint.source.repository import Repository
from amllint.units import DeploymentUnit
from tests.checking import Files, line, look, names, only, places, shown, write

SCRIPT = "def init():\n    pass\n\n\ndef run(raw_data):\n    return {'received': len(raw_data)}\n"
CONDA = "dependencies:\n  - python=3.10\n  - pip:\n      - azureml-defaults==1.60.0\n"
INFERENCE = '{"entryScript": "score.py", "runtime": "python", "condaFile": "conda.yml"}\n'
AKS = '{"computeType": "aks", "numReplicas": 2}\n'
PAIR: Files = {
    "score.py": SCRIPT,
    "conda.yml": CONDA,
    "ic.json": INFERENCE,
    "dc.json": AKS,
}


OPTIONS = """
--ae --auth-enabled auth_enabled            --ai --enable-app-insights enable_app_insights
--ar --autoscale-refresh-seconds autoscale_refresh_seconds
--as --autoscale-enabled autoscale_enabled
--at --autoscale-target-utilization autoscale_target_utilization
--ma --autoscale-max-replicas autoscale_max_replicas
--mi --autoscale-min-replicas autoscale_min_replicas
--bi --base-image base_image                --ir --base-image-registry base_image_registry
--cc --cpu-cores cpu_cores                  --ccl --cpu-cores-limit cpu_cores_limit
--cf --conda-file conda_file                --md --collect-model-data collect_model_data
--ct --compute-target compute_target        --cp --compute-type compute_type
--cv --cuda-version cuda_version            --dc --deploy-config-file deploy_config_file
--dn --dns-name-label dns_name_label
--ds --extra-docker-file-steps extra_docker_file_steps
--ed --environment-directory environment_directory
--eg --enable-gpu enable_gpu                --es --entry-script entry_script
-e --environment-name environment_name      --ev --environment-version environment_version
--ft --failure-threshold failure_threshold  --gb --memory-gb memory_gb
--gbl --memory-gb-limit memory_gb_limit     --gc --gpu-cores gpu_cores
--ic --inference-config-file inference_config_file
--id --initial-delay-seconds initial_delay_seconds
--kp --primary-key primary_key              --ks --secondary-key secondary_key
--lo --location location                    --mr --max-request-wait-time max_request_wait_time
-m --model model                            -f --model-metadata-file model_metadata_file
--nr --num-replicas num_replicas            --ps --period-seconds period_seconds
--pi --profile-input profile_input          --po --port port
--rm --replica-max-concurrent-requests replica_max_concurrent_requests
--rt --runtime runtime                      --sc --ssl-cname ssl_cname
--tm --scoring-timeout-ms scoring_timeout_ms
--sd --source-directory source_directory    --se --ssl-enabled ssl_enabled
--sk --ssl-key-pem-file ssl_key_pem_file    --sp --ssl-cert-pem-file ssl_cert_pem_file
--st --success-threshold success_threshold  --ts --timeout-seconds timeout_seconds
--tp --traffic-percentile traffic_percentile --vn --version-name version_name
-n --name name                              -w --workspace-name workspace_name
-g --resource-group resource_group          --key-name --key-name cmk_key_name
--key-version --key-version cmk_key_version --vault-base-url --vault-base-url cmk_vault_base_url
"""


def commanded(folder: Path, files: Files, *paths: str) -> list[DeploymentUnit]:
    """The units that command lines hold together."""
    write(folder, files)
    loader = Loader(Overlay(str(folder)), Repository.around(str(folder)), Settings())
    loader.request(paths or ["."])
    return [unit for unit in loader.load().units(()) if unit.command is not None]


def linked(unit: DeploymentUnit) -> tuple[str | None, str | None]:
    """The paths of the two files of a unit."""
    inference, deployment = unit.inference_config, unit.deployment_config
    return inference.path if inference else None, deployment.path if deployment else None


def moved(folder: str, files: Files = PAIR) -> Files:
    """Files in another folder."""
    return {f"{folder}/{name}": text for name, text in files.items()}


COMMANDS = {
    "bash.sh": "#!/bin/sh\n"
    "az ml model deploy -n svc-a -m m:1 \\\n  --ic ic.json \\\n  --dc dc.json\n",
    "run.cmd": "az ml model deploy -n svc-a -m m:1 ^\r\n  --ic ic.json ^\r\n  --dc dc.json\r\n",
    "run.ps1": "az ml model deploy -n svc-a -m m:1 `\n  --ic ic.json `\n  --dc dc.json\n",
    "quoted.sh": "az ml model deploy -n 'svc-a' -m \"m:1\" --ic=\"ic.json\" --dc='dc.json'\n",
    "long.azcli": "az ml model deploy --name svc-a --model m:1 --inference-config ic.json "
    "--deploy-config-file dc.json\n",
    "behind.sh": "cd . && az ml model deploy -n svc-a -m m:1 --ic ic.json --dc dc.json | tee log\n",
    "set.sh": "IC=ic.json\nNAME=svc-a\n"
    "az ml model deploy -n $NAME -m m:1 --ic ${IC} --dc dc.json\n",
    ".github/workflows/w.yml": "jobs:\n  d:\n    env:\n      NAME: svc-a\n"
    "    steps:\n      - run: |\n"
    "          az ml model deploy -n $NAME -m m:1 \\\n            --ic ic.json --dc dc.json\n",
    "azure-pipelines.yml": "variables:\n- name: svc\n  value: svc-a\nsteps:\n- task: AzureCLI@2\n"
    "  inputs:\n    inlineScript: 'az ml model deploy -n $(svc) -m ''m:1'' --ic ic.json "
    "--dc dc.json'\n",
    "folded.yml": "steps:\n- bash: >\n    az ml model deploy -n svc-a -m m:1\n    --ic ic.json\n"
    "    --dc dc.json\n",
    "nb.ipynb": json.dumps(
        {
            "cells": [
                {
                    "cell_type": "code",
                    "source": ["!az ml model deploy -n svc-a -m m:1 --ic ic.json --dc dc.json\n"],
                    "metadata": {},
                }
            ],
            "nbformat": 4,
        }
    ),
    "cell.ipynb": json.dumps(
        {
            "cells": [
                {
                    "cell_type": "code",
                    "source": "%%bash\naz ml model deploy -n svc-a -m m:1 "
                    "--ic ic.json --dc dc.json",
                }
            ],
            "nbformat": 4,
        }
    ),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_line_links_the_two_files(tmp_path: Path, name: str) -> None:
    (unit,) = commanded(tmp_path, PAIR | {name: COMMANDS[name]})
    assert linked(unit) == ("ic.json", "dc.json")
    assert unit.script is not None
    assert unit.command is not None
    line = unit.command.line
    assert getattr(line.field("name"), "value", None) == "svc-a"
    assert [getattr(m, "value", None) for m in line.models or ()] == ["m"]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_finding_stands_at_the_name_of_the_service(tmp_path: Path, name: str) -> None:
    files = PAIR | {name: COMMANDS[name].replace("svc-a", "Svc_A").replace("NAME=Svc_A", "NAME=A_")}
    report = look(tmp_path, files, select=("service-name",))
    finding = only(report)
    assert finding.location.path == name
    assert "Svc_A" in shown(report, finding) or "$" in shown(report, finding)
    assert finding.observation.fix is None


@pytest.mark.parametrize(
    "text",
    [
        "# az ml model deploy -n A --ic ic.json --dc dc.json\n",
        "echo az ml model deploy -n A --ic ic.json --dc dc.json\n",
        'echo "run az ml model deploy -n A --ic ic.json"\n',
        "az ml model deployment -n A --ic ic.json\n",
    ],
)
def test_what_is_not_run_is_none(tmp_path: Path, text: str) -> None:
    assert commanded(tmp_path, PAIR | {"deploy.sh": text}) == []


def test_a_remark_of_cmd_is_none(tmp_path: Path) -> None:
    assert commanded(tmp_path, PAIR | {"a.cmd": "REM az ml model deploy -n A --ic ic.json\n"}) == []


@pytest.mark.parametrize(
    "step",
    [
        "  inputs:\n    workingDirectory: $(Build.SourcesDirectory)/models/a\n    inlineScript: |\n"
        "      {}\n",
        "  inputs:\n    inlineScript: |\n      cd models/a\n      {}\n",
        "  inputs:\n    workingDirectory: $(Pipeline.Workspace)/drop\n    inlineScript: {}\n",
    ],
)
def test_paths_are_relative_to_where_the_command_is_run(tmp_path: Path, step: str) -> None:
    command = "az ml model deploy -n svc-a -m m:1 --ic ic.json --dc dc.json"
    pipeline = "steps:\n- task: AzureCLI@2\n" + step.format(command)
    files = moved("models/a") | {"ci/deploy.yml": pipeline}
    (unit,) = commanded(tmp_path, files)
    assert linked(unit) == ("models/a/ic.json", "models/a/dc.json")
    assert unit.script is not None


def test_two_folders_that_could_be_meant_are_none(tmp_path: Path) -> None:
    command = "steps:\n- bash: az ml model deploy -n svc-a --ic ic.json --dc dc.json\n"
    files = moved("a") | moved("b") | {"ci/deploy.yml": command}
    (unit,) = commanded(tmp_path, files)
    assert linked(unit) == (None, None)


def test_options_override_the_file(tmp_path: Path) -> None:
    bad = '{"computeType": "aks", "numReplicas": 2, "gpuCores": 1.5}\n'
    command = "az ml model deploy -n svc-a --ic ic.json --dc dc.json --gc 0 --nr 3\n"
    report = look(tmp_path, PAIR | {"dc.json": bad, "deploy.sh": command}, persona="pedantic")
    assert "gpu-request-ignored" not in names(report)


def test_a_finding_about_an_option_stands_there(tmp_path: Path) -> None:
    command = "az ml model deploy -n svc-a --ic ic.json --dc dc.json --scoring-timeout-ms 60\n"
    report = look(tmp_path, PAIR | {"deploy.sh": command})
    finding = only(report)
    assert (finding.name, shown(report, finding)) == ("scoring-timeout", "60")
    assert "`--scoring-timeout-ms` is 60" in finding.message


def test_an_unknown_option_says_nothing(tmp_path: Path) -> None:
    bad = '{"computeType": "aks", "numReplicas": 2, "scoringTimeoutMs": 60}\n'
    command = "az ml model deploy -n svc-a --ic ic.json --dc dc.json --scoring-timeout-ms $T\n"
    assert places(look(tmp_path, PAIR | {"dc.json": bad, "deploy.sh": command})) == []


def test_findings_of_files_are_told_once(tmp_path: Path) -> None:
    bad = '{"computeType": "aks", "numReplicas": 2, "scoringTimeoutMs": 60}\n'
    command = "az ml model deploy -n svc-{} --ic ic.json --dc dc.json {}\n"
    text = "".join(command.format(n, o) for n, o in (("a", ""), ("b", "--nr 3"), ("c", "")))
    report = look(tmp_path, PAIR | {"dc.json": bad, "deploy.sh": text})
    assert places(report) == [("dc.json", 1, "scoring-timeout")]


def test_models_of_the_command_are_those_of_the_script(tmp_path: Path) -> None:
    script = (
        "from azureml.core.model import Model\n\n\ndef init():\n    global path\n"
        '    path = Model.get_model_path("other")\n\n\n'
        "def run(raw_data):\n    return {'model': path}\n"
    )
    command = "az ml model deploy -n svc-a -m {} --ic ic.json --dc dc.json\n"
    files = PAIR | {"score.py": script, "deploy.sh": command.format("churn:$VERSION")}
    report = look(tmp_path, files)
    assert places(report) == [("score.py", 6, "get-model-path-arguments")]
    report = look(tmp_path, files | {"deploy.sh": command.format("$NAME:1")})
    assert places(report) == []


def test_the_target_of_the_configuration_wins(tmp_path: Path) -> None:
    named = '{"computeType": "aks", "numReplicas": 2, "computeTargetName": "aks-test"}\n'
    command = "az ml model deploy -n svc-a --ct aks-prod --ic ic.json --dc dc.json\n"
    report = look(tmp_path, PAIR | {"dc.json": named, "deploy.sh": command})
    assert places(report) == [("dc.json", 1, "compute-target-overridden")]


def test_an_environment_of_the_workspace_is_one(tmp_path: Path) -> None:
    plain = '{"entryScript": "score.py"}\n'
    command = "az ml model deploy -n svc-a -e prod-env --ic ic.json --dc dc.json\n"
    files = PAIR | {"ic.json": plain, "deploy.sh": command}
    report = look(tmp_path, files, persona="pedantic", select=("no-environment",))
    assert names(report) == []


def test_options_alone_are_a_configuration(tmp_path: Path) -> None:
    command = (
        "az ml model deploy -n svc-a --es missing.py --rt python --cf conda.yml --dc dc.json\n"
    )
    report = look(tmp_path, {"dc.json": AKS, "conda.yml": CONDA, "deploy.sh": command})
    assert places(report) == [("deploy.sh", 1, "entry-script-missing")]


def test_files_are_listed_with_the_command_that_names_them(tmp_path: Path) -> None:
    command = "\naz ml model deploy -n svc-a --ic ic.json --dc dc.json\n"
    report = look(tmp_path, PAIR | {"deploy.sh": command})
    rows = {row.path: row for row in report.listed}
    assert rows["dc.json"].reason.endswith("; deployed by deploy.sh:2")
    assert rows["deploy.sh"].kind == "deploy command"


def test_a_script_given_by_name_is_looked_at(tmp_path: Path) -> None:
    command = "az ml model deploy -n A --ic ic.json --dc dc.json\n"
    report = look(tmp_path, PAIR | {"deploy.sh": command}, "deploy.sh")
    assert places(report) == [("deploy.sh", 1, "service-name")]


@pytest.mark.parametrize(
    "text",
    [
        "az ml model deploy",
        "az ml model deploy -n",
        "az ml model deploy -n '",
        'az ml model deploy -n "$(',
        "az ml model deploy -n `a",
        "az ml model deploy --ic= --dc \\",
        "az ml model deploy -n a --ic \0 --dc ../../../../x",
        "az ml model deploy " + "$( " * 3000,
        "az ml model deploy " + "-m a " * 3000,
    ],
)
def test_odd_command_lines_are_survived(tmp_path: Path, text: str) -> None:
    files = PAIR | {"deploy.sh": text, "p.yml": f"steps:\n- bash: |\n    {text}\n"}
    assert "internal-error" not in names(look(tmp_path, files))


def test_every_option_of_the_reference_is_known_by_both_names() -> None:
    said = iter(OPTIONS.split())
    for short, long, argument in zip(said, said, said, strict=True):
        assert (argument_of(short), argument_of(long)) == (argument, argument)


def test_the_beginning_of_an_option_counts_where_it_is_no_others() -> None:
    assert argument_of("--inference-conf") == "inference_config_file"
    assert argument_of("--autoscale-m") is None
    assert argument_of("--cmk-key-name") is None


CLASHES = {
    "the option is what is told of": ('"numReplicas": 2', "--autoscale-enabled true"),
    "the file is what is told of": ('"autoScaler": {"autoscaleEnabled": true}', "--nr 3"),
    "keys and tokens": ('"authEnabled": true', "--token-auth-enabled true"),
    "tokens and keys": ('"tokenAuthEnabled": true', "--ae true"),
    "limits": ('"containerResourceRequirements": {"cpu": 2, "cpuLimit": 3}', "--cc 4"),
    "limits, the other way": (
        '"containerResourceRequirements": {"cpu": 2, "cpuLimit": 3}',
        "--ccl 1",
    ),
}


@pytest.mark.parametrize(("values", "option"), CLASHES.values(), ids=CLASHES)
def test_what_an_option_breaks_is_told_once_at_the_option(
    tmp_path: Path, values: str, option: str
) -> None:
    config = f'{{"computeType": "aks", "numReplicas": 1, {values}}}\n'
    if "umReplicas" in values or "autoscaleEnabled" in values:
        config = f'{{"computeType": "aks", {values}}}\n'
    plain = "az ml model deploy -n svc-a -m m:1 --ic ic.json --dc dc.json"
    files = PAIR | {"dc.json": config, "deploy.sh": f"{plain}\n{plain} {option}\n"}
    report = look(tmp_path, files)
    finding = only(report)
    name, value = option.split()
    assert (finding.location.path, line(report, finding)) == ("deploy.sh", 2)
    assert shown(report, finding) in (name, value)
    assert f"`{name}`" in f"{finding.message} {finding.observation.help}"
    assert finding.observation.fix is None


def test_a_value_of_an_option_is_told_by_its_name(tmp_path: Path) -> None:
    command = "az ml model deploy -n svc-a -m m:1 --ic ic.json --dc dc.json --nr 0 --rt pithon\n"
    report = look(tmp_path, PAIR | {"deploy.sh": command})
    said = {f.message.partition(";")[0] for f in report.findings}
    assert said == {"`--nr` is `0`", '`--rt` cannot be `"pithon"`'}


def test_what_the_file_says_is_told_once_of_all_commands(tmp_path: Path) -> None:
    command = "az ml model deploy -n svc-{} --ic ic.json --dc dc.json {}\n"
    options = ("", "--nr 3", "--tm 70000", "--gb 2")
    text = "".join(command.format(n, o) for n, o in zip("abcd", options, strict=True))
    report = look(tmp_path, PAIR | {"deploy.sh": text}, persona="pedantic")
    told = [(f.location, f.name) for f in report.findings if f.location.path == "dc.json"]
    assert len(told) == len(set(told)) > 0


def test_what_an_option_makes_of_the_file_is_told_at_the_option(tmp_path: Path) -> None:
    command = "az ml model deploy -n svc-a -m m:1 --ic ic.json --dc dc.json --cp aci\n"
    report = look(tmp_path, PAIR | {"deploy.sh": command})
    finding = only(report)
    assert (finding.name, shown(report, finding)) == ("unknown-deployment-key", "--cp")
    assert finding.message.startswith("with `--cp`, `numReplicas` is not read for ACI")
    assert (
        finding.observation.help == "leave out or change `--cp`, or change `dc.json` to go with it"
    )


def test_a_section_that_only_options_make_stands_at_them(tmp_path: Path) -> None:
    command = "az ml model deploy -n svc-a -m m:1 --ic ic.json --dc dc.json --gb 2\n"
    files = PAIR | {"deploy.sh": command}
    report = look(tmp_path, files, persona="pedantic", select=("default-resources",))
    assert shown(report, only(report)) == "--gb"


def test_options_of_one_configuration_say_nothing_of_the_other(tmp_path: Path) -> None:
    bad = '{"computeType": "aks", "numReplicas": 2, "scoringTimeoutMs": 60}\n'
    command = (
        "az ml model deploy -n svc-a -m m:1 --es score.py --rt python --cf conda.yml --dc dc.json\n"
    )
    report = look(tmp_path, PAIR | {"dc.json": bad, "deploy.sh": command})
    assert places(report) == [("dc.json", 1, "scoring-timeout")]
    assert only(report).message.startswith("`scoringTimeoutMs`")
