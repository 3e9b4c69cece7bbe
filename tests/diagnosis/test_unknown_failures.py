"""What looks like a failure is never passed over; what speaks of one is none."""

from __future__ import annotations

import pytest

from tests.diagnosis.reading import LOGS, diagnosed, scanned

MESSAGES = [
    line
    for line in (LOGS.parent / "failure_messages.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize("message", MESSAGES)
def test_a_message_of_a_failure_is_diagnosed_or_shown(message: str) -> None:
    assert diagnosed(message) or scanned(message).suspects


def test_most_messages_are_known() -> None:
    known = [m for m in MESSAGES if diagnosed(m)]
    assert len(MESSAGES) >= 200
    assert len(known) >= 0.85 * len(MESSAGES)


@pytest.mark.parametrize(
    "line",
    [
        "all done: 0 errors, 0 failed",
        "mean squared error: 0.12",
        "tests: 14 passed, failures: 0",
        "Exit code 1 is normal. Not restarting iot-server.",
        "2026-11-27 10:00:00 INFO connection timed out, retrying",
        "100 rows returned 100 results",
        "    except ValueError:",
        "the job exited with code 0",
    ],
)
def test_a_line_that_is_well_is_no_failure(line: str) -> None:
    assert (diagnosed(line), scanned(line).suspects) == ([], [])


@pytest.mark.parametrize(
    "text",
    [
        "If the pod is in CrashLoopBackOff, look at the logs of the container.",
        "`CrashLoopBackOff` means that the container ends again and again.",
        "| gpu | scheduler | `1 Insufficient nvidia.com/gpu, had taint {sku: gpu}, that` | no |",
        "| crash-loop | kubelet | `Back-off restarting failed container` | it ends | |",
        "hi all, my service shows CrashLoopBackOff since yesterday, any idea?",
        "Common states are ImagePullBackOff and OOMKilled.",
        "A container that is OOMKilled needs more memory.",
    ],
)
def test_a_sentence_about_a_failure_is_no_log_of_one(text: str) -> None:
    assert diagnosed(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "churn-0   0/1   CrashLoopBackOff   5 (1m ago)   9m",
        '"code": "CrashLoopBackOff",',
        "      Reason:       CrashLoopBackOff",
        'Error syncing pod: failed to "StartContainer" with CrashLoopBackOff: "back-off 5m0s"',
        "CrashLoopBackOff",
    ],
)
def test_the_same_word_in_a_log_is_one(text: str) -> None:
    assert [d.id for d in diagnosed(text)][-1:] == ["crash-loop"]
