"""A pull request on Azure DevOps has threads, which are kept up to date."""

from __future__ import annotations

import copy
import json
import shutil
from pathlib import Path

import pytest

from .azure_scene import Scene
from .fake_azure import BUILD_TOKEN, PERSONAL, error
from .pull_requests import example
from .server import Fault, Kind, Reply
from .test_github_review import MEND_GLOBAL, with_changes


def test_a_bad_pull_request_has_threads_and_a_summary(azure: Scene) -> None:
    done = azure.annotate()
    assert (done.code, done.out) == (1, "")
    assert len(azure.threads) == 9
    assert {t["status"] for t in azure.server.threads} == {"active"}
    context = azure.named("missing-global")["threadContext"]
    assert context == {
        "filePath": "/deploy/score.py",
        "rightFileStart": {"line": 19, "offset": 5},
        "rightFileEnd": {"line": 19, "offset": 10},
    }
    body = azure.summary["comments"][0]["content"]
    assert body.startswith("### amllint: 5 errors, 5 warnings")
    assert "deploy/score.py:24" in body


def test_a_second_run_changes_nothing(azure: Scene) -> None:
    azure.annotate()
    before = copy.deepcopy(azure.server.threads)
    azure.server.forget()
    done = azure.annotate()
    assert (done.code, "9 as before" in done.err) == (1, True)
    assert azure.server.writes == []
    assert azure.server.threads == before


def test_what_is_mended_is_fixed_and_what_comes_back_is_active(azure: Scene) -> None:
    azure.annotate()
    thread = azure.named("missing-global")
    azure.server.reply(thread, "ada", "Oh.")
    azure.push(with_changes(azure.files, "deploy/score.py", MEND_GLOBAL))
    done = azure.annotate()
    assert "1 closed" in done.err
    assert thread["status"] == "fixed"
    assert thread["comments"][0]["content"].startswith("**No longer found**")
    assert [t["status"] for t in azure.threads].count("active") == 8
    azure.server.forget()
    azure.annotate()
    assert azure.server.writes == []
    azure.push(example("broken"))
    azure.annotate()
    assert thread["status"] == "active"
    assert not thread["comments"][0]["content"].startswith("**No longer")
    assert len(azure.threads) == 9


def test_when_all_is_mended_all_is_closed(azure: Scene) -> None:
    azure.annotate()
    azure.push(example("mended"))
    assert azure.annotate().code == 0
    assert {t["status"] for t in azure.threads} == {"fixed"}
    assert azure.summary["status"] == "closed"
    azure.server.forget()
    azure.annotate()
    assert azure.server.writes == []


@pytest.mark.parametrize("status", ["wontFix", "byDesign", "closed"])
def test_what_a_person_has_decided_stands(azure: Scene, status: str) -> None:
    azure.annotate()
    azure.named("error-leak")["status"] = status
    azure.summary["status"] = status
    azure.server.forget()
    azure.annotate()
    assert azure.server.writes == []


def test_a_clean_pull_request_is_not_written_to(azure: Scene) -> None:
    azure.push(example("mended"))
    assert (azure.annotate().code, azure.server.writes) == (0, [])


def test_marks_of_other_users_mean_nothing(azure: Scene) -> None:
    azure.annotate()
    forged = copy.deepcopy(azure.named("missing-global")) | {"id": 9}
    forged["comments"][0]["author"]["id"] = "mallory"
    forged_summary = copy.deepcopy(azure.summary) | {"id": 8}
    forged_summary["comments"][0]["author"]["id"] = "mallory"
    azure.server.threads[:0] = [forged, forged_summary]
    azure.push(with_changes(azure.files, "deploy/score.py", MEND_GLOBAL))
    done = azure.annotate()
    assert (done.code, "1 closed" in done.err) == (1, True)
    assert forged["status"] == "active"
    assert not forged["comments"][0]["content"].startswith("**No longer")


def test_a_renamed_file_takes_its_findings_along(azure: Scene) -> None:
    azure.annotate()
    azure.push({k.replace("deploy/", "serving/"): v for k, v in azure.files.items()})
    azure.annotate()
    active = [t for t in azure.threads if t["status"] == "active"]
    assert len(active) == 9
    assert all(t["threadContext"]["filePath"].startswith("/serving/") for t in active)
    azure.server.forget()
    azure.annotate()
    assert azure.server.writes == []


