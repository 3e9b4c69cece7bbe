"""Files held against a snapshot of the workspace: the corners of the rules of family 7xx."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from amllint.config import Settings, load
from amllint.engine.check import Report, check
from amllint.snapshot import facts
from amllint.snapshot.asset_rows import (
    Asset,
    Deployment,
    Endpoint,
    EnvironmentVersion,
    ModelVersion,
    Service,
)
from amllint.snapshot.document import Snapshot, render
from amllint.snapshot.facts import Kind, Read, Unread
from amllint.snapshot.place_rows import (
    AksCluster,
    Compute,
    ImageTag,
    NodePool,
    Provider,
    Registry,
    RoleAssignment,
    Workspace,
)
from amllint.source.overlay import Overlay
from tests.checking import DAY, names, only, places, write
from tests.cli.commands import Commands

AT = f"{DAY}T08:00:00Z"
V2 = "https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json"
SCRIPT = "def init():\n    pass\n\n\ndef run(raw_data):\n    return {'received': len(raw_data)}\n"
INFERENCE = """\
{"entryScript": "score.py", "environment": {"name": "serving",
 "docker": {"baseImage": "example.azurecr.io/serving:20261101"},
 "python": {"userManagedDependencies": true}}}
"""
ACI = '{"computeType": "aci", "containerResourceRequirements": {"cpu": 1, "memoryInGB": 2}}\n'
CODE = """\
from azureml.core import Model, Workspace
from azureml.core.webservice import AciWebservice

