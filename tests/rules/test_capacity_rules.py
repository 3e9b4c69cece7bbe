"""Rules that hold a configuration against a declared or measured load."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from amllint.capacity.probes import LivenessProbe
from amllint.capacity.replicas import busy_replicas, replicas_needed
from amllint.config import ConfigError, load
from amllint.engine.check import Report, check
from amllint.source.overlay import Overlay
from tests.checking import write

ADVICE = ("default-resources", "deploy-config-shift", "auth-disabled", "scoring-timeout")
SCRIPT = "def init():\n    pass\n\n\ndef run(raw_data):\n    return len(raw_data)\n"
MEASURED: dict[str, Any] = {
    "version": 1,
    "script": "score.py",
    "requests": 20,
    "seconds_per_request": {"p50": 1.5, "p95": 70.0, "max": 80.0, "mean": 2.0},
    "start_seconds": 400.0,
    "memory_mib": 2048.0,
    "measured_with": {"amllint": "0.1.0", "server": "1.5.1", "python": "3.10.14"},
}


def report(folder: Path, config: dict[str, Any], traffic: str, **files: str) -> Report:
    toml = f"persona = 'pedantic'\nignore = {json.dumps(ADVICE)}\n[target]\ntraffic = {traffic}\n"
    given = {"deploymentconfig.json": json.dumps(config), "amllint.toml": toml, **files}
    write(folder, given)
    overlay = Overlay(cwd=str(folder))
    return check(["."], load(str(folder / "amllint.toml"), overlay), overlay)


def said(folder: Path, config: dict[str, Any], traffic: str, **files: str) -> list[tuple[str, str]]:
    found = report(folder, config, traffic, **files).findings
    return [(f.name, f.severity) for f in found]


def aks(**keys: Any) -> dict[str, Any]:
    return {"computeType": "aks", **keys}


def scaled(**keys: Any) -> dict[str, Any]:
    return aks(autoScaler={"autoscaleEnabled": True, **keys})


LOADS: list[tuple[dict[str, Any], str, list[str]]] = [
    # 20 × 10 s keep 200 busy; at 70 % that takes 286.
    (scaled(minReplicas=286, maxReplicas=286), "{ rps = 20, s = 10 }", []),
    (scaled(minReplicas=285, maxReplicas=286), "{ rps = 20, s = 10 }", ["info"]),
    (scaled(minReplicas=285, maxReplicas=285), "{ rps = 20, s = 10 }", ["warning"]),
    (scaled(maxReplicas=200), "{ rps = 20, s = 10 }", ["warning"]),
    (scaled(maxReplicas=199), "{ rps = 20, s = 10 }", ["error"]),
    # Defaults: between 1 and 10 replicas.
    (scaled(), "{ rps = 7, s = 0.1 }", []),
    (scaled(), "{ rps = 7.1, s = 0.1 }", ["info"]),
    (scaled(), "{ rps = 70.1, s = 0.1 }", ["warning"]),
    (scaled(), "{ rps = 100.1, s = 0.1 }", ["error"]),
    (scaled(minReplicas=2, targetUtilization=50), "{ rps = 1, s = 1 }", []),
    (scaled(minReplicas=1, targetUtilization=50), "{ rps = 1, s = 1 }", ["info"]),
    # A fixed number, several requests at once.
    (aks(numReplicas=10), "{ rps = 7, s = 1 }", []),
    (aks(numReplicas=9), "{ rps = 7, s = 1 }", ["warning"]),
    (aks(numReplicas=6), "{ rps = 7, s = 1 }", ["error"]),
    (aks(numReplicas=5, maxConcurrentRequestsPerContainer=2), "{ rps = 7, s = 1 }", []),
    # What is not known, or refused anyway, is not held against the load.
    (aks(numReplicas="__N__"), "{ rps = 700, s = 1 }", []),
    ({"computeType": "aci"}, "{ rps = 700, s = 1 }", []),
]


@pytest.mark.parametrize(("config", "load_", "severities"), LOADS)
def test_replicas_are_held_against_the_declared_load(
    config: dict[str, Any], load_: str, severities: list[str], tmp_path: Path
) -> None:
    traffic = load_.replace("rps", "requests-per-second").replace(" s ", " seconds-per-request ")
    found = [s for name, s in said(tmp_path, config, traffic) if name == "replicas-below-traffic"]
    assert found == severities


def test_a_rate_without_seconds_is_told_as_unchecked(tmp_path: Path) -> None:
    looked = report(tmp_path, aks(numReplicas=2), "{ requests-per-second = 20 }")
    assert [(u.rule, u.fact) for u in looked.unchecked] == [
        ("replicas-below-traffic", "seconds per request")
    ]


DECLARED = 'traffic = { requests-per-second = 9, measurements = "m.json" }'


def measured(folder: Path, config: dict[str, Any], script: str = "score.py") -> list[str]:
    """What is said of a configuration that is declared with the script that was measured."""
    table = f"persona = 'pedantic'\nignore = {json.dumps(ADVICE)}\n[[deployment]]\n{DECLARED}\n"
    table += f'script = "{script}"\ndeployment-config = "deploymentconfig.json"\n'
    files = {"deploymentconfig.json": json.dumps(config), "amllint.toml": table}
    write(folder, {**files, "m.json": json.dumps(MEASURED), "score.py": SCRIPT, "b.py": SCRIPT})
    overlay = Overlay(cwd=str(folder))
    looked = check(["."], load(str(folder / "amllint.toml"), overlay), overlay)
    return sorted(f"{f.name} {f.severity}" for f in looked.findings if f.name in CAPACITY)


CAPACITY = (
    "replicas-below-traffic",
    "timeout-below-request-time",
    "memory-below-measured",
    "liveness-probe",
)


def test_what_was_measured_is_held_against_replicas_timeout_memory_and_probe(
    tmp_path: Path,
) -> None:
    assert measured(tmp_path, aks(numReplicas=2)) == [
        "liveness-probe error",
        "memory-below-measured info",
        "replicas-below-traffic error",
        "timeout-below-request-time warning",
    ]


def test_a_configuration_that_holds_what_was_measured_is_left_alone(tmp_path: Path) -> None:
    config = aks(
        numReplicas=26,
        scoringTimeoutMs=80000,
        containerResourceRequirements={"cpu": 1, "memoryInGB": 2.5, "memoryInGBLimit": 3},
        livenessProbeRequirements={"initialDelaySeconds": 500},
    )
    assert measured(tmp_path, config) == []


def test_a_limit_below_what_was_measured_is_a_warning(tmp_path: Path) -> None:
    limited = {"cpu": 1, "memoryInGB": 1, "memoryInGBLimit": 1.5}
    found = measured(tmp_path, aks(numReplicas=26, containerResourceRequirements=limited))
    assert "memory-below-measured warning" in found


def test_what_was_measured_of_another_script_is_left_out(tmp_path: Path) -> None:
    assert measured(tmp_path, aks(numReplicas=2), "b.py") == []


BAD: dict[str, str] = {
    "{ requests-per-second = 0 }": "`requests-per-second` must be a number above 0",
    "{ requests-per-second = '3' }": "`requests-per-second` must be a number above 0",
    "{ requests-per-second = true }": "`requests-per-second` must be a number above 0",
    "{ requests-per-second = 1e300 }": "`requests-per-second` must be a number above 0",
    "{ requests-per-second = inf }": "`requests-per-second` must be a number above 0",
    "{ request-per-second = 3 }": "did you mean `requests-per-second`?",
    "3": "`traffic` must be a table; its keys: requests-per-second",
    '{ measurements = "none.json" }': "cannot read none.json: does not exist",
    '{ measurements = "broken.json" }': "broken.json is not valid JSON",
    '{ measurements = "other.json" }': "other.json holds no measurements of version 1",
    '{ measurements = "half.json" }': "half.json has no usable `seconds_per_request`",
}


@pytest.mark.parametrize("traffic", BAD)
def test_a_load_that_cannot_be_used_ends_the_run_with_its_place(
    traffic: str, tmp_path: Path
) -> None:
    half = {**MEASURED, "seconds_per_request": {"mean": -1, "p95": "x"}}
    write(tmp_path, {"broken.json": "{", "other.json": "[]", "half.json": json.dumps(half)})
    with pytest.raises(ConfigError) as caught:
        report(tmp_path, aks(numReplicas=2), traffic)
    assert BAD[traffic] in str(caught.value)
    assert str(caught.value).startswith("amllint.toml:4:")


def test_the_documented_example() -> None:
    assert replicas_needed(busy_replicas(20, 10)) == 286
    assert replicas_needed(busy_replicas(1, 0.7)) == 1
    with pytest.raises(ValueError, match="a share above 0"):
        replicas_needed(1, 70)
    with pytest.raises(ValueError, match="one request or more"):
        busy_replicas(1, 1, 0)


def test_the_default_probe_waits_for_332_seconds() -> None:
    assert LivenessProbe().start_seconds == 310 + 2 * 10 + 2


def test_a_file_that_has_nothing_to_do_with_the_load_says_nothing_of_it(tmp_path: Path) -> None:
    traffic = "{ requests-per-second = 700, seconds-per-request = 1 }"
    report(tmp_path, aks(numReplicas=2), traffic, **{"score.py": SCRIPT})
    overlay = Overlay(cwd=str(tmp_path))
    looked = check(["score.py"], load(str(tmp_path / "amllint.toml"), overlay), overlay)
    assert [f for f in looked.findings if f.name == "replicas-below-traffic"] == []
