"""`amllint size`: what a load takes, what is configured, what to write, and the picture."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.cli.commands import Commands

SCHEMA = json.loads(
    (Path(__file__).resolve().parents[2] / "schemas/size.schema.json").read_text("utf-8")
)
GUIDE = ("size", "--rps", "20", "--request-seconds", "10")
CLUSTER = """\
[target.cluster]
node-size = "Standard_D4s_v3"
nodes = 3
max-nodes = 5

[target.traffic]
requests-per-second = 20
seconds-per-request = 0.5
"""


def aks(**keys: Any) -> str:
    amounts = {"cpu": 1, "memoryInGB": 2}
    return json.dumps({"computeType": "aks", "containerResourceRequirements": amounts, **keys})


def scaled(least: int, most: int, **keys: Any) -> str:
    scaler = {"autoscaleEnabled": True, "minReplicas": least, "maxReplicas": most}
    return aks(autoScaler=scaler | keys)


def test_the_arithmetic_of_the_guide_is_printed_line_by_line(amllint: Commands) -> None:
    done = amllint(*GUIDE)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[:4] == [
        "load       20 requests per second × 10 s = 200 requests at work (given)",
        "busy       200 / 1 at once = 200 replicas",
        "replicas   200 / 0.7 = 285.714, so 286",
        "           busy for 69.9% of the time; they carry 20.02 requests per second at 70%, "
        "28.6 at most",
    ]


@pytest.mark.parametrize(
    ("more", "replicas"),
    [
        ((), 286),
        (("--concurrency", "2"), 143),
        (("--utilization", "50"), 400),
        (("--utilization", "50%"), 400),
        (("--utilization", "100", "--concurrency", "200"), 1),
    ],
)
def test_concurrency_and_utilization_count(
    more: tuple[str, ...], replicas: int, amllint: Commands
) -> None:
    data = amllint(*GUIDE, *more, "-o", "json").data
    assert data["needed"]["replicas"] == replicas
    assert data["configuration"]["autoScaler"]["minReplicas"] == replicas


def test_what_is_declared_and_configured_is_taken(amllint: Commands) -> None:
    amllint.write({"amllint.toml": CLUSTER, "deploymentconfig.json": scaled(2, 10)})
    done = amllint("size")
    assert done.code == 0
    assert "20 requests per second × 0.5 s = 10 requests at work (declared)" in done.out
    assert "10 / 0.7 = 14.2857, so 15" in done.out
    assert "configured 2 to 10 replicas (deploymentconfig.json)" in done.out
    assert "busy for 100.0% of the time: no room for a peak" in done.out
    assert "1 + 0.1 = 1.1 cores, 2 + 0.6 = 2.6 GiB, with Azure ML's side containers" in done.out
    assert "15 × = 16.5 cores, 39 GiB" in done.out
    assert "Standard_D4s_v3 has 3.86 cores and 15.27 GiB for pods: it takes 3" in done.out
    assert "15 / 3, so 5, 6 while an update starts one more" in done.out
    assert "up to 5 nodes of Standard_D4s_v3 take 15: enough" in done.out


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (scaled(15, 20), "enough\n"),
        (scaled(2, 20), "enough, once the autoscaler has gone up from 2"),
        (scaled(2, 8), "too few: 4 of 20 calls get 503"),
        (aks(numReplicas=8), "configured 8 replicas (deploymentconfig.json)"),
        (aks(numReplicas=1), "configured 1 replica (deploymentconfig.json)"),
        (scaled(2, 9, targetUtilization=90), "10 / 0.9 = 11.1111, so 12"),
        (aks(maxConcurrentRequestsPerContainer=5, numReplicas=3), "10 / 5 at once = 2 replicas"),
    ],
)
def test_what_the_configured_replicas_carry(config: str, said: str, amllint: Commands) -> None:
    amllint.write({"amllint.toml": CLUSTER, "deploymentconfig.json": config})
    assert said in amllint("size").out


@pytest.mark.parametrize("config", [scaled(2, 10), scaled(2, 99), aks(numReplicas=2), aks()])
def test_what_it_says_to_write_passes_the_check(config: str, amllint: Commands) -> None:
    # Six nodes take 18 replicas: the 15 that are needed, and one more for an update.
    roomy = CLUSTER.replace("max-nodes = 5", "max-nodes = 6")
    amllint.write({"amllint.toml": roomy, "deploymentconfig.json": config})
    capacity = ("--select", "AML5,AML4", "deploymentconfig.json")
    written = amllint("size", "-o", "json").data["configuration"]
    amllint.write({"deploymentconfig.json": json.dumps(written)})
    assert (amllint.check(*capacity).out, written["containerResourceRequirements"]) == (
        "",
        {"cpu": 1, "memoryInGB": 2},
    )


def test_options_count_before_what_is_configured(amllint: Commands) -> None:
    amllint.write({"amllint.toml": CLUSTER, "deploymentconfig.json": scaled(2, 10)})
    options = ("--rps", "4", "--cpu", "3", "--memory-gb", "4", "--node-size", "standard_d2_v3")
    data = amllint("size", "deploymentconfig.json", *options, "-o", "json").data
    assert data["needed"]["replicas"] == 3
    assert data["pod"]["cores"] == 3.1
    assert data["nodes"] == {
        "size": "Standard_D2_v3",
        "free_cores": 1.9,
        "free_memory_gib": pytest.approx(7.27, abs=0.01),
        "replicas_per_node": 0,
        "nodes": None,
        "nodes_for_update": None,
        "replicas_of_declared_cluster": None,
    }
    shown = amllint("size", "deploymentconfig.json", *options).out
    assert "it takes no replica" in shown
    assert "ask for at most 1.8 cores and 6.6 GB in each" in shown


@pytest.mark.parametrize("config", [scaled(2, 10), aks(numReplicas=2), aks(gpuCores=1), None])
def test_the_json_is_of_its_schema(config: str | None, amllint: Commands) -> None:
    files = {"amllint.toml": CLUSTER} | ({"deploymentconfig.json": config} if config else {})
    amllint.write(dict(files))
    data = amllint("size", "-o", "json").data
    Draft202012Validator(SCHEMA).validate(data)
    assert (data["configured"] is None) == (config is None or "numReplicas" not in config) or (
        config is not None and "autoScaler" in config
    )


WRONG: list[tuple[tuple[str, ...], int, str]] = [
    (("--rps", "0"), 2, "`0` is no number above 0"),
    (("--rps", "nan"), 2, "`nan` is no number above 0"),
    (("--utilization", "170"), 2, "`170` is more than all of them"),
    (("--utilization", "0.7"), 2, "it is a percentage, such as 70"),
    (("--utilization", "70.5"), 2, "is no whole percentage"),
    (("--cpu", "1e-05"), 2, "`1e-05` is below 0.001"),
    (("--memory-gb", "0.0001"), 2, "`0.0001` is below 0.001"),
    (("--concurrency", "0"), 2, "`0` is no whole number from 1"),
    ((), 2, "give --rps, or declare `requests-per-second` under `target.traffic`"),
    (("--rps", "1"), 2, "give --request-seconds, or declare `seconds-per-request`"),
    (("none/",), 3, "there is no none/"),
    (("score.py",), 2, "there is no deployment configuration for AKS in score.py"),
    (("a", "--rps", "1"), 2, "name one of a/one.json, a/two.json"),
    ((*GUIDE[1:], "--node-size", "D4s_v3"), 2, "did you mean Standard_D4s_v3?"),
    ((*GUIDE[1:], "--plot", "a.pdf"), 2, "--plot writes .svg and .png, not a.pdf"),
    ((*GUIDE[1:], "--plot", "no/a.svg"), 2, "cannot write no/a.svg: No such file"),
    ((*GUIDE[1:], "--isolated", "--config", "x"), 2, "exclude each other"),
    (("--rpm", "1"), 2, "did you mean `--rps`?"),
    (("--requests-per-second", "1"), 2, "did you mean `--rps`?"),
    (("--requests-per-second=1",), 2, "did you mean `--rps`?"),
    (("--seconds-per-request", "1"), 2, "did you mean `--request-seconds`?"),
]


@pytest.mark.parametrize(("arguments", "code", "message"), WRONG)
def test_what_cannot_be_told_is_said(
    arguments: tuple[str, ...], code: int, message: str, amllint: Commands
) -> None:
    configs = {"a/one.json": aks(numReplicas=1), "a/two.json": aks(numReplicas=2)}
    amllint.write({"score.py": "", **configs} if arguments and arguments[0] != "--rps" else {})
    done = amllint("size", *arguments)
    assert (done.code, done.out) == (code, "")
    assert message in done.err


def test_a_load_that_is_given_whole_looks_at_no_files(amllint: Commands) -> None:
    amllint.write({"one.json": aks(numReplicas=1), "two.json": aks(numReplicas=2)})
    assert amllint(*GUIDE).code == 0


CODE = """\
from azureml.core.webservice import AksWebservice
from azureml.core.model import Model

