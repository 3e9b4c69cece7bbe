"""Which of the failures in a log is the root."""

from __future__ import annotations

import pytest

from amllint.diagnosis.replicas import Load, arithmetic, replicas
from tests.diagnosis.reading import diagnosed, ids

CRASH = """\
2026-11-27 10:00:41,000 E [71] azmlinfsrv - Traceback (most recent call last):
  File "/x/azureml_inference_server_http/server/user_script.py", line 77, in load_script
    main_module_spec.loader.exec_module(user_module)
  File "/var/azureml-app/score.py", line 5, in <module>
    import lightgbm
ModuleNotFoundError: No module named 'lightgbm'
"""


@pytest.mark.parametrize(
    ("log", "root"),
    [
        ("Liveness probe failed: HTTP probe with statuscode: 502\n" + CRASH, "module-missing"),
        (
            "(ImageBuildFailure) Image build failed\nERROR: ResolutionImpossible: for help\n",
            "pip-conflict",
        ),
        ("Back-off restarting failed container\nExit Code:    137\nOOMKilled\n", "oom-killed"),
        ("CrashLoopBackOff\nUser's init function failed\n", "init-failed"),
        ("Couldn't Schedule because the kubernetes cluster didn't have available resources after "
         "trying for 00:05:00\n0/3 nodes are available: 3 Insufficient memory.\n",
         "insufficient-memory"),
        ("HTTP/1.1 424 Failed Dependency\nms-azureml-model-error-statuscode: 500\n",
         "model-error-status"),
        ("WORKER TIMEOUT (pid:7)\nWorker (pid:7) was sent SIGKILL! Perhaps out of memory?\n",
         "worker-timeout"),
    ],
)  # fmt: skip
def test_the_root_comes_before_what_follows_from_it(log: str, root: str) -> None:
    assert ids(log)[0] == root


def test_the_scheduler_s_largest_group_of_nodes_comes_first() -> None:
    line = "0/6 nodes are available: 1 Insufficient cpu, 2 Too many pods, 3 Insufficient memory."
    assert ids(line) == ["insufficient-memory", "too-many-pods", "insufficient-cpu"]


def test_a_note_alone_is_no_failure() -> None:
    note = "Trying to unpickle estimator Ridge from version 0.22 when using version 1.3.2.\n"
    assert ids(note) == []
    assert ids(note + CRASH) == ["module-missing", "pickle-version"]


def test_a_repeated_failure_is_told_once_with_its_number() -> None:
    first = diagnosed(CRASH * 3 + "2026-11-27 10:00:42,000 I [70] done\n")[0]
    assert (first.id, first.count) == ("module-missing", 3)


def test_different_modules_are_told_apart() -> None:
    text = "No module named 'lightgbm'\nNo module named 'shap'\n"
    assert [d.cause.split("`")[1] for d in diagnosed(text)] == ["lightgbm", "shap"]


def test_what_has_passed_is_taken_back_for_its_own_pod_only() -> None:
    failed = "Warning  FailedScheduling  0/3 nodes are available: 3 Insufficient cpu.\n"
    bound = "Normal  Scheduled  Successfully assigned ws/churn-0 to aks-1\n"
    assert ids(failed + bound) == []
    assert "insufficient-cpu" in ids(bound + failed)
    assert "insufficient-cpu" in ids(f"Name:    a\n{failed}Name:    b\n{bound}")


def test_the_first_exception_of_a_chain_is_the_root() -> None:
    link = "The above exception was the direct cause of the following exception:"
    frame = '  File "/var/azureml-app/score.py", line {}, in init\n    x()\n'
    text = (
        f"Traceback (most recent call last):\n{frame.format(4)}ValueError: no such format\n\n{link}"
        f"\n\nTraceback (most recent call last):\n{frame.format(9)}RuntimeError: no model\n"
    )
    found = diagnosed(text)
    assert [d.id for d in found] == ["init-raised"]
    assert found[0].cause == "`init` raises: ValueError: no such format"
    assert found[0].frame is not None
    assert found[0].frame.line == 4


def test_a_traceback_of_another_program_is_not_taken_for_a_script_s() -> None:
    text = (
        'Traceback (most recent call last):\n  File "deploy.py", line 3, in <module>\n'
        "    main()\nValueError: no such thing\n"
    )
    assert ids(text) == []


@pytest.mark.parametrize(
    ("load", "utilization", "per_replica", "count"),
    [
        (Load(20, 10), 0.7, 1, 286),
        (Load(20, 10), 0.7, 2, 143),
        (Load(1, 0.7), 0.7, 1, 1),
        (Load(3, 0.1), 0.1, 1, 3),
        (Load(0, 5), 0.7, 1, 0),
    ],
)
def test_replicas(load: Load, utilization: float, per_replica: int, count: int) -> None:
    assert replicas(load, utilization, per_replica) == count


