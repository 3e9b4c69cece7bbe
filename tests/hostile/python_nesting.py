"""Scoring scripts that kill parsers by depth, by chains, and by sums of modest nests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from .cases import (
    ANY,
    READ,
    READ_OR_UNREAD,
    REFUSED,
    SCORE,
    UNREAD,
    Builder,
    Case,
    Expect,
    case,
    expect,
    family,
    with_unit,
)


def script(text: Callable[[], str], note: str, outcome: Expect) -> Builder:
    """A case: `text` follows a sound scoring script that a config names."""

    def build(folder: Path) -> Case:
        with_unit(folder, SCORE + text())
        return Case(["."], note, outcome)

    return build


def inside_run(expression: str) -> str:
    """A `run` that returns `expression`."""
    return f"\n\ndef run(data):\n    return {expression}\n"


def _nested(opening: str, core: str, closing: str, depth: int) -> str:
    return f"\nx = {opening * depth}{core}{closing * depth}\n"


def _elifs(count: int) -> str:
    return "\nif x == 0:\n    pass\n" + "".join(
        f"elif x == {i}:\n    pass\n" for i in range(1, count)
    )


def _blocks(head: str, depth: int) -> str:
    return "\n" + "".join(f"{' ' * i}{head}\n" for i in range(depth)) + " " * depth + "pass\n"


def _nested_f_strings(depth: int) -> str:
    return f"\nx = {'f' + chr(39) + '{'}" + "f'{" * (depth - 1) + "1" + "}'" * depth + "\n"


# Over 200 brackets CPython refuses what is legal by the grammar; below, depth is the limit.
family(
    {
        "python_2000_brackets": script(
            lambda: _nested("[", "", "]", 2000), "libcst: segmentation fault", REFUSED
        ),
        "python_2000_parentheses": script(
            lambda: _nested("(", "1", ")", 2000), "libcst: segmentation fault", REFUSED
        ),
        "python_1000_calls": script(
            lambda: _nested("f(", "1", ")", 1000), "libcst: 2 GB, abort", REFUSED
        ),
        "python_199_lists": script(
            lambda: _nested("[", "", "]", 199), "legal; recursive walks fail", READ_OR_UNREAD
        ),
        "python_199_parentheses": script(
            lambda: _nested("(", "1", ")", 199), "no depth in the syntax tree", READ_OR_UNREAD
        ),
        "python_2000_unclosed": script(lambda: "\nx = " + "(" * 2000, "libcst: segfault", REFUSED),
        "python_5000_unclosed": script(lambda: "\nx = " + "[{(" * 5000, "a fuzzer's", REFUSED),
        "python_100_nested_f_strings": script(
            lambda: _nested_f_strings(100), "legal on 3.12 only", ANY
        ),
        "python_1000_nested_f_strings": script(
            lambda: _nested_f_strings(1000), "libcst: 1.6 GB", REFUSED
        ),
        "python_90_functions": script(
            lambda: _blocks("def f():", 90),
            "indentation near CPython's limit of 100",
            READ_OR_UNREAD,
        ),
        "python_150_functions": script(
            lambda: _blocks("def f():", 150), "beyond CPython's limit of indentation", REFUSED
        ),
        "python_1000_elifs": script(
            lambda: _elifs(1000), "a chain that is a tree of depth 1,000", READ_OR_UNREAD
        ),
        "python_10000_elifs": script(
            lambda: _elifs(10_000), "libcst: segfault; CPython: MemoryError", UNREAD
        ),
        "python_5000_decorators": script(
            lambda: "\n" + "@d\n" * 5000 + "def f(): pass\n", "wide, not deep", READ_OR_UNREAD
        ),
    }
)

# 5,000 links: quadratic in libcst, and RecursionError in whatever recurses.
_CHAINS: dict[str, Callable[[int], str]] = {
    "additions": lambda n: "1" + "+1" * n,
    "powers": lambda n: "1" + "**1" * n,
    "attributes": lambda n: "a" + ".b" * n,
    "calls": lambda n: "a" + "()" * n,
    "methods": lambda n: "a" + ".b()" * n,
    "subscripts": lambda n: "a" + "[0]" * n,
    "comparisons": lambda n: "1" + "<1" * n,
    "conjunctions": lambda n: "1" + " and 1" * n,
    "alternations": lambda n: "1" + " and 1 or 1" * n,
    "negations": lambda n: "not " * n + "1",
    "minuses": lambda n: "-" * n + "1",
    "lambdas": lambda n: "lambda: " * n + "1",
    "conditionals": lambda n: "1 if 1 else " * n + "1",
    "joined_strings": lambda n: "'a' " * n,
    "joined_f_strings": lambda n: "f'{a}' " * n,
    "generator_clauses": lambda n: "[a " + "for a in b " * n + "]",
}


def _chain(expression: Callable[[int], str]) -> Builder:
    return script(lambda: inside_run(expression(5000)), "a chain of 5,000 links", READ_OR_UNREAD)


family({f"python_5000_{name}": _chain(text) for name, text in _CHAINS.items()})

# libcst tries a pattern twice at every level: 2^depth, at 60 bytes. Groups leave no trace in `ast`.
_PATTERNS = {
    "lists": ("[", "", "]"),
    "groups": ("(", "1", ")"),
    "tuples": ("(", "1", ",)"),
    "mappings": ("{1: ", "1", "}"),
    "classes": ("A(", "1", ")"),
    "alternatives": ("(1 | ", "1", ")"),
}


def _pattern(depth: int, opening: str, core: str, closing: str) -> Builder:
    text = f"\nmatch x:\n    case {opening * depth}{core}{closing * depth}: pass\n"
    return script(lambda: text, "libcst: time doubles with every level", READ_OR_UNREAD)


family({f"python_30_pattern_{name}": _pattern(30, *parts) for name, parts in _PATTERNS.items()})


def _cases(head: str, note: str, outcome: Expect) -> Builder:
    return script(lambda: f"\nmatch x:\n    case 1: pass\n    case {head}\n", note, outcome)


family(
    {
        "python_30_pattern_lines": _cases(
            "(\n" * 30 + "1" + ")" * 30 + ":\n        pass",
            "the tree knows the innermost line only",
            READ_OR_UNREAD,
        ),
        "python_30_pattern_groups_of_bytes": _cases(
            "'\u00e9\u00e9\u00e9' | " + "(" * 30 + "1" + ")" * 30 + ": pass",
            "columns in bytes",
            READ_OR_UNREAD,
        ),
        "python_30_pattern_comments": _cases(
            "(  # )))))\n" * 30 + "1" + ")" * 30 + ": pass", "brackets in comments", READ_OR_UNREAD
        ),
        "python_30_pattern_after_subject": script(
            lambda: (
                "\nmatch (\n    x\n):\n    case "
                + "(  # )))))\n" * 30
                + "1"
                + ")" * 30
                + ": pass\n"
            ),
            "what stands before the pattern is no sequence of tokens",
            READ_OR_UNREAD,
        ),
        "python_30_pattern_inside": _cases(
            f"1:\n        match y:\n            case {'[' * 30}{']' * 30}: pass",
            "a match in a match",
            READ_OR_UNREAD,
        ),
        "python_pattern_of_brackets_in_text": _cases("'([{([{(' | '((((((': pass", "", READ),
        "python_deep_guard_of_pattern": _cases(
            "1 if f(g(h(i(j(k(1)))))): pass", "an expression, not a pattern", READ
        ),
    }
)


# Flat in `ast`, nested in libcst: the depth of one says nothing about the other.
family(
    {
        "python_20000_conjunctions": script(
            lambda: inside_run("1" + " and 1" * 20_000),
            "libcst: segmentation fault",
            READ_OR_UNREAD,
        ),
        "python_20000_alternations": script(
            lambda: inside_run("1" + " and 1 or 1" * 20_000),
            "libcst: segmentation fault",
            READ_OR_UNREAD,
        ),
        "python_20000_joined_strings": script(
            lambda: inside_run("(" + "'a' " * 20_000 + ")"),
            "libcst: no syntax it knows",
            READ_OR_UNREAD,
        ),
        "python_20000_packages": script(
            lambda: "\nimport a" + ".b" * 20_000 + "\n",
            "a name in `ast`, a chain in libcst",
            READ_OR_UNREAD,
        ),
        "python_20000_packages_from": script(
            lambda: "\nfrom a" + ".b" * 20_000 + " import c\n", "the same", READ_OR_UNREAD
        ),
    }
)

# A guard that compiles must survive this: the compiler copies a `finally` to each of its exits.
family(
    {
        "python_19_nested_finally": script(
            lambda: (
                "\n"
                + "".join(f"{' ' * i}try: pass\n{' ' * i}finally:\n" for i in range(19))
                + " " * 19
                + "pass\n"
            ),
            "compile(): 2^19 copies, 3 GB",
            READ_OR_UNREAD,
        ),
        "python_15_nested_finally_that_return": script(
            lambda: (
                "\ndef f():\n"
                + "".join(f"{' ' * i}try: return g()\n{' ' * i}finally:\n" for i in range(1, 16))
                + " " * 16
                + "pass\n"
            ),
            "compile(): 3^15 copies",
            READ_OR_UNREAD,
        ),
        "python_60_nested_finally": script(
            lambda: (
                "\n"
                + "".join(f"{' ' * i}try: pass\n{' ' * i}finally:\n" for i in range(60))
                + " " * 60
                + "pass\n"
            ),
            "over 20 blocks the compiler refuses what the grammar allows",
            ANY,
        ),
    }
)

# A guard that lets through what a newer Python might read: each looks newer, and is not.
_NEWER = "\nx = t'a'\ntry: pass\nexcept A, B: pass\ndef f[T](): pass\ntype X = int\n"
family(
    {
        "python_newer_with_chain": script(
            lambda: _NEWER + "x = (1\n" + "+1\n" * 20_000 + ")\n",
            "unmeasured by `ast`",
            expect(0, 1, 4),
        ),
        "python_newer_with_negations": script(
            lambda: _NEWER + "x = (" + "not\n" * 20_000 + "1)\n",
            "unmeasured by `ast`",
            expect(0, 1, 4),
        ),
        "python_newer_with_nests": script(
            lambda: _NEWER + _nested("f(", "1", ")", 45) * 300,
            "unmeasured by `ast`",
            expect(0, 1, 4),
        ),
        "python_newer_with_patterns": script(
            lambda: _NEWER + f"match x:\n    case {'[' * 30}{']' * 30}: pass\n",
            "62 bytes",
            expect(0, 1, 4),
        ),
        "python_newer_with_calls": script(
            lambda: _NEWER + "f()\n" * 24_000, "unmeasured by `ast`", expect(0, 1, 4)
        ),
        "python_newer_with_elifs": script(
            lambda: _NEWER + _elifs(10_000), "unmeasured by `ast`", expect(0, 1, 4)
        ),
        "python_blank_lines_and_error": script(
            lambda: "\n" * 200_000 + "def (:\n", "`^\\s*` under re.MULTILINE is quadratic", REFUSED
        ),
    }
)


@case
def python_many_shallow_patterns(folder: Path) -> Case:
    """5,000 patterns of depth 6: no depth to see, minutes in libcst."""
    pattern = "    case " + "(" * 6 + "1" + ",)" * 6 + ": pass\n"
    with_unit(folder, SCORE + "\nmatch x:\n" + pattern * 5000)
    return Case(["."], "cost is a sum over patterns, not a maximum", READ_OR_UNREAD)


# Each nest passes a limit of depth; libcst keeps its memo for the whole file.
family(
    {
        "python_20_nests_of_calls": script(
            lambda: _nested("f(", "1", ")", 140) * 20, "9 KB; libcst: 3 s and 1 GB", READ_OR_UNREAD
        ),
        "python_200_nests_of_calls": script(
            lambda: _nested("f(", "1", ")", 50) * 200, "31 KB; libcst: 5 s, 1.2 GB", READ_OR_UNREAD
        ),
        "python_4000_shallow_nests": script(
            lambda: _nested("f(", "1", ")", 10) * 4000,
            "150 KB; libcst: 5 s, 1.2 GB",
            READ_OR_UNREAD,
        ),
        "python_500_nests_of_parentheses": script(
            lambda: _nested("(", "1", ")", 100) * 500, "100 KB, flat in `ast`", READ_OR_UNREAD
        ),
        "python_40000_parentheses": script(
            lambda: "\nx = [" + "(1)," * 40_000 + "]\n", "13 KB each in libcst", READ_OR_UNREAD
        ),
        "python_300_nests_of_generators": script(
            lambda: _nested("f(a for a in ", "b", ")", 40) * 300, "many scopes", READ_OR_UNREAD
        ),
    }
)
