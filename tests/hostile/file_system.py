"""What a directory can hold that is no plain file, and names that are no plain names."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

from .cases import (
    READ,
    READ_OR_UNREAD,
    REFUSED,
    SCORE,
    UNREAD,
    Builder,
    Case,
    Unavailable,
    case,
    expect,
    family,
    with_unit,
    write,
)

_WALKED = expect(0, 1, 3, 4)
"""Met on the way, not asked for: skipped or reported, as long as the run ends."""
_REFUSED = expect(3, 4, some=["AML903"])
"""Asked for by name: said so, whatever else there was to look at."""


def make_pipe(path: Path) -> None:
    """A FIFO that nobody writes to: opening it blocks for ever."""
    if not hasattr(os, "mkfifo"):
        raise Unavailable("no FIFOs here")
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(path)


def _make_socket(path: Path) -> None:
    here = os.getcwd()
    os.chdir(path.parent)  # a socket's address holds some 100 bytes, a pytest folder more
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(path.name)
    except (AttributeError, OSError) as error:
        raise Unavailable(str(error)) from error
    finally:
        os.chdir(here)


def _link(target: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(target)


_OBJECTS: dict[str, Callable[[Path], None]] = {
    "pipe": make_pipe,
    "socket": _make_socket,
    "link_to_itself": lambda path: path.symlink_to(path.name),
    "dangling_link": _link("nowhere"),
    "link_to_zero": _link("/dev/zero"),
    "link_to_random": _link("/dev/urandom"),
    "link_to_terminal": _link("/dev/tty"),
    "link_to_stdin": _link("/dev/stdin"),
    "link_to_root": _link("/"),
    "link_to_process_memory": _link("/proc/self/mem"),
    "directory": lambda path: path.mkdir(),
}


def _named(make: Callable[[Path], None], name: str) -> Builder:
    def build(folder: Path) -> Case:
        make(folder / name)
        return Case([name], "given by name", _REFUSED)

    return build


def _met(make: Callable[[Path], None], name: str) -> Builder:
    def build(folder: Path) -> Case:
        make(folder / name)
        write(folder / "deploymentconfig.yml", "computeType: AKS\n")
        return Case(["."], "met in a walk", _WALKED)

    return build


def _families() -> dict[str, Builder]:
    builders = {}
    for name, make in _OBJECTS.items():
        builders[f"{name}_met_as_script"] = _met(make, "score.py")
        builders[f"{name}_met_as_config"] = _met(make, "deploymentconfig.json")
        if name not in ("directory", "link_to_root"):  # asked for, these are walked
            builders[f"{name}_given"] = _named(make, "score.py")
    return builders


family(_families())


@case
def directory_given_as_script(folder: Path) -> Case:
    """`score.py` is an empty folder."""
    (folder / "score.py").mkdir()
    return Case(["score.py"], "nothing in it to look at", expect(3, 4))


@case
def missing_path(folder: Path) -> Case:
    """A path that does not exist is a finding, not a green run."""
    return Case(["nowhere/score.py"], "", _REFUSED)


@case
def missing_and_present_path(folder: Path) -> Case:
    """The good half does not make up for the missing one."""
    write(folder / "deploymentconfig.yml", "computeType: AKS\n")
    return Case(["deploymentconfig.yml", "nowhere.yml"], "", UNREAD)


@case
def path_through_a_file(folder: Path) -> Case:
    """ENOTDIR rather than ENOENT."""
    write(folder / "score.py", SCORE)
    return Case(["score.py/score.py"], "", _REFUSED)


@case
def path_too_long(folder: Path) -> Case:
    """ENAMETOOLONG."""
    return Case(["a" * 5000 + ".py"], "", _REFUSED)


@case
def ring_of_folders(folder: Path) -> Case:
    """A folder that holds itself, thrice: 3^40 ways down."""
    with_unit(folder, SCORE)
    for name in ("a", "b", "c"):
        (folder / name).symlink_to(".")
    (folder / "up").symlink_to("..")
    return Case(["."], "", expect(0, 1, none=["AML901", "AML903"]))


@case
def one_file_by_many_names(folder: Path) -> Case:
    """Hard and symbolic links: reported once or many times, but soon."""
    target = write(folder / "deploymentconfig.yml", "computeType: AKS\n")
    for number in range(200):
        (folder / f"link{number}.yml").symlink_to(target.name)
        os.link(target, folder / f"hard{number}.yml")
    return Case(["."], "", READ)


@case
def unreadable_file(folder: Path) -> Case:
    """Mode 000: skipped is green by accident."""
    path = write(folder / "score.py", SCORE)
    path.chmod(0)
    if os.access(path, os.R_OK):
        raise Unavailable("this user reads everything")
    return Case(["score.py"], "", UNREAD)


@case
def unreadable_folder(folder: Path) -> Case:
    """A folder that cannot be listed."""
    write(folder / "closed" / "score.py", SCORE)
    (folder / "closed").chmod(0)
    if os.access(folder / "closed", os.R_OK):
        raise Unavailable("this user reads everything")
    return Case(["."], "", UNREAD)


DEEP = ("d" * 100, "d")
"""Names of folders that are nested some thousand deep."""


def flatten(folder: Path, name: str) -> None:
    """Take a tower of equally named folders down, from the top."""
    while (folder / name / name).is_dir():
        (folder / name / name).rename(folder / "rest")
        for file in (folder / name).iterdir():
            file.unlink()
        (folder / name).rmdir()
        (folder / "rest").rename(folder / name)


@case
def very_deep_folder(folder: Path) -> Case:
    """The file's path is longer than PATH_MAX: reachable step by step only."""
    here = os.getcwd()
    try:
        os.chdir(folder)
        for _ in range(60):
            os.mkdir("d" * 100)
            os.chdir("d" * 100)
        Path("score.py").write_text(SCORE, encoding="utf-8")
    finally:
        os.chdir(here)
    return Case(["."], "a folder that cannot be listed is not a clean one", UNREAD)