a = AksWebservice.deploy_configuration(cpu_cores=1, memory_gb=2, num_replicas=5)
Model.deploy(ws, "a", [], inference, a, target)
"""


def test_configurations_that_code_makes_are_read(amllint: Commands) -> None:
    amllint.write({"deploy.py": CODE})
    done = amllint("size", "deploy.py", *GUIDE[1:])
    assert "configured 5 replicas (deploy.py)" in done.out
    assert "1 + 0.1 = 1.1 cores" in done.out
    assert done.err == ""
    second = CODE.replace("num_replicas=5", "num_replicas=6").partition("\n\n")[2]
    amllint.write({"deploy.py": CODE + second})
    done = amllint("size", "deploy.py", *GUIDE[1:])
    assert "configured 5 replicas (deploy.py)" in done.out
    assert done.err == "amllint: deploy.py has several deployments to AKS: this is the first\n"


# -- what is in the way -------------------------------------------------------------------------


def test_an_unknown_size_of_nodes_is_told_with_its_place(amllint: Commands) -> None:
    unknown = CLUSTER.replace("Standard_D4s_v3", "Standard_D4s_v33")
    amllint.write({"amllint.toml": unknown, "deploymentconfig.json": scaled(2, 10)})
    done = amllint("size")
    assert done.code == 0
    assert done.err == (
        "amllint: amllint.toml:2:14: `node-size` Standard_D4s_v33 is no VM size that is known, so "
        "its nodes are not counted; did you mean Standard_D4s_v3?\n"
    )
    assert "nodes " not in done.out
    assert amllint("size", "--node-size", "Standard_D4s_v3").err == ""


@pytest.mark.parametrize(
    ("size", "gpus", "said"),
    [
        ("Standard_D4s_v3", "1", "it has no GPU: take a size with GPUs, such as Standard_NC4as_"),
        ("Standard_NC4as_T4_v3", "2", "it has 1 GPU: take a size with 2 or more, such as Standard"),
        ("Standard_D4s_v3", "4000", "it has no GPU: take a size with GPUs\n"),
    ],
)
def test_gpus_on_a_size_without_them_take_another_size(
    size: str, gpus: str, said: str, amllint: Commands
) -> None:
    pod = ("--cpu", "2", "--memory-gb", "4", "--gpus", gpus, "--node-size", size)
    done = amllint(*GUIDE, *pod)
    assert done.code == 1
    assert said in done.out
    assert "ask for at most" not in done.out
    named = [n.strip(",") for n in done.out.split() if n.startswith("Standard_N") and n != size]
    for name in named:
        assert amllint(*GUIDE, *pod[:-1], name.strip(",")).code == 0


def test_what_finds_no_node_is_not_written(amllint: Commands) -> None:
    amllint.write({"amllint.toml": CLUSTER, "deploymentconfig.json": scaled(2, 10)})
    done = amllint("size", "--cpu", "8")
    assert done.code == 1
    assert "it takes no replica" in done.out
    assert done.out.endswith("write      nothing yet: no replica would find a node\n")
    data = json.loads(amllint("size", "--cpu", "8", "-o", "json").out)
    Draft202012Validator(SCHEMA).validate(data)
    assert data["configuration"] is None


def test_what_finds_too_few_nodes_is_told(amllint: Commands) -> None:
    amllint.write({"amllint.toml": CLUSTER, "deploymentconfig.json": scaled(2, 10)})
    done = amllint("size", "--rps", "30")
    assert done.code == 1
    assert "up to 5 nodes of Standard_D4s_v3 take 15: too few" in done.out
    assert "write      this, once there are nodes for it" in done.out


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (scaled(9, 3), "`minReplicas` (9) is above `maxReplicas` (3)"),
        (scaled(1, 9, targetUtilization=0.7), "`targetUtilization` is 0.7, and it is a percentage"),
        (scaled(1, 9, targetUtilization=170), "`targetUtilization` is 170 percent"),
        (aks(numReplicas=-2), "`numReplicas` is `-2`; it must be more than 0"),
        (aks(maxConcurrentRequestsPerContainer=-1), "is `-1`; it must be more than 0"),
        (aks(containerResourceRequirements={"cpu": "1"}), "`containerResourceRequirements.cpu` is"),
    ],
)
def test_values_that_check_refuses_are_refused(config: str, said: str, amllint: Commands) -> None:
    amllint.write({"deploymentconfig.json": config})
    done = amllint("size", "deploymentconfig.json", *GUIDE[1:])
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("amllint: deploymentconfig.json:1:")
    assert said in done.err


def test_defects_that_no_answer_rests_on_are_left_to_the_check(amllint: Commands) -> None:
    amllint.write({"deploymentconfig.json": aks(numReplicas=3, maxQueueWaitMs="long")})
    assert amllint("size", "deploymentconfig.json", *GUIDE[1:]).code == 0


@pytest.mark.parametrize(
    "given",
    [("--utilization", "33"), ("--cpu", "0.001"), ("--memory-gb", "0.001"), ("--gpus", "3")],
)
def test_values_at_their_bounds_pass_the_check(given: tuple[str, str], amllint: Commands) -> None:
    pod = ("--cpu", "1", "--memory-gb", "2")
    written = amllint(*GUIDE, *pod, *given, "-o", "json").data["configuration"]
    amllint.write({"deploymentconfig.json": json.dumps(written)})
    assert amllint.check("--select", "AML4", "deploymentconfig.json").out == ""


def test_nothing_may_be_in_use_on_a_node(amllint: Commands) -> None:
    free = CLUSTER.replace("nodes = 3\n", "nodes = 3\nused-cores-per-node = 0\n", 1)
    free = free.replace("nodes = 3\n", "nodes = 3\nused-memory-gib-per-node = 0\n", 1)
    amllint.write({"amllint.toml": free, "deploymentconfig.json": scaled(2, 10)})
    done = amllint("size")
    assert (done.code, done.err) == (0, "")
    assert "Standard_D4s_v3 has 3.86 cores" in done.out
    assert amllint.check("--select", "AML5", ".").code in (0, 1)


def test_numbers_have_the_digits_that_are_meant(amllint: Commands) -> None:
    pod = ("--cpu", "0.2", "--memory-gb", "0.7", "--node-size", "Standard_D4s_v3")
    text = amllint(*GUIDE, *pod, "--rps", "3.3", "-o", "json").out
    digits = [n.replace(".", "").lstrip("0") for n in re.findall(r"\d+\.\d+", text)]
    assert digits
    assert max(map(len, digits)) <= 6
    assert '"cores": 0.3,' in text


def test_values_that_check_refuses_in_code_are_refused(amllint: Commands) -> None:
    refused = CODE.replace("num_replicas=5", "num_replicas=-5")
    cells = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "source": s} for s in ("1", refused)
    ]
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    amllint.write({"deploy/deploy.py": refused, "deploy.ipynb": json.dumps(notebook)})
    for name, shown in (
        ("deploy/deploy.py", "deploy/deploy.py:4:79"),
        ("deploy.ipynb", "deploy.ipynb:cell 2:4:79"),
    ):
        done = amllint("size", name, *GUIDE[1:])
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith(f"amllint: {shown}")
        assert "`num_replicas` is `-5`; it must be more than 0" in done.err


def test_sizes_that_are_named_take_the_replica_in_all(amllint: Commands) -> None:
    pod = ("--cpu", "2", "--memory-gb", "60", "--gpus", "1", "--node-size")
    done = amllint(*GUIDE, *pod, "Standard_D4s_v3")
    named = [word.strip(",") for word in done.out.split() if word.startswith("Standard_N")]
    assert named
    assert "Standard_NC4as_T4_v3" not in named, "it has 28 GiB"
    assert {amllint(*GUIDE, *pod, name).code for name in named} == {0}


# -- the picture ------------------------------------------------------------------------------


def test_the_picture_is_svg_and_the_same_each_time(amllint: Commands) -> None:
    pytest.importorskip("matplotlib")
    amllint.write({"deploymentconfig.json": scaled(1, 100)})
    for name in ("a.svg", "b.svg"):
        assert amllint(*GUIDE, "deploymentconfig.json", "--plot", name).code == 0
    first, second = (Path(amllint.folder, n).read_bytes() for n in ("a.svg", "b.svg"))
    assert first == second
    text = first.decode()
    said = ("calls get 503", "70% busy, the target", "100% busy", "20 per second: 286 replicas")
    for words in (*said, "configured: 1 to 100, 10 per second at most", "requests per second"):
        assert words in text


@pytest.mark.parametrize("least_most", [(1, 100), (1, 9), (2, 2), (500, 900)])
def test_the_picture_is_png_for_any_number_of_replicas(
    least_most: tuple[int, int], amllint: Commands
) -> None:
    pytest.importorskip("matplotlib")
    amllint.write({"deploymentconfig.json": scaled(*least_most)})
    load = ("--rps", "3", "--request-seconds", "2", "--utilization", "90")
    assert amllint("size", "deploymentconfig.json", *load, "--plot", "a.PNG").code == 0
    assert Path(amllint.folder, "a.PNG").read_bytes().startswith(b"\x89PNG")


def test_matplotlib_is_imported_for_a_picture_alone() -> None:
    code = (
        "import sys; from amllint.cli import main; "
        "main(['size', '--rps', '1', '--request-seconds', '1', '--isolated']); "
        "print('matplotlib' in sys.modules, 'libcst' in sys.modules, 'yaml' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False False False"


def test_without_matplotlib_it_says_what_to_install(
    amllint: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in {"matplotlib", *(n for n in sys.modules if n.startswith("matplotlib."))}:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, "amllint.output.size_plot", raising=False)
    done = amllint(*GUIDE, "--plot", "a.svg")
    assert done.code == 2
    assert "pip install 'amllint[plot]'" in done.err


@pytest.mark.parametrize("rate", ["1e-9", "5e-9", "1e-300"])
def test_a_load_of_next_to_nothing_takes_one_replica(rate: str, amllint: Commands) -> None:
    done = amllint("size", "--rps", rate, "--request-seconds", "0.2")
    assert done.code == 0
    assert "next to nothing: one replica will do" in done.out
    assert '"minReplicas": 1' in done.out


LOAD = ("size", "--rps", "10", "--request-seconds", "0.2")


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (("--cpu", "4"), 1, "it takes no replica, whatever that is"),
        (("--cpu", "1"), 0, "nothing says its memory, so no nodes are counted: give `--memory-gb`"),
        (("--memory-gb", "1"), 0, "nothing says its cores, so no nodes are counted: give `--cpu`"),
        (("--memory-gb", "9"), 1, "it takes no replica, whatever that is"),
        (("--gpus", "1"), 1, "it has no GPU: take a size with GPUs"),
        ((), 0, "nothing says its cores and memory"),
    ],
)
def test_amounts_of_which_one_is_not_given(
    more: tuple[str, ...], code: int, said: str, amllint: Commands
) -> None:
    done = amllint(*LOAD, *more, "--node-size", "Standard_D2s_v3")
    assert done.code == code
    assert said in done.out
    assert ("write      nothing yet" in done.out) is (code == 1)
    assert amllint(*LOAD, "-o", "json", *more).data["pod"] is None


def test_options_replace_single_values_of_what_is_configured(amllint: Commands) -> None:
    amllint.write({"amllint.toml": CLUSTER, "deploymentconfig.json": aks(numReplicas=8)})
    out = amllint(*LOAD, "--cpu", "0.5").out
    assert "configured 8 replicas (deploymentconfig.json)" in out
    assert "0.5 + 0.1 = 0.6 cores, 2 + 0.6 = 2.6 GiB" in out
    assert "up to 5 nodes of Standard_D4s_v3" in out


def test_several_deployments_keep_no_load_from_its_answer(amllint: Commands) -> None:
    amllint.write({"a/deploymentconfig.json": aks(), "b/deploymentconfig.json": aks()})
    done = amllint(*LOAD)
    assert (done.code, done.err) == (0, "")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--cpu", "500m"), "`500m` is no plain number: write cores (`0.5` for `500m`)"),
        (("--memory-gb", "2Gi"), "`2Gi` is no plain number: write cores or GB, without a unit"),
        (("--utilization", "0"), "`0` is no percentage from 1 to 100"),
    ],
)
def test_a_unit_is_told_of(more: tuple[str, ...], said: str, amllint: Commands) -> None:
    done = amllint(*LOAD, *more)
    assert done.code == 2
    assert said in done.err


def test_a_choice_that_is_none_is_no_misspelt_option(amllint: Commands) -> None:
    err = amllint(*LOAD, "-o", "xml").err
    assert "invalid choice: 'xml'" in err
    assert "did you mean" not in err