ws = Workspace.from_config()
config = AciWebservice.deploy_configuration(cpu_cores=1, memory_gb=2)
service = Model.deploy(ws, "churn", [], None, config{more})
service.wait_for_deployment(show_output=True)
"""


def known(*given: tuple[Any, ...]) -> Snapshot:
    """A snapshot of some facts: kind, value, and what it is of."""
    found: dict[tuple[str, str], Read[Any] | Unread] = {}
    for kind, value, *of in given:
        found[kind.name, of[0] if of else ""] = (
            Unread(value, AT, "GET") if isinstance(value, str) else Read(value, AT, "GET")
        )
    return Snapshot(AT, "amllint 1", "azure", None, None, "prod", found, "snapshot.json")


def held(folder: Path, files: dict[str, str], snapshot: Snapshot, **settings: Any) -> Report:
    """What is found of family 7xx in files, held against a snapshot."""
    write(folder, dict(files))
    (folder / "snapshot.json").write_text(render(snapshot), "utf-8")
    file = folder / "amllint.toml"
    base = load(str(file), Overlay(str(folder))) if file.exists() else Settings()
    chosen = replace(base, today=DAY, select=("AML7",), **settings)
    return check(["."], chosen, Overlay(cwd=str(folder)), snapshot=snapshot)


def deployment(model: str = "azureml:churn:3", environment: str = "azureml:serving:1") -> str:
    return (
        f"$schema: {V2}\nname: blue\nendpoint_name: churn-ep\nmodel: {model}\n"
        f"environment: {environment}\ninstance_type: Standard_DS3_v2\ninstance_count: 2\n"
    )


def command(rest: str = "") -> dict[str, str]:
    """Files of a deployment by the CLI of v1."""
    line = f"az ml model deploy -n churn -m churn:3 --ic ic.json --dc dc.json {rest}\n"
    return {"deploy.sh": line, "ic.json": INFERENCE, "dc.json": ACI, "score.py": SCRIPT}


def test_what_code_and_commands_deploy_is_unchecked_where_a_fact_is_missing(tmp_path: Path) -> None:
    files = {**command(), "deploy.py": CODE.format(more="")}
    report = held(tmp_path, files, known())
    assert names(report) == []
    missing = {(u.location.path, u.rule, u.fact) for u in report.unchecked}
    assert missing >= {
        ("deploy.py", "name-in-use", "services"),
        ("deploy.py", "provider-not-registered", "providers"),
        ("deploy.py", "registry-pull-denied", "registry"),
        ("deploy.py", "role-missing", "deployer"),
        ("deploy.sh", "name-in-use", "services"),
        ("deploy.sh", "model-not-registered", "models"),
    }


MODELS = (facts.MODELS, (Asset("churn", "10"), Asset("prices", "7")))
CHURN = (facts.MODEL_VERSIONS, (ModelVersion("churn", "2"), ModelVersion("churn", "10")), "churn")


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("azureml:churn:3", "model `churn` has no version 3 in prod; the latest is 10"),
        ("azureml:chrun@latest", "there is no model `chrun` in prod"),
        ("azureml:other:1", "there is no model `other` in prod"),
        ("azureml:churn:2", None),
        ("azureml:CHURN@latest", None),
        ("azureml:churn@latest", None),
        ("azureml://registries/shared/models/other/versions/1", None),
        ("azureml:/subscriptions/s/resourceGroups/g/models/other/versions/1", None),
        ("azureml:{{MODEL}}:1", None),
        ("{path: model.pkl}", None),
    ],
)
def test_a_model_is_looked_for_by_name_and_version(
    tmp_path: Path, model: str, said: str | None
) -> None:
    files = {"deployment.yml": deployment(model)}
    report = held(tmp_path, files, known(MODELS, CHURN))
    found = [f.message for f in report.findings if f.code == "AML703"]
    assert found == ([said] if said else [])


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        (
            "deploy.sh",
            "az ml model create -n chrn -v 3\naz ml online-deployment create -f x.yml\n",
            False,
        ),
        (
            "deploy.sh",
            "az ml model create -f m.yml\naz ml online-deployment create -f d.yml\n",
            False,
        ),
        (
            "deploy.sh",
            "az ml model create -n chrn-2\naz ml online-deployment create -f x.yml\n",
            True,
        ),
        (
            "deploy.sh",
            "az ml environment create -n chrn\naz ml online-deployment create -f d.yml\n",
            True,
        ),
        ("train.py", "Model.register(ws, model_path='m', model_name='chrn')\n", True),
        (
            "both.py",
            "m.models.create_or_update(chrn)\nm.online_deployments.begin_create_or_update(d)\n",
            False,
        ),
        (
            "sdk.py",
            "ml.create_or_update(Model(name='chrn'))\nml.begin_create_or_update(d)\n",
            False,
        ),
        ("note.sh", "# az ml model create -n chrn\naz ml online-deployment create -f x\n", True),
        (
            "README.md",
            "az ml model create -n chrn\naz ml online-deployment create -f d.yml\n",
            True,
        ),
    ],
)
def test_what_deploys_may_register_the_model_first(
    tmp_path: Path, name: str, text: str, found: bool
) -> None:
    report = held(
        tmp_path, {"d.yml": deployment("azureml:chrn:3"), name: text}, known(MODELS, CHURN)
    )
    assert [f.name for f in report.findings if f.code == "AML703"] == (
        ["model-not-registered"] if found else []
    )
    said = [u.reason for u in report.unchecked if u.rule == "model-not-registered"]
    assert said == ([] if found else [f"not known: `{name}` registers some and then deploys"])


def test_a_file_may_be_called_as_no_text_can_be(tmp_path: Path) -> None:
    (tmp_path / "d\udce9ploy.yml").write_text(deployment("azureml:chrn:3"), "utf-8")
    line = "az ml model create -n x\naz ml online-deployment create -f x.yml\n"
    report = held(tmp_path, {"deploy.sh": line}, known(MODELS, CHURN))
    assert [f.name for f in report.findings if f.code in ("AML703", "AML902")] == [
        "model-not-registered"
    ]


@pytest.mark.parametrize(("name", "found"), [("srving", True), ("made", False)])
def test_what_deploys_may_register_the_environment_first(
    tmp_path: Path, name: str, found: bool
) -> None:
    line = "az ml environment create -n made -f e.yml\naz ml online-deployment create -n blue\n"
    files = {"d.yml": deployment("azureml:churn:2", f"azureml:{name}:1"), "deploy.sh": line}
    report = held(tmp_path, files, known(MODELS, CHURN, ENVIRONMENTS, SERVING))
    absent = [f.name for f in report.findings if f.code == "AML704"]
    assert absent == (["environment-not-registered"] if found else [])


def test_the_latest_version_is_the_highest_number(tmp_path: Path) -> None:
    report = held(tmp_path, {"deployment.yml": deployment()}, known(MODELS, CHURN))
    found = [f for f in report.findings if f.code == "AML703"]
    assert found[0].observation.help == "write 10, or register version 3 first"
    assert places(report) == [("deployment.yml", 4, "model-not-registered")]


def test_a_name_that_differs_in_case_alone_is_unchecked(tmp_path: Path) -> None:
    given = known(MODELS, CHURN, ENVIRONMENTS, SERVING, (facts.V1_MODELS, ()))
    files = {"deployment.yml": deployment("azureml:Churn:10", "azureml:Serving:2")}
    report = held(tmp_path, files, given)
    assert names(report) == []
    reason = "not known: whether `{}` is `{}`, which differs in case"
    rules = ("model-not-registered", "environment-not-registered")
    assert {(u.fact, u.reason) for u in report.unchecked if u.rule in rules} == {
        ("models", reason.format("Churn", "churn")),
        ("environments", reason.format("Serving", "serving")),
    }
    held_again = held(
        tmp_path, {"deployment.yml": deployment("azureml:Churn:3", "azureml:serving:2")}, given
    )
    assert only(held_again).message.startswith("model `Churn` has no version 3 in prod")


def test_a_version_that_one_api_lists_is_there(tmp_path: Path) -> None:
    v1 = (facts.V1_MODELS, (ModelVersion("churn", "3"),))
    report = held(tmp_path, {"deployment.yml": deployment()}, known(MODELS, CHURN, v1))
    assert names(report) == []


def test_models_of_the_cli_of_v1_are_looked_for(tmp_path: Path) -> None:
    v1 = (facts.V1_MODELS, (ModelVersion("churn", "2"),))
    report = held(tmp_path, command(), known(v1, (facts.SERVICES, ())))
    assert only(report).message == "model `churn` has no version 3 in prod; the latest is 2"


@pytest.mark.parametrize(
    ("given", "fact"),
    [
        (((facts.MODELS, "HTTP 403"),), "models"),
        ((MODELS, (facts.MODEL_VERSIONS, "HTTP 403", "churn")), "model_versions of churn"),
    ],
)
def test_models_that_are_not_known_are_unchecked(
    tmp_path: Path, given: tuple[Any, ...], fact: str
) -> None:
    report = held(tmp_path, {"deployment.yml": deployment("azureml:churn:2")}, known(*given))
    assert names(report) == []
    rows = [u for u in report.unchecked if u.rule == "model-not-registered"]
    assert [(u.fact, u.reason) for u in rows] == [(fact, "not known: HTTP 403")]


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("azureml:churn:3", "model `churn` has no version 3 in prod; the latest is 10"),
        ("churn:3", "model `churn` has no version 3 in prod; the latest is 10"),
        ("chrun", "there is no model `chrun` in prod"),
        ("azureml:chrun", "there is no model `chrun` in prod"),
        ("churn", None),
        ("churn:2", None),
        ("model.pkl", None),
        ("models/gone", None),
        ("files", None),
    ],
)
def test_models_that_are_declared_are_looked_for(
    tmp_path: Path, model: str, said: str | None
) -> None:
    declared = '[[deployment]]\nname = "a"\n[[deployment]]\nscript = "score.py"\n'
    declared += f'models = [\n "{model}"]\n'
    (tmp_path / "files").mkdir()
    files = {"score.py": SCRIPT, "amllint.toml": declared}
    report = held(tmp_path, files, known(MODELS, CHURN))
    assert [f.message for f in report.findings] == ([said] if said else [])
    assert [line for _, line, _ in places(report)] == ([6] if said else [])


ENVIRONMENTS = (facts.ENVIRONMENTS, (Asset("serving", "2"),))
SERVING = (facts.ENVIRONMENT_VERSIONS, (EnvironmentVersion("serving", "2"),), "serving")


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ("azureml:serving:1", "environment `serving` has no version 1 in prod; the latest is 2"),
        ("azureml:servin:1", "there is no environment `servin` in prod"),
        ("azureml:serving:2", None),
        ("azureml:AzureML-sklearn-1.0:9", None),
        ("azureml://registries/azureml/environments/x/versions/1", None),
    ],
)
def test_an_environment_is_looked_for(tmp_path: Path, environment: str, said: str | None) -> None:
    files = {"deployment.yml": deployment("azureml:churn:2", environment)}
    report = held(tmp_path, files, known(MODELS, CHURN, ENVIRONMENTS, SERVING))
    assert [f.message for f in report.findings] == ([said] if said else [])


def test_an_environment_of_the_repository_is_registered_from_there(tmp_path: Path) -> None:
    schema = V2.replace("managedOnlineDeployment", "environment")
    own = f"$schema: {schema}\nname: servin\nversion: 1\nimage: example.azurecr.io/serving:1\n"
    files = {"deployment.yml": deployment("azureml:churn:2", "azureml:servin:1"), "env.yml": own}
    assert names(held(tmp_path, files, known(MODELS, CHURN, ENVIRONMENTS, SERVING))) == []


UNLISTED = "not known: {}s says that {} is the latest, and {}_versions of {} lists no {}: make the "
UNLISTED += "snapshot anew"


@pytest.mark.parametrize("version", ["1", "3", "9"])
def test_lists_of_models_that_contradict_each_other_say_nothing(
    tmp_path: Path, version: str
) -> None:
    models = (facts.MODELS, (Asset("churn", "3"),))
    files = {"deployment.yml": deployment(f"azureml:churn:{version}", "{image: a.azurecr.io/x:1}")}
    report = held(tmp_path, files, known(models, CHURN))
    assert names(report) == []
    rows = [(u.fact, u.reason) for u in report.unchecked if u.rule == "model-not-registered"]
    reason = UNLISTED.format("model", "3", "model", "churn", "3")
    assert rows == [("model_versions of churn", reason)]
    # What either list has is there.
    v1 = (facts.V1_MODELS, (ModelVersion("churn", version),))
    files = {"deployment.yml": deployment("azureml:churn:10", "{image: a.azurecr.io/x:1}")}
    for given in (known(models, CHURN), known(models, CHURN, v1)):
        report = held(tmp_path, files, given)
        assert names(report) == []
        assert [u for u in report.unchecked if u.rule == "model-not-registered"] == []


def test_lists_of_environments_that_contradict_each_other_say_nothing(tmp_path: Path) -> None:
    environments = (facts.ENVIRONMENTS, (Asset("serving", "4"),))
    files = {"deployment.yml": deployment("azureml:churn:2", "azureml:serving:1")}
    report = held(tmp_path, files, known(MODELS, CHURN, environments, SERVING))
    assert names(report) == []
    rows = [(u.fact, u.reason) for u in report.unchecked if u.rule == "environment-not-registered"]
    reason = UNLISTED.format("environment", "4", "environment", "serving", "4")
    assert rows == [("environment_versions of serving", reason)]
    files = {"deployment.yml": deployment("azureml:churn:2", "azureml:serving:2")}
    report = held(tmp_path, files, known(MODELS, CHURN, environments, SERVING))
    assert [u for u in report.unchecked if u.rule == "environment-not-registered"] == []


@pytest.mark.parametrize("latest", [None, "10"])
def test_a_latest_version_that_is_listed_or_not_told_contradicts_nothing(
    tmp_path: Path, latest: str | None
) -> None:
    files = {"deployment.yml": deployment("azureml:churn:3", "azureml:serving:1")}
    models = (facts.MODELS, (Asset("churn", latest), Asset("Churn", "99")))
    environments = (facts.ENVIRONMENTS, (Asset("serving", latest and "2"),))
    report = held(tmp_path, files, known(models, CHURN, environments, SERVING))
    assert names(report) == ["model-not-registered", "environment-not-registered"]


def test_a_name_that_its_list_lacks_and_whose_versions_are_listed_is_unchecked(
    tmp_path: Path,
) -> None:
    files = {"deployment.yml": deployment("azureml:churn:3", "azureml:serving:1")}
    none = ((facts.MODELS, (Asset("prices", "7"),)), (facts.ENVIRONMENTS, ()))
    v1 = (facts.V1_MODELS, (ModelVersion("churn", "3"),))
    for of_models in (CHURN, v1):
        report = held(tmp_path, files, known(*none, of_models, SERVING))
        assert names(report) == []
        assert {(u.fact, u.reason) for u in report.unchecked if "-not-registered" in u.rule} == {
            (
                f"{kind}_versions of {name}",
                f"not known: {kind}s lacks `{name}`, of which versions are listed: make the"
                " snapshot anew",
            )
            for kind, name in (("model", "churn"), ("environment", "serving"))
        }


# -- services ---------------------------------------------------------------------------------

CHURN_ACI = (facts.SERVICES, (Service("churn", "Healthy", "ACI"), Service("other", None, "ACI")))


@pytest.mark.parametrize(
    ("rest", "found"),
    [("", ["name-in-use"]), ("--overwrite", []), ("$MORE", []), ("--overwrite $MORE", [])],
)
def test_a_command_that_does_not_overwrite_is_refused(
    tmp_path: Path, rest: str, found: list[str]
) -> None:
    v1 = (facts.V1_MODELS, (ModelVersion("churn", "3"),))
    assert names(held(tmp_path, command(rest), known(CHURN_ACI, v1))) == found


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ("", ["name-in-use"]),
        (", overwrite=False", ["name-in-use"]),
        (", overwrite=True", []),
        (", overwrite=flag()", []),
        (", **more", []),
    ],
)
def test_code_that_does_not_overwrite_is_refused(
    tmp_path: Path, more: str, found: list[str]
) -> None:
    report = held(tmp_path, {"deploy.py": CODE.replace("{more}", more)}, known(CHURN_ACI))
    assert names(report) == found


@pytest.mark.parametrize(
    "line", ["Webservice(ws, 'churn').delete()", "if 'churn' in ws.webservices:\n    pass"]
)
def test_code_that_looks_first_is_left_alone(tmp_path: Path, line: str) -> None:
    files = {"deploy.py": CODE.replace("{more}", "") + line + "\n"}
    assert names(held(tmp_path, files, known(CHURN_ACI))) == []


def test_a_script_that_looks_first_is_left_alone(tmp_path: Path) -> None:
    files = command()
    files["deploy.sh"] = "az ml service delete -n churn\n" + files["deploy.sh"]
    v1 = (facts.V1_MODELS, (ModelVersion("churn", "3"),))
    assert names(held(tmp_path, files, known(CHURN_ACI, v1))) == []


def test_a_service_of_another_type_is_not_overwritten(tmp_path: Path) -> None:
    aks = (facts.SERVICES, (Service("churn", "Healthy", "AKS"),))
    files = {"deploy.py": CODE.replace("{more}", ", overwrite=True")}
    said = only(held(tmp_path, files, known(aks))).message
    assert said.endswith("already (AKS): it cannot become one of ACI")


def test_services_that_are_not_known_are_unchecked_once(tmp_path: Path) -> None:
    files = {"deploy.py": CODE.replace("{more}", "")} | command()
    v1 = (facts.V1_MODELS, (ModelVersion("churn", "3"),))
    report = held(tmp_path, files, known((facts.SERVICES, "HTTP 429"), v1))
    assert names(report) == []


@pytest.mark.parametrize("state", ["Transitioning", "Deleting"])
def test_a_service_that_is_being_changed_is_told_of_once(tmp_path: Path, state: str) -> None:
    files = {"deploy.py": CODE.replace("{more}", "")}
    report = held(tmp_path, files, known((facts.SERVICES, (Service("churn", state, "ACI"),))))
    assert names(report) == ["operation-in-progress"]


@pytest.mark.parametrize(
    ("endpoint", "blue", "lines"),
    [("Succeeded", "Succeeded", []), ("Updating", "Succeeded", [3]), ("Succeeded", "Scaling", [2])],
)
def test_an_endpoint_or_its_deployment_may_be_busy(
    tmp_path: Path, endpoint: str, blue: str, lines: list[int]
) -> None:
    snapshot = known(
        MODELS,
        CHURN,
        ENVIRONMENTS,
        SERVING,
        (facts.ONLINE_ENDPOINTS, (Endpoint("churn-ep", state=endpoint), Endpoint("x"))),
        (facts.ONLINE_DEPLOYMENTS, (Deployment("churn-ep", "blue", state=blue),), "churn-ep"),
    )
    files = {"deployment.yml": deployment("azureml:churn:2", "azureml:serving:2")}
    found = [(line, name) for _, line, name in places(held(tmp_path, files, snapshot))]
    assert found == [(line, "operation-in-progress") for line in lines]


def said_of(report: Report, rule: str) -> list[tuple[str, str]]:
    """What a rule says that it could not check: the fact and the reason."""
    return [(u.fact, u.reason) for u in report.unchecked if u.rule == rule]


@pytest.mark.parametrize(
    ("blue", "green", "share", "doubts"),
    [
        ("Succeeded", "Succeeded", 100, []),
        (
            "Failed",
            "Succeeded",
            100,
            ["whether `blue`, which is Failed, is replaced, or has"],
        ),
        ("Succeeded", "Canceled", 90, ["whether `green`, which is Canceled, answers the 90% of"]),
        ("Succeeded", "Failed", 0, []),
        ("Failed", "Failed", 5, ["whether `blue`, which is Failed", "whether `green`, which is"]),
    ],
)
def test_a_deployment_that_failed_is_in_doubt_where_it_counts(
    tmp_path: Path, blue: str, green: str, share: int, doubts: list[str]
) -> None:
    both = (
        Deployment("churn-ep", "blue", state=blue),
        Deployment("churn-ep", "green", state=green),
    )
    endpoint = Endpoint("churn-ep", state="Succeeded", traffic={"Green": share})
    given = (facts.ONLINE_ENDPOINTS, (endpoint,)), (facts.ONLINE_DEPLOYMENTS, both, "churn-ep")
    report = held(tmp_path, {"deployment.yml": deployment()}, known(*given))
    assert "operation-in-progress" not in names(report)
    told = said_of(report, "operation-in-progress")
    assert [fact for fact, _ in told] == ["online_deployments of churn-ep"] * bool(doubts)
    assert all(reason.endswith(f"({AT})") for _, reason in told)
    assert [d for d in doubts if d in "".join(r for _, r in told)] == doubts


@pytest.mark.parametrize(
    ("state", "below", "is_open"),
    [
        ("Failed", None, True),
        ("Failed", (), True),
        ("canceled", (), True),
        # What has deployments was made: an update of it failed.
        ("Failed", (Deployment("churn-ep", "green"),), False),
        ("Succeeded", (), False),
        (None, (), False),
    ],
)
def test_an_endpoint_that_failed_may_never_have_been_made(
    tmp_path: Path, state: str | None, below: Any, is_open: bool
) -> None:
    given: list[Any] = [(facts.ONLINE_ENDPOINTS, (Endpoint("Churn-EP", state=state),))]
    given += [] if below is None else [(facts.ONLINE_DEPLOYMENTS, below, "churn-ep")]
    report = held(tmp_path, {"deployment.yml": deployment()}, known(*given))
    assert "endpoint-missing" not in names(report)
    told = said_of(report, "endpoint-missing")
    assert len(told) == is_open
    assert all(f"`churn-ep`, which is {state} ({AT}), was ever made" in r for _, r in told)


def test_an_endpoint_that_the_repository_makes_is_in_no_doubt(tmp_path: Path) -> None:
    given = (facts.ONLINE_ENDPOINTS, (Endpoint("churn-ep", state="Failed"),))
    files = {"deployment.yml": deployment(), "endpoint.yml": "name: churn-ep\nauth_mode: key\n"}
    assert said_of(held(tmp_path, files, known(given)), "endpoint-missing") == []


def states(folder: Path, files: dict[str, str], *given: Any) -> tuple[list[str], list[str]]:
    """What is found, and what is unchecked, of the state of the workspace."""
    report = held(folder, files, known(*((facts.WORKSPACE, value) for value in given)))
    found = [f.message for f in report.findings if f.name == "workspace-deleted"]
    return found, [reason for _, reason in said_of(report, "workspace-deleted")]


def in_state(state: str | None) -> Workspace:
    return Workspace("/w", "prod", "eastus", state)


@pytest.mark.parametrize("state", ["SoftDeleted", "softDeleted", "Deleting"])
def test_a_deleted_workspace_is_told_of_once(tmp_path: Path, state: str) -> None:
    files = {"a.json": ACI, "b.yml": deployment()}
    (said,), told = states(tmp_path, files, in_state(state))
    assert said.startswith("the workspace `prod` is ")
    assert said.endswith(f"({AT})")
    assert told == []


@pytest.mark.parametrize(
    ("given", "reasons"),
    [
        ((in_state("Succeeded"),), []),
        ((in_state(None),), []),
        (
            (in_state("Failed"),),
            [f"not known: whether it takes deployments, as it is Failed ({AT})"],
        ),
        (
            (in_state("Updating"),),
            [f"not known: whether it takes deployments, as it is Updating ({AT})"],
        ),
        (("HTTP 403",), ["not known: HTTP 403"]),
        (
            (),
            [
                "not in the snapshot: run `az ml workspace show -g $RG -n $WS -o json`, and add its"
                " file by `--from-files`"
            ],
        ),
    ],
)
def test_a_workspace_that_may_take_deployments_is_not_told_of(
    tmp_path: Path, given: tuple[Any, ...], reasons: list[str]
) -> None:
    files = {"a.json": ACI, "b.yml": deployment()}
    assert states(tmp_path, files, *given) == ([], reasons)


def test_where_nothing_is_deployed_to_it_a_deleted_workspace_is_left_alone(tmp_path: Path) -> None:
    local = {"deployment.yml": deployment(), "a.sh": f"{DEPLOY} --local -f deployment.yml\n"}
    assert states(tmp_path, local, in_state("SoftDeleted")) == ([], [])
    (tmp_path / "deployment.yml").unlink()
    assert states(tmp_path, {"score.py": SCRIPT}, in_state("SoftDeleted")) == ([], [])


ENDPOINTS = (facts.ONLINE_ENDPOINTS, (Endpoint("churn"), Endpoint("other")))
ENDPOINT = V2.replace("managedOnlineDeployment", "managedOnlineEndpoint")
CREATE = "az ml online-endpoint create"
DEPLOY = "az ml online-deployment create"


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({}, True),
        ({"endpoint.yml": f"$schema: {ENDPOINT}\nname: churn-ep\nauth_mode: key\n"}, False),
        ({"endpoint.yml": "name: churn-ep\nauth_mode: key\n"}, False),
        ({"endpoint.yml": f"$schema: {ENDPOINT}\nname: {{{{NAME}}}}\n"}, False),
        ({"endpoint.yml": f"$schema: {ENDPOINT}\nname: chrun-ep\n"}, True),
        ({"endpoint.yml": "auth_mode: key\n"}, False),
        ({"endpoint.yml": "name: churn-ep\ncompute: azureml:aks\n"}, False),
        ({"job.yml": "name: churn-ep\ncompute: azureml:cpu\ncommand: ls\n"}, True),
        ({"a.sh": f"{CREATE} -n churn-ep\n"}, False),
        ({"a.sh": f"{CREATE} -n Churn-EP\n"}, False),
        ({"endpoint.yml": "name: Churn-EP\nauth_mode: key\n"}, False),
        ({"a.sh": f"{CREATE} --name $NAME\n"}, False),
        ({"a.sh": "NAME=chrun\n" + f"{CREATE} --name $NAME\n"}, True),
        ({"a.sh": f"{CREATE} -f made.yml\n"}, False),
        ({"a.sh": f"{CREATE} -f e.yml\n", "e.yml": "name: x\nauth_mode: key\n"}, True),
        ({"a.sh": f"{CREATE} -f e.yml -g $X\n", "e.yml": "name: x\nauth_mode: key\n"}, True),
        (
            {"a.sh": f"{CREATE} -f e.yml --set name=$X\n", "e.yml": "name: x\nauth_mode: key\n"},
            False,
        ),
        ({"a.sh": f"{CREATE} -f e.yml $X\n", "e.yml": "name: x\nauth_mode: key\n"}, False),
        ({"a.sh": f"{DEPLOY} -f deployment.yml -e $NAME\n"}, False),
        ({"a.sh": f"{DEPLOY} -f deployment.yml --set endpoint_name=$NAME\n"}, False),
        ({"a.sh": f"{DEPLOY} -f deployment.yml --set $MORE\n"}, False),
        ({"a.sh": f"{DEPLOY} -f deployment.yml $MORE\n"}, False),
        ({"a.sh": f"{DEPLOY} -f deployment.yml -g $RG -w $WS --set instance_count=2\n"}, True),
        ({"a.sh": f"{DEPLOY} -f deployment.yml -e churn\n"}, False),
        ({"a.sh": f"{DEPLOY} -f deployment.yml --local\n"}, False),
        ({"a.sh": f"{DEPLOY} -f deployment.yml\n"}, True),
        ({"a.sh": f"{DEPLOY} -f deployment.yml --local\n{DEPLOY} -f deployment.yml\n"}, True),
        ({"a.sh": f"{DEPLOY} -f deployment.yml -e $E\n{DEPLOY} -f deployment.yml\n"}, True),
        ({"a.sh": f"{DEPLOY} -f deployment.yml -e $E\n{DEPLOY} -f $FILE --local\n"}, False),
        ({"a.sh": f"{DEPLOY} -f x.yml -e $NAME\n"}, True),
        ({"a.sh": f"{DEPLOY} -f $FILE -e $NAME\n"}, False),
        ({"a.sh": "az ml online-deployment update -n blue -e $NAME --set a=1\n"}, True),
        ({"make.py": "run(['az', 'ml', 'online-endpoint', 'create'])\n"}, False),
        ({"make.py": "endpoint = ManagedOnlineEndpoint(name=name)\n"}, False),
        (
            {"main.tf": 'type = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints@1"'},
            False,
        ),
        ({"a.bicep": "resource e 'M/workspaces/onlineEndpoints@2024-04-01' = {\n"}, False),
        ({"a.bicepparam": "using 'br:x/workspaces/onlineEndpoints:1'\n"}, False),
        ({"ci.yml": "jobs:\n  a:\n    uses: x/y@v1\n    with:\n      endpoint_name: a\n"}, False),
        ({"README.md": f"{CREATE} -n $NAME\nManagedOnlineEndpoint\n"}, True),
    ],
)
def test_an_endpoint_may_be_made_by_the_repository(
    tmp_path: Path, files: dict[str, str], found: bool
) -> None:
    given = {"deployment.yml": deployment("azureml:churn:2", "{image: example.azurecr.io/x:1}")}
    report = held(tmp_path, given | files, known(MODELS, CHURN, ENDPOINTS))
    expected = [("deployment.yml", 3, "endpoint-missing")] if found else []
    assert places(report) == expected


def test_the_endpoint_of_a_command_is_looked_for(tmp_path: Path) -> None:
    files = {"a.sh": f"{DEPLOY} -f gone.yml -e chrun\n{DEPLOY} -f gone.yml -e churn\n"}
    said = only(held(tmp_path, files, known(ENDPOINTS)))
    assert (said.code, said.observation.help) == ("AML706", "did you mean `churn`?")


def test_endpoints_that_are_not_known_are_unchecked(tmp_path: Path) -> None:
    given = (facts.ONLINE_ENDPOINTS, "HTTP 403")
    report = held(tmp_path, {"deployment.yml": deployment()}, known(given))
    rows = [u for u in report.unchecked if u.rule == "endpoint-missing"]
    assert [(u.fact, u.reason) for u in rows] == [("online_endpoints", "not known: HTTP 403")]


def test_endpoints_of_batches_are_others(tmp_path: Path) -> None:
    schema = V2.replace("managedOnlineDeployment", "batchDeployment")
    text = f"$schema: {schema}\nname: b\nendpoint_name: churn\nmodel: azureml:churn:2\n"
    text += "code_configuration: {code: ., scoring_script: score.py}\n"
    snapshot = known(MODELS, CHURN, ENDPOINTS, (facts.BATCH_ENDPOINTS, (Endpoint("nightly"),)))
    said = only(
        held(tmp_path, {"b.yml": text + "environment: {image: a.azurecr.io/x:1}\n"}, snapshot)
    )
    assert said.message.startswith("there is no batch endpoint `churn` in prod")


# -- places -----------------------------------------------------------------------------------

AKS = '{\n"computeType": "aks",\n"computeTargetName": "churn-aks",\n"numReplicas": 2}\n'


@pytest.mark.parametrize(
    ("compute", "said"),
    [
        (Compute("churn-aks", "AKS", "Succeeded"), None),
        (Compute("CHURN-aks", "AKS", None), None),
        (Compute("churn-aks", "AmlCompute", "Succeeded"), "is a compute of type AmlCompute"),
        (Compute("churn-aks", "AKS", "Failed"), "is in the state Failed"),
        (Compute("churn-ask", "AKS", "Succeeded"), "there is no compute `churn-aks` in prod"),
    ],
)
def test_a_target_is_looked_for(tmp_path: Path, compute: Compute, said: str | None) -> None:
    files = {"deploymentconfig.json": AKS}
    report = held(tmp_path, files, known((facts.COMPUTES, (compute,))))
    assert (said in only(report).message) if said else (names(report) == [])


TARGETED = """\
from azureml.core import Model, Workspace
from azureml.core.compute import AksCompute, ComputeTarget
from azureml.core.webservice import AksWebservice