def test_many_changes_are_read_page_by_page(azure: Scene) -> None:
    entry = azure.server.changes[0]
    many = [
        {**entry, "changeTrackingId": 100 + n, "item": {"path": f"/docs/{n}.md"}}
        for n in range(3000)
    ]
    azure.server.changes = [*many, *azure.server.changes]
    azure.server.page = 700
    azure.annotate()
    pages = [c.query["$skip"] for c in azure.server.calls if c.path.endswith("/changes")]
    assert pages == ["0", "700", "1400", "2100", "2800"]
    assert len(azure.threads) == 9


def test_without_history_the_texts_tell_the_change(azure: Scene, tmp_path: Path) -> None:
    azure.annotate()
    azure.server.forget()
    bare = tmp_path / "shallow"
    shutil.copytree(azure.repository.folder, bare, ignore=shutil.ignore_patterns("objects"))
    assert azure.annotate(folder=bare).code == 1
    assert azure.server.writes == []
    assert [c.query["path"] for c in azure.server.calls if c.path.endswith("/items")]


@pytest.mark.parametrize("kind", ["answer", "answer-after", "drop-before", "drop-after"])
def test_no_thread_is_begun_twice_whatever_breaks(azure: Scene, kind: Kind) -> None:
    azure.server.faults = [
        Fault(kind, "POST", reply=Reply(503, {"message": "busy"})),
        Fault(kind, "GET", "/iterations"),
    ]
    assert azure.annotate().code == 1
    assert len(azure.threads) == 9
    azure.push(example("mended"))
    azure.server.faults = [Fault(kind, "PATCH")]
    assert azure.annotate().code == 0
    assert {t["status"] for t in azure.threads} == {"fixed"}


def test_a_token_that_may_only_read_gives_issues_of_the_build(azure: Scene) -> None:
    azure.server.read_only = True
    done = azure.annotate()
    assert done.code == 1
    lines = done.out.splitlines()
    assert [line.startswith("##vso[task.logissue type=") for line in lines] == [True] * 10 + [False]
    assert lines[-1] == f"##vso[task.uploadsummary]{azure.folder / 'amllint-summary.md'}"
    assert (azure.folder / "amllint-summary.md").read_text("utf-8").startswith("### amllint: 5 err")
    assert done.err.count("may not write") == 1
    assert "TF401027" in done.err


def test_a_personal_token_is_a_password(azure: Scene) -> None:
    done = azure.annotate(SYSTEM_ACCESSTOKEN="$(System.AccessToken)", AZURE_DEVOPS_EXT_PAT=PERSONAL)
    assert done.code == 1
    assert len(azure.threads) == 9


def test_the_token_is_in_no_output(azure: Scene) -> None:
    seen = []
    for arguments in ((), ("-v",), ("--dry-run", "-v")):
        azure.server.faults = [Fault("answer", reply=Reply(500, {"message": BUILD_TOKEN}))]
        seen.append(azure.annotate(*arguments))
    azure.server.faults = [Fault("answer", reply=error(404, f"{BUILD_TOKEN} is lost"))]
    seen.append(azure.annotate("-v"))
    azure.server.faults = [Fault("answer", reply=error(403, f"TF401027 {BUILD_TOKEN}"))]
    seen.append(azure.annotate("-v"))
    seen.append(azure.annotate("-v", SYSTEM_ACCESSTOKEN="", AZURE_DEVOPS_EXT_PAT="wrongtoken77"))
    for done in seen:
        for secret in (BUILD_TOKEN, "wrongtoken77", "OndyonG9uZ3Rva2VuNzc="):
            assert secret not in done.out + done.err
    assert seen[-1].code == 4
    assert "TF400813" in seen[-1].err
    assert BUILD_TOKEN not in json.dumps([c.body for c in azure.server.calls])


def test_newer_commits_are_left_to_their_own_run(azure: Scene) -> None:
    done = azure.annotate(SYSTEM_PULLREQUEST_SOURCECOMMITID="b" * 40)
    assert (done.code, azure.server.writes) == (1, [])
    assert "newer commits" in done.err


def test_checks_are_githubs(azure: Scene) -> None:
    done = azure.annotate("--mode", "checks")
    assert done.code == 2
    assert "GitHub" in done.err
