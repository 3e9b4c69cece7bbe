"""The guard in front of libcst, and the way from text to syntax tree.

libcst dies on deep nesting and takes seconds on long operator chains, so a script is first
parsed by CPython, which says where it is wrong, and measured without recursion.
"""

from __future__ import annotations

import ast
import warnings
from typing import Final

from amllint.source.problem import Malformed, Unreadable
from amllint.source.python.guard import is_newer, may_be_newer, measure, too_deep
from amllint.source.python.syntax import Module
from amllint.source.text import SourceText, Span

MAX_CHARACTERS: Final = 1_000_000


def parse(source: SourceText) -> Module:
    """The syntax tree of a script. Raises `Malformed` and `Unreadable`; never executes."""
    if len(source.code) > MAX_CHARACTERS:
        raise Unreadable(
            source.path,
            "too-large",
            f"has {len(source.code):,} characters; scripts over {MAX_CHARACTERS:,} are not read",
            "move data out of the script",
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _parse(source)


def _parse(source: SourceText) -> Module:
    newer = _check(source)
    import libcst

    from amllint.source.python.convert import convert
    from amllint.source.python.lean import unchecked

    try:
        with unchecked():
            tree = libcst.parse_module(source.code)
        if newer is not None and not is_newer(tree):
            raise newer
        return convert(tree, source.text)
    except libcst.ParserSyntaxError as error:
        if newer is not None:
            raise newer from None
        at = source.offset(error.raw_line, error.raw_column + 1)
        raise Unreadable(
            source.path,
            "unsupported",
            "is valid Python that the analysis cannot take apart here",
            "write this statement more plainly",
            Span(at, min(at + 1, len(source.text))),
        ) from None
    except (RecursionError, KeyError):
        raise too_deep(source, 1) from None


def _check(source: SourceText) -> Malformed | None:
    """Refuse what must not reach libcst; return an error that newer syntax may explain."""
    try:
        tree = ast.parse(source.code)
        measure(source, tree)
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT if source.interactive else 0
        compile(tree, source.path, "exec", flags, dont_inherit=True)
    except (TabError, IndentationError) as error:
        raise _syntax_problem(source, error) from None
    except SyntaxError as error:
        problem = _syntax_problem(source, error)
        if "too many" in (error.msg or ""):
            raise too_deep(source, error.lineno or 1) from None
        if not may_be_newer(source.code):
            raise problem from None
        return problem
    except (RecursionError, MemoryError):
        raise too_deep(source, 1) from None
    except ValueError as error:
        raise _malformed(source, str(error), max(source.text.find("\0"), 0)) from None
    return None


def _syntax_problem(source: SourceText, error: SyntaxError) -> Malformed:
    if error.lineno is None:
        return _malformed(source, error.msg or "invalid syntax", max(source.text.find("\0"), 0))
    line = error.lineno
    column = max(error.offset or 1, 1)
    return _malformed(source, error.msg or "invalid syntax", source.offset(line, column))


def _malformed(source: SourceText, message: str, at: int) -> Malformed:
    at = min(at, len(source.text))
    return Malformed(
        source.path,
        "Python",
        message,
        "correct the syntax: the server cannot import the script",
        Span(at, min(at + 1, len(source.text))),
    )