ws = Workspace.from_config()
target = AksCompute(ws, "churn-aks")
config = AksWebservice.deploy_configuration(cpu_cores=1, memory_gb=2, num_replicas=2)
service = Model.deploy(ws, "churn", [], None, config, target)
service.wait_for_deployment(show_output=True)
"""
MAKES = "ComputeTarget.create(ws, 'churn-aks', AksCompute.provisioning_configuration())\n"


@pytest.mark.parametrize(
    ("computes", "code", "found"),
    [
        ((Compute("churn-aks", "AKS", "Failed"),), TARGETED, True),
        ((Compute("churn-aks", "AKS", "Succeeded"),), TARGETED, False),
        ((), TARGETED, True),
        ((), TARGETED.replace("target =", f"{MAKES}target ="), False),
    ],
)
def test_the_target_of_a_call_is_looked_for(
    tmp_path: Path, computes: tuple[Compute, ...], code: str, found: bool
) -> None:
    report = held(tmp_path, {"deploy.py": code}, known((facts.COMPUTES, computes)))
    assert [f.name for f in report.findings] == (["compute-not-found"] if found else [])


def test_the_cluster_of_a_call_is_looked_at(tmp_path: Path) -> None:
    given = known((facts.COMPUTES, (COMPUTE,)), (facts.AKS_CLUSTER, STOPPED, "churn-aks"))
    report = held(tmp_path, {"deploy.py": TARGETED}, given)
    assert [f.name for f in report.findings] == ["cluster-unhealthy"]


def test_the_target_of_a_command_line_is_looked_for(tmp_path: Path) -> None:
    files = command("--compute-target gone") | {"dc.json": '{"computeType": "aks"}\n'}
    v1 = (facts.V1_MODELS, (ModelVersion("churn", "3"),))
    snapshot = known((facts.COMPUTES, ()), (facts.SERVICES, ()), v1)
    assert places(held(tmp_path, files, snapshot)) == [("deploy.sh", 1, "compute-not-found")]


ATTACHED = "/subscriptions/s/resourceGroups/rg/providers/X/managedClusters/churn-aks"
COMPUTE = Compute(
    "churn-aks", "AKS", "Succeeded", resource_id=ATTACHED, cluster_purpose="FastProd", nodes=3
)
OTHER = Compute("other", "Kubernetes", "Succeeded", resource_id=f"{ATTACHED}-2")
POOL = NodePool("pool", "Standard_D4s_v3", 3)
HEALTHY = AksCluster(ATTACHED, "churn-aks", (POOL,), "1.29", "Succeeded", "Running")
STOPPED = replace(HEALTHY, power="Stopped")


def node(name: str, ready: str = "True", label: str = "", **spec: Any) -> dict[str, Any]:
    """A node; what is said in capitals is one of its conditions."""
    states = [{"type": "Ready", "status": ready}]
    states += [{"type": k, "status": "True"} for k in spec if k[0].isupper()]
    labels = {"kubernetes.azure.com/cluster": label} if label else {}
    spec = {k: v for k, v in spec.items() if k[0].islower()}
    head = {"metadata": {"name": name, "labels": labels}, "spec": spec}
    return {"kind": "Node", **head, "status": {"allocatable": {}, "conditions": states}}


def tainted(name: str) -> dict[str, Any]:
    """A node that its taint alone says something of."""
    return node("a", taints=[{"key": f"node.kubernetes.io/{name}", "effect": "NoSchedule"}])


def on_cluster(
    folder: Path, aks: Any, nodes: Any, computes: tuple[Compute, ...] = (COMPUTE,), **settings: Any
) -> list[tuple[str, str]]:
    """Severities and messages of what is said of a cluster."""
    snapshot = known(
        (facts.COMPUTES, computes), (facts.AKS_CLUSTER, aks, "churn-aks"), (facts.NODES, nodes)
    )
    report = held(folder, {"dc.json": AKS}, snapshot, **settings)
    assert {(f.code, f.location.span.start) for f in report.findings} <= {("AML711", 45)}
    return [(f.severity, f.message) for f in report.findings]


def test_a_healthy_cluster_is_left_alone(tmp_path: Path) -> None:
    nodes = (node("a"), node("b"), node("c"))
    assert on_cluster(tmp_path, HEALTHY, nodes, persona="pedantic") == []


@pytest.mark.parametrize(
    ("nodes", "said"),
    [
        ((node("a", "False"),), "no node of `churn-aks` takes pods: a (NotReady): the deployment"),
        ((node("a", "Unknown"), node("b")), "1 of 2 nodes of `churn-aks` take no pods: a (NotRe"),
        (
            (node("a", MemoryPressure=1), node("b")),
            "1 of 2 nodes of `churn-aks` is short of memory: a: pods are ended to get some back",
        ),
        (
            (node("a", DiskPressure=1), node("b")),
            "1 of 2 nodes of `churn-aks` take no pods: a (Disk",
        ),
        ((node("a", PIDPressure=1), node("b")), "1 of 2 nodes of `churn-aks` take no pods: a (PID"),
        ((tainted("not-ready"), node("b")), "1 of 2 nodes of `churn-aks` take no pods: a (NotRe"),
        ((tainted("disk-pressure"),), "no node of `churn-aks` takes pods: a (DiskPressure)"),
        ((tainted("unschedulable"),), "no node of `churn-aks` takes pods: a (cordoned)"),
        ((tainted("memory-pressure"),), "1 of 1 nodes of `churn-aks` is short of memory: a"),
        (
            (node("a", MemoryPressure=1, unschedulable=True),),
            "no node of `churn-aks` takes pods: a (cordoned)",
        ),
        ((node("a", unschedulable=True),), "no node of `churn-aks` takes pods: a (cordoned)"),
    ],
)
def test_nodes_that_take_no_pods_are_told(tmp_path: Path, nodes: Any, said: str) -> None:
    ((severity, message),) = on_cluster(tmp_path, HEALTHY, nodes)
    assert message.startswith(said)
    assert severity == ("error" if said.startswith("no node") else "warning")


def test_where_the_autoscaler_may_add_a_node_the_deployment_waits_for_it(tmp_path: Path) -> None:
    for count, severity in ((4, "warning"), (3, "error")):
        pool = replace(POOL, is_autoscaled=True, max_count=count)
        grown = replace(HEALTHY, node_pools=(pool,))
        ((told, _),) = on_cluster(tmp_path, grown, (node("a", unschedulable=True),))
        assert told == severity


@pytest.mark.parametrize("given", [None, 5, "x", []])
def test_nodes_that_lack_their_parts_break_nothing(tmp_path: Path, given: Any) -> None:
    whole = {"kind": "Node", "metadata": given, "spec": given, "status": given}
    labels = node("b") | {"metadata": {"name": "b", "labels": given}}
    states = node("c") | {"status": {"conditions": [given, {"type": given}]}}
    assert on_cluster(tmp_path, HEALTHY, (whole, labels, states)) == []


def test_virtual_nodes_do_not_count(tmp_path: Path) -> None:
    virtual = node("v")
    virtual["metadata"]["labels"]["type"] = "virtual-kubelet"
    ((_, message),) = on_cluster(tmp_path, HEALTHY, (node("a", "False"), virtual))
    assert message.startswith("no node")


@pytest.mark.parametrize("label", ["kubernetes.io/os", "beta.kubernetes.io/os"])
def test_nodes_of_windows_do_not_count(tmp_path: Path, label: str) -> None:
    windows = node("w")
    windows["metadata"]["labels"][label] = "windows"
    ((severity, message),) = on_cluster(tmp_path, HEALTHY, (node("a", "False"), windows))
    assert (severity, message[:7]) == ("error", "no node")


@pytest.mark.parametrize(
    ("change", "severity", "said"),
    [
        ({"power": "Stopped"}, "error", "the cluster of `churn-aks` is stopped"),
        ({"state": "Deleting"}, "error", "the cluster of `churn-aks` is being deleted"),
        ({"state": "Failed"}, "warning", "the last operation on the cluster of `churn-aks` ended"),
        ({"node_pools": (replace(POOL, power="Stopped"),)}, "error", "all node pools of the clu"),
        ({"node_pools": (replace(POOL, count=2),)}, "warning", "`churn-aks` is for production"),
        (
            {"node_pools": (replace(POOL, count=1),)},
            "warning",
            "`churn-aks` is for production (FastProd) and has 1 node: Azure ML asks for 3",
        ),
        (
            {"is_private": True, "has_public_fqdn": True},
            "warning",
            "the cluster of `churn-aks` is p",
        ),
        ({"is_private": True, "has_public_fqdn": False}, "", ""),
        ({"authorized_ranges": 2}, "info", "the API server of `churn-aks` takes calls from 2"),
        ({"is_monitored": False}, "info", "the monitoring add-on of the cluster of `churn-aks`"),
        ({"is_monitored": True, "authorized_ranges": 0}, "", ""),
    ],
)
def test_a_cluster_that_is_not_fit_is_told(
    tmp_path: Path, change: dict[str, Any], severity: str, said: str
) -> None:
    found = on_cluster(tmp_path, replace(HEALTHY, **change), (node("a"),), persona="pedantic")
    assert [s for s, _ in found] == ([severity] if said else [])
    assert all(message.startswith(said) for _, message in found)


def test_a_cluster_that_is_attached_twice_is_told(tmp_path: Path) -> None:
    twin = replace(COMPUTE, name="churn-old")
    ((severity, message),) = on_cluster(
        tmp_path, HEALTHY, (node("a", label=LABEL),), (COMPUTE, twin)
    )
    assert (severity, "attached as `churn-old` too" in message) == ("warning", True)


LABEL = "MC_rg_churn-aks_westeurope"
LONG = replace(COMPUTE, resource_id=ATTACHED.replace("aks", "a" * 60))


@pytest.mark.parametrize(
    ("computes", "label", "told"),
    [
        ((COMPUTE,), "", True),
        ((COMPUTE, OTHER), "", False),
        ((COMPUTE, OTHER), LABEL, True),
        ((COMPUTE, OTHER), LABEL.upper(), True),
        ((COMPUTE, OTHER), LABEL.replace("aks", "aks-2"), False),
        ((COMPUTE, OTHER), LABEL.replace("aks", "aks_blue"), False),
        ((LONG, OTHER), f"MC_rg_churn-{'a' * 60}"[:63], True),
        ((LONG, OTHER), f"MC_rg_churn-{'a' * 40}", False),
        ((COMPUTE,), "MC_rg_elsewhere_westeurope", False),
    ],
)
def test_nodes_count_for_their_own_cluster(
    tmp_path: Path, computes: tuple[Compute, ...], label: str, told: bool
) -> None:
    snapshot = known(
        (facts.COMPUTES, computes),
        (facts.AKS_CLUSTER, HEALTHY, "churn-aks"),
        (facts.NODES, (node("a", "False", label),)),
    )
    report = held(tmp_path, {"dc.json": AKS}, snapshot)
    assert names(report) == (["cluster-unhealthy"] if told else [])
    assert ("nodes" in [u.fact for u in report.unchecked]) is not told


def test_nodes_of_two_clusters_and_some_that_say_nothing_count_for_none(tmp_path: Path) -> None:
    mixed = (node("a", "False", LABEL), node("b", "False", f"{LABEL}2"), node("c", "False"))
    given = ((facts.COMPUTES, (COMPUTE,)), (facts.AKS_CLUSTER, HEALTHY, "churn-aks"))
    report = held(tmp_path, {"dc.json": AKS}, known(*given, (facts.NODES, mixed)))
    assert names(report) == []
    reasons = {u.reason for u in report.unchecked if u.fact == "nodes"}
    assert reasons == {"not known: the nodes do not say which cluster they are of"}


@pytest.mark.parametrize(
    ("given", "facts_"),
    [
        (((facts.COMPUTES, "HTTP 403"),), ["computes"]),
        (((facts.COMPUTES, (COMPUTE,)),), ["aks_cluster of churn-aks", "nodes"]),
        (
            (
                (facts.COMPUTES, (COMPUTE,)),
                (facts.AKS_CLUSTER, replace(HEALTHY, id="/another"), "churn-aks"),
                (facts.NODES, (node("a"),)),
            ),
            ["aks_cluster of churn-aks"],
        ),
    ],
)
def test_a_cluster_that_is_not_known_is_unchecked(
    tmp_path: Path, given: tuple[Any, ...], facts_: list[str]
) -> None:
    report = held(tmp_path, {"dc.json": AKS}, known(*given))
    assert names(report) == []
    assert [u.fact for u in report.unchecked if u.rule == "cluster-unhealthy"] == facts_


def test_the_cluster_of_an_endpoint_is_looked_at(tmp_path: Path) -> None:
    schema = V2.replace("managedOnline", "kubernetesOnline")
    text = deployment("azureml:churn:2", "{image: example.azurecr.io/x:1}").replace(V2, schema)
    snapshot = known(
        MODELS,
        CHURN,
        (facts.ONLINE_ENDPOINTS, (Endpoint("churn-ep", compute="/ws/computes/other"),)),
        (facts.COMPUTES, (COMPUTE, OTHER)),
        (facts.AKS_CLUSTER, replace(HEALTHY, id=f"{ATTACHED}-2", power="Stopped"), "churn-aks-2"),
        (facts.NODES, ()),
    )
    report = held(tmp_path, {"deployment.yml": text}, snapshot)
    assert places(report) == [("deployment.yml", 3, "cluster-unhealthy")]


def test_a_target_that_is_declared_is_told_of_at_its_key(tmp_path: Path) -> None:
    declared = '[[deployment]]\ncompute-target = "a"\n'
    declared += '[[deployment]]\ndeployment-config = "dc.json"\n'
    files = {"dc.json": '{"computeType": "aks"}\n', "amllint.toml": declared}
    files["amllint.toml"] += 'compute-target = "gone"\n'
    report = held(tmp_path, files, known((facts.COMPUTES, ())))
    assert places(report) == [("amllint.toml", 5, "compute-not-found")]


@pytest.mark.parametrize(
    ("value", "found", "unknown"),
    [
        ((Provider("microsoft.containerinstance", "NotRegistered"),), True, False),
        ((Provider("Microsoft.ContainerInstance", "Registering"),), False, False),
        ((), False, False),
        ("HTTP 403", False, True),
    ],
)
def test_a_provider_that_is_not_registered_is_told(
    tmp_path: Path, value: Any, found: bool, unknown: bool
) -> None:
    report = held(tmp_path, {"deploymentconfig.json": ACI}, known((facts.PROVIDERS, value)))
    assert names(report) == (["provider-not-registered"] if found else [])
    assert bool([u for u in report.unchecked if u.fact == "providers"]) is unknown


# -- roles ------------------------------------------------------------------------------------

ACR = "/subscriptions/s/resourceGroups/rg/providers/R/registries/churnacr"
STORAGE = "/subscriptions/s/resourceGroups/rg/providers/S/storageAccounts/churnst"
OWN = "/subscriptions/s/resourceGroups/rg/providers/I/userAssignedIdentities/churn-id"
REGISTRY = Registry(ACR, "churnacr", "churnacr.azurecr.io", has_admin_user=True)
WORKSPACE = Workspace("/ws", "prod", "westeurope", storage_account=STORAGE, isolation_mode=None)
ROLE = {
    "AcrPull": "7f951dda-4ed3-4680-a7ca-43fe172d538d",
    "Repository Reader": "b93aa761-3e63-49ed-ac28-beffa264f7ac",
    "Blob Reader": "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
    "Owner": "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
    "Reader": "acdd72a7-3385-48ef-bd42-f606fba81ae7",
    "Data Scientist": "f6c7c914-8db3-469d-8ca1-694a8f32e121",
    "custom": "00000000-0000-4000-8000-000000000001",
}


def role(name: str, scope: str, who: str = "p1", kind: str = "ServicePrincipal") -> RoleAssignment:
    path = f"/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/{ROLE[name]}"
    return RoleAssignment(who, path, scope, kind)


def roles(scope: str, *rows: RoleAssignment) -> tuple[Any, ...]:
    return (facts.ROLE_ASSIGNMENTS, rows, scope)


def as_identity(
    folder: Path, *given: tuple[Any, ...], endpoint: Endpoint | None = None, **files: str
) -> Report:
    """What is said of a deployment with everything else of the workspace known."""
    own = endpoint or Endpoint("churn-ep", principal_id="p1")
    snapshot = known(MODELS, CHURN, ENVIRONMENTS, SERVING, (facts.ONLINE_ENDPOINTS, (own,)), *given)
    text = deployment("azureml:churn:2", "azureml:serving:2")
    named = {name.replace("_", "."): content for name, content in files.items()}
    return held(folder, {"deployment.yml": text, **named}, snapshot)


GROUP = "/subscriptions/s/resourceGroups/rg"
AT_STORAGE = roles(STORAGE, role("Blob Reader", STORAGE))


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ((), True),
        ((role("AcrPull", ACR),), False),
        ((role("AcrPull", ACR.upper()),), False),
        ((role("AcrPull", GROUP),), False),
        ((role("AcrPull", "/subscriptions/s"),), False),
        ((role("AcrPull", "/"),), False),
        ((role("AcrPull", "/providers/Microsoft.Management/managementGroups/m"),), False),
        ((role("AcrPull", GROUP.removesuffix("g")),), True),
        ((role("AcrPull", f"{ACR}-2"),), True),
        ((role("AcrPull", ACR, "p2"),), True),
        ((role("AcrPull", ACR, "g1", "Group"),), False),
        ((role("Owner", GROUP, "g1", "Group"),), False),
        ((role("Owner", GROUP),), False),
        ((role("Reader", GROUP),), False),
        ((role("custom", GROUP),), False),
        ((role("Blob Reader", GROUP),), True),
        ((role("Data Scientist", GROUP), role("Data Scientist", GROUP, "g1", "Group")), True),
    ],
)
def test_an_identity_may_pull_by_a_role_above_or_of_a_group(
    tmp_path: Path, rows: tuple[RoleAssignment, ...], found: bool
) -> None:
    given = ((facts.WORKSPACE, WORKSPACE), (facts.REGISTRY, REGISTRY), AT_STORAGE)
    report = as_identity(tmp_path, *given, roles(ACR, *rows))
    expected = [("deployment.yml", 3, "registry-pull-denied")] if found else []
    assert places(report) == expected


@pytest.mark.parametrize(("name", "found"), [("AcrPull", True), ("Repository Reader", False)])
def test_a_registry_may_take_permissions_by_repository(
    tmp_path: Path, name: str, found: bool
) -> None:
    registry = replace(REGISTRY, role_mode="AbacRepositoryPermissions")
    given = ((facts.WORKSPACE, WORKSPACE), (facts.REGISTRY, registry), AT_STORAGE)
    report = as_identity(tmp_path, *given, roles(ACR, role(name, ACR)))
    assert names(report) == (["registry-pull-denied"] if found else [])


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ((role("AcrPull", GROUP), role("Reader", GROUP)), True),
        ((role("Blob Reader", GROUP),), False),
        ((role("Owner", GROUP),), False),
        ((role("custom", STORAGE, "g1", "Group"),), False),
    ],
)
def test_an_identity_needs_to_read_blobs(
    tmp_path: Path, rows: tuple[RoleAssignment, ...], found: bool
) -> None:
    given = ((facts.WORKSPACE, WORKSPACE), (facts.REGISTRY, REGISTRY))
    pulls = roles(ACR.upper(), role("AcrPull", ACR))
    report = as_identity(tmp_path, *given, pulls, roles(STORAGE, *rows))
    assert names(report) == (["role-missing"] if found else [])


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (role("Blob Reader", f"{STORAGE.upper()}/blobServices/default/containers/c"), False),
        (role("custom", f"{STORAGE}/blobServices/default/containers/c", "g1", "Group"), False),
        (role("Blob Reader", f"{STORAGE}/blobServices/default/containers/c", "p2"), True),
        (role("AcrPull", f"{STORAGE}/blobServices/default/containers/c"), True),
        (role("Blob Reader", f"{STORAGE}-2/blobServices/default/containers/c"), True),
    ],
)
def test_a_role_below_a_scope_may_be_enough(
    tmp_path: Path, row: RoleAssignment, found: bool
) -> None:
    given = ((facts.WORKSPACE, WORKSPACE), (facts.REGISTRY, REGISTRY))
    pulls = roles(ACR, role("AcrPull", ACR))
    report = as_identity(tmp_path, *given, pulls, roles(STORAGE, row))
    assert names(report) == (["role-missing"] if found else [])
    assert all("`churnst` or above" in f.message for f in report.findings)
    said = {u.reason for u in report.unchecked if u.rule == "role-missing" and u.fact != "deployer"}
    reason = "not known: a role was given below it, which may be enough"
    assert said == (set() if found else {reason})


def test_without_endpoints_it_is_not_known_as_whom_it_runs(tmp_path: Path) -> None:
    given = ((facts.WORKSPACE, WORKSPACE), (facts.REGISTRY, REGISTRY), roles(ACR), AT_STORAGE)
    files = {"deployment.yml": deployment()}
    report = held(tmp_path, files, known(*given, (facts.ONLINE_ENDPOINTS, "HTTP 403: no")))
    assert names(report) == []
    said = {u.rule for u in report.unchecked if u.fact == "online_endpoints"}
    assert {"registry-pull-denied", "role-missing"} <= said


def test_the_latest_version_of_a_model_is_one_that_is_there(tmp_path: Path) -> None:
    listed = (facts.MODELS, (Asset("churn", "3"),))
    for version, is_open in (("3", False), ("2", True)):
        text = deployment(f"azureml:churn:{version}")
        report = held(tmp_path, {"deployment.yml": text}, known(listed))
        assert ("model-not-registered" in {u.rule for u in report.unchecked}) == is_open


def test_a_scope_is_the_same_in_other_case(tmp_path: Path) -> None:
    given = ((facts.WORKSPACE, WORKSPACE), (facts.REGISTRY, REGISTRY), AT_STORAGE)
    assert names(as_identity(tmp_path, *given, roles(ACR.lower()))) == ["registry-pull-denied"]


def test_the_identity_of_an_endpoint_in_a_file_is_looked_at(tmp_path: Path) -> None:
    text = f"$schema: {ENDPOINT}\nname: churn-ep\nauth_mode: key\nidentity:\n"
    text += f"  type: user_assigned\n  user_assigned_identities:\n    - resource_id: {OWN}\n"
    other = Endpoint("other", user_identities={OWN.upper(): "p1"})
    given = ((facts.WORKSPACE, WORKSPACE), (facts.REGISTRY, REGISTRY), roles(ACR), AT_STORAGE)
    report = as_identity(tmp_path, *given, endpoint=other, endpoint_yml=text)
    assert places(report) == [("endpoint.yml", 7, "registry-pull-denied")]
    assert "`churn-id` lacks the role AcrPull on the registry `churnacr`" in only(report).message
    unknown = as_identity(tmp_path, *given, endpoint=Endpoint("other"), endpoint_yml=text)
    assert names(unknown) == []
    said = {(u.rule, u.reason) for u in unknown.unchecked if u.fact == "identities"}
    reason = "the object id of `churn-id` is not known"
    assert said == {("registry-pull-denied", reason), ("role-missing", reason)}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((), {"registry", "workspace"}),
        (
            ((facts.REGISTRY, REGISTRY), (facts.WORKSPACE, WORKSPACE)),
            {f"role_assignments of {ACR}", f"role_assignments of {STORAGE}"},
        ),
        (
            (
                *((facts.REGISTRY, REGISTRY), (facts.WORKSPACE, WORKSPACE)),
                roles("as exported", role("AcrPull", ACR)),
            ),
            {f"role_assignments of {STORAGE}"},
        ),
        (
            (
                (facts.REGISTRY, REGISTRY),
                (facts.WORKSPACE, replace(WORKSPACE, storage_account=None)),
            ),
            {f"role_assignments of {ACR}", "workspace"},
        ),
    ],
)
def test_roles_that_are_not_known_are_unchecked(
    tmp_path: Path, given: tuple[Any, ...], said: set[str]
) -> None:
    report = as_identity(tmp_path, *given)
    assert names(report) == []
    rules = ("registry-pull-denied", "role-missing")
    assert {u.fact for u in report.unchecked if u.rule in rules} == {*said, "deployer"}


@pytest.mark.parametrize(
    ("environment", "found", "unknown"),
    [
        ("{image: mcr.microsoft.com/x:1}", False, False),
        ("{image: churnacr.azurecr.io/x:1}", True, True),
        ("{image: mcr.microsoft.com/x:1, conda_file: conda.yml}", True, False),
    ],
)
def test_an_image_of_another_registry_needs_no_role_here(
    tmp_path: Path, environment: str, found: bool, unknown: bool
) -> None:
    snapshot = known(
        MODELS,
        CHURN,
        (facts.ONLINE_ENDPOINTS, (Endpoint("churn-ep", principal_id="p1"),)),
        *((facts.WORKSPACE, WORKSPACE), (facts.REGISTRY, REGISTRY), AT_STORAGE, roles(ACR)),
    )
    files = {"deployment.yml": deployment("azureml:churn:2", environment)}
    report = held(tmp_path, files, snapshot)
    assert names(report) == (["registry-pull-denied"] if found else [])
    assert bool([u for u in report.unchecked if u.fact == "image_tags of x"]) is unknown


@pytest.mark.parametrize(
    ("image", "built", "found", "unknown"),
    [
        ("mcr.microsoft.com/azureml/minimal:latest", None, False, True),
        ("mcr.microsoft.com/azureml/minimal:latest", False, False, False),
        ("mcr.microsoft.com/azureml/minimal:latest", True, True, False),
        ("ubuntu:22.04", None, False, True),
        ("churnacr.azurecr.io/x:1", None, True, False),
        (None, None, True, False),
    ],
)
def test_a_registered_image_of_another_registry_may_be_run_as_it_is(
    tmp_path: Path, image: str | None, built: bool | None, found: bool, unknown: bool
) -> None:
    given = ((facts.WORKSPACE, WORKSPACE), (facts.REGISTRY, REGISTRY), AT_STORAGE, roles(ACR))
    version = EnvironmentVersion("serving", "2", "UserCreated", image, is_built=built)
    serving = (facts.ENVIRONMENT_VERSIONS, (version,), "serving")
    report = as_identity(tmp_path, *given, serving, (facts.IMAGE_TAGS, (ImageTag("1"),), "x"))
    assert names(report) == (["registry-pull-denied"] if found else [])
    said = [u.fact for u in report.unchecked if u.rule == "registry-pull-denied"]
    assert said == (["environment_versions"] if unknown else [])


@pytest.mark.parametrize(
    ("registry", "found", "unknown"),
    [
        (replace(REGISTRY, has_admin_user=False), True, False),
        (REGISTRY, False, False),
        (replace(REGISTRY, has_admin_user=None), False, True),
        ("HTTP 403", False, True),
    ],
)
def test_container_instances_need_the_admin_user(
    tmp_path: Path, registry: Any, found: bool, unknown: bool
) -> None:
    report = held(
        tmp_path, {"dc.json": ACI}, known((facts.REGISTRY, registry), (facts.PROVIDERS, ()))
    )
    assert names(report) == (["registry-pull-denied"] if found else [])
    rows = [u for u in report.unchecked if u.rule == "registry-pull-denied"]
    assert bool(rows) is unknown


# -- networks ---------------------------------------------------------------------------------

PLAIN = replace(WORKSPACE, public_network_access="Enabled", private_endpoints=0)
HIDDEN = replace(PLAIN, public_network_access="Disabled", private_endpoints=1)
OPEN = replace(REGISTRY, public_network_access="Enabled")
SHUT = replace(REGISTRY, public_network_access="Disabled")
BUILT = "{image: mcr.microsoft.com/x:1, conda_file: {dependencies: [python=3.10]}}"
READY = "azureml:serving:2"
NO_CODE = "model: {type: mlflow_model, path: model}\n"


def in_network(
    folder: Path, workspace: Any, registry: Any, environment: str = READY, more: str = ""
) -> Report:
    """What is said of a deployment for its networks."""
    text = deployment("azureml:churn:2", environment)
    if NO_CODE in more:
        kept = (line for line in text.splitlines(True) if line[:5] not in ("model", "envir"))
        text = "".join(kept)
    given = (facts.WORKSPACE, workspace), (facts.REGISTRY, registry)
    return held(folder, {"deployment.yml": text + more}, known(*given))


DISABLED = "egress_public_network_access: disabled\n"
ENABLED = "egress_public_network_access: enabled\n"


@pytest.mark.parametrize(
    ("workspace", "registry", "environment", "more", "said"),
    [
        (PLAIN, OPEN, BUILT, "", []),
        (PLAIN, OPEN, READY, ENABLED, []),
        (PLAIN, SHUT, READY, DISABLED, ["has no private endpoint"]),
        (HIDDEN, SHUT, READY, DISABLED, []),
        (HIDDEN, SHUT, BUILT, DISABLED, ["the image cannot be built"]),
        (replace(HIDDEN, image_build_compute="cpu"), SHUT, BUILT, DISABLED, []),
        (replace(HIDDEN, isolation_mode="AllowInternetOutbound"), SHUT, BUILT, "", []),
        (replace(HIDDEN, isolation_mode="Disabled"), SHUT, READY, "", ["cannot be downloaded"]),
        (HIDDEN, SHUT, READY, ENABLED, ["cannot be downloaded"]),
        (PLAIN, SHUT, READY, "", ["the image cannot be pulled"]),
        (PLAIN, SHUT, READY, "egress_public_network_access: {{EGRESS}}\n", []),
        (PLAIN, SHUT, BUILT, "", ["cannot be built", "cannot be pulled"]),
        (replace(PLAIN, isolation_mode="AllowOnlyApprovedOutbound"), OPEN, READY, ENABLED, []),
        (
            replace(PLAIN, isolation_mode="AllowOnlyApprovedOutbound"),
            OPEN,
            READY,
            DISABLED,
            ["no ef"],
        ),
        (replace(HIDDEN, is_v1_legacy=True), SHUT, BUILT, "", ["in the legacy mode of v1"]),
        (HIDDEN, OPEN, READY, DISABLED + NO_CODE, ["an MLflow model without a script"]),
    ],
)
def test_networks_may_not_go_together(
    tmp_path: Path, workspace: Workspace, registry: Registry, environment: str, more: str, said: Any
) -> None:
    report = in_network(tmp_path, workspace, registry, environment, more)
    found = [f for f in report.findings if f.code == "AML709"]
    assert [any(s in f.message for f in found) for s in said] == [True] * len(said)
    assert len(found) == len(said), [f.message for f in found]
    assert [u for u in report.unchecked if u.rule == "network-combination"] == []


def test_what_is_deployed_elsewhere_is_not_held_against_its_own_endpoint(tmp_path: Path) -> None:
    given = ((facts.WORKSPACE, HIDDEN), (facts.REGISTRY, SHUT), roles(ACR), roles(STORAGE))
    busy = Endpoint("churn-ep", state="Updating", principal_id="p1")
    report = as_identity(tmp_path, *given, endpoint=busy)
    every = ["network-combination", "operation-in-progress", "registry-pull-denied", "role-missing"]
    other_case = as_identity(tmp_path, *given, endpoint=replace(busy, name="Churn-EP"))
    assert sorted(names(other_case)) == every
    assert sorted(names(report)) == every
    renamed = as_identity(tmp_path, *given, endpoint=busy, a_sh=f"{DEPLOY} -f deployment.yml -e $X")
    said = {u.rule for u in renamed.unchecked if u.fact == "endpoint_name"}
    assert said == {*every} - {"network-combination"}
    assert names(renamed) == ["network-combination"]
    any_file = f"{DEPLOY} -f deployment.yml -e $X\n{DEPLOY} -f $FILE\n"
    assert names(as_identity(tmp_path, *given, endpoint=busy, a_sh=any_file)) == names(renamed)
    for name in ("churn-ep", "Churn-EP"):
        line = f"{DEPLOY} -f deployment.yml -e {name}"
        assert sorted(names(as_identity(tmp_path, *given, endpoint=busy, a_sh=line))) == every
    tried = as_identity(tmp_path, *given, endpoint=busy, a_sh=f"{DEPLOY} -f deployment.yml --local")
    assert names(tried) == []


def test_a_flag_without_effect_is_a_warning_at_its_place(tmp_path: Path) -> None:
    workspace = replace(PLAIN, isolation_mode="AllowOnlyApprovedOutbound")
    report = in_network(tmp_path, workspace, OPEN, READY, DISABLED)
    assert [
        (f.severity, line) for f, (_, line, _) in zip(report.findings, places(report), strict=True)
    ] == [("warning", 8)]


@pytest.mark.parametrize(
    ("workspace", "registry", "more", "fact"),
    [
        ("HTTP 403", OPEN, "", ["workspace"]),
        (replace(PLAIN, public_network_access=None), OPEN, "", ["workspace"]),
        (PLAIN, "HTTP 403", "", ["registry"]),
        (replace(HIDDEN, private_endpoints=None), OPEN, DISABLED, ["workspace"]),
        (replace(PLAIN, isolation_mode="AllowInternetOutbound"), "HTTP 403", "", []),
    ],
)
def test_networks_that_are_not_known_are_unchecked(
    tmp_path: Path, workspace: Any, registry: Any, more: str, fact: list[str]
) -> None:
    report = in_network(tmp_path, workspace, registry, READY, more)
    assert names(report) == []
    assert [u.fact for u in report.unchecked if u.rule == "network-combination"] == fact


PACKAGES = '{"condaDependencies": {"dependencies": ["python=3.10", {"pip": ["azureml-defaults"]}]}}'


def test_images_of_v1_are_built_too(tmp_path: Path) -> None:
    given = ((facts.WORKSPACE, HIDDEN), (facts.REGISTRY, SHUT), (facts.SERVICES, ()))
    v1 = (facts.V1_MODELS, (ModelVersion("churn", "3"),))
    inference = (
        f'{{"entryScript": "score.py", "environment": {{"name": "x", "python": {PACKAGES}}}}}'
    )
    files = {**command(), "ic.json": inference}
    assert places(held(tmp_path, files, known(*given, v1))) == [
        ("dc.json", 1, "network-combination")
    ]
    assert names(
        held(tmp_path, files, known((facts.WORKSPACE, PLAIN), given[1], v1, given[2]))
    ) == ["network-combination"]
    built = replace(HIDDEN, image_build_compute="cpu")
    assert names(held(tmp_path, files, known((facts.WORKSPACE, built), *given[1:], v1))) == []


def test_an_image_that_users_manage_may_be_run_as_it_is(tmp_path: Path) -> None:
    given = ((facts.WORKSPACE, HIDDEN), (facts.REGISTRY, SHUT), (facts.SERVICES, ()))
    v1 = (facts.V1_MODELS, (ModelVersion("churn", "3"),))
    report = held(tmp_path, command(), known(*given, v1))
    assert names(report) == []
    said = [u.reason for u in report.unchecked if u.rule == "network-combination"]
    assert said == ["not known: whether an image is built: its users manage the environment"]


WITH_ENVIRONMENT = """\
from azureml.core import Environment, Model, Workspace
from azureml.core.model import InferenceConfig
from azureml.core.webservice import AciWebservice

