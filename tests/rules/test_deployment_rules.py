"""Corners of the rules about deployment configs, one configuration each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from amllint.config import load
from amllint.engine import fixing
from amllint.engine.check import check
from amllint.source.overlay import Overlay
from tests.checking import Files, look, only, shown, write

AKS: dict[str, Any] = {"computeType": "aks", "numReplicas": 2}
SCALED: dict[str, Any] = {"computeType": "aks", "autoScaler": {"autoscaleEnabled": True}}
ACI: dict[str, Any] = {"computeType": "aci"}
ENDPOINT: dict[str, Any] = {"computeType": "aksendpoint", "numReplicas": 2}
ADVICE = ("default-resources", "deploy-config-shift", "auth-disabled")
"""What is said of nearly every short configuration."""


def said(folder: Path, data: dict[str, Any], **settings: Any) -> list[tuple[str, str, str]]:
    """Rule, severity and text of each finding of a configuration."""
    files: Files = {"deploymentconfig.json": json.dumps(data, indent=1)}
    settings = {"persona": "pedantic", "ignore": ADVICE, **settings}
    report = look(folder, files, **settings)
    return [(f.name, f.severity, shown(report, f)) for f in report.findings]


def declared(folder: Path, files: Files, **table: str) -> list[tuple[str, str]]:
    """Rule and severity of each finding of a deployment that is declared with `table`."""
    lines = [f'{key.replace("_", "-")} = "{value}"' for key, value in table.items()]
    config = "\n".join(["[[deployment]]", 'deployment-config = "deploymentconfig.json"', *lines])
    write(folder, {**files, "amllint.toml": config + "\n"})
    overlay = Overlay(cwd=str(folder))
    report = check(["."], load(str(folder / "amllint.toml"), overlay), overlay)
    return [(f.name, f.severity) for f in report.findings]


CASES: list[tuple[dict[str, Any], list[tuple[str, str, str]]]] = [
    # truthy-string: any text counts, an empty one is false and says nothing.
    (AKS | {"authEnabled": "no"}, [("truthy-string", "warning", '"no"')]),
    (AKS | {"authEnabled": "perhaps"}, [("truthy-string", "warning", '"perhaps"')]),
    (AKS | {"authEnabled": ""}, []),
    (
        AKS | {"dataCollection": {"storageEnabled": "true"}},
        [("truthy-string", "warning", '"true"')],
    ),
    (ACI | {"sslEnabled": "false"}, [("tls-incomplete", "error", '"false"')]),
    (
        AKS | {"autoScaler": {"autoscaleEnabled": "false"}},
        [("autoscale-conflict", "error", '"false"')],
    ),
    (
        AKS | {"authEnabled": "false", "tokenAuthEnabled": True},
        [("auth-conflict", "error", "true")],
    ),
    # target-utilization-range: not where the autoscaler is off.
    (
        SCALED | {"autoScaler": {"autoscaleEnabled": True, "targetUtilization": 101}},
        [("target-utilization-range", "warning", "101")],
    ),
    (SCALED | {"autoScaler": {"autoscaleEnabled": True, "targetUtilization": 100}}, []),
    (SCALED | {"autoScaler": {"autoscaleEnabled": True, "targetUtilization": 1}}, []),
    (AKS | {"autoScaler": {"targetUtilization": 0.7}}, [("autoscale-conflict", "error", "0.7")]),
    # auth-conflict: tokens alone are fine on AKS, and ignored on ACI.
    (AKS | {"tokenAuthEnabled": True}, []),
    (AKS | {"authEnabled": True, "tokenAuthEnabled": False}, []),
    (ACI | {"tokenAuthEnabled": True}, [("auth-conflict", "warning", '"tokenAuthEnabled"')]),
    (ACI | {"tokenAuthEnabled": False}, [("unknown-deployment-key", "info", '"tokenAuthEnabled"')]),
    # key-in-file
    (AKS | {"keys": {"primaryKey": "your-primary-key"}}, []),
    (AKS | {"keys": {"primaryKey": "", "secondaryKey": None}}, []),
    (
        AKS | {"keys": {"secondaryKey": "replace-me"}},
        [("key-in-file", "warning", '"secondaryKey"')],
    ),
    (
        AKS | {"keys": {"primaryKey": "kP3vQ8rT1xZ6", "secondaryKey": "mB9nV2cX7wL4"}},
        [("key-in-file", "error", '"kP3vQ8rT1xZ6"'), ("key-in-file", "error", '"mB9nV2cX7wL4"')],
    ),
    # tls-incomplete
    (ACI | {"vnetName": "net"}, [("tls-incomplete", "error", '"net"')]),
    (ACI | {"vnetName": "net", "subnetName": "inner"}, []),
    (ACI | {"vnetName": "", "subnetName": None}, []),
    (ACI | {"keyName": "key", "keyVersion": "1"}, [("tls-incomplete", "error", '"key"')]),
    (
        ACI | {"sslCertificate": "c.pem", "sslKey": "k.pem"},
        [("tls-incomplete", "warning", '"sslCertificate"')],
    ),
    (ACI | {"sslEnabled": False, "sslKey": "k.pem"}, [("tls-incomplete", "info", '"sslKey"')]),
    (ACI | {"sslEnabled": False, "cname": "score.example.com"}, []),
    (
        ACI | {"sslEnabled": True, "sslCertificate": "c.pem", "sslKey": "k.pem", "cname": "a.b"},
        [("tls-incomplete", "error", '"c.pem"'), ("tls-incomplete", "error", '"k.pem"')],
    ),
    # scoring-timeout
    (AKS | {"scoringTimeoutMs": 1000}, []),
    (AKS | {"scoringTimeoutMs": 300000}, []),
    (AKS | {"scoringTimeoutMs": 60}, [("scoring-timeout", "warning", "60")]),
    (AKS | {"scoringTimeoutMs": 300001}, [("scoring-timeout", "warning", "300001")]),
    (AKS | {"scoringTimeoutMs": 0}, [("deployment-config-schema", "error", "0")]),
    # concurrency-per-replica and queue-wait
    (AKS | {"maxConcurrentRequestsPerContainer": 1}, []),
    (AKS | {"maxConcurrentRequestsPerContainer": 2}, [("concurrency-per-replica", "info", "2")]),
    (AKS | {"maxQueueWaitMs": 100}, []),
    (AKS | {"maxQueueWaitMs": 5000, "scoringTimeoutMs": 2000}, [("queue-wait", "info", "5000")]),
    (AKS | {"maxQueueWaitMs": 5000, "scoringTimeoutMs": 5000}, []),
    # liveness-probe
    (
        AKS | {"livenessProbeRequirements": {"failureThreshold": -1}},
        [("liveness-probe", "error", "-1")],
    ),
    (
        AKS | {"livenessProbeRequirements": {"successThreshold": 2}},
        [("liveness-probe", "warning", "2")],
    ),
    (
        AKS | {"livenessProbeRequirements": {"initialDelaySeconds": 5, "periodSeconds": 2}},
        [("liveness-probe", "warning", "5")],
    ),
    (
        AKS | {"livenessProbeRequirements": {"initialDelaySeconds": 10}},
        [("liveness-probe", "info", "10")],
    ),
    (AKS | {"livenessProbeRequirements": {"initialDelaySeconds": 60}}, []),
    (
        AKS | {"livenessProbeRequirements": {"timeoutSeconds": 20}},
        [("liveness-probe", "info", "20")],
    ),
    (AKS | {"livenessProbeRequirements": {"periodSeconds": None}}, []),
    # gpu-request-ignored
    (AKS | {"gpuCores": 1}, []),
    (AKS | {"gpuCores": 0.5}, [("gpu-request-ignored", "warning", "0.5")]),
    (AKS | {"gpu": 1}, [("gpu-request-ignored", "warning", '"gpu"')]),
    (AKS | {"gpu": 0}, [("unknown-deployment-key", "warning", '"gpu"')]),
    (ACI | {"gpuCores": 1}, [("gpu-request-ignored", "warning", '"gpuCores"')]),
    (
        ACI | {"containerResourceRequirements": {"gpu": 1}},
        [("gpu-request-ignored", "warning", '"gpu"')],
    ),
    # service-name and traffic-percentile
    (ENDPOINT | {"versionName": "v1"}, [("service-name", "error", '"v1"')]),
    (ENDPOINT | {"versionName": "a--b"}, []),
    (ENDPOINT | {"versionName": "blue-"}, [("service-name", "error", '"blue-"')]),
    (ENDPOINT | {"versionName": ""}, []),
    (ENDPOINT | {"trafficPercentile": 33.3}, []),
    (ENDPOINT | {"trafficPercentile": 0}, []),
    (ENDPOINT | {"trafficPercentile": -1}, [("traffic-percentile", "error", "-1")]),
    (ENDPOINT | {"trafficPercentile": 0.1}, [("traffic-percentile", "warning", "0.1")]),
    (ENDPOINT | {"trafficPercentile": "10"}, [("deployment-config-schema", "error", '"10"')]),
]


@pytest.mark.parametrize(("data", "wanted"), CASES, ids=[json.dumps(d)[20:70] for d, _ in CASES])
def test_a_configuration_is_told_what_is_wrong_once(
    data: dict[str, Any], wanted: list[tuple[str, str, str]], tmp_path: Path
) -> None:
    assert said(tmp_path, data) == wanted


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (AKS | {"authEnabled": False}, [("auth-disabled", "warning", "false")]),
        (AKS | {"authEnabled": None}, []),
        (AKS | {"authEnabled": False, "tokenAuthEnabled": True}, []),
        (ACI, [("auth-disabled", "info", "{")]),
        (ACI | {"authEnabled": False}, [("auth-disabled", "info", "false")]),
        (ACI | {"authEnabled": True}, []),
    ],
    ids=json.dumps,
)
def test_a_service_without_authentication_is_told_of(
    data: dict[str, Any], wanted: list[tuple[str, str, str]], tmp_path: Path
) -> None:
    assert said(tmp_path, data, ignore=ADVICE[:2]) == wanted


@pytest.mark.parametrize(
    ("purpose", "data", "wanted"),
    [
        ("production", ACI, [("auth-disabled", "warning")]),
        ("staging", ACI, []),
        ("production", AKS | {"authEnabled": False}, [("auth-disabled", "warning")]),
        ("development", AKS | {"authEnabled": False}, []),
    ],
)
def test_what_an_open_service_is_for_decides_how_grave_it_is(
    purpose: str, data: dict[str, Any], wanted: list[tuple[str, str]], tmp_path: Path
) -> None:
    files: Files = {"deploymentconfig.json": json.dumps(data)}
    assert declared(tmp_path, files, purpose=purpose) == wanted


RESOURCES: list[tuple[Any, list[tuple[str, str, str]]]] = [
    ({"cpu": 1, "memoryInGB": 1}, []),
    ({"cpu": 1}, [("default-resources", "info", '"containerResourceRequirements"')]),
    ({}, [("default-resources", "info", '"computeType"')]),
    (
        {"cpuLimit": 0, "memoryInGB": 1},
        [
            ("default-resources", "info", '"containerResourceRequirements"'),
            ("default-resources", "warning", "0"),
        ],
    ),
    (None, [("deployment-config-schema", "error", "null")]),
]


@pytest.mark.parametrize(
    ("section", "wanted"), RESOURCES, ids=[json.dumps(s) for s, _ in RESOURCES]
)
def test_resources_that_are_not_given_are_told_of(
    section: Any, wanted: list[tuple[str, str, str]], tmp_path: Path
) -> None:
    data = AKS | {"containerResourceRequirements": section}
    assert said(tmp_path, data, ignore=ADVICE[1:]) == wanted


@pytest.mark.parametrize("key", ["cpu", "cpuCores", "memoryInGB"])
def test_resources_where_nothing_reads_them_are_told_of_once(key: str, tmp_path: Path) -> None:
    report = look(
        tmp_path, {"deploymentconfig.json": json.dumps(ACI | {key: 1})}, persona="pedantic"
    )
    found = {f.name for f in report.findings}
    assert "unknown-deployment-key" in found
    assert "default-resources" not in found


def test_a_timeout_that_outlasts_the_servers_workers_is_told_of(tmp_path: Path) -> None:
    inference = {
        "entryScript": "score.py",
        "environment": {
            "name": "serving",
            "python": {"userManagedDependencies": True},
            "docker": {"baseImage": "example.azurecr.io/serving:1"},
            "environmentVariables": {"WORKER_TIMEOUT": "60"},
        },
    }
    files: Files = {
        "inferenceconfig.json": json.dumps(inference),
        "score.py": "def init():\n    pass\n\n\ndef run(data):\n    return {'rows': len(data)}\n",
        "deploymentconfig.json": json.dumps(AKS | {"scoringTimeoutMs": 90000}),
    }
    table = {"inference_config": "inferenceconfig.json"}
    assert declared(tmp_path, files, **table) == [("scoring-timeout", "warning")]
    files["deploymentconfig.json"] = json.dumps(AKS | {"scoringTimeoutMs": 60000})
    assert declared(tmp_path, files, **table) == []


@pytest.mark.parametrize(
    ("deployment", "wanted"),
    [
        (ACI | {"authEnabled": True}, [("gpu-request-ignored", "warning")]),
        (AKS | {"gpuCores": 0}, [("gpu-request-ignored", "warning")]),
        (AKS | {"gpuCores": 1}, []),
        (AKS, []),
    ],
    ids=json.dumps,
)
def test_an_image_for_a_gpu_wants_a_gpu(
    deployment: dict[str, Any], wanted: list[tuple[str, str]], tmp_path: Path
) -> None:
    files: Files = {
        "inferenceconfig.json": '{"entryScript": "score.py", "runtime": "python",'
        ' "enableGpu": true}',
        "score.py": "def init():\n    pass\n\n\ndef run(data):\n    return {'rows': len(data)}\n",
        "deploymentconfig.json": json.dumps(deployment),
    }
    assert declared(tmp_path, files, inference_config="inferenceconfig.json") == wanted


def test_the_shift_to_v2_names_what_is_not_written_down(tmp_path: Path) -> None:
    files: Files = {"deploymentconfig.yml": "computeType: aks\nscoringTimeoutMs: 60000\n"}
    report = look(tmp_path, files, select=("deploy-config-shift",), persona="pedantic")
    message = only(report).message
    assert "scoringTimeoutMs" not in message
    assert "`initialDelaySeconds` (310 → 10)" in message
    assert "maxReplicas" not in message


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "computeType: aks\nauthEnabled: 'False'  # no\n",
            "computeType: aks\nauthEnabled: false  # no\n",
        ),
        ('computeType: aci\nauthEnabled: "yes"\n', "computeType: aci\nauthEnabled: true\n"),
        ("computeType: aks\nauthEnabled: maybe\n", "computeType: aks\nauthEnabled: maybe\n"),
        (
            "computeType: aksendpoint\nversionName: Blue Team\n",
            'computeType: aksendpoint\nversionName: "blue-team"\n',
        ),
        (
            "computeType: aksendpoint\nversionName: 2nd_try\n",
            'computeType: aksendpoint\nversionName: "nd-try"\n',
        ),
        (
            "computeType: aksendpoint\nversionName: v1\n",
            "computeType: aksendpoint\nversionName: v1\n",
        ),
        (
            "computeType: aks\nautoScaler:\n  autoscaleEnabled: true\n  targetUtilization: 0.85\n",
            "computeType: aks\nautoScaler:\n  autoscaleEnabled: true\n  targetUtilization: 85\n",
        ),
    ],
)
def test_a_value_is_mended_where_what_it_means_is_clear(
    before: str, after: str, tmp_path: Path
) -> None:
    write(tmp_path, {"deploymentconfig.yml": before})
    overlay = Overlay(cwd=str(tmp_path))
    fixed = fixing.fix(["."], _settings(), overlay, unsafe=True, ignores=True)
    assert fixed.after.get("deploymentconfig.yml", before) == after


@pytest.mark.parametrize(
    ("line", "mended"),
    [
        ("authEnabled: 'True'", "authEnabled: true"),
        ("authEnabled: 'False'", None),
        ("tokenAuthEnabled: 'no'", None),
    ],
)
def test_a_switch_that_would_be_turned_off_is_left_to_its_owner(
    line: str, mended: str | None, tmp_path: Path
) -> None:
    before = f"computeType: aks\n{line}\n"
    write(tmp_path, {"deploymentconfig.yml": before})
    overlay = Overlay(cwd=str(tmp_path))
    fixed = fixing.fix(["."], _settings(), overlay, unsafe=False, ignores=True)
    assert fixed.after.get("deploymentconfig.yml") == (
        before.replace(line, mended) if mended else None
    )


def _settings() -> Any:
    from amllint.config import Settings

    return Settings(select=("truthy-string", "service-name", "target-utilization-range"))


@pytest.mark.parametrize(
    "value", ["1e400", "-1e400", "9" * 400, "-" + "9" * 400, ".nan", "2020-01-01"]
)
def test_no_number_is_too_odd(value: str, tmp_path: Path) -> None:
    keys = ("gpuCores", "scoringTimeoutMs", "maxQueueWaitMs", "trafficPercentile", "numReplicas")
    probe = ("initialDelaySeconds", "periodSeconds", "timeoutSeconds", "successThreshold")
    lines = ["computeType: aksendpoint", *(f"{key}: {value}" for key in keys)]
    lines += ["livenessProbeRequirements:", *(f"  {key}: {value}" for key in probe)]
    lines += ["autoScaler:", "  autoscaleEnabled: true", f"  targetUtilization: {value}"]
    files: Files = {"deploymentconfig.yml": "\n".join(lines) + "\n"}
    report = look(tmp_path, files, persona="pedantic")
    assert "internal-error" not in {f.name for f in report.findings}


@pytest.mark.parametrize(
    ("name", "line", "mended"),
    [
        ("deploymentconfig.json", '"numReplicas": "2"', '"numReplicas": 2'),
        ("deploymentconfig.json", '"scoringTimeoutMs": "60000"', '"scoringTimeoutMs": 60000'),
        ("deploymentconfig.json", '"numReplicas": "2.5"', None),
        ("deploymentconfig.json", '"numReplicas": "0"', None),
        ("deploymentconfig.json", '"numReplicas": "two"', None),
        ("deploymentconfig.json", '"numReplicas": "02"', None),
        ("deploymentconfig.yml", 'numReplicas: "2"  # of them', "numReplicas: 2  # of them"),
        ("deploymentconfig.yml", "numReplicas: '2'", "numReplicas: 2"),
    ],
)
def test_the_number_of_a_text_is_written_where_it_is_taken(
    name: str, line: str, mended: str | None, tmp_path: Path
) -> None:
    is_json = name.endswith(".json")
    text = f'{{"computeType": "aks", {line}}}\n' if is_json else f"computeType: aks\n{line}\n"
    report = look(tmp_path, {name: text}, select=("AML401",), persona="pedantic")
    told = only(report)
    fix = told.observation.fix
    if mended is None:
        assert fix is None
        return
    assert fix is not None
    (edit,) = fix.edits
    whole = text[: edit.span.start] + edit.content + text[edit.span.end :]
    assert (fix.applicability, whole) == ("safe", text.replace(line, mended))
