"""A file under another name is found again by what it holds."""

from __future__ import annotations

from amllint.engine.renames import renames

TEXT = b"".join(b"line %d\n" % n for n in range(10))


def test_equal_contents_are_the_same_file_whatever_the_line_ends() -> None:
    assert renames({"a.py": TEXT}, {"b.py": TEXT.replace(b"\n", b"\r\n")}) == {"b.py": "a.py"}


def test_half_of_the_lines_are_enough_and_less_are_not() -> None:
    half = TEXT.replace(b"line 0", b"x").replace(b"line 1", b"y")
    other = b"".join(b"other %d\n" % n for n in range(6)) + b"line 0\nline 1\n"
    assert renames({"a.py": TEXT}, {"b.py": half, "c.py": other}) == {"b.py": "a.py"}
    assert renames({"a.py": TEXT}, {"c.py": other}) == {}


def test_each_old_file_is_found_once_and_the_most_alike_first() -> None:
    near = TEXT.replace(b"line 9", b"x")
    far = near.replace(b"line 8", b"y")
    assert renames({"a.py": TEXT}, {"f.py": far, "n.py": near}) == {"n.py": "a.py"}
    assert renames({"a.py": TEXT}, {"b.py": TEXT, "c.py": TEXT}) == {"b.py": "a.py"}


def test_another_extension_must_be_equal() -> None:
    assert renames({"a.py": TEXT}, {"b.yml": TEXT + b"more\n"}) == {}
    assert renames({"a.yml": TEXT}, {"b.yaml": TEXT}) == {"b.yaml": "a.yml"}


def test_empty_files_are_no_rename() -> None:
    assert renames({"a.py": b""}, {"b.py": b""}) == {}


def test_crowds_are_compared_by_equality_alone() -> None:
    gone = {f"a{n}.py": TEXT + b"%d\n" % n for n in range(200)}
    added = {f"b{n}.py": TEXT + b"x%d\n" % n for n in range(199)} | {"same.py": gone["a7.py"]}
    assert renames(gone, added) == {"same.py": "a7.py"}
