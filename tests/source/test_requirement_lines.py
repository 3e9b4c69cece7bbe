"""Files of requirements are taken apart as pip does it."""

from __future__ import annotations

import random

import pytest

from amllint.source.requirement_lines import requirement_lines
from amllint.source.text import SourceText

PARTS = (
    *("numpy==1.26.4", "-r other.txt", "--hash=sha256:00", " # why", "#whole", "\\", "\\\n", "\n"),
    *("\r\n", "  ", "\t", "pandas #no", "a#b", '; python_version < "3.9"', "${TOKEN}", "-e .", "é"),
)


def lines(text: str) -> list[tuple[str, str]]:
    source = SourceText("requirements.txt", text)
    return [(line.text, source.slice(line.span)) for line in requirement_lines(source)]


def test_a_comment_and_a_continued_line_are_put_right() -> None:
    text = (
        "# all of it\nnumpy==1.26.4 \\\n    --hash=sha256:00  # said so\n\nx @ https://a/b#egg=x\n"
    )
    assert lines(text) == [
        ("numpy==1.26.4     --hash=sha256:00", "numpy==1.26.4 \\\n    --hash=sha256:00"),
        ("x @ https://a/b#egg=x", "x @ https://a/b#egg=x"),
    ]


def test_a_variable_is_only_known_later() -> None:
    (line,) = requirement_lines(SourceText("r.txt", "--index-url https://${TOKEN}@host/\n"))
    assert line.unknown


def test_lines_are_those_of_pip() -> None:
    req_file = pytest.importorskip("pip._internal.req.req_file")
    seeded = random.Random(72711)
    for _ in range(3000):
        text = "".join(seeded.choice(PARTS) for _ in range(seeded.randint(1, 9)))
        theirs = [line.strip() for _, line in req_file.preprocess(text)]
        assert [found for found, _ in lines(text)] == [line for line in theirs if line], repr(text)
