"""Pages of documentation are held to what amllint does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import readme

ROOT = Path(__file__).resolve().parents[2]


def test_a_session_is_what_its_commands_print() -> None:
    new = readme.session("$ amllint --version\nof old\n\n$ amllint check examples/mended -q\n")
    version, check = new.split("\n\n")
    assert version.startswith("$ amllint --version\namllint ")
    assert "of old" not in new
    assert check == "$ amllint check examples/mended -q\n"


def test_a_stale_page_is_brought_up_to_date_and_then_stays_as_it_is() -> None:
    stale = "<!-- generated: schemas -->\nstale\n<!-- end -->\n"
    page = readme.current(stale)
    assert "stale" not in page
    assert "| `conda` |" in page
    assert readme.current(page) == page


def test_a_configuration_that_amllint_refuses_is_a_mistake() -> None:
    def mistakes(text: str) -> list[str]:
        return list(readme.mistakes(ROOT / "README.md", f"```toml\n{text}\n```\n"))

    assert mistakes('ignore = ["error-leak"]') == []
    (unknown,) = mistakes('ignroe = ["error-leak"]')
    assert "unknown key `ignroe`" in unknown
    (rule,) = mistakes('[tool.amllint]\nignore = ["error-leek"]')
    assert "`error-leek`, which is no rule" in rule


def test_a_link_to_nowhere_is_a_mistake() -> None:
    text = "[a](LICENSE) [b](nowhere.md#x) [c](https://example.org) [d](#here)"
    assert list(readme.mistakes(ROOT / "README.md", text)) == ["there is no nowhere.md"]


def test_every_page_is_held_to_it() -> None:
    assert {"README.md", "CONTRIBUTING.md", "configuration.md"} <= {p.name for p in readme.pages()}


def test_sessions_in_a_copy_go_on_from_one_another_and_leave_the_folder_alone(
    tmp_path: Path,
) -> None:
    fence = "```console copy of examples/mended\n{}\n```\n"
    page = fence.format("$ git mv score.py serve.py") + fence.format("$ git status --short")
    assert "$ git status --short\nR  score.py -> serve.py\n```" in readme.sessions(page, tmp_path)
    assert (ROOT / "examples/mended/score.py").exists()


def test_no_other_program_runs_in_a_session(tmp_path: Path) -> None:
    for page in ("```console\n$ git status\n```\n", "```console copy of docs\n$ rm -r .\n```\n"):
        with pytest.raises(SystemExit, match="runs amllint only"):
            readme.sessions(page, tmp_path)
