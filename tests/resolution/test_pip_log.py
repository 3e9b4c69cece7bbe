"""pip's log is read as pip 23.2 and 26.3 write it."""

from __future__ import annotations

import pytest

from amllint.artifacts.pin_verdicts import Cause
from amllint.resolution import pip_log

CONFLICT = """\
Collecting server (from all==1.0)
ERROR: Cannot install all==1.0 and web==1.5 because these package versions have conflicting \
dependencies.

The conflict is caused by:
    The user requested web==1.5
    server 1.0 depends on web[x]~=3.1.0

Additionally, some packages in these conflicts have no matching distributions available for \
your environment:
    web

ERROR: ResolutionImpossible: for help visit https://pip.pypa.io/
"""
UNMET = """\
  Skipping link: none of the wheel's tags (cp310-cp310-win_amd64) are compatible (run pip debug \
--verbose to show compatible tags): https://files.test/web-2.0-cp310-cp310-win_amd64.whl#sha256=1 \
(from https://index.test/simple/web/) (requires-python:>=3.10)
  Found link https://files.test/web-1.0-py3-none-any.whl (from https://index.test/simple/web/), \
version: 1.0
  Skipping link: No sources permitted for web: https://files.test/web-0.9.tar.gz (from \
https://index.test/simple/web/) (requires-python:>=3)
ERROR: Could not find a version that satisfies the requirement web==2.0; extra == "x" (from \
all[x]) (from versions: 1.0)
ERROR: No matching distribution found for web==2.0; extra == "x"
"""


def test_both_sides_of_a_conflict_are_read() -> None:
    refusal = pip_log.refusal(CONFLICT, "3.8.99")
    assert refusal is not None
    assert refusal.met
    assert refusal.causes == (Cause("", "web==1.5"), Cause("server 1.0", "web[x]~=3.1.0"))
    assert refusal.brought_by == (("server", "all"),)


@pytest.mark.parametrize(
    ("python", "why"),
    [
        ("3.8.99", "it needs Python >=3.10"),
        ("3.11.99", "it has no build for this Python on Linux"),
    ],
)
def test_what_is_not_met_is_read_with_the_reason(python: str, why: str) -> None:
    refusal = pip_log.refusal(UNMET, python)
    assert refusal is not None
    assert not refusal.met
    assert refusal.causes == (Cause("all[x]", "web==2.0"),)
    assert (refusal.there, refusal.why) == (("1.0",), why)


def test_releases_that_are_there_as_source_alone_are_listed() -> None:
    assert pip_log.source_only(UNMET, ["web"], "3.8.99") == {"web": ["0.9"]}
    assert pip_log.source_only(UNMET, ["other"], "3.8.99") == {}
    assert pip_log.source_only(UNMET, ["web"], "2.7.99") == {}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "Could not fetch URL https://u:p@index.test/simple/web/: connection error: "
            "HTTPSConnectionPool(host='index.test', port=443): Max retries exceeded with url: / "
            "(Caused by NewConnectionError('<x.y object at 0x7f>: Failed to establish a new "
            "connection: [Errno 111] Connection refused')) - skipping",
            "index.test: Failed to establish a new connection: [Errno 111] Connection refused",
        ),
        (
            "Could not fetch URL https://index.test/simple/web/: 503 Server Error: Busy for url: "
            "https://index.test/simple/web/ - skipping",
            "index.test: 503 Server Error: Busy for url:",
        ),
        (
            "WARNING: The repository located at index.test is not a trusted or secure host and is "
            "being ignored.",
            "index.test has no https, and pip leaves it out",
        ),
    ],
)
def test_what_could_not_be_fetched_is_told_without_who_asked(line: str, said: str) -> None:
    assert pip_log.unfetched(f"Getting page\n{line}\nERROR: No matching\n") == said


def test_a_page_that_is_not_there_is_an_answer() -> None:
    line = "Could not fetch URL https://i.test/x/: 404 Client Error: Not Found - skipping\n"
    assert pip_log.unfetched(line) is None


def test_a_log_without_a_reason_in_the_requirements_is_no_refusal() -> None:
    log = "ERROR: Could not install packages due to an OSError: [Errno 28] No space left\n"
    assert pip_log.refusal(log, "3.8.99") is None
    assert "No space left" in pip_log.trouble(log)
