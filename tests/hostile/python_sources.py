"""Scoring scripts that are long, wide, circular, or refused by one parser only."""

from __future__ import annotations

from .cases import (
    READ,
    READ_OR_UNREAD,
    SYNTAX,
    UNREAD,
    expect,
    family,
)
from .python_nesting import inside_run, script

family(
    {
        "python_10_mb_line": script(
            lambda: "\nx = 1" + " + 1" * 2_500_000, "10 MB, one line", UNREAD
        ),
        "python_50000_lines": script(lambda: "x = 1\n" * 50_000, "300 KB", READ_OR_UNREAD),
        "python_blank_lines": script(lambda: "\n" * 200_000, "nothing, at length", READ_OR_UNREAD),
        "python_250000_lines": script(lambda: "x=1\n" * 245_000, "libcst: 2 GB", UNREAD),
        "python_100000_names": script(
            lambda: "\nf(" + "a," * 100_000 + ")\n", "libcst: 558 MB, 7 s", UNREAD
        ),
        "python_900000_blank_lines": script(lambda: "\n" * 900_000, "libcst: 12 s", UNREAD),
        "python_400000_returns": script(
            lambda: "#\r" * 400_000, "lines by another name", READ_OR_UNREAD
        ),
        "python_10000_statements": script(
            lambda: "\n\ndef init():\n" + "    x = 1\n" * 10_000, "one long init", READ_OR_UNREAD
        ),
        "python_huge_string": script(
            lambda: f"\nx = '{'a' * 200_000}'\n", "one token", READ_OR_UNREAD
        ),
        "python_huge_f_string": script(
            lambda: "\nx = f'" + "{a}" * 30_000 + "'\n", "30,000 expressions", READ_OR_UNREAD
        ),
        "python_f_string_of_braces": script(
            lambda: "\nx = f'" + "{{" * 50_000 + "'\n", "", READ_OR_UNREAD
        ),
        "python_huge_integer": script(
            lambda: f"\nx = {'9' * 100_000}\n", "int() refuses 4,300 digits", expect(0, 1, 4)
        ),
        "python_huge_hexadecimal": script(
            lambda: f"\nx = 0x{'f' * 100_000}\n", "str() refuses what int() took", READ_OR_UNREAD
        ),
        "python_huge_float": script(lambda: "\nx = 1e999999\n", "infinity: no JSON for it", READ),
        "python_huge_name": script(
            lambda: f"\n{'a' * 100_000} = 1\n", "quoted whole?", READ_OR_UNREAD
        ),
        "python_50000_arguments": script(lambda: f"\nf({'1,' * 50_000})\n", "", READ_OR_UNREAD),
        "python_50000_targets": script(lambda: f"\n{'x = ' * 50_000}1\n", "", READ_OR_UNREAD),
        "python_20000_globals": script(
            lambda: "\n\ndef f():\n    global " + ",".join(f"g{i}" for i in range(20_000)) + "\n",
            "quadratic look-ups",
            READ_OR_UNREAD,
        ),
        "python_5000_functions_in_a_ring": script(
            lambda: (
                "".join(f"\ndef f{i}(): return f{(i + 1) % 5000}()\n" for i in range(5000))
                + inside_run("f0()")
            ),
            "following calls must end",
            READ_OR_UNREAD,
        ),
        "python_run_calls_itself": script(lambda: inside_run("run(data)"), "recursion", READ),
        "python_names_in_a_ring": script(
            lambda: "\n\ndef run(data):\n    a = b\n    b = c\n    c = a\n    return a\n", "", READ
        ),
        "python_3000_names_in_a_row": script(
            lambda: (
                "\n\ndef run(data):\n    v0 = data\n"
                + "".join(f"    v{i + 1} = v{i}\n" for i in range(3000))
                + "    return v3000\n"
            ),
            "following a value must not recurse",
            READ_OR_UNREAD,
        ),
        "python_doubling_values": script(
            lambda: (
                "\n\ndef run(data):\n    v0 = data\n"
                + "".join(f"    v{i + 1} = v{i} + v{i}\n" for i in range(64))
                + "    return v64\n"
            ),
            "2^64 ways for a value to flow",
            READ,
        ),
        "python_legal_but_refused_by_libcst": script(
            lambda: "\n((x)): int = 1\n", "CPython takes it: no syntax error", READ_OR_UNREAD
        ),
        "python_surrogate_escape": script(
            lambda: "\nx = '\\ud800'\n" + inside_run("'\\udcff'"), "a value no encoder takes", READ
        ),
        "python_unknown_character_name": script(lambda: "\nx = '\\N{NO SUCH}'\n", "", SYNTAX),
        "python_bidirectional_override": script(
            lambda: "\nx = '\u202e\u2066 # amllint: ignore-file \u2069'\n",
            "text that reads otherwise",
            READ,
        ),
        "python_two": script(lambda: "\nprint 'hello'\n", "Python 2", SYNTAX),
    }
)
