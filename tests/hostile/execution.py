"""Code that marks its own execution: nothing of the linted tree is imported or run.

What `amllint` guarantees is that of its console script: the tree is never on `sys.path`. Under
`python -m amllint` Python itself puts the current directory there before any of our code runs,
and imports a few modules from it (`runpy`, `types`, `importlib`, `contextlib`, `warnings`;
`amllint` too). From the first line of `amllint.__main__` on the directory is off the path again;
whoever checks a tree that is not trusted uses the console script, or `python -P -m amllint`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from .cases import ANY, READ, SCORE, Case, Unavailable, case, with_unit, write

_DEPENDENCIES = (
    *(
        "libcst",
        "yaml",
        "_yaml",
        "ruamel",
        "jsonschema",
        "jsonschema_specifications",
        "referencing",
    ),
    *("rpds", "attr", "attrs", "packaging", "tomli", "typing_extensions", "azureml", "azure"),
    *("sitecustomize", "usercustomize", "numpy", "joblib", "git"),
)
_BEFORE_US = {
    "runpy",
    "types",
    "importlib",
    "contextlib",
    "pkgutil",
    "warnings",
    "__main__",
    "sys",
    "builtins",
}


def _mark(marker: Path, what: str) -> str:
    return f"open({str(marker)!r}, 'a').write({what!r} + '\\n')"


def _shadow(folder: Path, marker: Path, names: set[str]) -> None:
    """A module of every name, as a file, and for the dependencies as a package too."""
    for name in sorted(names):
        write(folder / f"{name}.py", _mark(marker, name) + "\n")
    for name in _DEPENDENCIES:
        write(folder / name / "__init__.py", _mark(marker, name) + "\n")
    write(folder / "evil.pth", f"import os; {_mark(marker, 'pth')}\n")


@case
def script_that_marks_its_execution(folder: Path) -> Case:
    """At module level, in decorators, defaults, class bodies, annotations, f-strings."""
    marker = folder.parent / "marker"
    body = f"""\
import evil_sibling
from model_code import *
{_mark(marker, "module")}
@{_mark(marker, "decorator")}.__class__
def init(a={_mark(marker, "default")}) -> {_mark(marker, "annotation")}: pass
class A(metaclass={_mark(marker, "metaclass")}.__class__): {_mark(marker, "class")}
x = f"{{{_mark(marker, "f-string")}}}"
y = [{_mark(marker, "comprehension")} for _ in range(1)]
def run(data): return x
init()
"""
    with_unit(folder, body)
    for name in (
        "evil_sibling.py",
        "model_code/__init__.py",
        "conftest.py",
        "setup.py",
        "__init__.py",
    ):
        write(folder / name, _mark(marker, name) + "\n")
    return Case(["."], "", ANY, marker=marker)


@case
def model_that_marks_its_loading(folder: Path) -> Case:
    """A pickle that calls: it may be scanned, never loaded."""
    marker = folder.parent / "marker"
    payload = b"cbuiltins\nopen\n(V" + str(marker).encode() + b"\nVw\ntR."
    write(folder / "model.pkl", payload)
    write(folder / "model.joblib", payload)
    write(folder / "MLmodel", "flavors: {python_function: {loader_module: evil}}\n")
    with_unit(folder, SCORE + "\nimport joblib\nm = joblib.load('model.pkl')\n")
    return Case(["."], "", ANY, marker=marker)


@case
def pickles_that_kill_scanners(folder: Path) -> Case:
    """Opcode streams for `pickletools`: endless, cut short, with huge length fields and numbers."""
    with_unit(folder, SCORE + "\nimport joblib\nm = joblib.load('a.pkl')\n")
    streams = {
        "a": b"(" * 300_000 + b".",
        "b": b"\x80\x04\x8e" + b"\xff" * 8,
        "c": b"I" + b"9" * 100_000 + b"\n.",
        "d": b"\x8b\xff\xff\xff\x7f" + b"\xff" * 1000,
        "e": b"\x80\xff" + bytes(range(256)),
        "f": b"",
        "g": b"V\\ud800\n.",
    }
    for name, stream in streams.items():
        write(folder / f"{name}.pkl", stream)
    return Case(["."], "", ANY)


@case
def modules_that_shadow_ours(folder: Path) -> Case:
    """`json.py`, `yaml.py`, `libcst/` …: every name that could be imported."""
    marker = folder.parent / "marker"
    _shadow(folder, marker, {*sys.stdlib_module_names, "amllint"} | set(_DEPENDENCIES))
    with_unit(folder, SCORE)
    write(folder / "deploymentconfig.yml", "computeType: AKS\n")
    write(folder / "amllint.toml", "")
    return Case(["."], "", READ, marker=marker)


@case
def modules_that_shadow_ours_by_module(folder: Path) -> Case:
    """The same under `python -m`, but for what Python imports before us."""
    if sys.version_info < (3, 12):
        raise Unavailable("runpy's own imports look into the working directory before 3.12")
    marker = folder.parent / "marker"
    _shadow(folder, marker, (set(sys.stdlib_module_names) - _BEFORE_US) | set(_DEPENDENCIES))
    with_unit(folder, SCORE)
    write(folder / "deploymentconfig.yml", "computeType: AKS\n")
    return Case(["."], "", READ, marker=marker, launch="module")


@case
def plugins_that_shadow_ours(folder: Path) -> Case:
    """Metadata that offers entry points, which a look-up of plugins would load."""
    marker = folder.parent / "marker"
    info = folder / "evil-1.0.dist-info"
    write(info / "METADATA", "Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n")
    write(info / "entry_points.txt", "[amllint.rules]\nevil = evil\n[amllint]\nevil = evil\n")
    write(folder / "evil.py", _mark(marker, "plugin") + "\n")
    write(folder / ".env", "PYTHONSTARTUP=evil.py\n")
    with_unit(folder, SCORE)
    return Case(["."], "", READ, marker=marker)
