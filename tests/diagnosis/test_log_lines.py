"""Logs as they come: encodings, quoted strings, colours, and any length."""

from __future__ import annotations

import io
import json
import tracemalloc
from collections.abc import Callable, Iterator
from typing import BinaryIO, cast

import pytest

from amllint.diagnosis.judging import judged
from amllint.diagnosis.scanning import scan
from amllint.source.log_lines import LIMIT, log_lines

MIB = 1 << 20


def lines(data: bytes) -> list[str]:
    return [line.text for line in log_lines(io.BytesIO(data))]


class Endless:
    """A stream that makes its bytes as they are read, and keeps none."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self.parts = parts
        self.rest = b""

    def read(self, size: int) -> bytes:
        parts, length = [self.rest], len(self.rest)
        while length < size and (part := next(self.parts, b"")):
            parts.append(part)
            length += len(part)
        data = b"".join(parts)
        self.rest = data[size:]
        return data[:size]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_an_encoding_is_known_by_its_mark(encoding: str) -> None:
    assert lines("naïve\r\nzweite".encode(encoding)) == ["naïve", "zweite"]


def test_what_is_no_text_is_read_nevertheless() -> None:
    assert lines(b"a\xff\x00b\nc") == ["a\ufffd\x00b", "c"]


@pytest.mark.parametrize("quote", [json.dumps, repr])
def test_a_log_in_one_string_has_its_lines(quote: Callable[[str], str]) -> None:
    text = 'its "first"\n\tsecond\r\nthird'
    first, *rest = lines(quote(text).encode())
    assert first[1:] == 'its "first"'
    assert (rest[0], rest[1][:-1]) == ("\tsecond", "third")


def test_a_message_in_json_has_its_lines() -> None:
    assert lines(rb'  "message": "crashed:\nTraceback",') == [
        '  "message": "crashed:',
        'Traceback",',
    ]


def test_code_that_a_traceback_quotes_stays_whole() -> None:
    code = rb"    model = pickle.loads(b'c__main__\nTokenizer\n)R.')"
    assert lines(code) == [code.decode()]


def test_colours_and_progress_are_taken_off() -> None:
    assert lines(b"\x1b[31mERROR\x1b[0m\rnext") == ["ERROR", "next"]


def test_a_windows_path_is_no_line_end() -> None:
    assert lines(rb"open C:\new\notes.txt") == [r"open C:\new\notes.txt"]


def repeated(part: bytes, total: int, end: bytes) -> Iterator[bytes]:
    for _ in range(total // len(part)):
        yield part
    yield end


FAILURE = b"ModuleNotFoundError: No module named 'lightgbm'\n"


CALM = b"127.0.0.1 GET / 200 kube-probe/1.18 all is well with this line "


@pytest.mark.parametrize(
    ("part", "end", "size"),
    [
        (CALM * 30 + b"\n", FAILURE, 40 * MIB),
        (b"ERROR: KeyError in run, status code: 502, Liveness probe failed\n", FAILURE, MIB // 2),
        (b'"' + CALM * 20 + b"\\n", b"\n" + FAILURE, 4 * MIB),
        (b"x" * 1000, b"\n" + FAILURE, 4 * MIB),
        (b"Traceback (most recent call last):\n", FAILURE, MIB // 4),
        (b"Traceback (most recent call last):\n" + b"  x\n" * 4000, FAILURE, MIB // 4),
    ],
    ids=["innocent", "full of errors", "one quoted line", "no line at all", "tracebacks", "code"],
)
def test_a_long_log_takes_little_memory(part: bytes, end: bytes, size: int) -> None:
    stream = cast(BinaryIO, Endless(repeated(part, size, end)))
    scan(log_lines(io.BytesIO(part)))  # what is made once is not counted
    tracemalloc.start()
    result = scan(log_lines(stream))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 24 * MIB
    assert "module-missing" in [d.id for d in judged(result)]


def test_a_line_without_end_comes_in_pieces() -> None:
    pieces = lines(b"y" * (20 * LIMIT + 5))
    assert "".join(pieces) == "y" * (20 * LIMIT + 5)
    assert len(pieces) > 2


@pytest.mark.parametrize(
    "part",
    [
        *("\n", '"\\n', " ", '"', '"POST ', "\x00", "Error: ", '  File "x', "authorization: "),
        *("Cannot install ", "taint {gpu Insufficient nvidia.com/gpu ", "Failed to pull image "),
        "quota endpoints ",
    ],
)
def test_a_text_made_to_slow_the_patterns_down_is_read_nevertheless(part: str) -> None:
    text = part * (100_000 // len(part)) + " probe failed with statuscode: 502 nvidia.com/gpu Ready"
    judged(scan(log_lines(io.BytesIO(text.encode()))))


# -- places -----------------------------------------------------------------------------------


def spots(data: bytes) -> list[tuple[str, int, int]]:
    return [tuple(line) for line in log_lines(io.BytesIO(data))]


def test_lines_are_counted_as_editors_count_them() -> None:
    found = [("a", 1, 0), ("b", 2, 0), ("50%", 2, 0), ("100%", 2, 0), ("c", 3, 0)]
    assert spots(b"a\r\nb\r50%\r100%\nc") == found


def test_a_text_in_a_line_has_lines_of_its_own() -> None:
    found = spots(b'before\n"one\\ntwo\\nthree"\nafter\n')
    assert [(number, part) for _, number, part in found] == [(1, 0), (2, 1), (2, 2), (2, 3), (3, 0)]


@pytest.mark.parametrize("size", [1 << 18, (1 << 18) - 1])
def test_an_end_of_line_on_the_edge_of_what_is_read_at_once_is_one(size: int) -> None:
    found = spots(b"x" * 40 + b"\r\n" + b"y" * (size - 43) + b"\r\n" + b"z")
    assert found[-1] == ("z", 3, 0)


def test_the_line_of_the_message_is_told_and_not_that_of_its_traceback() -> None:
    frame = '  File "/var/azureml-app/score.py", line 4, in run\n    x()\n'
    text = f"fine\nTraceback (most recent call last):\n{frame}NameError: name 'x' is not defined\n"
    for data, line, part in ((text, 5, 0), (json.dumps(text), 1, 5)):
        (first, *_) = judged(scan(log_lines(io.BytesIO(data.encode()))))
        assert (first.id, first.at.line, first.at.part) == ("name-error", line, part)
        assert first.text == "NameError: name 'x' is not defined"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_known_without_a_mark_too(encoding: str) -> None:
    text = "No module named 'lightgbm'\nnext line of the log"
    assert lines(text.encode(encoding)) == text.split("\n")


def test_objects_of_a_collector_give_their_messages() -> None:
    entries = [
        {"log": "Traceback (most recent call last):\n", "stream": "stderr", "time": "t"},
        {"log": '  File "score.py", line 3, in run\n', "stream": "stderr", "time": "t"},
        {"level": "error", "message": "two\nlines"},
        {"level": "info", "msg": "fine", "exception": "ValueError: x"},
    ]
    data = "\n".join(map(json.dumps, entries)).encode()
    assert [text for text, *_ in spots(data)] == [
        "Traceback (most recent call last):",
        '  File "score.py", line 3, in run',
        "ERROR: two",
        "lines",
        "fine",
        "ValueError: x",
    ]


def test_the_answer_of_a_service_stays_as_it_is() -> None:
    answer = b'{"code": "BadArgument", "message": "no"}'
    assert lines(answer) == [answer.decode()]
