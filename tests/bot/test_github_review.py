"""A pull request on GitHub is reviewed, and the review is kept up to date."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from .fake_github import BOT, READ_ONLY, TOKEN
from .github_scene import Scene
from .pull_requests import example
from .server import Fault, Kind, Reply

HEAD = "### amllint: 5 errors, 5 warnings"


def with_changes(files: dict[str, str], name: str, *changes: tuple[str, str]) -> dict[str, str]:
    """The files, with texts of one of them replaced; each must be there."""
    text = files[name]
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return {**files, name: text}


MEND_GLOBAL = ("    started = time", "    global model\n    started = time")


def test_a_bad_pull_request_is_reviewed(scene: Scene) -> None:
    done = scene.annotate()
    assert (done.code, done.out) == (1, "")
    assert "9 new" in done.err
    (review,) = scene.hub.reviews
    assert review.body.startswith(HEAD)
    assert "deploy/score.py:24" in review.body
    assert len(scene.hub.threads) == 9
    assert all(t.line in scene.hub.right_lines(t.path) for t in scene.hub.threads)
    assert scene.named("unknown-deployment-key").line == 16
    assert '"appInsightsEnabled": true' in scene.named("unknown-deployment-key").comments[0].body
    assert [c.method for c in scene.hub.writes] == ["POST"]


def test_what_a_suggestion_offers_mends_its_finding(scene: Scene) -> None:
    scene.annotate()
    pressed = 0
    for thread in scene.hub.threads:
        body = thread.comments[0].body
        offered = re.search(r"(?ms)^(`{3,})suggestion\n(.*?)\1$", body)
        if offered is None:
            continue
        rows = scene.files[thread.path].split("\n")
        assert thread.line is not None
        start = thread.start or thread.line
        rows[start - 1 : thread.line] = offered[2].split("\n")[:-1]
        scene.repository.commit({**scene.files, thread.path: "\n".join(rows)})
        left = json.loads(scene.check().read_text("utf-8"))["findings"]
        rule = re.search(r"\[([\w-]+)\]\(<https", body)
        assert rule is not None
        assert rule[1] not in {f["name"] for f in left}
        pressed += 1
    assert pressed >= 4


def test_a_second_run_changes_nothing(scene: Scene) -> None:
    scene.annotate()
    before = scene.state
    scene.hub.forget()
    done = scene.annotate()
    assert done.code == 1
    assert "9 as before" in done.err
    assert scene.hub.writes == []
    assert scene.state == before


def test_a_new_commit_that_changes_nothing_of_it_updates_the_summary_alone(scene: Scene) -> None:
    scene.annotate()
    scene.push({**scene.files, "README.md": "Hello.\n"})
    scene.hub.forget()
    scene.annotate()
    assert [c.method for c in scene.hub.writes] == ["PUT"]
    assert scene.hub.head in scene.hub.reviews[0].body


def test_what_is_mended_is_deleted(scene: Scene) -> None:
    scene.annotate()
    scene.push(with_changes(scene.files, "deploy/score.py", MEND_GLOBAL))
    scene.hub.forget()
    done = scene.annotate()
    assert done.code == 1
    assert not [t for t in scene.hub.threads if "[missing-global]" in t.comments[0].body]
    assert len(scene.hub.threads) == 8
    assert "4 errors" in scene.hub.reviews[0].body
    assert len(scene.hub.reviews) == 1


def test_when_all_is_mended_the_summary_says_so(scene: Scene) -> None:
    scene.annotate()
    scene.push(example("mended"))
    done = scene.annotate()
    assert done.code == 0
    assert scene.hub.threads == []
    assert scene.hub.reviews[0].body.startswith("### amllint: no findings")
    scene.hub.forget()
    scene.annotate()
    assert scene.hub.writes == []


def test_a_clean_pull_request_is_not_written_to(scene: Scene) -> None:
    scene.push(example("mended"))
    done = scene.annotate()
    assert (done.code, scene.hub.writes) == (0, [])


def test_a_new_finding_is_added_without_a_second_summary(scene: Scene) -> None:
    scene.push(with_changes(scene.files, "deploy/score.py", MEND_GLOBAL))
    scene.annotate()
    before = [t.comments[0].id for t in scene.hub.threads]
    scene.push(example("broken"))
    scene.annotate()
    assert [t.comments[0].id for t in scene.hub.threads][:8] == before
    assert len(scene.hub.threads) == 9
    assert [r.body.startswith("### amllint: 5 errors") for r in scene.hub.reviews] == [True, False]
    assert scene.hub.reviews[1].body.startswith("amllint: 1 more on lines of this change.")


def test_what_a_person_answered_is_kept_and_told_as_gone(scene: Scene) -> None:
    scene.annotate()
    thread = scene.named("missing-global")
    scene.hub.reply(thread, "ada", "Is it? <!-- amllint:v1:summary -->")
    scene.push(with_changes(scene.files, "deploy/score.py", MEND_GLOBAL))
    done = scene.annotate()
    assert "1 closed" in done.err
    first, answer = thread.comments
    assert first.body.startswith(f"**No longer found** in {scene.hub.head[:12]}.")
    assert answer.author == "ada"
    assert not thread.resolved
    before = scene.state
    scene.annotate()
    assert scene.state == before
    scene.push(example("broken"))
    scene.annotate()
    assert thread in scene.hub.threads
    assert not first.body.startswith("**No longer")
    assert len([t for t in scene.hub.threads if "[missing-global]" in t.comments[0].body]) == 1


def test_a_thread_is_resolved_where_the_token_may(scene: Scene) -> None:
    scene.hub.may_resolve = True
    scene.annotate()
    thread = scene.named("missing-global")
    scene.hub.reply(thread, "ada", "Right.")
    scene.push(with_changes(scene.files, "deploy/score.py", MEND_GLOBAL))
    scene.annotate()
    assert thread.resolved
    scene.push(example("broken"))
    scene.annotate()
    assert not thread.resolved


def test_what_a_person_resolved_stays_resolved(scene: Scene) -> None:
    scene.annotate()
    scene.named("error-leak").resolved = True
    before = scene.state
    scene.annotate()
    assert scene.state == before


def test_marks_of_other_users_mean_nothing(scene: Scene) -> None:
    scene.annotate()
    mine = scene.named("missing-global")
    copied = mine.comments[0].body
    forged = scene.hub.comment(mine.path, 19, "mallory", copied)
    elsewhere = scene.hub.comment(mine.path, 19, "mallory", "<!-- amllint:v1:0123456789abcdef -->")
    scene.hub.reviews.insert(0, type(scene.hub.reviews[0])(1, "mallory", scene.hub.reviews[0].body))
    scene.push(with_changes(scene.files, "deploy/score.py", MEND_GLOBAL))
    scene.annotate()
    assert mine not in scene.hub.threads
    assert forged in scene.hub.threads
    assert elsewhere in scene.hub.threads
    assert forged.comments[0].body == copied
    assert "5 errors" in scene.hub.reviews[0].body
    assert "4 errors" in scene.hub.reviews[1].body


def test_a_renamed_file_takes_its_findings_along(scene: Scene) -> None:
    scene.annotate()
    moved = {k.replace("deploy/", "serving/"): v for k, v in scene.files.items()}
    scene.push(moved)
    scene.annotate()
    assert len(scene.hub.threads) == 9
    assert all(t.path.startswith("serving/") for t in scene.hub.threads)
    assert {f["status"] for f in scene.hub.files} <= {"renamed", "added", "removed"}
    before = scene.state
    scene.annotate()
    assert scene.state == before


def test_three_thousand_files_are_read_page_by_page(scene: Scene) -> None:
    many = [
        {"filename": f"docs/{n}.md", "status": "added", "changes": 1, "patch": "@@ -0,0 +1 @@\n+x"}
        for n in range(2_997)
    ]
    scene.hub.files = [*many, *scene.hub.files]
    scene.hub.hidden_files = 40
    scene.annotate()
    pages = [c.query["per_page"] for c in scene.hub.calls if c.path.endswith("/files")]
    assert pages == ["100"] * 30
    assert len(scene.hub.threads) == 9
    assert "only a part of this change" in scene.hub.reviews[0].body


def test_a_file_whose_changes_are_not_shown_is_in_the_summary(scene: Scene) -> None:
    for entry in scene.hub.files:
        if entry["filename"].endswith("score.py"):
            del entry["patch"]
    scene.annotate()
    assert all(not t.path.endswith(".py") for t in scene.hub.threads)
    assert "5 findings in files whose changes the server does not show" in scene.hub.reviews[0].body


def test_beyond_the_limit_findings_are_in_the_summary(scene: Scene) -> None:
    scene.annotate("--max-comments", "2")
    assert len(scene.hub.threads) == 2
    assert all(t.comments[0].body.startswith("**error**") for t in scene.hub.threads)
    assert "7 findings beyond the number of comments" in scene.hub.reviews[0].body


def test_what_was_merged_with_another_branch_is_not_commented_at_wrong_lines(scene: Scene) -> None:
    shifted = dict(scene.files)
    shifted["deploy/score.py"] = "# merged\n" * 3 + shifted["deploy/score.py"]
    scene.repository.commit(shifted)
    scene.annotate()
    assert all(not t.path.endswith(".py") for t in scene.hub.threads)
    body = scene.hub.reviews[0].body
    assert "on lines that the checked files have otherwise" in body or "outside the lines" in body


def test_newer_commits_are_left_to_their_own_run(scene: Scene) -> None:
    old = scene.environment()
    event = Path(old["GITHUB_EVENT_PATH"]).read_text("utf-8")
    scene.push({**scene.files, "README.md": "x\n"})
    stale = scene.folder / "stale.json"
    stale.write_text(event, "utf-8")
    done = scene.annotate(GITHUB_EVENT_PATH=str(stale))
    assert done.code == 1
    assert "newer commits" in done.err
    assert scene.hub.writes == []


def test_the_json_of_an_earlier_check_says_the_same(scene: Scene) -> None:
    scene.annotate()
    scene.hub.forget()
    done = scene.annotate("--from", str(scene.check()))
    assert done.code == 1
    assert scene.hub.writes == []


def test_paths_are_those_of_the_repository_wherever_it_is_run(scene: Scene) -> None:
    from .running import run

    scene.annotate()
    scene.hub.forget()
    below = scene.repository.folder / "deploy"
    run(below, scene.environment(), "annotate", "--isolated", "--pause", "0")
    assert scene.hub.writes == []


def test_an_incomplete_run_says_so_and_deletes_nothing(scene: Scene) -> None:
    scene.annotate()
    data = json.loads(scene.check().read_text("utf-8"))
    broken = dict(data["findings"][0], name="unreadable-file", code="AML902", fingerprint="e" * 16)
    data["findings"] = [broken]
    path = scene.folder / "incomplete.json"
    path.write_text(json.dumps(data), "utf-8")
    scene.hub.forget()
    done = scene.annotate("--from", str(path))
    assert done.code == 4
    assert len(scene.hub.threads) == 10
    assert "Not everything could be checked" in scene.hub.reviews[0].body


def test_fail_on_decides_about_the_exit_code_alone(scene: Scene) -> None:
    assert scene.annotate("--fail-on", "never").code == 0
    assert len(scene.hub.threads) == 9


# -- failures -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["answer", "answer-after", "drop-before", "drop-after"])
def test_a_review_is_posted_once_whatever_breaks(scene: Scene, kind: Kind) -> None:
    scene.hub.faults = [Fault(kind, "POST", "/reviews"), Fault(kind, "GET", "/pulls/7")]
    assert scene.annotate().code == 1
    assert len(scene.hub.reviews) == 1
    assert len(scene.hub.threads) == 9
    before = scene.state
    scene.annotate()
    assert scene.state == before


def test_bursts_of_errors_are_sat_out(scene: Scene) -> None:
    scene.hub.faults = [Fault("answer", times=2), Fault("slow", "GET", "/files")]
    assert scene.annotate().code == 1
    assert len(scene.hub.threads) == 9


def test_the_pause_between_writes_satisfies_the_secondary_limit(scene: Scene) -> None:
    scene.annotate()
    scene.push(example("mended"))
    scene.hub.pause = 0.05
    scene.hub.forget()
    scene.annotate("--pause", "0.1")
    assert [c.method for c in scene.hub.writes] == ["DELETE"] * 9 + ["PUT"]


def test_without_the_pause_the_secondary_limit_is_waited_for(scene: Scene) -> None:
    scene.hub.faults = [
        Fault(
            "answer",
            "POST",
            "/reviews",
            reply=Reply(403, {"message": "secondary rate limit"}, {"Retry-After": "1"}),
        )
    ]
    assert "again in 1.0 s" in scene.annotate("--verbose").err
    assert len(scene.hub.threads) == 9


def test_when_the_time_is_over_the_run_is_incomplete(scene: Scene) -> None:
    limited = Reply(429, {"message": "later"}, {"Retry-After": "900"})
    scene.hub.faults = [Fault("answer", "POST", "/reviews", times=99, reply=limited)]
    done = scene.annotate("--timeout", "5")
    assert done.code == 4
    assert "not posted" in done.err
    assert "--timeout" in done.err


def test_a_stop_between_two_writes_is_made_up_for(scene: Scene) -> None:
    scene.annotate()
    scene.push(
        with_changes(
            scene.files,
            "deploy/score.py",
            ('logger.error("prediction failed")\n', 'logger.error("failed")\n\n'),
        )
    )
    limited = Reply(429, {"message": "later"}, {"Retry-After": "900"})
    scene.hub.faults = [Fault("answer", "PUT", times=1, reply=limited)]
    assert scene.annotate("--timeout", "5").code == 4
    assert scene.annotate().code == 1
    before = scene.state
    scene.annotate()
    assert scene.state == before
    assert len({t.comments[0].body for t in scene.hub.threads}) == len(scene.hub.threads)


def test_comments_that_are_refused_are_listed(scene: Scene) -> None:
    refusal = Reply(422, {"message": "Unprocessable Entity", "errors": ["line must be part"]})
    scene.hub.faults = [Fault("answer", "POST", "/reviews", reply=refusal)]
    done = scene.annotate()
    assert done.code == 1
    assert "refuses the comments" in done.err
    assert scene.hub.threads == []
    assert "9 findings without a comment" in scene.hub.reviews[0].body


def test_a_comment_that_is_gone_already_is_no_failure(scene: Scene) -> None:
    scene.annotate()
    scene.push(example("mended"))
    scene.hub.faults = [
        Fault("answer", "DELETE", reply=Reply(404, {"message": "Not Found"}), times=9)
    ]
    assert scene.annotate().code == 0


def test_bad_credentials_are_told(scene: Scene) -> None:
    done = scene.annotate(GITHUB_TOKEN="ghp_wrong")
    assert done.code == 4
    assert "Bad credentials" in done.err


# -- forks --------------------------------------------------------------------------------


def test_a_token_that_may_only_read_gives_annotations(scene: Scene) -> None:
    scene.hub.read_only = True
    done = scene.annotate()
    assert done.code == 1
    assert done.err.count("may not write") == 1
    assert READ_ONLY in done.err
    lines = done.out.splitlines()
    assert len(lines) == 10
    assert all(re.match(r"::(error|warning) file=deploy/[^,]+,line=\d+", line) for line in lines)
    summary = (scene.folder / "summary.md").read_text("utf-8")
    assert summary.startswith(HEAD)
    assert summary.count("- **error**") == 5
    assert scene.hub.reviews == []
    assert scene.annotate("--fail-on", "never").code == 0


# -- the token ----------------------------------------------------------------------------


def test_the_token_is_in_no_output(scene: Scene) -> None:
    quoting = Reply(502, {"message": f"cannot serve {TOKEN}"})
    seen = []
    for arguments in ((), ("--verbose",), ("--dry-run",), ("--mode", "checks", "-v")):
        scene.hub.faults = [Fault("answer", "GET", "/files", reply=quoting)]
        seen.append(scene.annotate(*arguments))
    for status in (401, 403, 404, 422):
        refusal = Reply(status, {"message": f"{TOKEN} may not", "errors": [TOKEN]})
        scene.hub.faults = [Fault("answer", "GET", "/pulls/7", reply=refusal)]
        seen.append(scene.annotate("-v"))
        forbidden = Reply(403, {"message": f"{READ_ONLY} {TOKEN}"})
        scene.hub.faults = [Fault("answer", "GET", "/pulls/7", reply=forbidden)]
        seen.append(scene.annotate("-v"))
    scene.hub.faults = [Fault("drop-before", times=99)]
    seen.append(scene.annotate("-v", "--timeout", "2"))
    assert len({d.code for d in seen}) > 1
    for done in seen:
        assert TOKEN not in done.out + done.err
    written = (p for p in scene.folder.rglob("*") if p.is_file())
    assert not [p for p in written if TOKEN.encode() in p.read_bytes()]
    bodies = json.dumps([c.body for c in scene.hub.calls])
    assert TOKEN not in bodies
    assert all(TOKEN not in c.path + str(c.query) for c in scene.hub.calls)


def test_dry_run_shows_what_would_be_posted_and_writes_nothing(scene: Scene) -> None:
    done = scene.annotate("--dry-run")
    assert scene.hub.writes == []
    (request,) = json.loads(done.out)
    scene.annotate()
    (call,) = scene.hub.writes
    assert (request["method"], request["path"], request["body"]) == (
        call.method,
        call.path,
        call.body,
    )


def test_the_posted_review_can_be_shown() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bot.show_review"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    shown = json.loads(done.stdout)
    (review,) = shown["first run"]["received"]
    assert len(review["body"]["comments"]) == 9
    assert shown["second run"]["received"] == []


def test_many_conversations_are_read_page_by_page(scene: Scene) -> None:
    for number in range(130):
        thread = scene.hub.comment("deploy/score.py", 19, "ada", f"remark {number}")
        scene.hub.reviews.append(type("Review", (), {"id": number, "author": "ada", "body": "x"})())
        assert thread
    scene.annotate()
    scene.hub.forget()
    scene.annotate()
    assert scene.hub.writes == []
    mine = [t for t in scene.hub.threads if t.comments[0].author == BOT]
    assert len(mine) == 9


ODD = (None, [], {}, 7, "x", {"data": {}}, {"data": {"viewer": None}}, [[]], [{"name": 3}])


@pytest.mark.parametrize("path", ["/pulls/7", "/pulls/7/files", "/graphql"])
@pytest.mark.parametrize("mode", ["review", "checks"])
def test_odd_answers_end_in_an_error(scene: Scene, path: str, mode: str) -> None:
    findings = str(scene.check())
    for data in ODD:
        if path == "/pulls/7/files" and data in ([], {}):
            continue
        scene.hub.faults = [Fault("answer", path=path, times=99, reply=Reply(200, data))]
        done = scene.annotate("--mode", mode, "--from", findings)
        assert (done.code, done.out) == (4, ""), data
        assert "not posted: " in done.err
