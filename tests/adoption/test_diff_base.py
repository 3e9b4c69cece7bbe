"""`check --diff-base`: what a change brought is shown, what was there before it is counted."""

from __future__ import annotations

import hashlib
import os
import subprocess

import pytest

from tests.adoption.conftest import Repo
from tests.adoption.trees import AKS, CLEAN, CONDA, CONFIG, LEAKY, MODEL
from tests.cli.commands import Commands

LEAK = [("score.py", "error-as-success"), ("score.py", "error-leak")]


def test_what_was_there_before_is_left_out_and_counted(repo: Repo) -> None:
    repo.commit({"score.py": LEAKY})
    repo.write({"score.py": "# about it\n" + LEAKY + "\n\nN = 1\n"})
    assert repo.shown() == []
    done = repo.amllint.check("--diff-base", "HEAD")
    assert (done.code, done.err) == (0, "no findings in 1 file, 2 outside the change\n")


def test_what_is_on_a_changed_line_is_shown(repo: Repo) -> None:
    repo.commit({"score.py": LEAKY})
    repo.write({"score.py": LEAKY.replace("return str(e)", "return str(e)  # for now")})
    assert repo.shown() == LEAK


def test_a_related_place_on_a_changed_line_is_enough(repo: Repo) -> None:
    repo.commit({"score.py": LEAKY})
    repo.write({"score.py": LEAKY.replace("except Exception as e:", "except Exception  as e:")})
    assert repo.shown() == LEAK


def test_lines_taken_out_from_within_a_place_change_it(repo: Repo) -> None:
    text = LEAKY.replace(
        "return str(e)", "return str(\n            # why\n            e\n        )"
    )
    repo.commit({"score.py": text})
    repo.write({"score.py": text.replace("            # why\n", "")})
    assert ("score.py", "error-as-success") in repo.shown()


def test_a_new_finding_is_shown_and_an_equal_old_one_is_not(repo: Repo) -> None:
    repo.commit({"score.py": LEAKY})
    more = "    except OSError as e:\n        return str(e)\n    except Exception"
    repo.write({"score.py": LEAKY.replace("    except Exception", more)})
    report = repo.amllint.check("--diff-base", "HEAD")
    assert [line.split(":")[1] for line in report.out.splitlines()] == ["12", "12"]


def test_a_conda_file_that_lost_a_package_is_the_cause_in_an_unchanged_script(repo: Repo) -> None:
    files = {"score.py": MODEL, "inferenceconfig.yml": CONFIG, "conda.yml": CONDA}
    repo.commit(files)
    assert repo.shown() == []
    lost = CONDA.replace("      - azureml-defaults==1.62.0\n", "")
    repo.write({"conda.yml": lost})
    wanted = [("conda.yml", "missing-inference-server"), ("score.py", "get-model-path")]
    assert repo.shown() == wanted
    assert repo.shown("score.py") == wanted[1:]


def test_what_became_graver_is_new(repo: Repo) -> None:
    repo.commit({"score.py": MODEL, "inferenceconfig.yml": CONFIG, "conda.yml": CONDA})
    assert repo.shown("--persona", "pedantic") == []
    repo.write({"conda.yml": CONDA.replace("      - azureml-defaults==1.62.0\n", "")})
    assert ("score.py", "get-model-path") in repo.shown("--persona", "pedantic")


def test_a_config_that_now_names_a_script_makes_its_old_defects_new(repo: Repo) -> None:
    script = "def init():\n    pass\n"
    repo.commit(
        {"inferenceconfig.yml": "entryScript: other.py\n", "serve.py": script, "other.py": CLEAN}
    )
    repo.write({"inferenceconfig.yml": "entryScript: serve.py\n"})
    assert repo.shown() == [("serve.py", "missing-run")]


