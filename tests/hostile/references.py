"""What an inference config can point at."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from .cases import ANY, SCORE, Builder, Case, case, expect, family, with_unit, write
from .file_system import make_pipe

_TOLD = expect(1, 4)
"""It cannot be deployed, so it is no green run; which rule says so is the rules' business."""

# Each of these leads out of the tree; none of it may be quoted back or block the run.
_ENTRIES: dict[str, Any] = {
    "passwd": "../../../../../../../../../../etc/passwd",
    "absolute": "/etc/passwd",
    "shadow": "/etc/shadow",
    "device": "/dev/zero",
    "terminal": "/dev/tty",
    "process": "/proc/self/environ",
    "home": "~/.ssh/id_rsa",
    "itself": "inferenceconfig.json",
    "folder": ".",
    "parent": "..",
    "empty": "",
    "nul": "score\0.py",
    "newline": "score\n.py",
    "surrogate": "score\ud800.py",
    "long": "a" * 100_000 + ".py",
    "deep": "a/" * 50_000 + "score.py",
    "dots": "./" * 50_000 + "score.py",
    "remote": "https://example.invalid/score.py",
    "windows": "C:\\Windows\\win.ini",
    "unc": "\\\\example.invalid\\share\\score.py",
    "glob": "**/*.py",
    "number": 7,
    "null": None,
    "list": ["score.py"],
    "mapping": {"a": {}},
    "placeholder": "{{ script }}",
}


def _entry(entry: Any) -> Builder:
    def build(folder: Path) -> Case:
        config = {"entryScript": entry, "environment": {"name": "env", "version": "1"}}
        write(folder / "inferenceconfig.json", json.dumps(config))
        return Case(["."], "an entry script that is none", ANY)

    return build


family({f"entry_script_{name}": _entry(entry) for name, entry in _ENTRIES.items()})


def _entry_object(make: Callable[[Path], None], note: str) -> Builder:
    def build(folder: Path) -> Case:
        with_unit(folder)
        make(folder / "score.py")
        return Case(["inferenceconfig.json"], note, _TOLD)

    return build


def _grow(path: Path, size: int = 50_000_000) -> None:
    write(path, SCORE)
    with open(path, "ab") as file:
        file.truncate(size)


family(
    {
        "entry_script_is_a_pipe": _entry_object(make_pipe, "opened, it blocks"),
        "entry_script_is_a_folder": _entry_object(lambda path: path.mkdir(), ""),
        "entry_script_is_a_loop": _entry_object(lambda path: path.symlink_to(path.name), ""),
        "entry_script_links_to_zero": _entry_object(lambda path: path.symlink_to("/dev/zero"), ""),
        "entry_script_of_50_mb": _entry_object(_grow, "read in part, it would be judged in part"),
        "entry_script_is_broken": _entry_object(lambda path: write(path, "def (:\n") and None, ""),
    }
)


@case
def entry_script_links_out(folder: Path) -> Case:
    """A link to a secret beside the tree: its text must not come back in a finding."""
    write(folder.parent / "secret", "password = 'hunter2-hunter2'\ndef (\n")
    with_unit(folder)
    (folder / "score.py").symlink_to("../secret")
    return Case(["."], "", ANY)


@case
def source_directory_is_a_loop(folder: Path) -> Case:
    """`sourceDirectory` runs in a circle, and a rule measures its size."""
    (folder / "src").symlink_to("src")
    config = {"entryScript": "score.py", "sourceDirectory": "src", "condaFile": "env.yml"}
    write(folder / "inferenceconfig.json", json.dumps(config))
    return Case(["."], "", _TOLD)


@case
def source_directory_is_root(folder: Path) -> Case:
    """Measuring the shipped folder would take the whole machine."""
    config = {"entryScript": "no_such_script.py", "sourceDirectory": "/"}
    write(folder / "inferenceconfig.json", json.dumps(config))
    return Case(["."], "a walk needs a bound, in entries and in time", ANY)


@case
def source_directory_holds_itself(folder: Path) -> Case:
    """The shipped folder has a link to its parent."""
    write(folder / "src" / "score.py", SCORE)
    (folder / "src" / "again").symlink_to("..")
    config = {"entryScript": "score.py", "sourceDirectory": "src"}
    write(folder / "inferenceconfig.json", json.dumps(config))
    return Case(["."], "", expect(0, 1))


@case
def configs_name_each_other(folder: Path) -> Case:
    """Two inference configs, each the other's entry script and environment."""
    for here, there in (("a.json", "b.json"), ("b.json", "a.json")):
        config = {
            "entryScript": there,
            "condaFile": there,
            "runtime": "python",
            "sourceDirectory": ".",
        }
        write(folder / here, json.dumps(config))
    return Case(["."], "", ANY)


