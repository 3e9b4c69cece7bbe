"""The registry of hostile inputs: what is built, what is checked, what must come out.

A case is a function `(folder) -> Case` under `@case`. It builds its files in the empty folder it
is given (nothing large is committed) and says what to pass to `amllint check`. The families stand
in their own modules, named after where the malice sits:

    python_nesting   depth, chains and sums of nests in a scoring script
    python_sources   its length, width, circles, disagreement between parsers
    yaml_documents   aliases, depth, tags, scalars that no type can hold
    json_documents   the same for JSON
    encoded_texts    bytes that are no text, or not the text they say
    file_system      pipes, devices, links, names, crowds
    references       what an inference config can point at
    settings         the linter's own configuration
    repositories     what git reads in the linted tree: broken, odd, blocking
    git_programs     what git would run for it
    execution        code that marks its own execution, modules that shadow imports
    model_files      pickles that no pickler wrote
    bait             input for regular expressions: placeholders, suppressions, quotes

What holds for every case is asserted by `test_hostile.py` and is not repeated here: an exit code
that is documented, one valid JSON document on stdout, no traceback, no `AML902`, an exit code that
agrees with the findings, no file written, no process left, no marker made, within 10 s and 512 MiB.

A new case: build it here, run it, and if it was met in the wild, say so in its note. Builders are
fast (all of them within seconds); a case that the platform cannot hold raises `Unavailable`.
Every file that shall be judged is of a kind of ours: it says `computeType` or `entryScript`, has
`init` and `run`, or is named by a config that does. `with_unit` writes such a config.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

INCOMPLETE = 4


class Unavailable(Exception):
    """This platform or user cannot build the case; the message says why."""


@dataclass(frozen=True, slots=True)
class Expect:
    """What may come out.

    `exits` are the exit codes allowed. Of `some` at least one code must be among the findings
    (nothing is required if it is empty), of `none` not a single one.
    """

    exits: frozenset[int]
    some: frozenset[str] = frozenset()
    none: frozenset[str] = frozenset()


def expect(*exits: int, some: Sequence[str] = (), none: Sequence[str] = ()) -> Expect:
    """An `Expect` from plain values."""
    return Expect(frozenset(exits), frozenset(some), frozenset(none))


READ = expect(0, 1, none=["AML901", "AML903"])
"""Odd but legal: read and judged like any other file."""
IRRELEVANT = expect(0, none=["AML901", "AML903"])
"""None of our business, however broken."""
SYNTAX = expect(1, some=["AML901"])
"""Broken, and said so."""
UNREAD = expect(INCOMPLETE, some=["AML903"])
"""Not read, and said so: never a green run."""
REFUSED = expect(1, INCOMPLETE, some=["AML901", "AML903"])
"""Either of the two: parsers differ on which it is."""
READ_OR_UNREAD = expect(0, 1, INCOMPLETE, none=["AML901"])
"""Legal, so no syntax error; a limit may refuse it."""
ANY = expect(0, 1, INCOMPLETE)
"""The specification leaves it open; what holds for every case still holds."""
USAGE = expect(2)
"""A configuration that cannot be followed."""


@dataclass(frozen=True, slots=True)
class Case:
    """One hostile input, built.

    `arguments` follow `amllint check`; they are relative to `cwd` (the case's folder).
    `marker` is a file that appears if the linter ran something of the tree.
    `launch` is `"script"` (the guarantee) or `"module"` (`python -m amllint`).
    """

    arguments: Sequence[str]
    note: str
    expect: Expect
    cwd: Path | None = None
    marker: Path | None = None
    launch: str = "script"
    environment: dict[str, str] = field(default_factory=dict)


Builder = Callable[[Path], Case]
CASES: dict[str, Builder] = {}


def case(builder: Builder) -> Builder:
    """Register a case under its function's name."""
    if builder.__name__ in CASES:
        raise ValueError(f"two cases are called {builder.__name__}")
    CASES[builder.__name__] = builder
    return builder


def family(builders: dict[str, Builder]) -> None:
    """Register cases that differ in their data only."""
    for name, builder in builders.items():
        builder.__name__ = name
        case(builder)


SCORE = """\
import json


def init():
    global model
    model = 1


def run(data):
    try:
        return json.loads(data)
    except ValueError:
        return {"error": "bad request"}
"""


def write(path: Path, content: str | bytes) -> Path:
    """Write a file and the folders above it, byte for byte."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(
        content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    )
    return path


def with_unit(folder: Path, script: str | bytes | None = None, entry: str = "score.py") -> Path:
    """Write an inference config that names `entry`, and `entry` itself unless `script` is None."""
    config = {"entryScript": entry, "environment": {"name": "env", "version": "1"}}
    if script is not None:
        write(folder / entry, script)
    return write(folder / "inferenceconfig.json", json.dumps(config))