@pytest.mark.parametrize("how", ["deleted", "renamed"])
def test_a_script_that_is_gone_is_shown_where_it_is_named(repo: Repo, how: str) -> None:
    repo.commit({"inferenceconfig.yml": "entryScript: score.py\n", "score.py": CLEAN})
    if how == "deleted":
        repo.git("rm", "-q", "score.py")
    else:
        repo.git("mv", "score.py", "serve.py")
    assert repo.shown() == [("inferenceconfig.yml", "entry-script-missing")]


def test_a_source_folder_that_is_gone_is_shown(repo: Repo) -> None:
    config = "entryScript: score.py\nsourceDirectory: src\n"
    repo.commit({"inferenceconfig.yml": config, "src/score.py": CLEAN})
    assert repo.shown() == []
    repo.git("rm", "-qr", "src")
    assert ("inferenceconfig.yml", "referenced-file-missing") in repo.shown()


def test_a_renamed_file_brings_no_old_finding(repo: Repo) -> None:
    repo.commit({"score.py": LEAKY, "a/score.py": CLEAN})
    repo.git("mv", "score.py", "a/new score é.py")
    assert repo.shown() == []
    repo.write({"a/new score é.py": LEAKY + "\n\nX = 1\n"})
    assert repo.shown() == []
    repo.write({"a/new score é.py": LEAKY.replace("str(e)", "repr(e)")})
    assert [name for _, name in repo.shown()] == ["error-as-success", "error-leak"]


def test_an_untracked_file_is_all_new(repo: Repo) -> None:
    repo.commit({"README": "x"})
    repo.write({"score.py": LEAKY})
    assert repo.shown() == LEAK


def test_what_is_committed_staged_and_written_counts_alike(repo: Repo) -> None:
    base = repo.commit({"score.py": CLEAN, "b/score.py": CLEAN, "c/score.py": CLEAN})
    repo.commit({"score.py": LEAKY})
    repo.write({"b/score.py": LEAKY})
    repo.git("add", "b/score.py")
    repo.write({"c/score.py": LEAKY})
    assert {p for p, _ in repo.shown(base=base)} == {"score.py", "b/score.py", "c/score.py"}


def test_what_came_to_the_other_branch_since_is_not_ours(repo: Repo) -> None:
    repo.commit({"score.py": LEAKY, "a/score.py": LEAKY})
    repo.git("checkout", "-qb", "topic")
    repo.commit({"b/score.py": LEAKY})
    repo.git("checkout", "-q", "main")
    repo.commit({"a/score.py": CLEAN, "score.py": CLEAN})
    repo.git("checkout", "-q", "topic")
    assert {p for p, _ in repo.shown(base="main")} == {"b/score.py"}
    repo.git("checkout", "-q", "--detach")
    assert {p for p, _ in repo.shown(base="main")} == {"b/score.py"}


def test_line_ends_alone_change_nothing(repo: Repo) -> None:
    repo.commit({"score.py": LEAKY, "deploymentconfig.json": AKS})
    repo.write({"score.py": LEAKY.replace("\n", "\r\n")})
    repo.write({"deploymentconfig.json": AKS.replace("\n", "\r\n")})
    assert repo.shown() == []


def test_names_with_blanks_quotes_and_other_letters(repo: Repo) -> None:
    name = 'ünï "q" \t folder/score.py'
    repo.commit({name: LEAKY})
    assert repo.shown() == []
    repo.write({name: LEAKY.replace("str(e)", "repr(e)")})
    assert {p for p, _ in repo.shown()} == {name}


def test_from_a_folder_within_and_for_one_file(repo: Repo) -> None:
    repo.commit({"a/score.py": LEAKY, "b/score.py": CLEAN})
    repo.write({"b/score.py": LEAKY})
    assert {p for p, _ in repo.shown("a")} == set()
    assert {p for p, _ in repo.shown("b/score.py")} == {"b/score.py"}


