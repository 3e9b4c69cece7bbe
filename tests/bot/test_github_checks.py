"""A check run on GitHub has the findings as annotations, fifty with each request."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from amllint.bot.github_checks import annotation
from amllint.bot.results import At, Found, Place

from .fake_github import READ_ONLY
from .github_scene import Scene
from .pull_requests import example
from .server import Fault, Kind, Reply


def checks(scene: Scene, *arguments: str) -> Any:
    """Run in the mode for checks."""
    return scene.annotate("--mode", "checks", *arguments)


def many(scene: Scene, count: int) -> Path:
    """JSON with as many findings on lines of the change, and the change."""
    rows = "".join(f"x{n} = {n}\n" for n in range(count))
    scene.push({**example("mended"), "deploy/score.py": rows})
    data = {"version": 1, "findings": [], "summary": {"files": 1, "suppressed": 0, "unchecked": []}}
    place = {"path": "deploy/score.py", "cell": None}
    findings: list[Any] = data["findings"]  # type: ignore[assignment]
    for n in range(1, count + 1):
        ends = {"start": {"line": n, "column": 1}, "end": {"line": n, "column": 3}}
        findings.append({
            "code": "AML109", "name": "error-leak", "severity": "info", "confidence": "high",
            "stage": "score", "message": f"finding {n}", "help": None, "url": "", **place, **ends,
            "related": [], "units": [], "fingerprint": f"{n:016x}", "fix": None,
        })  # fmt: skip
    path = scene.folder / "many.json"
    path.write_text(json.dumps(data), "utf-8")
    return path


def test_a_bad_pull_request_fails_its_check(scene: Scene) -> None:
    done = checks(scene)
    assert done.code == 1
    (run,) = scene.hub.checks
    assert (run["name"], run["status"], run["conclusion"]) == ("amllint", "completed", "failure")
    assert run["head_sha"] == scene.hub.head
    assert run["output"]["title"] == "5 errors, 5 warnings"
    assert len(run["annotations"]) == 9
    assert "deploy/score.py:24" in run["output"]["summary"]
    assert {a["annotation_level"] for a in run["annotations"]} == {"failure", "warning"}
    assert len(scene.hub.writes) == 1


def test_annotations_say_columns_within_one_line_only(scene: Scene) -> None:
    checks(scene)
    (run,) = scene.hub.checks
    one = next(a for a in run["annotations"] if "missing-global" in a["title"])
    assert (one["start_line"], one["start_column"], one["end_column"]) == (19, 5, 9)
    assert all(a["start_line"] in scene.hub.right_lines(a["path"]) for a in run["annotations"])


def test_a_range_of_lines_has_no_columns() -> None:
    place = Place("f", At(2, 3), At(4, 9))
    found = Found("AML109", "error-leak", "info", None, "m", None, "", place, "a" * 16)
    told = annotation(found)
    assert (told["start_line"], told["end_line"], told["annotation_level"]) == (2, 4, "notice")
    assert not {"start_column", "end_column"} & set(told)


@pytest.mark.parametrize("count", [49, 50, 51, 100, 121])
def test_annotations_are_added_page_by_page(scene: Scene, count: int) -> None:
    done = checks(scene, "--from", str(many(scene, count)))
    assert done.code == 0
    (run,) = scene.hub.checks
    assert (run["status"], run["conclusion"]) == ("completed", "neutral")
    assert [a["message"].split("\n")[0] for a in run["annotations"]] == [
        f"finding {n}" for n in range(1, count + 1)
    ]
    assert len(scene.hub.writes) == -(-count // 50)


def test_a_second_run_on_the_same_commit_changes_nothing(scene: Scene) -> None:
    checks(scene)
    scene.hub.forget()
    assert checks(scene).code == 1
    assert scene.hub.writes == []
    assert len(scene.hub.checks) == 1


def test_other_results_on_the_same_commit_are_another_run(scene: Scene) -> None:
    checks(scene)
    checks(scene, "--fail-on", "never")
    assert [c["conclusion"] for c in scene.hub.checks] == ["failure", "neutral"]


def test_a_mended_pull_request_succeeds(scene: Scene) -> None:
    scene.push(example("mended"))
    assert checks(scene).code == 0
    (run,) = scene.hub.checks
    assert (run["conclusion"], run["annotations"]) == ("success", [])


@pytest.mark.parametrize("kind", ["answer", "answer-after", "drop-before", "drop-after"])
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_no_annotation_is_added_twice_whatever_breaks(
    scene: Scene, kind: Kind, method: str
) -> None:
    scene.hub.faults = [Fault(kind, method, "/check-runs")]
    assert checks(scene, "--from", str(many(scene, 120))).code == 0
    (run,) = scene.hub.checks
    assert len({a["message"] for a in run["annotations"]}) == len(run["annotations"]) == 120
    assert run["status"] == "completed"


def test_a_run_that_broke_off_is_completed_by_the_next(scene: Scene) -> None:
    path = str(many(scene, 120))
    limited = Reply(429, {"message": "later"}, {"Retry-After": "900"})
    scene.hub.faults = [Fault("answer", "PATCH", "/check-runs", reply=limited)]
    assert checks(scene, "--from", path, "--timeout", "5").code == 4
    assert scene.hub.checks[0]["status"] == "in_progress"
    assert checks(scene, "--from", path).code == 0
    (run,) = scene.hub.checks
    assert (run["status"], len(run["annotations"])) == ("completed", 120)


def test_runs_of_other_apps_are_not_taken_for_ours(scene: Scene) -> None:
    checks(scene)
    scene.hub.checks[0]["app"] = {"slug": "mallory"}
    checks(scene)
    assert len(scene.hub.checks) == 2


def test_a_token_that_may_only_read_gives_annotations(scene: Scene) -> None:
    scene.hub.read_only = True
    done = checks(scene)
    assert (done.code, len(done.out.splitlines())) == (1, 10)
    assert READ_ONLY in done.err


def test_dry_run_shows_every_page(scene: Scene) -> None:
    done = checks(scene, "--dry-run", "--from", str(many(scene, 120)))
    shown = json.loads(done.out)
    assert [r["method"] for r in shown] == ["POST", "PATCH", "PATCH"]
    assert [len(r["body"]["output"]["annotations"]) for r in shown] == [50, 50, 20]
    assert scene.hub.writes == []


@pytest.mark.parametrize("data", [None, [], {}, "x", {"id": None}])
def test_odd_answers_to_what_is_posted_end_in_an_error(scene: Scene, data: Any) -> None:
    path = str(many(scene, 60))
    scene.hub.faults = [Fault("answer", "POST", "/check-runs", reply=Reply(201, data))]
    done = checks(scene, "--from", path)
    assert (done.code, "not posted: " in done.err) == (4, True)