@case
def folders_1000_deep(folder: Path) -> Case:
    """Within PATH_MAX, beyond Python's recursion limit."""
    here = os.getcwd()
    try:
        os.chdir(folder)
        for _ in range(1500):
            os.mkdir("d")
            os.chdir("d")
        Path("deploymentconfig.yml").write_text("computeType: AKS\n", encoding="utf-8")
    finally:
        os.chdir(here)
    return Case(["."], "", _WALKED)


@case
def five_thousand_files(folder: Path) -> Case:
    """A crowd of which one is ours."""
    with_unit(folder, SCORE)
    for number in range(5000):
        (folder / f"values{number}.yml").write_bytes(b"a: 1\n")
    return Case(["."], "", READ)


@case
def a_thousand_paths(folder: Path) -> Case:
    """pre-commit hands over all of them."""
    for number in range(1000):
        (folder / f"values{number}.yml").write_bytes(b"a: 1\n")
    return Case([f"values{number}.yml" for number in range(1000)], "", READ)


@case
def file_of_50_mb(folder: Path) -> Case:
    """Sparse; a size cap answers before anything is read."""
    with open(folder / "score.py", "wb") as file:
        file.write(SCORE.encode())
        file.truncate(50_000_000)
    return Case(["score.py"], "", UNREAD)


@case
def file_of_a_terabyte(folder: Path) -> Case:
    """The same at a size that fits into no memory."""
    try:
        with open(folder / "deploymentconfig.json", "wb") as file:
            file.write(b'{"computeType": "AKS"}')
            file.truncate(1 << 40)
    except OSError as error:
        raise Unavailable(str(error)) from error
    return Case(["deploymentconfig.json"], "", UNREAD)


_NAMES = {
    "newline": b"score\nscore.py",
    "workflow_command": b"a\n::error file=a,line=1::forged\nscore.py",
    "escape_code": b"\x1b[2J\x1b]0;title\x07score.py",
    "invalid_utf8": b"score\xff\xfe.py",
    "spaces": b"  score .py",
    "leading_dash": b"-score.py",
    "option": b"--output-format=text.py",
    "quotes": b"sc'o\"r`e.py",
    "glob": b"[s]*core?.py",
    "backslash": b"a\\b\\score.py",
    "colon": b"C:score.py",
    "percent": b"%2e%2e%2fscore%00.py",
    "markup": b"<b>&amp;]]>score.py",
    "bidirectional": "sc\u202eore.py".encode(),
    "separator": "sc\u2028ore.py".encode(),
    "tilde": b"~root.py",
    "command_first": b"::error file=a::score.py",
    "logging_command": b"##vso[task.complete]score.py",
    "at": b"@score.py",
}


def _odd_name(name: bytes) -> Builder:
    def build(folder: Path) -> Case:
        try:
            with open(os.fsencode(folder) + b"/" + name, "wb") as file:
                file.write(SCORE.encode() + b"\ndef (:\n")
        except OSError as error:
            raise Unavailable(str(error)) from error
        return Case(
            ["--", os.fsdecode(name)], "the name stands in the finding", expect(1, some=["AML901"])
        )

    return build


family({f"name_with_{name}": _odd_name(value) for name, value in _NAMES.items()})


@case
def odd_names_met(folder: Path) -> Case:
    """All of them at once, found by the walk, in a git repository's own quoting too."""
    for name in _NAMES.values():
        with open(os.fsencode(folder) + b"/" + name, "wb") as file:
            file.write(SCORE.encode() + b"\ndef (:\n")
    return Case(["."], "", expect(1, some=["AML901"]))


@case
def odd_names_met_by_git(folder: Path) -> Case:
    """The same, listed by git, which quotes names unless it is told not to."""
    subprocess.run(["git", "init", "-q", folder], check=True)
    return odd_names_met(folder)


@case
def crowd_of_deep_scripts(folder: Path) -> Case:
    """Many scripts are parsed in several processes: what comes back is as deep as they are."""
    for number in range(40):
        deep = "f(" * 45 + "data" + ")" * 45
        write(folder / f"score{number}.py", f"{SCORE}\n\nx{number} = {deep}\n")
    return Case(["."], "a recursion limit between processes", READ)


@case
def crowd_of_deep_blocks(folder: Path) -> Case:
    """The same with blocks, which nest deeper in facts than they do in brackets."""
    for number in range(40):
        blocks = "".join(f"{' ' * depth}if data:\n" for depth in range(90))
        write(folder / f"score{number}.py", f"{SCORE}\n{blocks}{' ' * 90}x{number} = 1\n")
    return Case(["."], "", READ_OR_UNREAD)


@case
def crowd_of_killers(folder: Path) -> Case:
    """Forty scripts of which each would end the process that parses it."""
    for number in range(40):
        write(folder / f"score{number}.py", f"{SCORE}\nx{number} = {'(' * 2000}1{')' * 2000}\n")
    return Case(["."], "", REFUSED)