def test_a_suppression_taken_away_is_a_cause(repo: Repo) -> None:
    held = "# amllint: ignore-file[error-leak, error-as-success] -- old\n"
    repo.commit({"score.py": held + LEAKY})
    assert repo.shown() == []
    repo.write({"score.py": LEAKY})
    assert repo.shown() == LEAK


@pytest.mark.parametrize("how", ["changed", "deleted", "moved below", "overruled"])
def test_the_configuration_is_a_cause(repo: Repo, how: str) -> None:
    repo.commit({"a/score.py": LEAKY, "amllint.toml": 'ignore = ["error-leak"]\n'})
    assert repo.shown("a") == []
    if how == "changed":
        repo.write({"amllint.toml": "ignore = []\n"})
    elif how == "overruled":
        repo.write({"a/pyproject.toml": "[tool.amllint]\n"})
    else:
        repo.git("rm", "-q", "amllint.toml")
        repo.write({"b/amllint.toml": ""} if how == "moved below" else {})
    assert repo.shown("a") == [("a/score.py", "error-leak")]


def test_a_configuration_that_was_broken_counts_as_it_is_now(repo: Repo) -> None:
    repo.commit({"score.py": LEAKY, "amllint.toml": "ignore = [\n"})
    repo.write({"amllint.toml": "ignore = []\n"})
    assert repo.shown() == []


def test_a_file_that_cannot_be_read_is_always_told(repo: Repo) -> None:
    repo.commit({"inferenceconfig.yml": b"entryScript: \xff\n"})
    done = repo.amllint.check("--diff-base", "HEAD")
    assert done.code == 4
    assert "unreadable-file" in done.out


def test_standard_input_is_what_is_compared(repo: Repo) -> None:
    repo.commit({"score.py": CLEAN})
    more = ("--stdin-filename", "score.py", "--diff-base", "HEAD", "-")
    done = repo.amllint.check(*more, stdin=LEAKY.encode())
    assert done.names == ["error-as-success", "error-leak"]
    repo.write({"score.py": LEAKY})
    assert repo.amllint.check(*more, stdin=CLEAN.encode()).out == ""


def test_only_what_the_change_brought_is_fixed(repo: Repo) -> None:
    repo.commit(
        {"deploymentconfig.json": AKS, "a/deploymentconfig.json": '{"computeType": "aks"}\n'}
    )
    repo.write({"a/deploymentconfig.json": AKS})
    done = repo.amllint.check("--diff-base", "HEAD", "--fix", "--unsafe-fixes")
    assert (done.code, done.out) == (0, "")
    assert (repo.folder / "deploymentconfig.json").read_text() == AKS
    assert "numReplicas" in (repo.folder / "a/deploymentconfig.json").read_text()


def test_a_submodule_is_no_part_of_the_change(repo: Repo) -> None:
    repo.commit({"score.py": LEAKY})
    inner = repo.folder / "inner"
    inner.mkdir()
    for arguments in (
        ["init", "-q"],
        ["-c", "user.name=A", "-c", "user.email=a@b.c", "commit", "-q", "--allow-empty", "-m", "x"],
    ):
        subprocess.run(["git", *arguments], cwd=inner, check=True)
    repo.git("add", "-A")
    repo.git("commit", "-qm", "inner")
    assert repo.git("ls-tree", "HEAD", "inner").startswith("160000")
    assert repo.shown() == []


def test_what_a_sparse_checkout_leaves_out_is_not_gone(repo: Repo) -> None:
    repo.commit({"a/inferenceconfig.yml": "entryScript: ../b/score.py\n", "b/score.py": CLEAN})
    repo.git("update-index", "--skip-worktree", "b/score.py")
    os.unlink(repo.folder / "b/score.py")
    assert repo.shown() == []