ws = Workspace.from_config()
env = {environment}
inference = InferenceConfig(entry_script="score.py", environment=env)
config = AciWebservice.deploy_configuration(cpu_cores=1, memory_gb=2)
service = Model.deploy(ws, "churn", [], inference, config)
"""


@pytest.mark.parametrize(
    ("environment", "found"),
    [
        ('Environment.get(ws, "AzureML-sklearn-1.0")', False),
        ("run.get_environment()", False),
        ('Environment.from_conda_specification("x", "conda.yml")', True),
    ],
)
def test_an_environment_that_is_only_known_later_may_be_there_already(
    tmp_path: Path, environment: str, found: bool
) -> None:
    given = ((facts.WORKSPACE, HIDDEN), (facts.REGISTRY, SHUT), (facts.SERVICES, ()))
    text = WITH_ENVIRONMENT.format(environment=environment)
    files = {"deploy.py": text, "score.py": SCRIPT, "conda.yml": "dependencies: [python=3.10]\n"}
    assert names(held(tmp_path, files, known(*given))) == (["network-combination"] if found else [])


@pytest.mark.parametrize(
    ("files", "elsewhere"),
    [
        ({"a/deploy.sh": "-f deployment.yml -e $X"}, True),
        ({"deploy.sh": "-f a/deployment.yml -e $X"}, True),
        ({"deploy.sh": "-f ./repo/a/deployment.yml -e $X"}, True),
        # Another file of the same name has its own command.
        ({"b/deploy.sh": "-f deployment.yml -e $X", "b/deployment.yml": ""}, False),
        ({"deploy.sh": "-f b/deployment.yml -e $X"}, False),
        (
            {"a/deploy.sh": "-f deployment.yml", "deploy.sh": "-f deployment.yml -e $X"},
            False,
        ),
        # A copy of it, or a file that is only known later.
        ({"scripts/deploy.sh": "-f deployment.yml -e $X"}, True),
        ({"deploy.sh": "-f $FILE -e $X", "other.sh": "-f $FILE"}, True),
        ({"deploy.sh": "-f $FILE"}, False),
    ],
)
def test_the_commands_that_deploy_a_file_are_those_that_lead_to_it(
    tmp_path: Path, files: dict[str, str], elsewhere: bool
) -> None:
    busy = (Endpoint("churn-ep", state="Updating"),)
    named = {
        name: f"{DEPLOY} {text}\n" if name.endswith(".sh") else text for name, text in files.items()
    }
    snapshot = known(MODELS, CHURN, ENVIRONMENTS, SERVING, (facts.ONLINE_ENDPOINTS, busy))
    report = held(tmp_path, {"a/deployment.yml": deployment(), **named}, snapshot)
    found = [place for place in places(report) if place[2] == "operation-in-progress"]
    assert found == ([] if elsewhere else [("a/deployment.yml", 3, "operation-in-progress")])
    said = {u.reason for u in report.unchecked if u.rule == "operation-in-progress"}
    maker = next(iter(files)).rpartition("/")[2]
    assert said == ({f"not known: `{maker}` gives it another endpoint"} if elsewhere else set())


# -- the command ------------------------------------------------------------------------------


def fact_of(kind: Kind[Any], day: str) -> Snapshot:
    at = f"{day}T08:00:00Z"
    read = {(kind.name, ""): Read((), at, "GET")}
    return Snapshot(at, "a", "azure", None, None, None, dict(read), "snapshot.json")


@pytest.mark.parametrize(
    ("day", "settings", "found"),
    [
        ("2026-11-27", {}, False),
        ("2026-11-20", {}, False),
        ("2026-11-19", {}, True),
        ("2026-11-19", {"snapshot_max_days": 30.0}, False),
        ("2026-11-28", {}, True),
    ],
)
def test_a_snapshot_grows_stale(
    tmp_path: Path, day: str, settings: dict[str, Any], found: bool
) -> None:
    report = held(tmp_path, {"dc.json": AKS}, fact_of(facts.PODS, day), **settings)
    assert ("snapshot-stale" in names(report)) is found


@pytest.fixture
def amllint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Commands:
    return Commands(tmp_path, monkeypatch, capsys)


def test_check_takes_a_snapshot(amllint: Commands) -> None:
    amllint.write({"deployment.yml": deployment(), "snapshot.json": render(known(MODELS, CHURN))})
    done = amllint.check("--snapshot", "snapshot.json", "--today", DAY, "--select", "AML7", ".")
    assert done.code == 1
    assert "model-not-registered" in done.out
    assert (
        "not checked, for lack of facts: endpoint-missing, environment-not-registered" in done.err
    )
    assert amllint.check("--select", "AML7", ".").code == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--snapshot", "gone.json"), "gone.json:1:1: the snapshot does not exist"),
        (("--snapshot", "broken.json"), "broken.json:2:1: the snapshot is no JSON"),
        (("--snapshot", "new.json"), "new.json:1:13: the snapshot is of version 2"),
        (("--snapshot", "x.json", "--fix"), "--snapshot goes with none of --fix and --diff"),
    ],
)
def test_a_snapshot_that_cannot_be_used_ends_the_run(
    amllint: Commands, options: tuple[str, ...], said: str
) -> None:
    amllint.write({"broken.json": "{\n", "new.json": '{"version": 2, "facts": []}', "dc.json": AKS})
    done = amllint.check(*options, ".")
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_a_stale_snapshot_is_told_wherever_it_lies(amllint: Commands) -> None:
    amllint.write({"deploy/dc.json": AKS, "old.json": render(known(MODELS, CHURN))})
    given = ("--snapshot", "old.json", "--select", "AML712")
    done = amllint.check(*given, "--today", "2027-06-01", "deploy")
    assert (done.code, "old.json:1:1" in done.out) == (1, True)
    assert amllint.check(*given, "--today", DAY, "deploy").code == 0
