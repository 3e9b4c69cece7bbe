"""The one door to file contents."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from amllint.source.overlay import MAX_BYTES, Overlay, decode
from amllint.source.problem import Unreadable


def refusal(overlay: Overlay, path: Path) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        overlay.text(str(path))
    return caught.value


def test_a_file_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    path.write_bytes(b"a: 1")
    overlay = Overlay(str(tmp_path))
    first = overlay.text(str(path))
    path.write_bytes(b"a: 2")
    assert overlay.text(str(path)) is first
    overlay.forget(str(path))
    assert overlay.text(str(path)).text == "a: 2"


def test_a_buffer_stands_before_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    path.write_bytes(b"a: 1")
    overlay = Overlay(str(tmp_path), {str(path): b"a: 2"})
    assert overlay.text(str(path)).text == "a: 2"


def test_a_buffer_needs_no_file(tmp_path: Path) -> None:
    path = str(tmp_path / "stdin.yml")
    overlay = Overlay(str(tmp_path))
    assert not overlay.exists(path)
    overlay.put(path, b"a: 1")
    assert overlay.exists(path)
    assert overlay.data(path) == b"a: 1"


def test_a_new_buffer_replaces_what_was_read(tmp_path: Path) -> None:
    path = str(tmp_path / "a.yml")
    overlay = Overlay(str(tmp_path), {path: b"a: 1"})
    assert overlay.text(path).text == "a: 1"
    overlay.put(path, b"a: 2")
    assert overlay.text(path).text == "a: 2"


def test_a_missing_file_is_named_as_such(tmp_path: Path) -> None:
    problem = refusal(Overlay(str(tmp_path)), tmp_path / "none.yml")
    assert (problem.path, problem.reason) == ("none.yml", "missing")


def test_a_file_below_a_file_is_missing(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    assert refusal(Overlay(str(tmp_path)), tmp_path / "a" / "b").reason == "missing"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in the file system")
def test_a_pipe_is_refused_rather_than_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yml")
    assert refusal(Overlay(str(tmp_path)), tmp_path / "pipe.yml").reason == "not-regular"


def test_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.yml").mkdir()
    problem = refusal(Overlay(str(tmp_path)), tmp_path / "folder.yml")
    assert problem.reason in ("not-regular", "denied")


def test_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "loop.yml").symlink_to("loop.yml")
    problem = refusal(Overlay(str(tmp_path)), tmp_path / "loop.yml")
    assert "leads to itself" in problem.message


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_bytes(b"a: 1")
    (tmp_path / "link.yml").symlink_to("a.yml")
    assert Overlay(str(tmp_path)).text(str(tmp_path / "link.yml")).text == "a: 1"


def test_a_file_over_the_limit_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.yml"
    with path.open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)
    problem = refusal(Overlay(str(tmp_path)), path)
    assert problem.reason == "too-large"
    assert "10 MiB" in problem.message


def test_a_file_at_the_limit_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.yml"
    path.write_bytes(b"#" * MAX_BYTES)
    assert len(Overlay(str(tmp_path)).data(str(path))) == MAX_BYTES


def test_trouble_is_remembered(tmp_path: Path) -> None:
    overlay = Overlay(str(tmp_path))
    first = refusal(overlay, tmp_path / "late.yml")
    (tmp_path / "late.yml").write_bytes(b"a: 1")
    assert refusal(overlay, tmp_path / "late.yml") is first


@pytest.mark.parametrize(
    ("given", "shown"),
    [("a.yml", "a.yml"), ("b/a.yml", "b/a.yml"), ("../a.yml", "../a.yml")],
)
def test_paths_are_shown_relative_to_the_working_directory(
    given: str, shown: str, tmp_path: Path
) -> None:
    path = os.path.normpath(tmp_path / given)
    assert Overlay(str(tmp_path)).display(path) == shown


def test_a_folder_whose_name_begins_like_ours_is_not_ours(tmp_path: Path) -> None:
    overlay = Overlay(str(tmp_path / "app"))
    assert overlay.display(str(tmp_path / "application" / "a.yml")) == "../application/a.yml"


BROKEN = {
    "a latin-1 byte": (b"name: caf\xe9 ol\xe9\n", 9),
    "after astral characters": ("name: 🐍".encode() + b"\xff", 7),
    "after a mark": (b"\xef\xbb\xbfa\xff", 1),
    "UTF-16, little end first": ("name: x".encode("utf-16"), 0),
    "UTF-16, big end first": (b"\xfe\xff" + "name".encode("utf-16-be"), 0),
}


@pytest.mark.parametrize("case", BROKEN)
def test_bytes_that_are_no_text_are_refused_where_they_stand(case: str) -> None:
    data, at = BROKEN[case]
    with pytest.raises(Unreadable) as caught:
        decode("a.yml", data)
    assert caught.value.reason == "encoding"
    assert caught.value.span.start == at


COOKIES = {
    b"# -*- coding: latin-1 -*-\nx = '\xe9'\n": "é",
    b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\nx = '\x80'\n": "€",
    "x = 'é'\n# coding: latin-1\n".encode(): "é",
    "\n\n# coding: latin-1\nx = 'é'\n".encode(): "é",
}


@pytest.mark.parametrize("data", COOKIES)
def test_a_script_is_read_as_its_cookie_says(data: bytes) -> None:
    assert COOKIES[data] in decode("a.py", data, python=True).text


COMMENTS = {
    b"# caf\xe9\nx = 1\n": True,
    b"x = 1  # caf\xe9\ny = 'caf\xc3\xa9'\n": True,
    b"x = 'caf\xe9'\n": False,
    b"x = '# caf\xe9'\n": False,
}


@pytest.mark.parametrize("data", COMMENTS)
def test_comments_of_a_script_need_not_be_utf_8_as_an_import_does_not_decode_them(
    data: bytes,
) -> None:
    if COMMENTS[data]:
        assert decode("a.py", data, python=True).encoding == "latin-1"
    else:
        with pytest.raises(Unreadable):
            decode("a.py", data, python=True)


@pytest.mark.parametrize(
    "data", [b"# coding: nonsense\n", b"# coding: rot13\n", b"\xef\xbb\xbf# coding: latin-1\n"]
)
def test_a_cookie_that_cannot_hold_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        decode("a.py", data, python=True)
    assert caught.value.reason == "encoding"


def test_a_cookie_means_nothing_in_yaml() -> None:
    assert decode("a.yml", "# coding: latin-1\nx: é\n".encode()).text.endswith("é\n")


def test_a_removed_file_is_not_there_and_a_buffer_makes_its_folders(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x")
    overlay = Overlay(str(tmp_path))
    overlay.remove(str(tmp_path / "a.py"))
    assert not overlay.exists(str(tmp_path / "a.py"))
    with pytest.raises(Unreadable, match="does not exist"):
        overlay.data(str(tmp_path / "a.py"))
    overlay.put(str(tmp_path / "b" / "c" / "d.py"), b"x")
    assert overlay.is_folder(str(tmp_path / "b"))
    assert not overlay.is_folder(str(tmp_path / "bc"))
    assert overlay.is_folder(str(tmp_path))