def test_a_file_kept_by_lfs_is_compared_by_its_pointer(repo: Repo) -> None:
    data = LEAKY.encode()
    pointer = (
        "version https://git-lfs.github.com/spec/v1\n"
        f"oid sha256:{hashlib.sha256(data).hexdigest()}\nsize {len(data)}\n"
    )
    repo.commit({"score.py": pointer})
    repo.write({"score.py": LEAKY})
    assert repo.shown() == []
    repo.write({"score.py": LEAKY.replace("str(e)", "repr(e)")})
    assert repo.shown() == LEAK


def test_a_link_that_leads_elsewhere_is_changed(repo: Repo) -> None:
    repo.write({"one.py": CLEAN, "two.py": LEAKY, "inferenceconfig.yml": "entryScript: score.py\n"})
    (repo.folder / "score.py").symlink_to("one.py")
    repo.commit({})
    assert ("score.py", "error-leak") not in repo.shown()
    (repo.folder / "score.py").unlink()
    (repo.folder / "score.py").symlink_to("two.py")
    assert ("score.py", "error-leak") in repo.shown()


def test_replaced_objects_are_not_followed(repo: Repo) -> None:
    clean = repo.commit({"score.py": CLEAN})
    leaky = repo.commit({"score.py": LEAKY})
    repo.git("replace", clean, leaky)
    assert repo.shown(base=clean) == LEAK


# -- refusals ---------------------------------------------------------------------------------


def refused(amllint: Commands, *arguments: str) -> str:
    done = amllint.check(*arguments)
    assert (done.code, done.out) == (2, "")
    return done.err


def test_without_a_repository_there_is_nothing_to_compare(amllint: Commands) -> None:
    amllint.write({"score.py": LEAKY})
    assert "is in no git repository" in refused(amllint, "--diff-base", "HEAD")


@pytest.mark.parametrize("revision", ["nowhere", "--output=x", "", "HEAD~9", "HEAD:score.py"])
def test_a_revision_that_is_not_there_is_refused(repo: Repo, revision: str) -> None:
    repo.commit({"score.py": LEAKY})
    before = sorted(os.listdir(repo.folder))
    said = refused(repo.amllint, f"--diff-base={revision}")
    assert f"there is no commit `{revision}` here; fetch it" in said
    assert sorted(os.listdir(repo.folder)) == before


def test_a_remote_branch_that_is_not_there_says_how_to_fetch_it(repo: Repo) -> None:
    repo.commit({"score.py": LEAKY})
    assert "git fetch origin main" in refused(repo.amllint, "--diff-base", "origin/main")


def test_a_repository_without_commits(repo: Repo) -> None:
    repo.write({"score.py": LEAKY})
    assert "there is no commit `HEAD`" in refused(repo.amllint, "--diff-base", "HEAD")


def test_a_shallow_clone_says_what_to_do(repo: Repo) -> None:
    first = repo.commit({"score.py": CLEAN})
    repo.commit({"score.py": LEAKY})
    clone = repo.folder / "clone"
    repo.git("clone", "-q", "--depth=1", f"file://{repo.folder}", str(clone))
    said = refused(repo.amllint, "--diff-base", first, "clone")
    assert "fetch-depth: 0" in said
    assert "git fetch --unshallow" in said


def test_unrelated_histories_have_no_base(repo: Repo) -> None:
    repo.commit({"score.py": CLEAN})
    repo.git("checkout", "-q", "--orphan", "other")
    repo.commit({"score.py": LEAKY})
    assert "no common ancestor" in refused(repo.amllint, "--diff-base", "main")


def test_objects_that_a_partial_clone_lacks_are_not_fetched(repo: Repo) -> None:
    base = repo.commit({"score.py": CLEAN, "deploymentconfig.json": AKS})
    repo.commit({"score.py": LEAKY})
    repo.git("config", "uploadpack.allowFilter", "true")
    clone = repo.folder / "clone"
    repo.git("clone", "-q", "--filter=blob:none", f"file://{repo.folder}", str(clone))
    said = refused(repo.amllint, "--diff-base", base, "clone")
    assert "partial clone" in said
