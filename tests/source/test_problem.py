"""What is wrong with a file travels as an exception like any other."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from amllint.source.problem import Malformed, Unreadable
from amllint.source.text import Span

PROBLEMS = [
    Unreadable("a.yml", "missing", "does not exist", "check the path"),
    Malformed("a.yml", "YAML", "a key has no `:`", "write `key: value`", Span(0, 1)),
]


@contextlib.contextmanager
def passing() -> Iterator[None]:
    yield


@pytest.mark.parametrize("problem", PROBLEMS, ids=str)
def test_a_problem_passes_a_context_manager_unharmed(problem: Exception) -> None:
    with pytest.raises(type(problem)) as caught, passing():
        raise problem
    assert caught.value is problem


@pytest.mark.parametrize("problem", PROBLEMS, ids=str)
def test_a_problem_says_where_and_what(problem: Unreadable | Malformed) -> None:
    assert str(problem) == f"a.yml: {problem.message}"
