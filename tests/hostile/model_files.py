"""Model files that are no models: what a deployment can name beside its script."""

from __future__ import annotations

import os
import zlib
from pathlib import Path

from .cases import READ, SCORE, Builder, Case, case, expect, family, write
from .file_system import make_pipe

DEPLOYMENT = """\
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: scoring
model:
  path: model
code_configuration:
  code: src
  scoring_script: score.py
environment:
  image: mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20251130.v1
  conda_file: conda.yml
instance_type: Standard_DS3_v2
instance_count: 1
"""
CONDA = """\
dependencies:
  - python=3.11
  - pip
  - pip:
      - azureml-inference-server-http==1.5.1
      - scikit-learn==1.5.2
"""
_GIGABYTE = 1 << 30
_TOLD = expect(1, some=["AML317"])


def deployment(folder: Path) -> Path:
    """A deployment whose model is a folder, and the folder."""
    write(folder / "deployment.yml", DEPLOYMENT)
    write(folder / "conda.yml", CONDA)
    write(folder / "src" / "score.py", SCORE)
    model = folder / "model"
    model.mkdir(parents=True)
    return model


def _bytes(data: bytes) -> Builder:
    def build(folder: Path) -> Case:
        write(deployment(folder) / "model.pkl", data)
        return Case(["."], "a pickle that no pickler wrote", READ)

    return build


_FILES = {
    "empty": b"",
    "cut": b"\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00\x8c",
    "lengths": b"\x80\x04\x8d" + b"\xff" * 8 + b"\x8e" + b"\xff" * 8,
    "doubling": b")" + b"2\x86" * 1_000_000 + b".",
    "memo": b"N" + b"".join(b"r" + n.to_bytes(4, "little") for n in range(200_000)) + b".",
    "dictionary": b"}" + b"".join(b"K\x01K\x02s" for _ in range(500_000)) + b".",
    "marks": b"(" * 2_000_000,
    "line": b"S" + b"x" * 5_000_000,
    "lines": b"Vx\n0" * 1_000_000 + b".",
    "number": b"L" + b"9" * 1_000_000 + b"L\n.",
    "long": b"\x80\x02\x8b\x00\x00\x10\x00" + b"\xff" * (1 << 20) + b".",
    "names": b"".join(b"cm%d\nx\n0" % n for n in range(200_000)) + b"N.",
    "inflated": zlib.compress(b"\x80\x04B\xff\xff\xff\x7f" + b"\0" * (60 << 20), 9),
    "table": b"PK\x03\x04"
    + b"\0" * 40
    + b"PK\x05\x06"
    + b"\0" * 8
    + b"\xff\xff\xff\x7f"
    + b"\0" * 6,
}

family({f"pickle_{name}": _bytes(data) for name, data in _FILES.items()})


@case
def pickle_of_a_gigabyte(folder: Path) -> Case:
    path = deployment(folder) / "model.pkl"
    with path.open("wb") as file:
        file.write(b"\x80\x04\x8e" + _GIGABYTE.to_bytes(8, "little"))
        file.seek(_GIGABYTE, os.SEEK_CUR)
        file.write(b".")
    return Case(["."], "a payload that is larger than the memory", READ)


@case
def pickle_of_zeros(folder: Path) -> Case:
    path = deployment(folder) / "model.pkl"
    with path.open("wb") as file:
        file.write(b"S")
        file.truncate(_GIGABYTE)
    return Case(["."], "a line that does not end", READ)


@case
def pickle_that_is_a_pipe(folder: Path) -> Case:
    make_pipe(deployment(folder) / "model.pkl")
    return Case(["."], "a model that nobody writes", READ)


@case
def pickle_that_acts(folder: Path) -> Case:
    marker = folder / "marker"
    command = f"cos\nsystem\n(Vtouch {marker}\ntR.".encode()
    write(deployment(folder) / "model.pkl", command)
    return Case(["."], "a command that loading would run", _TOLD, marker=marker)
