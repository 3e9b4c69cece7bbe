"""Changes, comments and baselines in notebooks: what counts is what the cells say."""

from __future__ import annotations

import json

from tests.adoption.conftest import Repo
from tests.engine.notebooks import CLEAN, LEAKY, code, notebook, writes

LEAK = [("n.ipynb", "error-as-success"), ("n.ipynb", "error-leak")]


def test_a_notebook_that_was_only_run_again_has_not_changed(repo: Repo) -> None:
    repo.commit({"n.ipynb": notebook(code("x = 1"), writes("score.py"))})
    again = notebook(code("y = 2"), code("x = 1"), writes("score.py"))
    again = again.replace('"execution_count": 1', '"execution_count": 9').replace("pass", "done", 1)
    repo.write({"n.ipynb": again})
    assert repo.shown() == []


def test_a_changed_line_of_a_cell_shows_its_finding(repo: Repo) -> None:
    repo.commit({"n.ipynb": notebook(writes("score.py"))})
    changed = LEAKY.replace("return str(e)", "return str(e)  # for now")
    repo.write({"n.ipynb": notebook(code("x = 1"), writes("score.py", changed))})
    assert repo.shown() == LEAK


def test_a_new_finding_in_an_old_notebook_is_shown(repo: Repo) -> None:
    repo.commit({"n.ipynb": notebook(writes("score.py", CLEAN))})
    repo.write({"n.ipynb": notebook(writes("score.py", CLEAN), writes("score_b.py"))})
    assert repo.shown() == LEAK


def test_comments_are_added_to_cells(repo: Repo) -> None:
    text = notebook(writes("score.py"), code("x = 1"), writes("score_b.py"))
    repo.commit({"n.ipynb": text})
    done = repo.amllint.check("--add-ignore", "for now")
    assert done.code == 0, done.err
    after = json.loads((repo.folder / "n.ipynb").read_text())
    for number in (0, 2):
        rows = after["cells"][number]["source"]
        assert rows[0].startswith("%%writefile ")
        assert sum("# amllint: ignore[" in row for row in rows) == 1
    old = json.loads(text)
    assert after["cells"][1] == old["cells"][1]
    assert repo.amllint.check().code == 0


def test_a_baseline_outlives_moved_cells(repo: Repo) -> None:
    repo.commit({"n.ipynb": notebook(writes("score.py"))})
    assert repo.amllint("baseline", "write").code == 0
    repo.write({"n.ipynb": notebook(code("x = 1"), writes("score.py"))})
    done = repo.amllint.check("--baseline", "amllint-baseline.json")
    assert (done.code, "2 in the baseline" in done.err) == (0, True)


def test_a_notebook_comes_from_standard_input(repo: Repo) -> None:
    text = notebook(writes("score.py"))
    done = repo.amllint.check("-o", "concise", "--stdin-filename", "n.ipynb", stdin=text.encode())
    assert done.out.count("n.ipynb:cell 1:13:") == 2
