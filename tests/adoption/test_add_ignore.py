"""`check --add-ignore`: a comment for every finding, and nothing else in the file changes."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from amllint.engine import ignoring
from amllint.source.overlay import Overlay
from tests.adoption.trees import AKS, CLEAN, CONDA, CONFIG, LEAKY
from tests.checking import Files, look, names
from tests.cli.commands import Commands
from tests.corpus.test_corpus import parses

CORPUS = Path(__file__).resolve().parents[1] / "corpus" / "scoring"
REASON = "until May"


def added(amllint: Commands, files: Files, *arguments: str) -> str:
    """What standard error says; a second run must be clean of what was ignored."""
    amllint.write(files)
    done = amllint.check("--add-ignore", REASON, *arguments)
    assert (done.code, done.out) == (0, ""), done.out + done.err
    again = amllint.check(*arguments)
    assert (again.code, again.out) == (0, "")
    return done.err


def text(amllint: Commands, name: str = "score.py") -> str:
    return (amllint.folder / name).read_bytes().decode()


def test_the_comment_stands_at_the_end_of_the_line(amllint: Commands) -> None:
    added(amllint, {"score.py": LEAKY.replace("\n        return str(e)", " return str(e)")})
    line = "    except Exception as e: return str(e)"
    want = f"{line}  # amllint: ignore[error-as-success, error-leak] -- {REASON}\n"
    assert text(amllint) == LEAKY.replace(f"{line[:26]}\n        return str(e)\n", want)


def test_a_long_line_gets_it_above(amllint: Commands) -> None:
    long = LEAKY.replace(
        "return str(e)", 'return {"error": "the reason for all of this is " + str(e)}'
    )
    added(amllint, {"score.py": long})
    comment = f"        # amllint: ignore[error-as-success, error-leak] -- {REASON}\n"
    assert text(amllint) == long.replace("        return {", comment + "        return {")


STRING = LEAKY.replace("return str(e)", 'return f"""\n{e}\n"""')
CONTINUED = LEAKY.replace("return str(e)", "return \\\n            str(e)")
BRACKETS = LEAKY.replace(
    "return str(e)", "return dict(\n            a=1,\n            b=str(e),\n        )"
)
COMMENTED = LEAKY.replace("return str(e)", "return str(e)  # noqa: X")
ONE_LINE = LEAKY.replace("\n        return str(e)", " return str(e)  # noqa")
TABS = LEAKY.replace("    ", "\t")


@pytest.mark.parametrize("script", [STRING, CONTINUED, BRACKETS, COMMENTED, ONE_LINE, TABS])
def test_strings_continuations_brackets_and_comments_are_respected(
    amllint: Commands, script: str
) -> None:
    added(amllint, {"score.py": script})
    assert ast.dump(ast.parse(text(amllint))) == ast.dump(ast.parse(script))
    left = re.sub(r"(?m)^[ \t]*# amllint:.*\n|  # amllint:.*", "", text(amllint))
    assert left == script
    assert text(amllint) != script


def test_line_ends_and_marks_stay(amllint: Commands) -> None:
    script = b"\xef\xbb\xbf" + LEAKY.replace("\n", "\r\n").encode()
    added(amllint, {"score.py": script})
    data = (amllint.folder / "score.py").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\n") == data.count(b"\r\n")


def test_a_comment_that_is_there_is_extended(amllint: Commands) -> None:
    line = "        return str(e)  # amllint: ignore[error-leak] -- known\n"
    added(amllint, {"score.py": LEAKY.replace("        return str(e)\n", line)})
    assert "ignore[error-leak, error-as-success] -- known\n" in text(amllint)
    assert text(amllint).count("amllint:") == 1


def test_a_comment_above_is_extended_and_given_the_reason(amllint: Commands) -> None:
    lines = "        # amllint: ignore[error-leak]\n        return str(e)\n"
    added(amllint, {"score.py": LEAKY.replace("        return str(e)\n", lines)})
    comment = f"        # amllint: ignore[error-leak, error-as-success] -- {REASON}\n"
    assert comment + "        return str(e)\n" in text(amllint)
    assert text(amllint).count("amllint:") == 1


def test_yaml_keys_items_and_block_scalars(amllint: Commands) -> None:
    conda = CONDA.replace("azureml-defaults==1.62.0", "pynacl==1.2.1")
    conda = "# about it\n" + conda + "variables:\n  NOTE: |\n    # amllint: not a comment\n"
    err = added(amllint, {"score.py": CLEAN, "inferenceconfig.yml": CONFIG, "conda.yml": conda})
    assert "ignored 2 findings in 1 file" in err
    lines = text(amllint, "conda.yml").splitlines()
    assert f"  - pip:  # amllint: ignore[missing-inference-server] -- {REASON}" in lines
    assert f"      - pynacl==1.2.1  # amllint: ignore[pynacl-pin] -- {REASON}" in lines
    assert len(lines) == len(conda.splitlines())


def test_a_yaml_value_of_several_lines_gets_it_above_or_at_its_header(amllint: Commands) -> None:
    config = "computeType: aks\nnumReplica: |\n  # not a comment\n  2\nkeys: {}\n"
    added(amllint, {"deploymentconfig.yml": config})
    got = text(amllint, "deploymentconfig.yml")
    assert "numReplica: |  # amllint: ignore[" in got
    assert "  # not a comment\n  2\n" in got


def test_json_is_left_and_the_snippet_said(amllint: Commands) -> None:
    amllint.write({"deploymentconfig.json": AKS, "score.py": LEAKY})
    done = amllint.check("--add-ignore", REASON)
    assert done.code == 1
    assert done.names == ["unknown-deployment-key"]
    assert text(amllint, "deploymentconfig.json") == AKS
    snippet = '[per-file-ignores]\n"/deploymentconfig.json" = ["unknown-deployment-key"]\n'
    assert f"put this into amllint.toml:\n{snippet}" in done.err
    amllint.write({"amllint.toml": snippet})
    assert amllint.check().code == 0


def test_the_snippet_is_for_the_configuration_in_use(amllint: Commands) -> None:
    amllint.write({'a "b"/deploymentconfig.json': AKS, "pyproject.toml": "[tool.amllint]\n"})
    done = amllint.check("--add-ignore", REASON)
    assert "put this into pyproject.toml:\n[tool.amllint.per-file-ignores]\n" in done.err
    with open(amllint.folder / "pyproject.toml", "a", encoding="utf-8") as stream:
        stream.write(done.err.partition("pyproject.toml:\n")[2].partition("1 ")[0])
    assert amllint.check().code == 0


def test_diff_shows_and_writes_nothing(amllint: Commands) -> None:
    amllint.write({"score.py": LEAKY})
    done = amllint("check", "--add-ignore", REASON, "--diff")
    assert done.code == 1
    assert "+        return str(e)  # amllint: ignore[error-as-success, error-leak]" in done.out
    assert "would ignore 2 findings in 1 file" in done.err
    assert text(amllint) == LEAKY


def test_what_cannot_be_suppressed_is_said(amllint: Commands) -> None:
    amllint.write({"score.py": "x = 1  # amllint: ignore[error-leek]\n" + LEAKY})
    done = amllint.check("--add-ignore", REASON)
    assert done.names == ["unknown-rule"]
    assert "not ignored: score.py: unknown-rule: nothing suppresses this rule" in done.err


def test_enforced_rules_get_no_comment(amllint: Commands) -> None:
    amllint.write({"score.py": LEAKY, "amllint.toml": 'enforce = ["error-leak"]\n'})
    done = amllint.check("--add-ignore", REASON)
    assert done.names == ["error-leak"]
    assert "ignore[error-as-success] --" in text(amllint)


def test_a_broken_file_is_left(amllint: Commands) -> None:
    broken = "def init(:\n    pass\n\n\ndef run(x):\n    pass\n"
    amllint.write({"score.py": broken})
    done = amllint.check("--add-ignore", REASON)
    assert done.names == ["syntax-error"]
    assert "the file cannot be parsed" in done.err
    assert text(amllint) == broken


def test_a_reason_that_the_encoding_lacks_leaves_the_file(amllint: Commands) -> None:
    script = "# coding: latin-1\n" + LEAKY
    amllint.write({"score.py": script})
    done = amllint.check("--add-ignore", "später €")
    assert done.code == 1
    assert "not ignored: score.py" in done.err
    assert text(amllint) == script


@pytest.mark.parametrize("reason", ["", "  ", "two\nlines", "a\x1b[2J", "a\u2028b"])
def test_a_reason_is_one_line_of_text(amllint: Commands, reason: str) -> None:
    amllint.write({"score.py": LEAKY})
    assert amllint.check("--add-ignore", reason).code == 2
    assert text(amllint) == LEAKY


@pytest.mark.parametrize("other", ["--fix", "--no-ignores"])
def test_it_goes_with_no_other_way_of_changing(amllint: Commands, other: str) -> None:
    amllint.write({"score.py": LEAKY})
    assert amllint.check("--add-ignore", REASON, other).code == 2


def test_only_what_is_shown_is_ignored(amllint: Commands) -> None:
    amllint.write({"a/score.py": LEAKY, "b/score.py": LEAKY})
    amllint("baseline", "write", "a")
    done = amllint.check("--add-ignore", REASON, "--baseline", "amllint-baseline.json")
    assert done.code == 0
    assert text(amllint, "a/score.py") == LEAKY
    assert "amllint:" in text(amllint, "b/score.py")


def test_all_scripts_of_the_corpus(amllint: Commands) -> None:
    texts = {p.name: p.read_bytes() for p in CORPUS.glob("*.py")}
    before = {name: text for name, text in texts.items() if parses(text)}
    assert len(before) > 100
    amllint.write({f"{name[:-3]}/score.py": data for name, data in before.items()})
    pedantic = ("--persona", "pedantic")
    first = amllint.check(*pedantic)
    done = amllint.check("--add-ignore", REASON, *pedantic)
    left = [line for line in done.out.splitlines() if "unused-ignore" not in line]
    again = amllint.check(*pedantic)
    assert again.out == done.out
    assert len(left) < len(first.out.splitlines()) / 20, left
    changed = 0
    for name, data in before.items():
        after = (amllint.folder / name[:-3] / "score.py").read_bytes()
        changed += after != data
        if after != data:
            assert ast.dump(ast.parse(after)) == ast.dump(ast.parse(data))
    assert changed > 90


def test_a_comment_that_does_not_hold_is_taken_back(tmp_path: Path) -> None:
    report = look(tmp_path, {"score.py": LEAKY})
    overlay = Overlay(cwd=str(tmp_path))
    done = ignoring.add(report, lambda: report, overlay, REASON, frozenset())
    assert (done.after, done.added) == ({}, [])
    assert [f.name for f, _ in done.left] == names(report)
    assert overlay.text(str(tmp_path / "score.py")).text == LEAKY