@case
def endpoint_names_itself(folder: Path) -> Case:
    """A deployment file that is its own environment, model and code."""
    body = (
        "$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json\n"
        "name: blue\nendpoint_name: e\nmodel: file:endpoint.yml\nenvironment: file:endpoint.yml\n"
        "code_configuration: {code: ., scoring_script: endpoint.yml}\n"
    )
    write(folder / "endpoint.yml", body)
    return Case(["."], "", ANY)


def _environment(text: str, outcome_note: str) -> Builder:
    def build(folder: Path) -> Case:
        write(folder / "score.py", SCORE)
        write(folder / "env.yml", text)
        config = {"entryScript": "score.py", "runtime": "python", "condaFile": "env.yml"}
        write(folder / "inferenceconfig.json", json.dumps(config))
        return Case(["inferenceconfig.json"], outcome_note, _TOLD)

    return build


_LAUGHS = "a0: &a0 [x, x]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 9)
)

family(
    {
        "conda_file_is_a_bomb": _environment(
            f"name: e\n{_LAUGHS}dependencies: *a8\n", "9^8 packages"
        ),
        "conda_file_holds_itself": _environment("name: e\ndependencies: &d [python=3.8, *d]\n", ""),
        "conda_file_is_deep": _environment("dependencies: " + "[" * 100_000, "segmentation fault"),
        "conda_file_is_broken": _environment("dependencies: [\n", ""),
    }
)


def _odd_environment(text: str, note: str) -> Builder:
    def build(folder: Path) -> Case:
        case_of_config = _environment(text, note)(folder)
        return replace(case_of_config, arguments=["."], expect=expect(1, some=["AML301"]))

    return build


family(
    {
        "conda_file_is_text": _odd_environment("numpy==1.26\n", "what names it says what it is"),
        "conda_file_is_a_list": _odd_environment("- numpy\n", ""),
        "conda_file_is_another_file": _odd_environment("a: 1\n", ""),
        "conda_file_of_100000_numbers": _odd_environment(
            "dependencies: [" + "1," * 100_000 + "]\n", "a violation for each"
        ),
        "conda_file_of_20000_installers": _odd_environment(
            "dependencies:\n- " + "".join(f"k{i}: 1\n  " for i in range(20_000)) + "\n", ""
        ),
    }
)


@case
def conda_file_of_process_environment(folder: Path) -> Case:
    """A secret of the build agent, declared to be an environment: not one line is quoted."""
    write(folder / "score.py", SCORE)
    body = "[[deployment]]\nscript = 'score.py'\nenvironment = '/proc/self/environ'\n"
    write(folder / "amllint.toml", body)
    return Case(["."], "", expect(4, some=["AML903"], none=["AML901"]))


@case
def conda_file_out_of_the_tree(folder: Path) -> Case:
    """The same by an inference config."""
    write(folder.parent / "secret.yml", "password: [hunter2\n")
    write(folder / "score.py", SCORE)
    config = {"entryScript": "score.py", "runtime": "python", "condaFile": "../secret.yml"}
    write(folder / "inferenceconfig.json", json.dumps(config))
    return Case(["."], "", expect(0, 1, none=["AML901"]))


@case
def conda_file_is_a_pipe(folder: Path) -> Case:
    """Every field that names a file can name a pipe."""
    write(folder / "score.py", SCORE)
    for name in ("env.yml", "steps"):
        make_pipe(folder / name)
    config = {"entryScript": "score.py", "runtime": "python", "condaFile": "env.yml"}
    write(folder / "inferenceconfig.json", json.dumps({**config, "extraDockerfileSteps": "steps"}))
    return Case(["inferenceconfig.json"], "", _TOLD)


def _requirements(text: str) -> Builder:
    def build(folder: Path) -> Case:
        body = f"name: e\ndependencies:\n- python=3.8\n- pip:\n  - {json.dumps(text)}\n"
        write(folder / "conda.yml", body)
        with_unit(folder, SCORE)
        return Case(["."], "a requirement for a parser of requirements", expect(0, 1, 4))

    return build


family(
    {
        "requirement_of_its_own_file": _requirements("-r conda.yml"),
        "requirement_of_passwd": _requirements("-r ../../../../../../../etc/passwd"),
        "requirement_of_zero": _requirements("-r /dev/zero"),
        "requirement_of_100000_extras": _requirements(f"a[{'b,' * 100_000}c]"),
        "requirement_of_parentheses": _requirements(
            "a; " + "(" * 5000 + "os_name == 'a'" + ")" * 5000
        ),
        "requirement_of_dots": _requirements("a==" + "1." * 50_000 + "1"),
        "requirement_of_digits": _requirements("a==" + "9" * 100_000),
        "requirement_of_dashes": _requirements("a" + "-" * 50_000 + "!"),
        "requirement_with_password": _requirements("https://u:p@example.invalid/a.whl"),
    }
)
