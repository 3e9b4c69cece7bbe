"""The linter's own configuration, which comes with the linted tree."""

from __future__ import annotations

from pathlib import Path

from .cases import READ, SCORE, USAGE, Builder, Case, Expect, case, expect, family, with_unit, write
from .file_system import make_pipe

_REFUSED_OR_IGNORED = expect(0, 1, 2, 4)


def _settings(name: str, content: str | bytes, note: str, outcome: Expect) -> Builder:
    def build(folder: Path) -> Case:
        with_unit(folder, SCORE)
        write(folder / name, content)
        return Case(["."], note, outcome)

    return build


def _table(body: str, note: str = "", outcome: Expect = USAGE) -> Builder:
    return _settings("pyproject.toml", f"[tool.amllint]\n{body}\n", note, outcome)


family(
    {
        "settings_invalid": _settings("amllint.toml", "select = [\n", "", USAGE),
        "settings_not_text": _settings("amllint.toml", b"select = ['\xff']\n", "", USAGE),
        "settings_utf16": _settings("amllint.toml", "select = []".encode("utf-16"), "", USAGE),
        "settings_nul": _settings("amllint.toml", b"select = ['\0']\n", "", USAGE),
        "settings_10000_brackets": _settings(
            "amllint.toml",
            "select = " + "[" * 10_000 + "]" * 10_000,
            "tomllib: RecursionError",
            USAGE,
        ),
        "settings_10000_tables": _settings(
            "amllint.toml", "[" + ".".join(["a"] * 10_000) + "]\n", "quadratic in tomllib", USAGE
        ),
        "settings_huge_integer": _settings(
            "amllint.toml",
            f"select = {'9' * 100_000}\n",
            "ValueError that is no TOMLDecodeError",
            USAGE,
        ),
        "settings_bad_date": _settings("amllint.toml", "today = 2020-99-99\n", "", USAGE),
        "settings_of_20_mb": _settings(
            "amllint.toml", b"# " + b"a" * 20_000_000, "", _REFUSED_OR_IGNORED
        ),
        "settings_empty": _settings("amllint.toml", b"", "", READ),
        "settings_of_others_broken": _settings(
            "pyproject.toml",
            "[tool.other]\na = [\n",
            "a pyproject.toml that pip refuses too",
            _REFUSED_OR_IGNORED,
        ),
        "settings_of_others": _settings(
            "pyproject.toml", "tool = 7\n", "not even a table", _REFUSED_OR_IGNORED
        ),
        "settings_no_table": _settings("pyproject.toml", "[tool]\namllint = 'x'\n", "", USAGE),
        "settings_of_others_that_name_us": _settings(
            "pyproject.toml", "[project]\ndependencies = ['amllint']\n", "no settings of ours", READ
        ),
        "settings_of_others_that_name_us_broken": _settings(
            "pyproject.toml", "[project\ndependencies = ['amllint']\n", "", READ
        ),
        "settings_in_a_quoted_table": _settings(
            "pyproject.toml", "[tool.'amllint']\nselct = []\n", "", USAGE
        ),
        "settings_select_is_text": _table("select = 'ALL'"),
        "settings_select_is_mixed": _table("select = [1, {a = 1}, []]"),
        "settings_select_is_a_table": _table("[tool.amllint.select]\na = 1"),
        "settings_unknown_key": _table("selct = ['AML1']"),
        "settings_unknown_rule": _table(
            "ignore = ['AML999999', '']", "AML905 or a refusal", expect(1, 2)
        ),
        "settings_ignores_is_text": _table("per-file-ignores = 'x'"),
        "settings_ignores_are_numbers": _table("[tool.amllint.per-file-ignores]\n'*.py' = 7"),
        "settings_glob_bait": _table(
            f"[tool.amllint.per-file-ignores]\n'{'**/' * 2000}*a{'*a' * 2000}' = ['AML108']",
            "a glob turned into a regular expression that backtracks",
            expect(0, 1, 2),
        ),
        "settings_glob_unclosed": _table(
            "[tool.amllint.per-file-ignores]\n'[[[[' = ['AML108']", "", expect(0, 1, 2)
        ),
        "settings_deployment_is_a_number": _table("deployment = 7"),
        "settings_deployment_is_wild": _table(
            "[[tool.amllint.deployment]]\nscript = '/dev/zero'\nmodels = ['/', '..']\ntraffic = -1",
            "",
            expect(1, 2, 4),
        ),
        "settings_deployment_numbers": _table(
            "[[tool.amllint.deployment]]\nscript = 'score.py'\ntraffic = nan", "", expect(1, 2, 4)
        ),
        "settings_100000_keys": _table(
            "\n".join(f"key{i} = 1" for i in range(100_000)), "a suggestion for each"
        ),
        "settings_escape_codes": _table(
            '"\\u001b[2J\\u001b]0;title\\u0007" = 1', "named in the error"
        ),
    }
)


def _object(name: str, make: object) -> Builder:
    def build(folder: Path) -> Case:
        with_unit(folder, SCORE)
        make(folder / name)  # type: ignore[operator]
        return Case(["."], "read before anything else", _REFUSED_OR_IGNORED)

    return build


_FILES = ("amllint.toml", "pyproject.toml", ".gitignore", ".amlignore", ".gitattributes")
for _name in _FILES:
    _plain = _name.strip(".").replace(".", "_")
    family(
        {
            f"{_plain}_is_a_pipe": _object(_name, make_pipe),
            f"{_plain}_is_a_folder": _object(_name, lambda path: path.mkdir()),
            f"{_plain}_is_a_loop": _object(_name, lambda path: path.symlink_to(path.name)),
            f"{_plain}_links_to_zero": _object(_name, lambda path: path.symlink_to("/dev/zero")),
        }
    )


@case
def settings_above_are_a_pipe(folder: Path) -> Case:
    """Settings are looked for upwards: the pipe lies above what is checked."""
    make_pipe(folder / "amllint.toml")
    with_unit(folder / "a" / "b", SCORE)
    return Case(["a/b"], "", _REFUSED_OR_IGNORED)


@case
def gitignore_bait(folder: Path) -> Case:
    """Patterns that backtrack, and one that ignores all."""
    with_unit(folder, SCORE)
    write(folder / ".gitignore", "**/" * 500 + "*a" * 500 + "\n[\n\\\n!\n" + "a*" * 5000 + "\n")
    return Case(["."], "", READ)


@case
def gitignore_of_200000_lines(folder: Path) -> Case:
    """A pattern for each file that ever was."""
    with_unit(folder, SCORE)
    write(folder / ".gitignore", "".join(f"no-such-{i}/\n" for i in range(200_000)))
    return Case(["."], "", READ)


@case
def baseline_given_is_a_pipe(folder: Path) -> Case:
    """A file named on the command line, though not to be checked."""
    with_unit(folder, SCORE)
    make_pipe(folder / "amllint.toml")
    return Case(["--config", "amllint.toml", "."], "", expect(2, 4))
