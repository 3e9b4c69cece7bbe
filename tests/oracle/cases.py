"""Cases for an oracle: folders of files, and the odd values that go into them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.oracle.layouts import Raw

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

Keys = tuple[str, ...]
Table = dict[Keys, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Case:
    """A folder to write: ``config`` is the file under test, ``files`` holds it and its company."""

    name: str
    kind: str
    config: str
    files: Mapping[str, str]


# Scalars that YAML 1.1, JSON and their readers take differently.
SCALARS = """
6e4 6.0e+4 010 0o10 0x10 0b11 1_000 1:30 yes no on off y TRUE Null ~ .nan .inf -.inf NaN Infinity
2020-01-01 1. .5 +1 -0 -0.0 1e-3 99999999999999999999 '2' '0.5' '' '5'
!!str&5 !!float&5 !!int&'5' !!int&x
"""
ODD: tuple[Any, ...] = (
    *(0, 1, -1, 2, 0.5, -0.5, 0.7, 1.0, 100, 100.5, 101, 1000, 300001, 65535, 65536, 8890.0),
    *(10**9, 10**30, 1e300, float("nan"), float("inf"), float("-inf")),
    *(True, False, None, "", "1", "abc", "false", " ", [], {}, [1], [""], {"a": 1}),
    *(Raw(text.replace("&", " ")) for text in SCALARS.split()),
)


FLAGS = (True, False)


def beside(path: Keys, name: str) -> Keys:
    """The path of the key ``name`` in the same section."""
    return (*path[:-1], name)


def write_cases(cases: Iterable[Case], root: Path) -> list[Case]:
    """Writes each case into a folder of its name below ``root``."""
    done = list(cases)
    for case in done:
        for name, text in case.files.items():
            path = root / case.name / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode("utf-8", "surrogatepass"))
    return done
