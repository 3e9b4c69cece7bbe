"""What is read off a pickle, whatever it is wrapped in; nothing is loaded."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import pickle
import subprocess
import sys
import tarfile
import zipfile
import zlib
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

import pytest

from amllint.source.pickles import scan as scanning
from amllint.source.pickles.contents import PickleContents, Reference
from amllint.source.pickles.scan import scan_data, scan_file
from tests.source.pickles.handmade import Call, classes, instance, joblib, model

LINEAR = Reference("sklearn.linear_model._base", "LinearRegression")
PROTOCOLS = range(6)


def names(contents: PickleContents) -> set[str]:
    return {reference.dotted for reference in contents.references}


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_names_and_versions_are_found_in_every_protocol(protocol: int) -> None:
    found = scan_data(model(protocol=protocol))
    assert found.complete
    assert LINEAR in found.references
    assert found.version_of("sklearn") == "1.2.2"


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_values_of_every_kind_are_passed_over(protocol: int) -> None:
    values = {
        "plain": [None, True, False, 1.5, 1 << 4, 1 << 12, -5, 1 << 40, 1 << 900],
        "texts": ["", "ä\n'\"", "x" * 300, "y" * 70_000],
        "bytes": [b"", b"z" * 300, b"z" * 70_000, bytearray(b"w" * 300)],
        "nests": [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), {1}, frozenset({2}), {3: [4]}],
    }
    found = scan_data(model(protocol=protocol, values=values, again=values))
    assert found.complete
    assert found.version_of("sklearn") == "1.2.2"


def test_names_of_python_2_are_those_of_python_3() -> None:
    assert names(scan_data(b"c__builtin__\neval\n.")) == {"builtins.eval"}
    assert names(scan_data(b"(i__builtin__\neval\n.")) == {"builtins.eval"}
    assert names(scan_data(b"(c__builtin__\nlist\nI1\no.")) == {"builtins.list"}


def test_a_name_is_known_whose_parts_come_out_of_the_memo() -> None:
    with classes("sklearn.a.One", "sklearn.a.Two") as made:
        found = scan_data(pickle.dumps([instance(m) for m in made] * 2, 4))
    assert names(found) == {"sklearn.a.One", "sklearn.a.Two"}


def test_what_would_be_called_is_not() -> None:
    found = scan_data(pickle.dumps(Call(os.system, "exit 1")))
    assert names(found) == {f"{os.name}.system"}


def test_several_versions_are_no_version() -> None:
    with classes("sklearn.a.One") as (made,):
        parts = [instance(made, _sklearn_version=v) for v in ("1.1.0", "1.2.0")]
        found = scan_data(pickle.dumps(parts))
    assert found.version_of("sklearn") is None
    assert len(found.versions) == 2


def test_only_what_a_key_says_is_a_version() -> None:
    found = scan_data(pickle.dumps({"_sklearn_version": 5, "version": "1", "_lib_version": "2"}))
    assert found.versions == {("lib", "2")}


# -- joblib -----------------------------------------------------------------------------------

ARRAYS = {
    "f8": ((3, 2), 48),
    "<f4": ((5,), 20),
    "i8": ((), 8),
    "b1": ((7,), 7),
    "U12": ((2,), 96),
    "S3": ((4,), 12),
    "f8 empty": ((0, 4), 0),
}


@pytest.mark.parametrize("padded", [True, False])
@pytest.mark.parametrize("name", ARRAYS)
def test_the_bytes_of_an_array_are_stepped_over(name: str, padded: bool) -> None:
    shape, size = ARRAYS[name]
    # What looks like the end of the pickle, then like an import, must not be taken for one.
    raw = (b".cos\nsystem\n" * 9)[:size] or (b"\x00" if padded else b"")
    data = joblib(name.split()[0], raw, shape, padded)
    if name == "f8 empty" and padded:
        data = data.replace(bytes([7]) + b"\xff" * 7 + raw, bytes([7]) + b"\xff" * 7)
    found = scan_data(data)
    assert found.complete
    assert found.version_of("sklearn") == "1.2.2"
    assert "os.system" not in names(found)


def test_an_array_of_objects_is_a_pickle_in_the_pickle() -> None:
    inner = pickle.dumps(OrderedDict(a=1), 2)
    found = scan_data(joblib("O8", b"", (3,), pickled=inner))
    assert "collections.OrderedDict" in names(found)
    assert found.version_of("sklearn") == "1.2.2"


def test_an_array_of_unknown_size_is_not_passed() -> None:
    found = scan_data(joblib("x,y", b"12345678", (1,)))
    assert not found.complete
    assert found.version_of("sklearn") is None


def test_an_array_that_is_larger_than_the_file_ends_it() -> None:
    found = scan_data(joblib("f8", b"12345678", (1 << 60, 1 << 60)))
    assert not found.complete


COMPRESSIONS: dict[str, Callable[[bytes], bytes]] = {
    "zlib": zlib.compress,
    "gzip": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "lzma": lambda data: lzma.compress(data, lzma.FORMAT_ALONE),
}


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_compressed_files_are_read(compression: str) -> None:
    large = os.urandom(300_000)
    data = COMPRESSIONS[compression](joblib("b1", large, (300_000,)))
    found = scan_data(data)
    assert found.complete
    assert found.version_of("sklearn") == "1.2.2"
    assert not scan_data(data[: len(data) // 2]).complete
    assert not scan_data(data[:20]).complete


@pytest.mark.parametrize("head", [b"\x04\x22\x4d\x18", b"ZF0x1234"])
def test_what_cannot_be_decompressed_is_not_known(head: bytes) -> None:
    assert not scan_data(head + b"\0" * 100).complete


# -- torch and numpy --------------------------------------------------------------------------


def zipped(files: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_the_pickle_in_a_torch_archive_is_read(compression: int) -> None:
    state = b"\x80\x02ccollections\nOrderedDict\nq\x00)Rq\x01X\x03\x00\x00\x00keyQbs."
    state = state.replace(b"X\x03\x00\x00\x00keyQb", b"X\x01\x00\x00\x00wX\x03\x00\x00\x00keyQ")
    files = {
        "archive/data.pkl": state,
        "archive/data/0": b"cos\nsystem\n.",
        "archive/version": b"3",
    }
    found = scan_data(zipped(files, compression))
    assert found.complete
    assert names(found) == {"collections.OrderedDict"}


def test_an_old_torch_file_is_several_pickles_and_raw_bytes() -> None:
    parts = [pickle.dumps(x, 2) for x in (0x1950A86A20F9469CFC6C, 1001, {"little_endian": True})]
    data = b"".join(parts) + model(protocol=2) + pickle.dumps(["1"], 2) + b"\x01\0\0\0cos\nsystem\n"
    found = scan_data(data)
    assert found.complete
    assert LINEAR in found.references
    assert "os.system" not in names(found)


def test_the_oldest_torch_file_is_a_tar_archive() -> None:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, data in {"storages": b"x" * 700, "pickle": model(protocol=2)}.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    found = scan_data(file.getvalue())
    assert LINEAR in found.references


def npy(descr: str, rest: bytes) -> bytes:
    header = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': (1,), }}".encode()
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + rest


def test_only_arrays_of_objects_are_pickles() -> None:
    assert scan_data(npy("<f8", b"cos\nsystem\n.")) == PickleContents()
    assert names(scan_data(npy("|O", pickle.dumps(OrderedDict())))) == {"collections.OrderedDict"}
    both = {"a.npy": npy("<f8", b"12345678"), "b.npy": npy("|O", model())}
    assert LINEAR in scan_data(zipped(both, zipfile.ZIP_DEFLATED)).references


# -- hostile files ----------------------------------------------------------------------------


def test_every_beginning_of_a_pickle_is_read_without_trouble() -> None:
    whole = model(protocol=4, values=["x" * 300, (1, 2), {"a": 1.5}])
    for end in range(len(whole)):
        assert not scan_data(whole[:end]).complete


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"the model\n",
        b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 12\n",
        b"\x80\x04.",
        b"\x80\x04t.",
        b"\x80\x04\x93.",
        b"\x80\x04h\x05.",
        b"g999999999999999\n.",
        b"p-1\n.",
        b"(0(1(2.",
        b"\x80\x04\x8b\xff\xff\xff\xff",
        b"\x80\x04\x8e\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\x7f",
        b"\x80\x05\x96\x00\x00\x00\x00\x00\x01\x00\x00",
        b"\x80\x04\x95\xff\xff\xff\xff\xff\xff\xff\xff.",
        b"\x80\x04\xff.",
        b"PK\x03\x04",
        b"PK\x03\x04" + b"\0" * 1000,
        b"\x93NUMPY\x02\x00\xff\xff\xff\xff",
        b"\x93NUMPY",
        b"x\x9c\x00\x00",
        b"BZh9garbage",
        b"\xfd7zXZ\x00garbage",
        b"\0" * 257 + b"ustar" + b"\0" * 300,
        bytes(range(256)) * 4,
    ],
)
def test_what_is_no_pickle_is_not_known_and_does_no_harm(data: bytes) -> None:
    found = scan_data(data)
    assert not found.complete
    assert not found.references


def test_a_long_pickle_is_read_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "MOST_OPCODES", 1000)
    found = scan_data(b"ccollections\nOrderedDict\n" + b"N0" * 10_000 + b".")
    assert not found.complete
    assert names(found) == {"collections.OrderedDict"}


def test_what_grows_by_doubling_takes_no_room() -> None:
    assert not scan_data(b")" + b"2\x86" * 250_000 + b".").complete
    bomb = zlib.compress(b"\x80\x04X\xff\xff\xff\x7f" + b"\0" * (70 << 20))
    assert not scan_data(bomb).complete
    assert not scan_data(bz2.compress(b"S" + b"\0" * (70 << 20))).complete


def test_an_archive_in_an_archive_is_not_opened() -> None:
    inner = zipped({"data.pkl": pickle.dumps(Call(os.system, "exit"))})
    found = scan_data(zipped({"data.pkl": inner}))
    assert not found.complete
    assert not found.references


def test_an_archive_without_end_is_read_in_part() -> None:
    many = {f"{n}.pkl": model() for n in range(40)}
    found = scan_data(zipped(many))
    assert not found.complete
    assert LINEAR in found.references


def test_a_file_of_a_gigabyte_is_stepped_over(tmp_path: Path) -> None:
    path = tmp_path / "large.pkl"
    size = 1 << 30
    with path.open("wb") as file:
        file.write(b"\x80\x04ccollections\nOrderedDict\n\x8e" + size.to_bytes(8, "little"))
        file.seek(size, os.SEEK_CUR)
        file.write(b"\x86csklearn.linear_model._base\nLinearRegression\n\x86.")
    found = scan_file(str(path))
    assert found.complete
    assert LINEAR in found.references


def test_what_is_no_file_is_not_known(tmp_path: Path) -> None:
    assert not scan_file(str(tmp_path)).complete
    assert not scan_file(str(tmp_path / "missing.pkl")).complete
    assert not scan_file("a\0b").complete
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.pkl")
        assert not scan_file(str(tmp_path / "pipe.pkl")).complete


def test_no_module_that_could_load_is_imported() -> None:
    code = (
        "import sys; from amllint.source.pickles.scan import scan_data; scan_data(b'N.');"
        "print(sorted({'pickle', '_pickle', 'pickletools', 'joblib'} & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
