"""Match specs as files of dependencies have them, good and bad: a list, and seeded ones."""

from __future__ import annotations

import random
from collections.abc import Iterator

VERSIONS = (
    *(
        "0.9",
        "1.0",
        "1.1.9",
        "1.2",
        "1.2.0",
        "1.2.1",
        "1.2.10",
        "1.3",
        "1.10",
        "1.20.3",
        "2",
        "2.0",
    ),
    *("2.0.1", "3.0", "3.6.13", "3.8", "3.9", "3.9.16", "3.10", "3.10.18", "3.11.0", "10.2"),
)
"""Releases that specs are asked about: early ones conda and PEP 440 order differently."""

WRITTEN = (
    *("python", "pip", "python=3.8", "python==3.8.13", "python 3.9", "python =3.9", "python>=3.6"),
    *("python=3.9.16=h6244533_2", "python=3.9.*", "python 3.9.*", "python==3.9.*", "python>3.5"),
    *("numpy>=1.2,<2", "numpy >=1.2, <2.0", "numpy>=1.2,<2.0,!=1.3", "numpy!=1.3", "numpy~=1.2"),
    *("numpy=1.2|1.3", "numpy >=1.2|<1.0", "numpy==1.2.0", "numpy<=1.2.1", "numpy<1.10"),
    *("conda-forge::lightgbm", "conda-forge::numpy=1.2", "defaults::python=3.9", "anaconda::pip"),
    *("pytorch::pytorch=1.10", "pkgs/main::numpy=1.2", "conda-forge/linux-64::numpy=1.2"),
    *("libgcc-ng", "_libgcc_mutex=0.1=main", "ca-certificates=2.0.1=h06a4308_0", "r-base=3.6.13"),
    *("zlib=1.2.11=h7b6447c_3", "blas=1.0=mkl", "tk=8.6.8=hbc83047_0", "openssl 1.1.1*"),
    *("python[version='3.9']", 'numpy[version=">=1.2,<2"]', "numpy[version=1.2,build=h_0]"),
    *("numpy[build=py39*]", "numpy[channel=conda-forge]", "numpy[subdir=linux-64,version='1.2.*']"),
    *("cudatoolkit=10.2", "scikit-learn=1.2.0", "scikit_learn=1.2", "Python=3.9", "PyYAML=3.10"),
    *("ruamel.yaml=1.2", "backports.zoneinfo=1.2", "jpeg=9b", "x264=1!1.2", "mkl=2020.0"),
    *("numpy=>1.2", "numpy=<1.2", "numpy = 1.2", "numpy== 1.2", "numpy =", "numpy==", "=1.2"),
    *("numpy 1.2 py39_0", "numpy >=1.2 py39*", "numpy=1.2=", "numpy==1.2==py39", "numpy ==1.2 h_0"),
    *(
        "numpy>=1.2.*",
        "numpy>1.2*",
        "numpy=1.2*",
        "numpy 1.2*",
        "numpy *",
        "numpy=*",
        "numpy=*=py39",
    ),
    *("numpy 1.2,1.3", "numpy (>=1.2)", "numpy>=1.2 ,<2", "numpy >= 1.2", "numpy<2,>=1.2"),
    *(
        "numpy>=1.2,",
        "numpy,>=1.2",
        "numpy>=1.2;<2",
        "numpy>>1.2",
        "numpy 1.2 # said",
        "numpy @ 1.2",
    ),
    *("numpy@1.2", "-numpy", "https://a.b/numpy-1.2-0.tar.bz2", "numpy=1.2.0.*", "numpy===1.2", ""),
)

NAMES = (
    *(
        "numpy",
        "python",
        "scikit-learn",
        "_libgcc_mutex",
        "ruamel.yaml",
        "r-base",
        "libgcc-ng",
        "tk",
    ),
    *(
        "PyYAML",
        "x264",
        "conda-forge::numpy",
        "defaults::python",
        "a::b",
        "conda-forge/noarch::six",
    ),
)
ODD_NAMES = ("", "num py", "numpy!", "::numpy", "-x", "näme", "numpy::a::b")
NUMBERS = ("1", "1.2", "1.2.0", "1.2.1", "2", "2.0", "3.9", "3.10.18", "1.2.*", "1.2*", "*", "3.*")
ODD_NUMBERS = ("", "a", "1..2", "1.2.", ".1", "v1.2", "1.2-3", "1_2", "1,2")
OPERATORS = ("", "=", "==", ">=", "<=", ">", "<", "!=", "~=")
ODD_OPERATORS = ("=>", "=<", "===", "~", "!", "><", "!==", "=!")
BUILDS = (
    "",
    "",
    "",
    "",
    "",
    "",
    "=py39_0",
    "=h_0",
    "=*",
    "=py39*",
    " py39_0",
    " h_0",
    "==h_0",
    "=",
)
KEYS = ("version", "build", "channel", "subdir", "md5", "build_number")


def spec_texts(count: int, seed: int) -> Iterator[str]:
    """The list, and so many more; the same for the same seed."""
    chance = random.Random(seed)
    yield from WRITTEN
    for _ in range(count):
        yield _text(chance)


def _text(chance: random.Random) -> str:
    name = chance.choice(ODD_NAMES if chance.random() < 0.05 else NAMES)
    blank = chance.choice(("", "", "", " "))
    kind = chance.random()
    if kind < 0.1:
        return name
    if kind < 0.22:
        return f"{name}[{_keys(chance)}]"
    if kind < 0.62:
        return f"{name}{blank}{_clause(chance, True)}{chance.choice(BUILDS)}"
    joint = chance.choice((",", ",", ", ", " , ", "|"))
    clauses = (_clause(chance, chance.random() < 0.1) for _ in range(chance.choice((2, 2, 2, 3))))
    return f"{name}{blank}{joint.join(clauses)}{chance.choice(BUILDS)}"


def _clause(chance: random.Random, any_operator: bool) -> str:
    odd = chance.random() < 0.06
    operators = OPERATORS if any_operator else (">=", "<", "<=", ">", "!=")
    operator = chance.choice(ODD_OPERATORS if odd and chance.random() < 0.5 else operators)
    number = chance.choice(ODD_NUMBERS if odd else NUMBERS)
    return f"{operator}{chance.choice(('', '', '', ' '))}{number}"


def _keys(chance: random.Random) -> str:
    parts = []
    for key in chance.sample(KEYS, chance.choice((1, 1, 2))):
        values = {"version": _clause(chance, True), "build": chance.choice(("h_0", "py39*"))}
        values |= {"channel": "conda-forge", "subdir": "linux-64", "md5": "0" * 32}
        quote = chance.choice(("'", '"', ""))
        parts.append(f"{key}={quote}{values.get(key, '3')}{quote}")
    return ",".join(parts)
