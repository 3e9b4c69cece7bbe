"""What calls of azureml-core are taken for: arguments, values, environments, places."""

from __future__ import annotations

from typing import Any

import pytest

from amllint.analysis.facts import ScriptFacts
from amllint.artifacts.deploy_code import DeployCode
from amllint.artifacts.deployment_config import AciDeployment, AksDeployment
from amllint.artifacts.fields import Absent, Known, Unknown
from amllint.artifacts.inference_config import InferenceConfig
from amllint.engine.parsing import parse_one
from amllint.source.code import of_script
from amllint.source.text import SourceText

HEAD = """\
import os
from pathlib import Path
from azureml.core import Environment, Model, Workspace
from azureml.core.conda_dependencies import CondaDependencies
from azureml.core.model import InferenceConfig
from azureml.core.webservice import AciWebservice, AksWebservice
"""


def code(text: str) -> DeployCode:
    """A script that deploys."""
    given = of_script(SourceText("deploy.py", HEAD + text))
    facts = parse_one(given.source)
    assert isinstance(facts, ScriptFacts)
    return DeployCode(given, facts, given.source.text)


def config(text: str) -> Any:
    """The only configuration of a script."""
    (found,) = code(text).configurations.values()
    return found


def name_of(text: str) -> Any:
    """The name that the only call of `Model.deploy` is given."""
    deploys = code(text)
    (deploy,) = deploys.deployments
    return deploys.argument(deploy.call, "name")


@pytest.mark.parametrize(
    "text",
    [
        'Model.deploy(ws, "diabetes", [])',
        'Model.deploy(workspace=ws, name="diabetes", models=[])',
        'NAME = "diabetes"\nModel.deploy(ws, NAME, [])',
        'base = "dia"\nModel.deploy(ws, f"{base}betes", [])',
        'base = "dia"\nModel.deploy(ws, base + "betes", [])',
        'Model.deploy(ws, "{}betes".format("dia"), [])',
        'Model.deploy(ws, "%s" % "diabetes", [])',
        'settings = {"name": "diabetes"}\nModel.deploy(ws, settings["name"], [])',
        'more = {"name": "diabetes", "models": []}\nModel.deploy(ws, **more)',
        'more = dict(name="diabetes", models=[])\nModel.deploy(ws, **more)',
        'def deploy(name):\n    Model.deploy(ws, name, [])\n\n\ndeploy("diabetes")',
        'def deploy(name="diabetes"):\n    Model.deploy(ws, name, [])\n\n\ndeploy()',
        'def name():\n    return "diabetes"\n\n\nModel.deploy(ws, name(), [])',
    ],
)
def test_a_text_is_known_through(text: str) -> None:
    found = name_of(text)
    assert isinstance(found, Known)
    assert found.value == "diabetes"


@pytest.mark.parametrize(
    "text",
    [
        'Model.deploy(ws, os.environ.get("NAME", "diabetes"), [])',
        'Model.deploy(ws, os.environ["NAME"], [])',
        'name = "a"\nif ws:\n    name = "b"\nModel.deploy(ws, name, [])',
        'def deploy(name):\n    Model.deploy(ws, name, [])\n\n\ndeploy("a")\ndeploy("b")',
        "def deploy(name):\n    Model.deploy(ws, name, [])",
        'settings = {"name": "a"}\nsettings["name"] = "b"\nModel.deploy(ws, settings["name"], [])',
        "Model.deploy(ws, **settings)",
        "for name in names:\n    Model.deploy(ws, name, [])",
    ],
)
def test_what_may_be_another_value_is_unknown(text: str) -> None:
    assert isinstance(name_of(text), Unknown)


def test_none_counts_as_absent() -> None:
    deploys = code('Model.deploy(ws, "a", [], inference_config=None)')
    (deploy,) = deploys.deployments
    assert isinstance(deploys.argument(deploy.call, "inference_config"), Absent)


def test_a_call_is_the_configuration_that_a_file_would_be() -> None:
    found = config("AksWebservice.deploy_configuration(True, 2, autoscale_max_replicas=1 + 3)")
    assert isinstance(found, AksDeployment)
    assert found.section.data == {
        "computeType": "aks",
        "autoScaler": {"autoscaleEnabled": True, "minReplicas": 2, "maxReplicas": 4},
    }


def test_places_are_those_of_the_arguments() -> None:
    text = "CPU = 0\nAciWebservice.deploy_configuration(cpu_cores=CPU)"
    field = config(text).argument("cpu_cores")
    assert isinstance(field, Known)
    source = HEAD + text
    assert source[field.location.span.start :] == "CPU)"
    assert source[field.key.span.start :].startswith("cpu_cores=")
    assert field.location.path == "deploy.py:code"


def test_what_is_passed_on_may_be_any_argument() -> None:
    found = config("AciWebservice.deploy_configuration(cpu_cores=1, **more)")
    assert isinstance(found, AciDeployment)
    assert isinstance(found.argument("cpu_cores"), Known)
    assert isinstance(found.argument("auth_enabled"), Unknown)


