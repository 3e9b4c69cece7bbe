"""Values of v2 deployments that azure-ai-ml or the service does not take."""

from __future__ import annotations

from pathlib import Path

import pytest

from amllint.engine.check import Report
from tests.checking import Files, look, only, places, shown

SCHEMA = "https://azuremlschemas.azureedge.net/latest"
RULES = ("AML601", "AML604", "AML606", "AML608")
RUN = "az ml online-deployment create -f deployment.yml"


def seen(
    folder: Path, *lines: str, kind: str = "managed", more: Files | None = None, **names: str
) -> Report:
    text = (
        f"$schema: {SCHEMA}/{kind}OnlineDeployment.schema.json\n"
        f"name: {names.get('name', 'blue')}\n"
        f"endpoint_name: {names.get('endpoint_name', 'scoring')}\ntype: {kind}\n"
        "model: azureml:m:1\nenvironment: azureml:e:1\ninstance_type: any\n"
    )
    files: Files = {"deployment.yml": text + "".join(f"{x}\n" for x in lines), **(more or {})}
    return look(folder, files, select=RULES, persona="pedantic")


BOTH: list[tuple[str, str, str, str]] = [
    ("instance_count: two", "AML601", "error", "two"),
    ("instance_count: true", "AML601", "error", "true"),
    ("instance_count: '1.0'", "AML601", "error", "'1.0'"),
    ("instance_count: [1]", "AML601", "error", "[1]"),
    ("request_settings: {request_timeout_ms: 5s}", "AML601", "error", "5s"),
    ("liveness_probe: {period: 10s}", "AML601", "error", "10s"),
    ("request_settings: {request_timeout_ms: 300001}", "AML606", "warning", "300001"),
    ("request_settings: {request_timeout_ms: 0}", "AML606", "warning", "0"),
    ("request_settings: {request_timeout_ms: -5}", "AML606", "warning", "-5"),
    ("liveness_probe: {period: 0}", "AML608", "warning", "0"),
    ("readiness_probe: {failure_threshold: 0}", "AML608", "warning", "0"),
    ("readiness_probe: {timeout: -1}", "AML608", "warning", "-1"),
    ("liveness_probe: {success_threshold: 2}", "AML608", "warning", "2"),
]


@pytest.mark.parametrize("kind", ["managed", "kubernetes"])
@pytest.mark.parametrize(("text", "rule", "severity", "said"), BOTH)
def test_what_no_deployment_can_have_is_told(
    text: str, rule: str, severity: str, said: str, kind: str, tmp_path: Path
) -> None:
    report = seen(tmp_path, text, kind=kind)
    told = only(report)
    assert (told.code, told.severity, shown(report, told)) == (rule, severity, said)


OTHERS: list[tuple[str, str, list[str]]] = [
    ("managed", "instance_count: 0", ["AML601"]),
    ("managed", "instance_count: -1", ["AML601"]),
    ("kubernetes", "instance_count: 0", []),
    ("managed", "request_settings: {request_timeout_ms: 180001}", ["AML606"]),
    ("kubernetes", "request_settings: {request_timeout_ms: 180001}", []),
    (
        "managed",
        "request_settings: {request_timeout_ms: 300000}\nproperties: {azureml.promptflow.mode: x}",
        [],
    ),
    ("managed", "resources: {requests: {cpu: '2'}, limits: {cpu: '1'}}", []),
    ("kubernetes", "resources: {requests: {cpu: '2'}, limits: {cpu: '1'}}", ["AML601"]),
    ("kubernetes", "resources: {requests: {cpu: '1'}, limits: {cpu: 900m}}", ["AML601"]),
    ("kubernetes", "resources: {requests: {memory: 1Gi}, limits: {memory: 1G}}", ["AML601"]),
    ("kubernetes", "resources: {requests: {memory: 1Gi}, limits: {memory: 1024Mi}}", []),
    ("kubernetes", "resources: {requests: {memory: x}, limits: {memory: 1Gi}}", []),
    ("managed", "instance_count: '2'", []),
    ("managed", "instance_count: __COUNT__", []),
    ("managed", "readiness_probe: {success_threshold: 2, period: 10, timeout: 299}", []),
    ("managed", "liveness_probe: {success_threshold: 1, failure_threshold: 49}", []),
]


@pytest.mark.parametrize(("kind", "text", "rules"), OTHERS)
def test_what_one_kind_can_have_is_told_of_the_other(
    kind: str, text: str, rules: list[str], tmp_path: Path
) -> None:
    assert [f.code for f in seen(tmp_path, text, kind=kind).findings] == rules


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("blue_dep!", "holds '_'"),
        ("b2", "has 2 characters"),
        ("b" * 33, "has 33 characters"),
        ("1blue", "does not begin with a letter"),
        ("blue-", "ends with a dash"),
    ],
)
@pytest.mark.parametrize("key", ["name", "endpoint_name"])
def test_a_name_that_cannot_be_is_told(key: str, name: str, said: str, tmp_path: Path) -> None:
    report = seen(tmp_path, **{key: name})
    told = only(report)
    assert (told.code, told.severity, shown(report, told)) == ("AML604", "error", name)
    assert said in told.message


@pytest.mark.parametrize("name", ["Blue", "a--b", "blue-2", "'{{NAME}}'", "<name>"])
def test_a_name_that_is_taken_or_not_known_is_left_alone(name: str, tmp_path: Path) -> None:
    assert places(seen(tmp_path, name=name, endpoint_name=name)) == []


@pytest.mark.parametrize(
    ("run", "severity"),
    [
        (RUN, "error"),
        (f"{RUN} --endpoint-name scoring", "error"),
        (f"{RUN} \\\n  --name blue", "info"),
        (f"{RUN} -n blue", "info"),
        (f"{RUN} --set name=blue", "info"),
        (f"az ml online-endpoint create --name scoring\n{RUN}", "error"),
        ("az ml online-deployment create -f $FILE -n blue", "info"),
        ("az ml online-deployment create -f other.yml -n blue", "error"),
    ],
)
def test_a_name_that_a_command_gives_makes_it_advice(
    run: str, severity: str, tmp_path: Path
) -> None:
    report = seen(tmp_path, name="blue_1", more={"deploy.sh": f"{run}\n"})
    assert [f.severity for f in report.findings if f.code == "AML604"] == [severity]


def test_a_variable_for_a_file_stands_for_those_below(tmp_path: Path) -> None:
    run = "az ml online-deployment create -f $FILE -n blue\n"
    report = seen(tmp_path, name="blue_1", more={"other/deploy.sh": run})
    assert only(report).severity == "error"


def test_a_number_that_a_command_gives_makes_it_advice(tmp_path: Path) -> None:
    run: Files = {"deploy.sh": f"{RUN} --set instance_count=2\n"}
    assert only(seen(tmp_path, "instance_count: two", more=run)).severity == "info"
    assert only(seen(tmp_path, "instance_count: 0", more=run)).severity == "info"


@pytest.mark.parametrize("kind", ["managedOnlineDeployment", "kubernetesOnlineDeployment"])
def test_a_deployment_that_is_no_yaml_is_told_of(tmp_path: Path, kind: str) -> None:
    schema = f"$schema: https://azuremlschemas.azureedge.net/latest/{kind}.schema.json\n"
    report = look(tmp_path, {"deploy.yml": f"{schema}name: blue\nendpoint_name: churn: x\n"})
    assert places(report) == [("deploy.yml", 3, "syntax-error")]