@pytest.mark.parametrize(
    ("utilization", "per_replica", "message"),
    [(0, 1, "utilization"), (70, 1, "utilization"), (0.7, 0, "takes one request or more")],
)
def test_numbers_out_of_range_are_refused(
    utilization: float, per_replica: int, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        replicas(Load(1, 1), utilization, per_replica)


def test_the_arithmetic_names_its_numbers() -> None:
    formula, used, *loads, source = arithmetic()
    assert formula.startswith("replicas that a load takes = ceil(requests per second × seconds")
    assert used.startswith("utilization: 0.7, the default of targetUtilization")
    assert loads[-1] == "20 per second × 10 s / 0.7 / 1: 286 replicas"
    assert source.startswith("source: ")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"targetUtilization": 50, "maxReplicas": 4}, "4 × 0.5 × 1 = 2 requests at once"),
        ({"numReplicas": 3, "maxConcurrentRequestsPerContainer": 2}, "3 × 1 × 2 = 6 requests"),
        ({"targetUtilization": 0.7}, "10 × 0.7 × 1 = 7 requests at once"),
    ],
)
def test_the_arithmetic_has_the_numbers_of_the_service(
    settings: dict[str, float], said: str
) -> None:
    assert said in "\n".join(arithmetic(settings))


def test_each_conflict_has_its_own_list() -> None:
    text = "".join(
        f"ERROR: Cannot install {name}==1 and {name}==2 because these package versions have "
        "conflicting dependencies.\n\nThe conflict is caused by:\n"
        f"    The user requested {name}==1\n"
        f"    The user requested {name}==2\n\nTo fix this you could try to:\n1. loosen it\n"
        for name in ("flask", "numpy")
    )
    found = {d.cause: [i.text.strip() for i in d.because] for d in diagnosed(text)}
    assert list(found.values()) == [
        ["The user requested flask==1", "The user requested flask==2"],
        ["The user requested numpy==1", "The user requested numpy==2"],
    ]


def test_a_list_of_thousands_is_cut() -> None:
    rows = "".join(f"pkg{n} -> python[version='>=3.{n}']\n" for n in range(5000))
    text = f"UnsatisfiableError: The following specifications\n\n{rows}"
    assert len(diagnosed(text)[0].because) == 12


def test_secrets_in_a_list_are_struck_out() -> None:
    text = (
        "The conflict is caused by:\n"
        "    The user requested churn @ https://u:hunter2secret@pkgs.dev.azure.com/churn.whl\n"
    )
    assert "hunter2secret" not in "".join(i.text for i in diagnosed(text)[0].because)


def test_a_list_goes_on_behind_what_the_other_stream_prints() -> None:
    stamp = "2026-11-27T10:00:00.123Z #12 4.53{} "
    lines = (
        "The conflict is caused by:",
        "Collecting jinja2",
        "    The user requested flask==1.0.3",
    )
    text = "".join(stamp.format(n) + line + "\n" for n, line in enumerate(lines))
    assert [i.text.strip() for i in diagnosed(text)[0].because] == [
        "The user requested flask==1.0.3"
    ]


def test_a_conflict_is_told_beside_a_package_that_is_not_there() -> None:
    text = (
        "Could not solve for environment specs\n"
        "The following packages are incompatible\n"
        "├─ numpy 1.19** is requested and can be installed;\n"
        "├─ foo-bar * does not exist (perhaps a typo or a missing channel);\n"
        "└─ scipy 1.11** is not installable because it requires\n"
        "   └─ numpy >=1.21, which conflicts with any installable versions previously reported.\n"
    )
    found = {d.id: d for d in diagnosed(text)}
    assert {i for i, d in found.items() if d.role == "cause"} == {
        "conda-conflict",
        "conda-not-found",
    }
    assert any("scipy" in item.text for item in found["conda-conflict"].because)
    assert found["conda-unsolved"].role == "symptom"


def test_a_package_that_is_not_there_is_no_conflict() -> None:
    text = (
        "error    libmamba Could not solve for environment specs\n"
        "    The following package could not be installed\n"
        "    └─ churnlib 1.0**  does not exist (perhaps a typo or a missing channel).\n"
    )
    assert ids(text) == ["conda-not-found", "conda-unsolved"]


def test_versions_that_pip_leaves_beside_each_other_are_told() -> None:
    text = (
        "ERROR: pip's dependency resolver does not currently take into account all the packages "
        "that are installed. This behaviour is the source of the following dependency conflicts.\n"
        "azureml-dataset-runtime 1.60.0 requires numpy!=1.19.3,<1.24, but you have numpy 1.26.4 "
        "which is incompatible.\nSuccessfully installed numpy-1.26.4\n"
    )
    (one,) = diagnosed(text)
    assert (one.id, one.packages) == (
        "pip-resolver-note",
        {"azureml-dataset-runtime", "numpy"},
    )