@pytest.mark.parametrize("name", ["webservice.AciWebservice", "core.webservice.AciWebservice"])
def test_modules_lead_to_classes(name: str) -> None:
    imports = "import azureml.core as core\nfrom azureml.core import webservice\n"
    assert isinstance(config(f"{imports}{name}.deploy_configuration(1)"), AciDeployment)


def test_a_class_of_the_same_name_is_none_of_the_sdk() -> None:
    own = "class LocalWebservice:\n    pass\n\n\nLocalWebservice.deploy_configuration(nope=1)"
    assert code(own).calls == ()


def test_a_star_import_brings_the_classes() -> None:
    given = of_script(
        SourceText("a.py", "from azureml.core import *\nModel.deploy(ws, 'diabetes', [])")
    )
    facts = parse_one(given.source)
    assert isinstance(facts, ScriptFacts)
    assert [c.name for c in DeployCode(given, facts, "").calls] == ["Model.deploy"]


# -- environments -------------------------------------------------------------------------------


def environment(text: str) -> Any:
    """The environment that the only inference config of a script has."""
    found = config(f"{text}\nInferenceConfig(entry_script='score.py', environment=env)")
    assert isinstance(found, InferenceConfig)
    return found.section.data.get("environment")


def test_attributes_count_in_the_order_of_the_text() -> None:
    data = environment(
        "env = Environment('serving')\n"
        "env.docker.base_image = 'first'\n"
        "env.docker.base_image = 'second'\n"
        "env.inferencing_stack_version = 'latest'\n"
        "env.environment_variables = {'A': '1'}\n"
        "env.environment_variables['B'] = '2'"
    )
    assert data["docker"] == {"baseImage": "second"}
    assert data["inferencingStackVersion"] == "latest"
    assert data["environmentVariables"] == {"A": "1", "B": "2"}


def test_a_dockerfile_takes_the_place_of_an_image() -> None:
    data = environment(
        "env = Environment('serving')\n"
        "env.docker.base_image = None\n"
        "env.docker.base_dockerfile = 'FROM x'"
    )
    assert data["docker"] == {"baseDockerfile": "FROM x"}


def test_conda_packages_add_up() -> None:
    data = environment(
        "cd = CondaDependencies.create(pip_packages=['azureml-defaults'], python_version='3.8')\n"
        "env = Environment('serving')\n"
        "env.python.conda_dependencies = cd\n"
        "cd.add_conda_package('numpy=1.21')\n"
        "cd.add_pip_package('joblib')"
    )
    assert data["python"]["condaDependencies"]["dependencies"] == [
        "python=3.8",
        "numpy=1.21",
        {"pip": ["azureml-defaults", "joblib"]},
    ]


def test_azureml_core_adds_the_server_unless_packages_are_given() -> None:
    made = "env = Environment('a')\nenv.python.conda_dependencies = CondaDependencies.create({})"
    with_default = environment(made.format("conda_packages=['numpy']"))
    without = environment(made.format("pip_packages=['numpy']"))
    assert with_default["python"]["condaDependencies"]["dependencies"][-1] == {
        "pip": ["azureml-defaults"]
    }
    assert without["python"]["condaDependencies"]["dependencies"][-1] == {"pip": ["numpy"]}


@pytest.mark.parametrize(
    "text",
    [
        "env = Environment.get(ws, 'a')",
        "env = Environment('a')\nif x:\n    env = Environment('b')",
        "def change(e):\n    pass\n\n\nenv = Environment('a')\nchange(env)",
        "env = make()",
    ],
)
def test_an_environment_from_elsewhere_is_unknown(text: str) -> None:
    assert repr(environment(text)) == "UNKNOWN"


def test_what_one_branch_sets_is_unknown() -> None:
    data = environment("env = Environment('a')\nif x:\n    env.docker.base_image = 'b'")
    assert repr(data["docker"]["baseImage"]) == "UNKNOWN"


def test_a_registered_environment_is_the_one_that_was_made() -> None:
    data = environment(
        "made = Environment('a')\nmade.docker.base_image = 'b'\nenv = made.register(ws)"
    )
    assert data["docker"]["baseImage"] == "b"


def test_the_conda_file_of_an_environment_is_known() -> None:
    found = config(
        "env = Environment.from_conda_specification('a', 'conda.yml')\n"
        "InferenceConfig(entry_script='score.py', environment=env)"
    )
    assert isinstance(found.specification, Known)
    assert found.specification.value == "conda.yml"


def test_a_file_that_the_code_makes_is_unknown() -> None:
    made = config("open('score.py', 'w')\nInferenceConfig('score.py')")
    given = config("InferenceConfig('score.py')")
    assert isinstance(made.entry_script, Unknown)
    assert isinstance(given.entry_script, Known)
