"""Seeded conda files, good and bad: what azureml-core and amllint read alike, or ought to.

A file is put together of parts, each as text, so that spellings and shapes come out as people
write them. Most have one odd part, some up to three, some none.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import NamedTuple

HEADS = (
    *("", "name: serving\n", "name: project_environment\n", "# made by hand\nname: a\n"),
    *("---\nname: serving\n", "name: 'a b'\n"),
)
ODD_HEADS = (
    *("name:\n", "name: 3\n", "Name: serving\n", "name: a\nname: b\n", "name: [a]\n"),
    *("title: serving\n", "name: a\nversion: 1\n", "name: é\n"),
)
MIDDLES = (
    "",
    "channels: [conda-forge]\n",
    "channels:\n  - conda-forge\n  - defaults\n",
    "channels:\n- anaconda\n- conda-forge\n",
    "prefix: /opt/conda\n",
    "variables:\n  A: '1'\n",
)
ODD_MIDDLES = (
    *("channels: conda-forge\n", "channels:\n", "channels: [3, null]\n", "channel: [defaults]\n"),
    *("Channels: [defaults]\n", "platforms: [linux-64]\n", "pip: [azureml-defaults]\n"),
    *("variables:\n", "variables: [A]\n", "prefix:\n", "conda: [python]\n", "dependency: [a]\n"),
    *("channels: [a]\nchannels: [b]\n", "environment: {}\n", "category: x\n", "? a\n"),
)
PYTHONS: dict[str, bool] = {
    "python=3.8": False,
    "python=3.10": True,
    "python=3": True,
    "python": True,
    "python==3.9.13": False,
    "python==3.10.18": True,
    "python~=3.9": True,
    "python>=3.8": True,
    "python>=3.8,<3.10": False,
    "python>=3.8,<3.12": True,
    "python<3.9": False,
    "python!=3.9": True,
    "python=3.9.*": False,
    "python=3.10.*": True,
    "python==3.9.*": False,
    "python 3.9": False,
    "python 3.9.*": False,
    "python =3.9": False,
    "python >=3.8": True,
    "python >=3.8,<3.10": False,
    "python=3.9.16=h6244533_2": False,
    "python=3.9=*_cpython": False,
    "Python=3.9": False,
    "PYTHON=3.10": True,
    "conda-forge::python=3.9": False,
    "conda-forge::python=3.10": True,
    "defaults::python": True,
    "python[version='3.9']": False,
    "python=3.9 ": False,
    "python=3.11.0rc1": False,
    "python-dateutil=2.8": True,
    "": True,
}
"""Spellings of the entry, and whether azureml-core's default (3.10.18) is a version that it admits.

An empty one stands for none; of a package with a longer name nothing is to be read.
"""
PACKAGES = (
    *("pip", "pip=23.3", "numpy", "numpy=1.26.4", "scikit-learn=1.5.2", "pandas>=2,<3"),
    *("conda-forge::lightgbm=4.3.0", "libgcc-ng", "ipython=8.12", "numpy=1.26.4=py311_0"),
)
ODD_ITEMS = (
    *("3", "null", "", "~", "1.5", "true", "[numpy]", "scikit-learn: 1.5", "numpy: ", "{}"),
    *("Pip:\n      - azureml-defaults", "pip install numpy", "'numpy = 1.0'", "numpy = 1.0"),
)
PIP_LINES = (
    *("azureml-defaults==1.60.0", "azureml-defaults", "azureml-inference-server-http==1.5.1"),
    *("numpy==1.26.4", "scikit-learn>=1.3,<1.6", "pandas[excel]", "--extra-index-url https://a.b"),
    *("-r requirements.txt", "./wheels/own.whl", 'tomli; python_version < "3.11"'),
    *("'joblib # comment'", "joblib # comment", "git+https://a.b/c.git@v1"),
)
ODD_PIP_LINES = ("3", "null", "[a]", "a: 1", "true", "{}")


class CondaFile(NamedTuple):
    """A file, and what it is known to hold.

    `python` is the one entry of Python, `None` where there are several or none; `pips` are how
    many sections of pip it has.
    """

    text: str
    python: str | None
    pips: int


def conda_files(count: int, seed: int) -> Iterator[CondaFile]:
    """So many files; the same for the same seed."""
    chance = random.Random(seed)
    for _ in range(count):
        yield _file(chance)


def _file(chance: random.Random) -> CondaFile:
    odd = {part: chance.random() < 0.12 for part in ("head", "middle", "items", "pip", "shape")}
    head = chance.choice(ODD_HEADS if odd["head"] else HEADS)
    middle = chance.choice(ODD_MIDDLES if odd["middle"] else MIDDLES)
    pythons = [p for p in chance.choices(list(PYTHONS), k=chance.choice((1, 1, 1, 1, 1, 2))) if p]
    entries = [p for p in pythons if not p.startswith("python-")]
    pips = chance.choice((0, 1, 1, 1, 1, 2))
    items = [_quoted(chance, p) for p in pythons] + chance.sample(PACKAGES, chance.randint(0, 3))
    if odd["items"]:
        items.append(chance.choice(ODD_ITEMS))
    items += [_pip(chance, odd["pip"]) for _ in range(pips)]
    if chance.random() < 0.3:
        chance.shuffle(items)
    body = _body(chance, items, odd["shape"])
    parts = [head, middle, body] if chance.random() < 0.8 else [head, body, middle]
    whole = "".join(parts)
    if not odd["shape"] and chance.random() < 0.05:
        whole = whole.replace("\n", "\r\n")
    plain = not odd["shape"] and len(entries) == 1 and not any(i == "pip:" for i in items)
    return CondaFile(whole, entries[0] if plain else None, pips)


def _quoted(chance: random.Random, entry: str) -> str:
    needs = entry.endswith(" ") or "[" in entry
    return (
        f"'{entry}'"
        if chance.random() < 0.1 and "'" not in entry
        else (f'"{entry}"' if needs or chance.random() < 0.1 else entry)
    )


def _pip(chance: random.Random, odd: bool) -> str:
    lines = chance.sample(PIP_LINES, chance.randint(1, 4))
    if odd:
        shape = chance.choice(("string", "null", "line", "empty", "flow"))
        if shape == "string":
            return "pip: azureml-defaults"
        if shape in ("null", "empty"):
            return "pip:" if shape == "null" else "pip: []"
        if shape == "flow":
            return "pip: [azureml-defaults, numpy==1.26.4]"
        lines.append(chance.choice(ODD_PIP_LINES))
    return "pip:\n" + "\n".join(f"      - {line}" for line in lines)


def _body(chance: random.Random, items: list[str], odd: bool) -> str:
    listed = "".join(f"  - {item}\n" for item in items)
    if not odd:
        return f"dependencies:\n{listed}"
    odd_bodies = (
        *("", "dependencies:\n", "dependencies: []\n", "dependencies: python=3.10\n"),
        *("dependencies: {conda: [python]}\n", "dependencies: 3\n", "dependencies: [python=3.9]\n"),
        *(f"Dependencies:\n{listed}", f"dependencies:\n{listed}dependencies: [pip]\n"),
        *(f"dependencies:\n{listed}\tx: y\n", f"dependencies:\n{listed}extra: [\n"),
    )
    return chance.choice(odd_bodies)
