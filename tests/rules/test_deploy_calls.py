"""Corners of the rules about code that deploys, and of rules about configurations in code."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from amllint.config import Settings
from amllint.engine import fixing
from amllint.source.overlay import Overlay
from tests.checking import Files, look, names, only, places, shown, write

HEAD = """\
from azureml.core import Environment, Model, Workspace
from azureml.core.compute import AksCompute, ComputeTarget
from azureml.core.conda_dependencies import CondaDependencies
from azureml.core.model import InferenceConfig
from azureml.core.webservice import AciWebservice, AksWebservice, LocalWebservice, Webservice

ws = Workspace.from_config()
"""
LINES = HEAD.count("\n")
SCORE = """\
import json
import os


def init():
    global model
    model = json.load(open(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.json")))


def run(raw_data):
    return {"received": len(raw_data)}
"""


def told(folder: Path, text: str, rule: str, **settings: Any) -> list[tuple[int, str]]:
    """Line below the head, and severity, of the findings of one rule in a script."""
    report = look(folder, {"deploy.py": HEAD + text}, select=(rule,), **settings)
    found = zip(places(report), report.findings, strict=True)
    return [(line - LINES, f.severity) for (_, line, name), f in found if name == rule]


def notebook(*cells: str) -> str:
    """A notebook of some code cells."""
    rows = [
        {"cell_type": "code", "source": c, "metadata": {}, "outputs": [], "execution_count": None}
        for c in cells
    ]
    return json.dumps({"cells": rows, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


# -- configurations in code ---------------------------------------------------------------------


def test_a_rule_about_files_speaks_about_calls_in_their_words(tmp_path: Path) -> None:
    text = HEAD + "AksWebservice.deploy_configuration(autoscale_min_replicas=2, num_replicas=1)\n"
    report = look(tmp_path, {"deploy.py": text}, select=("autoscale-conflict",))
    finding = only(report)
    assert finding.location.path == "deploy.py"
    assert shown(report, finding) == "2"
    assert "`autoscale_min_replicas`" in finding.message
    assert "minReplicas" not in finding.message
    assert finding.observation.help is not None
    assert "`autoscale_enabled` to `True`" in finding.observation.help


def test_a_finding_stands_in_its_cell(tmp_path: Path) -> None:
    cells = (HEAD, "!pip list\nCPU = 0", "c = AciWebservice.deploy_configuration(cpu_cores=CPU)\n")
    report = look(tmp_path, {"a.ipynb": notebook(*cells)}, select=("deployment-config-schema",))
    finding = only(report)
    assert (finding.location.path, finding.location.cell) == ("a.ipynb", 3)
    assert shown(report, finding) == "CPU"


def test_a_cell_that_is_no_python_does_not_hide_the_others(tmp_path: Path) -> None:
    cells = (HEAD, "def broken(:", "%%bash\nls", "AciWebservice.deploy_configuration(cpu_cores=0)")
    report = look(tmp_path, {"a.ipynb": notebook(*cells)}, select=("deployment-config-schema",))
    assert only(report).location.cell == 4


def test_a_comment_silences_a_finding_about_a_call(tmp_path: Path) -> None:
    line = "AciWebservice.deploy_configuration(cpu_cores=0)  # amllint: ignore[AML401]\n"
    report = look(tmp_path, {"deploy.py": HEAD + line, "a.ipynb": notebook(HEAD, line)})
    assert names(report) == []
    assert report.suppressed == 2


def test_a_fix_of_a_call_is_python(tmp_path: Path) -> None:
    text = HEAD + 'AksWebservice.deploy_configuration(auth_enabled="false", num_replicas=1)\n'
    write(tmp_path, {"deploy.py": text})
    overlay = Overlay(cwd=str(tmp_path))
    fixed = fixing.fix(
        ["."], Settings(select=("truthy-string",)), overlay, unsafe=True, ignores=True
    )
    assert fixed.after["deploy.py"] == text.replace('"false"', "False")


@pytest.mark.parametrize("name", ["My_Service", "ab", "a" * 33])
def test_the_name_of_a_service_is_judged(tmp_path: Path, name: str) -> None:
    text = f"Model.deploy(ws, '{name}', [m], c).wait_for_deployment(True)\n"
    assert told(tmp_path, text, "service-name") == [(1, "error")]


def test_code_that_deploys_nothing_is_not_looked_at(tmp_path: Path) -> None:
    report = look(tmp_path, {"train.py": "from azureml.core import Run\nRun.get_context()\n"})
    assert [row.kind for row in report.listed] == ["none"]


def test_the_environment_in_code_is_judged_with_the_script(tmp_path: Path) -> None:
    text = (
        "env = Environment('a')\n"
        "env.python.conda_dependencies = CondaDependencies.create(pip_packages=['joblib'])\n"
        "config = InferenceConfig('score.py', environment=env)\n"
    )
    files = {"deploy.py": HEAD + text, "score.py": SCORE}
    report = look(tmp_path, files, select=("missing-inference-server",))
    assert names(report) == ["missing-inference-server"]
    assert only(report).location.path == "deploy.py"


def test_models_in_code_are_held_against_the_script(tmp_path: Path) -> None:
    text = (
        "env = Environment.get(ws, 'a')\n"
        "config = InferenceConfig('score.py', environment=env)\n"
        "model = Model(ws, name='diabetes')\n"
        "service = Model.deploy(ws, 'svc', [model], config, overwrite=True)\n"
        "service.wait_for_deployment(show_output=True)\n"
    )
    score = SCORE.replace(
        'model = json.load(open(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.json")))',
        "from azureml.core import Model\n    model = Model.get_model_path('heart')",
    )
    files = {"deploy.py": HEAD + text, "score.py": score}
    report = look(tmp_path, files, select=("get-model-path-arguments",))
    assert [f.location.path for f in report.findings] == ["score.py"]


# -- unknown-argument ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "call",
    [
        "AksWebservice.deploy_configuration(cpu=1)",
        "Model.deploy(ws, 'a', [], None, inference_configuration=None)",
        "more = {'cpu': 1}\nAksWebservice.deploy_configuration(**more)",
        "service = AksWebservice(ws, 'a')\nservice.wait_for_deployment(show=True)",
        "LocalWebservice.deploy_configuration(8890, 2)",
        "Model.register(ws, 'a', 'b', {}, {}, '', [], '', '', [], None, None, None, 1)",
    ],
)
def test_what_python_refuses_is_reported(tmp_path: Path, call: str) -> None:
    assert [s for _, s in told(tmp_path, f"{call}\n", "unknown-argument")] == ["error"]


@pytest.mark.parametrize(
    "call",
    [
        "AksWebservice.deploy_configuration(**more)",
        "AksWebservice.deploy_configuration(*values, cpu_cores=1)",
        "AksWebservice(ws, 'a').update(is_migration=True, compute_target=target)",
        "Environment('a', **more)",
        # Which of the services it is, is not known; one of them takes it.
        "Webservice(ws, 'a').run(input_data='{}')",
        "Webservice(ws, 'a').update(num_replicas=2)",
        "ComputeTarget(ws, 'a').wait_for_completion(min_node_count=0, timeout_in_minutes=20)",
        "other.deploy_configuration(cpu=1)",
    ],
)
def test_what_python_may_take_is_not_reported(tmp_path: Path, call: str) -> None:
    assert told(tmp_path, f"{call}\n", "unknown-argument") == []


@pytest.mark.parametrize(
    ("call", "severity"),
    [
        ("AksWebservice(ws, 'a').update(num_replica=2, cpu_cores=1)", "warning"),
        ("AksWebservice(ws, 'a').update(num_replica=2)", "error"),
        ("Webservice(ws, 'a').update(num_replica=2, tags={})", "warning"),
        ("Environment('a', image='ubuntu')", "warning"),
        ("Model(ws, 'a', verison=3)", "warning"),
    ],
)
@pytest.mark.parametrize("pin", ["", "azureml-core==1.20.0"])
def test_a_keyword_that_is_swallowed_is_told_of_once(
    tmp_path: Path, call: str, severity: str, pin: str
) -> None:
    report = look(tmp_path, {"deploy.py": HEAD + call + "\n", "requirements.txt": pin})
    assert [(f.name, f.severity) for f in report.findings] == [("unknown-argument", severity)]
    assert "azureml-core" in only(report).message


def test_a_misspelt_keyword_is_named(tmp_path: Path) -> None:
    text = HEAD + "AksWebservice(ws, 'a').update(num_replica=2, cpu_cores=1)\n"
    help = only(look(tmp_path, {"deploy.py": text})).observation.help
    assert help == "did you mean `num_replicas`?"


# -- call-always-fails --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "call",
    [
        *("AksEndpoint(ws, 'a').update(tags={'a': 'b'})", "AksEndpoint(ws, 'a').add_tags({})"),
        *("AksWebservice(ws, 'a').update()", "AciWebservice(ws, 'a').update(tags=None)"),
        *("AksWebservice(ws, 'a').update(num_replicas=0)", "Webservice(ws, 'a').update()"),
        *("LocalWebservice(ws, 'a').get_keys()", "LocalWebservice(ws, 'a').regen_key('Primary')"),
    ],
)
def test_calls_that_always_fail_are_reported(tmp_path: Path, call: str) -> None:
    text = f"from azureml.core.webservice import AksEndpoint\n{call}\n"
    assert told(tmp_path, text, "call-always-fails") == [(2, "error")]


@pytest.mark.parametrize(
    "call",
    [
        *("AksWebservice(ws, 'a').update(tags={})", "AciWebservice(ws, 'a').update(tags={})"),
        *("AksWebservice(ws, 'a').update(**more)", "AksWebservice(ws, 'a').update(num_replicas=n)"),
        *("AksWebservice(ws, 'a').update(is_migration=True)", "LocalWebservice(ws, 'a').update()"),
        *("AksEndpoint(ws, 'a').update_version('b', tags={})", "AciWebservice(ws, 'a').get_keys()"),
        *("AksWebservice(ws, 'a').update(auth_enabled=False)", "Webservice(ws, 'a').get_keys()"),
    ],
)
def test_calls_that_may_succeed_are_not_reported(tmp_path: Path, call: str) -> None:
    text = f"from azureml.core.webservice import AksEndpoint\n{call}\n"
    assert told(tmp_path, text, "call-always-fails", persona="pedantic") == []


@pytest.mark.parametrize(
    ("pin", "severity"), [("==1.15.0", "info"), ("==1.16.0", "error"), ("<=1.30", "info")]
)
def test_endpoints_could_be_updated_once(tmp_path: Path, pin: str, severity: str) -> None:
    write(tmp_path, {"requirements.txt": f"azureml-core{pin}\n"})
    text = "from azureml.core.webservice import AksEndpoint\nAksEndpoint(ws, 'a').update(tags={})\n"
    found = told(tmp_path, text, "call-always-fails", persona="pedantic")
    assert found == [(2, severity)]


def test_token_authentication_of_aci_is_told_of_once(tmp_path: Path) -> None:
    text = HEAD + "AciWebservice.deploy_configuration(token_auth_enabled=True)\n"
    assert names(look(tmp_path, {"deploy.py": text})) == ["token-auth-on-aci"]


# -- wait-missing, concurrent-deploy, overwrite-missing -----------------------------------------

DEPLOY = "service = Model.deploy(ws, 'a', [model], config)\n"


@pytest.mark.parametrize(
    "after",
    [
        "service.wait_for_deployment(True)",
        "while service.state != 'Healthy':\n    service.update_deployment_state()",
        "wait(service)",
        "services.append(service)",
    ],
)
def test_a_service_that_is_waited_for_is_fine(tmp_path: Path, after: str) -> None:
    assert told(tmp_path, f"{DEPLOY}{after}\n", "wait-missing") == []


def test_a_service_that_is_returned_may_be_waited_for(tmp_path: Path) -> None:
    text = (
        "def deploy():\n    service = Model.deploy(ws, 'a', [model], config)\n    return service\n"
    )
    assert told(tmp_path, text, "wait-missing") == []
    text = "def deploy():\n    return Model.deploy(ws, 'a', [model], config)\n"
    assert told(tmp_path, text, "wait-missing") == []


@pytest.mark.parametrize("after", ["", "print(service.state_of)", "print(service)", "service"])
def test_a_service_that_is_left_alone_is_reported(tmp_path: Path, after: str) -> None:
    assert told(tmp_path, f"{DEPLOY}{after}\n", "wait-missing") == [(1, "warning")]


def test_a_result_that_is_dropped_is_reported(tmp_path: Path) -> None:
    text = "Model.deploy(ws, 'a', [model], config)\n"
    assert told(tmp_path, text, "wait-missing") == [(1, "warning")]
    chained = "Model.deploy(ws, 'a', [model], config).wait_for_deployment(True)\n"
    assert told(tmp_path, chained, "wait-missing") == []


def test_a_local_deployment_has_been_waited_for(tmp_path: Path) -> None:
    local = "config = LocalWebservice.deploy_configuration(port=6789)\n"
    text = local + "service = Model.deploy(ws, 'a', [model], None, config)\n"
    assert told(tmp_path, text, "wait-missing", persona="pedantic") == [(2, "info")]
    remote = text.replace("LocalWebservice.deploy_configuration(port=6789)", "made()")
    assert told(tmp_path, remote, "wait-missing", persona="pedantic") == [(2, "warning")]
    called = text + "print(service.scoring_uri)\nservice.run('{}')\n"
    assert told(tmp_path, called, "wait-missing", persona="pedantic") == []


def test_a_local_container_shows_its_logs_by_itself(tmp_path: Path) -> None:
    config = "config = LocalWebservice.deploy_configuration(port=6789)\n"
    text = config + "service = Model.deploy(ws, 'a', [model], None, config)\n"
    text += "service.wait_for_deployment()\n"
    assert told(tmp_path, text, "wait-missing", persona="pedantic") == []
    remote = text.replace("LocalWebservice", "AciWebservice").replace("port=6789", "")
    assert told(tmp_path, remote, "wait-missing", persona="pedantic") == [(3, "info")]


@pytest.mark.parametrize(
    ("file", "line", "severity"),
    [
        ("requirements.txt", "azureml-core==1.13.0", "info"),
        ("requirements.txt", "azureml-sdk[notebooks]==1.0.69", "info"),
        ("conda.yml", "dependencies:\n- pip:\n  - azureml-core~=1.10.0", "info"),
        ("ci.yml", "run: pip install azureml-sdk==1.0.69", "info"),
        ("install.sh", "pip install 'azureml-core<=1.30'", "info"),
        ("requirements.txt", "azureml-core", "error"),
        ("requirements.txt", "azureml-core>=1.20", "error"),
        ("requirements.txt", "azureml-core==999.0", "error"),
        ("requirements.txt", "azureml-core-extra==1.0", "error"),
    ],
)
def test_what_a_repository_pins_may_behave_otherwise(
    tmp_path: Path, file: str, line: str, severity: str
) -> None:
    write(tmp_path, {file: line + "\n"})
    calls = {
        "unknown-argument": "Model.profile(ws, 'a', [model], config, input_data=1)\n",
        "model-call-arguments": "Model.register(ws, model_path='../m.pkl', model_name='m')\n",
    }
    for rule, call in calls.items():
        assert told(tmp_path, call, rule, persona="pedantic") == [(1, severity)]


@pytest.mark.parametrize(
    ("call", "pin", "severity"),
    [
        ("Model.profile(ws, 'a', [], config, input_data=1)", "1.13.0", "info"),
        ("Model.profile(ws, 'a', [], config, input_data=1)", "1.14.0", "error"),
        ("Model.profile(ws, 'a', [], config, inputdata=1)", "1.13.0", "error"),
        ("AksWebservice.deploy_configuration(num_replica=1)", "1.0.69", "error"),
        ("AciWebservice.deploy_configuration(num_replicas=1)", "1.0.69", "error"),
        ("LocalWebservice.deploy_configuration(8890, 2)", "1.0.69", "error"),
    ],
)
def test_what_no_pinned_release_took_is_an_error(
    tmp_path: Path, call: str, pin: str, severity: str
) -> None:
    write(tmp_path, {"requirements.txt": f"azureml-core=={pin}\n"})
    found = told(tmp_path, f"{call}\n", "unknown-argument", persona="pedantic")
    assert found == [(1, severity)]


@pytest.mark.parametrize(("last", "severity"), [("1", []), ("service.run('{}')", ["warning"])])
def test_the_reader_of_a_notebook_may_wait(tmp_path: Path, last: str, severity: list[str]) -> None:
    files = {"a.ipynb": notebook(HEAD, DEPLOY, last)}
    report = look(tmp_path, files, select=("wait-missing",))
    assert [f.severity for f in report.findings] == severity


def test_branches_do_not_follow_one_another(tmp_path: Path) -> None:
    text = (
        "if 'a' in ws.webservices:\n"
        "    service = AksWebservice(ws, 'a')\n"
        "    service.update(models=[model])\n"
        "else:\n"
        "    service = Model.deploy(ws, 'a', [model], config)\n"
        "service.wait_for_deployment(True)\n"
    )
    assert told(tmp_path, text, "concurrent-deploy") == []


def test_other_names_are_other_services(tmp_path: Path) -> None:
    text = "Model.deploy(ws, 'a', [model], config)\nModel.deploy(ws, 'b', [model], config)\n"
    assert told(tmp_path, text, "concurrent-deploy") == []
    assert told(tmp_path, text.replace("'b'", "'a'"), "concurrent-deploy") == [(2, "warning")]


def test_a_local_service_is_another_one(tmp_path: Path) -> None:
    text = (
        "Model.deploy(ws, 'a', [model], config, LocalWebservice.deploy_configuration(8890))\n"
        "Model.deploy(ws, 'a', [model], config, AciWebservice.deploy_configuration(1, 1))\n"
    )
    assert told(tmp_path, text, "concurrent-deploy") == []


@pytest.mark.parametrize("line", ["ws.webservices", "Webservice(ws, 'a').delete()"])
def test_a_script_that_looks_first_may_deploy_again(tmp_path: Path, line: str) -> None:
    pedantic = {"persona": "pedantic"}
    assert told(tmp_path, f"{line}\n{DEPLOY}", "overwrite-missing", **pedantic) == []
    assert told(tmp_path, DEPLOY, "overwrite-missing", **pedantic) == [(1, "info")]


# -- model-call-arguments -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "severity"),
    [
        ("Model.deploy(ws, 'a', [])", "error"),
        ("Model.deploy(ws, 'a', [x, y])", "error"),
        ("m = Model.register(ws, 'm.pt', 'm', model_framework=Model.Framework.PYTORCH)\n"
         "Model.deploy(ws, 'a', [m])", "error"),
        ("m = Model.register(ws, 'm.pkl', 'm')\nModel.deploy(ws, 'a', [m])", "error"),
        ("Model.deploy(ws, models=[m])", "error"),
        ("c = AciWebservice.deploy_configuration(1, 1)\n"
         "Model.deploy(ws, 'a', [m], i, c, target)", "warning"),
        ("Model.register(ws, 'm.pkl', 'm', model_framework_version='1')", "error"),
        ("Model.register(ws, '../m.pkl', 'm')", "error"),
        ("Model.register(ws, 'https://example.com/m.pkl', 'm')", "error"),
        ("Model.register(ws, 'm.pkl', 'team/m')", "error"),
        ("Model.profile(ws, 'p', [m], i, d, cpu=4)", "error"),
        ("Model.get_model_path('m', version='1')", "error"),
    ],
)  # fmt: skip
def test_what_azureml_core_refuses_is_reported(tmp_path: Path, call: str, severity: str) -> None:
    found = told(tmp_path, f"{call}\n", "model-call-arguments")
    assert [s for _, s in found] == [severity]


@pytest.mark.parametrize(
    "call",
    [
        "Model.deploy(ws, 'a', [m])",
        "Model.deploy(ws, 'a', models)",
        "m = Model.register(ws, 'm.pkl', 'm', model_framework='ScikitLearn')\n"
        "Model.deploy(ws, 'a', [m])",
        "Model.deploy(ws, 'a', [], config)",
        "Model.deploy(ws, **settings)",
        "c = AciWebservice.deploy_configuration(1, 1)\n"
        "Model.deploy(ws, 'a', [m], i, c, deployment_target=None)",
        "c = AksWebservice.deploy_configuration()\nModel.deploy(ws, 'a', [m], i, c, target)",
        "Model.register(ws, 'outputs/m.pkl', 'm-1.0_a')",
        "Model.register(ws, path, name, model_framework=f, model_framework_version='1')",
        "Model.profile(ws, 'p', [m], i, d, cpu=3.5, memory_in_gb=0.5)",
        # Model.package names the image as it is told to.
        "Model.package(ws, [m], i, image_name='inference/m')",
    ],
)
def test_what_azureml_core_takes_is_not_reported(tmp_path: Path, call: str) -> None:
    assert told(tmp_path, f"{call}\n", "model-call-arguments") == []


# -- aks-compute-config -------------------------------------------------------------------------

PROVISION = "AksCompute.provisioning_configuration"
ATTACH = "AksCompute.attach_configuration"
ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.{}/managedClusters/c"


@pytest.mark.parametrize(
    ("call", "severity"),
    [
        (f"{PROVISION}(agent_count=-1)", "error"),
        (f"{PROVISION}(agent_count='3')", "error"),
        (f"{PROVISION}(agent_count=2)", "warning"),
        (f"{PROVISION}(agent_count=3, vm_size='Standard_D2_v2')", "warning"),
        (f"{PROVISION}(vm_size='Standard_NC6', cluster_purpose='DevTest')", "warning"),
        (f"{PROVISION}(ssl_cname='a.example.com')", "error"),
        (f"{PROVISION}(vnet_name='v', subnet_name=subnet)", "error"),
        (f"{PROVISION}(load_balancer_type='bogus')", "warning"),
        (f"{PROVISION}(cluster_purpose='Production')", "warning"),
        (f"{ATTACH}('g', 'c', cluster_purpose='test')", "warning"),
        (f"{ATTACH}()", "error"),
        (f"{ATTACH}(resource_group='g')", "error"),
        (f"{ATTACH}(resource_id='/subscriptions/s')", "error"),
        (f"{ATTACH}(resource_id='{ID.format('Compute')}')", "error"),
        (f"{ATTACH}(resource_id='{ID.format('ContainerService')}', cluster_name='c')", "error"),
        (f"{ATTACH}('g', 'c', load_balancer_type='bogus')", "error"),
        (f"{ATTACH}('g', 'c', load_balancer_subnet='s')", "error"),
        (f"ComputeTarget.create(ws, 'my_aks', {PROVISION}())", "warning"),
    ],
)
def test_a_cluster_that_will_not_be_is_reported(tmp_path: Path, call: str, severity: str) -> None:
    found = told(tmp_path, f"{call}\n", "aks-compute-config")
    assert [s for _, s in found] == [severity]


@pytest.mark.parametrize(
    "call",
    [
        f"{PROVISION}()",
        f"{PROVISION}(agent_count=1, cluster_purpose=AksCompute.ClusterPurpose.DEV_TEST)",
        f"{PROVISION}(agent_count=1, cluster_purpose=purpose)",
        f"{ATTACH}('g', 'c', cluster_purpose='DevTest')",
        f"{PROVISION}(agent_count=nodes)",
        f"{PROVISION}(vm_size='Standard_NC6s_v3')",
        f"{PROVISION}(**settings)",
        f"{ATTACH}(resource_id='{ID.format('ContainerService')}')",
        f"{ATTACH}(group, name)",
        f"{ATTACH}('g', 'c', load_balancer_type='InternalLoadBalancer', load_balancer_subnet='s')",
        f"ComputeTarget.create(ws, 'my-aks', {PROVISION}())",
    ],
)
def test_a_cluster_that_can_be_is_not_reported(tmp_path: Path, call: str) -> None:
    assert told(tmp_path, f"{call}\n", "aks-compute-config") == []


def test_a_project_is_told_once_that_sdk_v1_has_ended(tmp_path: Path) -> None:
    files = {f"{name}.py": HEAD for name in ("b", "a", "c")}
    calls = {k: v + "Webservice(ws, 'a')\n" for k, v in files.items()}
    report = look(tmp_path, calls, select=("retired-api",), persona="pedantic")
    assert only(report).location.path == "a.py"
    assert "2 more files" in only(report).message


def test_a_project_of_command_lines_is_told_once_that_cli_v1_has_ended(tmp_path: Path) -> None:
    line = "az ml model deploy -n scoring -m m:1 --ic ic.json\n"
    files: Files = {"b.sh": line, "a.sh": f"cd .\n{line}{line}", "ic.json": "{}"}
    report = look(tmp_path, files, select=("retired-api",), persona="pedantic")
    assert places(report) == [("a.sh", 2, "retired-api")]
    assert "CLI v1, as 1 more file does" in only(report).message
    code = HEAD + "Webservice(ws, 'a')\n"
    report = look(tmp_path, {"z.py": code}, select=("retired-api",), persona="pedantic")
    assert only(report).location.path == "z.py"
    assert "; 2 more files deploy with CLI v1" in only(report).message
    cells = (code, f"!{line}", f"!{line}")
    report = look(
        tmp_path, {"a.ipynb": notebook(*cells)}, select=("retired-api",), persona="pedantic"
    )
    assert only(report).location.path == "a.ipynb"
    assert "SDK v1, as 1 more file does" in only(report).message
    assert "; 2 more files deploy with CLI v1" in only(report).message


def test_a_deprecated_call_is_told_of_once_where_it_stands_last(tmp_path: Path) -> None:
    call = "Webservice.deploy_from_image(ws, 'a', image)\n"
    found = told(tmp_path, call + call, "deprecated-call", persona="pedantic")
    assert found == [(1, "info"), (2, "warning")]


def test_the_file_that_deploys_is_told_rather_than_one_that_registers(tmp_path: Path) -> None:
    register = HEAD + "Model.register(ws, model_path='m.pkl', model_name='m')\n"
    files = {"a_register.py": register, "deploy.py": HEAD + DEPLOY}
    report = look(tmp_path, files, select=("retired-api",), persona="pedantic")
    assert only(report).location.path == "deploy.py"
    assert "this deploys with SDK v1, whose support ended" in only(report).message
    assert "; 1 more file uses it otherwise" in only(report).message
    alone = look(tmp_path / "b", {"a.py": register}, select=("retired-api",), persona="pedantic")
    assert "this uses SDK v1, whose support" in only(alone).message


def test_arguments_are_named_without_the_sections_of_files(tmp_path: Path) -> None:
    text = HEAD + "AciWebservice.deploy_configuration(memory_gb=0)\n"
    report = look(tmp_path, {"deploy.py": text}, select=("deployment-config-schema",))
    assert only(report).message.startswith("`memory_gb` is `0`; it must be more than 0")


@pytest.mark.parametrize(
    ("call", "severity"),
    [
        ('from_conda_specification("a", "absent.yml")', "error"),
        ('from_pip_requirements("a", "absent.txt")', "error"),
        ('from_conda_specification("a", "outputs/conda.yml")', "info"),
        ('from_conda_specification("a", "env.yml")', None),
    ],
)
def test_the_file_of_an_environment_must_be_there(
    call: str, severity: str | None, tmp_path: Path
) -> None:
    text = HEAD + f'InferenceConfig("score.py", environment=Environment.{call})\n'
    files: Files = {"deploy.py": text, "score.py": SCORE, "env.yml": "dependencies: [pip]\n"}
    report = look(tmp_path, files, select=("AML210",), persona="pedantic")
    assert [f.severity for f in report.findings] == ([severity] if severity else [])


@pytest.mark.parametrize("use", ["", 'InferenceConfig("score.py", environment="")\n'])
def test_an_environment_that_nothing_uses_is_made_all_the_same(tmp_path: Path, use: str) -> None:
    text = HEAD + 'Environment.from_conda_specification("a", "absent.yml")\n' + use
    report = look(tmp_path, {"deploy.py": text, "score.py": SCORE}, select=("AML210",))
    assert "`absent.yml`, which does not exist" in only(report).message


@pytest.mark.parametrize(("file", "severity"), [("outputs/conda.yml", []), ("conda.yml", ["info"])])
def test_what_is_downloaded_may_hold_the_file(
    tmp_path: Path, file: str, severity: list[str]
) -> None:
    text = HEAD + 'Model(ws, "a").download("./", exist_ok=True)\n'
    text += f'Environment.from_conda_specification("a", "{file}")\n'
    report = look(tmp_path, {"deploy.py": text}, select=("AML210",), persona="pedantic")
    assert [f.severity for f in report.findings] == severity


@pytest.mark.parametrize("path", ["'a/both.pem'", "PATH"])
def test_a_path_that_is_given_twice_is_not_made_by_that(tmp_path: Path, path: str) -> None:
    text = HEAD + ("PATH = 'a/both.pem'\n" if path == "PATH" else "")
    text += "AciWebservice.deploy_configuration(ssl_enabled=True, ssl_cname='a.example.com', "
    text += f"ssl_cert_pem_file={path}, ssl_key_pem_file={path})\n"
    found = look(tmp_path, {"deploy.py": text}, select=("tls-incomplete",)).findings
    assert len(found) == 2
    made = text.replace("Aci", "open('a/both.pem', 'w').write('')\nAci", 1)
    made = made.replace("\nopen", "\nfetch('a/both.pem')\nopen", 1)
    assert look(tmp_path, {"deploy.py": made}, select=("tls-incomplete",)).findings == []


@pytest.mark.parametrize("move", ['os.chdir("deep")', "%cd deep"])
def test_a_path_after_a_change_of_folder_is_left_alone(tmp_path: Path, move: str) -> None:
    made = 'Environment.from_conda_specification("a", "absent.yml")'
    files = {"a.ipynb": notebook(HEAD, "import os", move, made)}
    assert look(tmp_path, files, select=("AML210",), persona="pedantic").findings == []


def test_a_file_that_the_code_makes_need_not_be_there(tmp_path: Path) -> None:
    text = HEAD + 'run.download_file("absent.yml")\n'
    text += 'made = Environment.from_conda_specification("a", "absent.yml")\n'
    text += 'InferenceConfig("score.py", environment=made)\n'
    report = look(tmp_path, {"deploy.py": text, "score.py": SCORE}, select=("AML210",))
    assert report.findings == []


@pytest.mark.parametrize(
    ("environment", "refused"),
    [
        ("{'a': 1}", True),
        ("['a']", True),
        ("'a'", True),
        ("''", False),
        ("0", False),
        ("{}", False),
    ],
)
def test_an_environment_is_an_object(environment: str, refused: bool, tmp_path: Path) -> None:
    text = HEAD + f'InferenceConfig("score.py", environment={environment})\n'
    files: Files = {"deploy.py": text, "score.py": SCORE}
    report = look(tmp_path, files, select=("AML201",))
    said = ["`environment` is no `Environment`; azureml-core refuses this"]
    assert [f.message for f in report.findings] == (said if refused else [])


def test_an_environment_has_a_name(tmp_path: Path) -> None:
    text = HEAD + "Environment()\n"
    found = only(look(tmp_path, {"deploy.py": text}, select=("AML807",)))
    assert "`Environment` is called without `name`" in found.message


@pytest.mark.parametrize(
    ("framework", "wanted"),
    [
        ("'Onnx'", []),
        ("Model.Framework.ONNX", []),
        ("'onnx'", ["info"]),
        ("'ONNX'", ["info"]),
        ("'PyTorch'", ["error"]),
        ("Model.Framework.PYTORCH", ["error"]),
    ],
)
def test_the_case_of_a_framework_counts(tmp_path: Path, framework: str, wanted: list[str]) -> None:
    text = f"m = Model.register(ws, 'm.onnx', 'm', model_framework={framework})\n"
    text += "Model.deploy(ws, 'svc', [m])\n"
    found = told(tmp_path, text, "model-call-arguments", persona="pedantic")
    assert [severity for _, severity in found] == wanted


@pytest.mark.parametrize(
    "call",
    [
        "Environment.from_docker_image('a', 'b', pip_requirements='gone.txt')",
        "Environment.from_dockerfile('a', 'FROM b', conda_specification='gone.yml')",
        "Environment.from_dockerfile('a', 'FROM b', pip_requirements='gone.txt')",
    ],
)
def test_files_of_environments_are_looked_for(tmp_path: Path, call: str) -> None:
    found = told(tmp_path, f"env = {call}\n", "referenced-file-missing")
    assert [severity for _, severity in found] == ["error"]


def test_saved_copies_of_notebooks_are_left_out(tmp_path: Path) -> None:
    text = HEAD + "AksWebservice.deploy_configuration(num_replica=1)\n"
    copy = ".ipynb_checkpoints/deploy-checkpoint.py"
    write(tmp_path, {copy: text})
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    assert names(look(tmp_path, {})) == []
    assert names(look(tmp_path, {}, copy)) == ["unknown-argument"]
    assert names(look(tmp_path, {}, ".ipynb_checkpoints")) == ["unknown-argument"]


def test_artifacts_of_a_pipeline_are_laid_out_elsewhere(tmp_path: Path) -> None:
    config = {"entryScript": "../landing/deploy/score.py", "runtime": "python"}
    config["condaFile"] = "../landing/deploy/conda.yml"
    files: Files = {"deploy/ic.json": json.dumps(config), "src/score.py": SCORE}
    files["src/conda.yml"] = "dependencies:\n  - python=3.10\n"
    rules = ("entry-script-missing", "referenced-file-missing")
    assert names(look(tmp_path, files, select=rules, persona="pedantic")) == []
    near = json.dumps({**config, "entryScript": "score.py", "condaFile": "conda.yml"})
    found = look(tmp_path, {"deploy/ic.json": near}, select=rules, persona="pedantic")
    assert names(found) == [*rules]


def test_a_pip_package_that_is_added_replaces_the_one_of_its_name(tmp_path: Path) -> None:
    code = (
        "from azureml.core import Environment\n"
        "from azureml.core.conda_dependencies import CondaDependencies\n"
        "from azureml.core.model import InferenceConfig, Model\n\n"
        "packages = CondaDependencies()\n"
        "packages.add_pip_package('azureml-defaults')\n"
        "packages.add_pip_package('numpy==1.24.4')\n"
        "packages.add_pip_package('NumPy==1.26.4')\n"
        "environment = Environment('churn')\n"
        "environment.python.conda_dependencies = packages\n"
        "config = InferenceConfig(entry_script='score.py', environment=environment)\n"
        "Model.deploy(workspace, 'churn', [model], config)\n"
    )
    script = "def init():\n    pass\n\n\ndef run(data):\n    return len(data)\n"
    report = look(
        tmp_path,
        {"deploy.py": code, "score.py": script},
        select=("duplicate-dependency",),
        persona="pedantic",
    )
    assert names(report) == []
