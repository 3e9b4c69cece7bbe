"""What imports what: the direction of dependencies, and what start-up leaves out."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.checking import Files, write

ROOT = Path(__file__).resolve().parents[1] / "lint"
PACKAGE = ROOT / "amllint"

ALLOWED = {
    "source": set(),
    "findings": {"source"},
    "analysis": {"source"},
    "capacity": {"source", "findings", "snapshot"},
    "traffic": {"source", "findings"},
    "config_keys": {"findings"},
    "config_values": {"capacity"},
    "config": {"source", "findings", "traffic", "config_keys", "config_values", "capacity"},
    "artifacts": {"source", "findings", "analysis"},
    "schemas": {"source", "artifacts"},
    "listed_environments": {"source", "findings", "artifacts"},
    "units": {"source", "findings", "analysis", "artifacts", "config", "traffic"}
    | {"listed_environments", "snapshot", "capacity"},
    "rules": {"source", "findings", "analysis", "artifacts", "schemas", "units", "traffic"}
    | {"capacity", "snapshot"},
    "engine": {"source", "findings", "analysis", "artifacts", "config", "units", "rules"}
    | {"config_keys", "snapshot", "capacity"},
    "diagnosis": {"source", "findings", "schemas", "capacity"},
    "output": {"source", "findings", "rules", "engine", "diagnosis", "capacity"},
    "resolution": {"source", "findings", "artifacts", "units"},
    "trial": {"source", "findings", "artifacts", "config", "units", "engine", "output"}
    | {"capacity"},
    "network": set(),
    "snapshot": {"source", "findings", "network"},
    "bot": {"source", "findings", "schemas", "network"},
    "cli": {"source", "findings", "config", "schemas", "rules", "engine"}
    | {"output", "bot", "diagnosis", "snapshot", "capacity"},
}
ALLOWED["cli"] |= {"artifacts", "trial", "traffic", "config_keys", "resolution", "units"}
"""What each part may import of the others: every arrow runs from paths to output."""

PARSERS = {"yaml", "libcst", "jsonschema", "ruamel", "tomllib", "tomli", "ast", "tokenize"}
PARSERS |= {"cryptography"}
HEAVY = {"yaml", "libcst", "jsonschema", "ruamel", "packaging", "cryptography"}


@cache
def modules() -> dict[str, Path]:
    """Every module of the package, by dotted name."""
    found = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(name: str) -> Iterator[str]:
    """Dotted names that a module imports, in functions and for types too."""
    for node in ast.walk(ast.parse(modules()[name].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively"
            assert node.module is not None
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in modules() else node.module


def part(name: str) -> str:
    """The part of the package that a module belongs to."""
    first = name.split(".")[1] if "." in name else ""
    return "schemas" if first.startswith("schema") else first


@pytest.mark.parametrize("layer", ALLOWED)
def test_no_arrow_runs_back(layer: str) -> None:
    mine = [name for name in modules() if part(name) == layer]
    assert mine
    wrong = [
        f"{name} imports {other}"
        for name in mine
        for other in imports(name)
        if other.startswith("amllint.") and part(other) not in ALLOWED[layer] | {layer}
    ]
    assert wrong == []


def test_every_module_belongs_to_a_layer() -> None:
    assert {part(name) for name in modules()} - set(ALLOWED) == {"", "__main__"}


def test_no_module_imports_itself_through_others() -> None:
    graph = {name: {o for o in imports(name) if o in modules()} - {name} for name in modules()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as cycle:
        pytest.fail(" → ".join(cycle.args[1]))


@pytest.mark.parametrize("layer", ["artifacts", "units", "rules", "findings", "output"])
def test_only_the_source_layer_parses(layer: str) -> None:
    mine = [name for name in modules() if part(name) == layer]
    wrong = [f"{n} imports {o}" for n in mine for o in imports(n) if o.split(".")[0] in PARSERS]
    assert wrong == []


def test_no_module_imports_the_slow_parts_of_libcst() -> None:
    slow = ("libcst.matchers", "libcst.metadata", "libcst.codemod")
    assert not [f"{n}: {o}" for n in modules() for o in imports(n) if o.startswith(slow)]


CORE_PROGRAM = "amllint.snapshot.live.azureml_core_program"
"""What imports azureml-core, in a process of its own."""


def test_nothing_but_the_bot_and_snapshots_touch_the_network() -> None:
    banned = {"socket", "urllib", "http", "requests", "ssl", "asyncio", "ftplib", "httpx"}
    allowed = {
        "amllint.bot.session": {"httpx"},
        "amllint.cli.annotate": {"httpx"},
        "amllint.cli.snapshot_live": {"httpx"},
        "amllint.snapshot.live.session": {"httpx"},
        "amllint.snapshot.live.transport": {"httpx", "ssl"},
        # It replaces what sends: the program has no network.
        CORE_PROGRAM: {"requests", "requests.adapters"},
        # It calls the server that it started, at 127.0.0.1.
        "amllint.trial.client": {"socket", "http.client"},
    }
    wrong = [
        f"{n}: {o}"
        for n in modules()
        for o in imports(n)
        if o.split(".")[0] in banned
        and not o.startswith("urllib.parse")
        and o not in allowed.get(n, ())
    ]
    assert wrong == []


PIP = {"amllint.resolution.pip_process", "amllint.resolution.inside.as_python"}
"""What runs pip in a process of its own."""


def test_nothing_but_a_trial_git_pip_and_azureml_core_starts_a_program() -> None:
    starters = {"subprocess", "multiprocessing", "runpy", "pty"}
    found = {n for n in modules() for o in imports(n) if o in starters}
    git = {"amllint.source.git", "amllint.source.revision", "amllint.bot.git"}
    trial = {"amllint.trial.interpreter", "amllint.trial.server"}
    assert found - git <= {*trial, *PIP, "amllint.snapshot.live.azureml_core_process"}


def test_only_its_option_asks_a_package_index() -> None:
    users = {n for n in modules() for o in imports(n) if part(o) == "resolution"}
    assert {n for n in users if part(n) != "resolution"} == {"amllint.cli.resolving"}
    work = (PACKAGE / "cli/work.py").read_text("utf-8")
    before, _, after = work.partition("from amllint.cli.resolving")
    assert before.rstrip().endswith("return None"), "without --resolve nothing of it is imported"
    assert after
    assert not {n for n in modules() for o in imports(n) if o.split(".")[0] == "pip"} - PIP


def test_only_its_command_asks_azure() -> None:
    live = "amllint.snapshot.live"
    users = {n for n in modules() for o in imports(n) if o.startswith(live)}
    assert {n for n in users if not n.startswith(live)} == {"amllint.cli.snapshot_live"}
    azure = {n for n in modules() for o in imports(n) if o.split(".")[0] in ("azure", "azureml")}
    assert azure == {"amllint.snapshot.live.credentials", CORE_PROGRAM}
    assert CORE_PROGRAM not in {o for n in modules() for o in imports(n)}
    tree = ast.parse(modules()["amllint.snapshot.live.credentials"].read_text("utf-8"))
    assert not [
        n for n in tree.body if isinstance(n, ast.ImportFrom) and n.module == "azure.identity"
    ]


def test_only_its_command_knows_the_trial() -> None:
    users = {n for n in modules() for o in imports(n) if part(o) == "trial"}
    assert {n for n in users if part(n) != "trial"} == {"amllint.cli.trying"}
    assert "amllint.cli.trying" not in {o for n in modules() for o in imports(n)}


# -- start-up ---------------------------------------------------------------------------------

SCRIPT = "def init():\n    pass\n\n\ndef run(raw_data):\n    return {'received': len(raw_data)}\n"
LEAKY = (
    "def init():\n    pass\n\n\ndef run(raw_data):\n    try:\n        return int(raw_data)\n"
    "    except Exception as e:\n        return str(e)\n"
)
CONDA = "dependencies:\n  - python=3.10\n  - pip:\n      - azureml-defaults\n"
REPORT = (
    "import json, sys; before = set(sys.modules); from amllint.cli import main; "
    "code = main(sys.argv[1:]); "
    "print(json.dumps([code, sorted(set(sys.modules) - before)]), file=sys.stderr)"
)


def loaded(folder: Path, *arguments: str) -> tuple[int, set[str]]:
    """The exit code of a command, and the modules that running it brought in."""
    done = subprocess.run(
        [sys.executable, "-S", "-c", REPORT, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *_packages()])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr, done.returncode
    code, names = json.loads(done.stderr.splitlines()[-1])
    return code, set(names)


def _packages() -> list[str]:
    """The folders of installed packages, given by hand: `site` would import too much itself."""
    return [p for p in sys.path if p.endswith(("site-packages", "dist-packages"))]


def tops(names: set[str]) -> set[str]:
    return {name.split(".")[0] for name in names}


def test_the_version_needs_next_to_nothing(tmp_path: Path) -> None:
    code, names = loaded(tmp_path, "--version")
    assert code == 0
    assert not tops(names) & {"argparse", "re", "dataclasses", "typing", "json", "inspect", *HEAVY}
    assert {n for n in names if n.startswith("amllint")} == {"amllint", "amllint.cli"}


def test_the_help_needs_no_parser(tmp_path: Path) -> None:
    _, names = loaded(tmp_path, "check", "--help")
    assert not tops(names) & HEAVY
    assert "amllint.engine" not in names


TREES: dict[str, tuple[Files, int, set[str], set[str]]] = {
    "clean YAML": (
        {"conda.yml": CONDA, "inferenceconfig.yml": "entryScript: s\n"},
        1,
        {"yaml"},
        {"libcst", "ruamel"},
    ),
    "a lone conda file": (
        {"conda.yml": CONDA},
        0,
        {"yaml"},
        {"libcst", "ruamel", "jsonschema", "packaging"},
    ),
    "a clean deployment config": (
        {"deploymentconfig.yml": "computeType: aks\nnumReplicas: 2\n"},
        0,
        {"yaml"},
        {"libcst", "ruamel"},
    ),
    "YAML that is none of ours": (
        {"compose.yml": "services: {}\n", ".github/workflows/ci.yml": "on: push\n"},
        0,
        set(),
        HEAVY,
    ),
    "a clean script": (
        {"score.py": SCRIPT},
        0,
        set(),
        {"yaml", "ruamel", "jsonschema", "packaging"},
    ),
    "a script with findings": (
        {"score.py": LEAKY},
        1,
        set(),
        {"yaml", "ruamel", "jsonschema", "packaging"},
    ),
    "Python that is none of ours": ({"tool.py": "x = 1\n"}, 0, set(), HEAVY),
    "nothing": ({}, 3, set(), HEAVY),
}


@pytest.mark.parametrize("tree", TREES)
def test_a_run_imports_only_what_it_needs(tree: str, tmp_path: Path) -> None:
    files, wanted, needed, spared = TREES[tree]
    write(tmp_path, files)
    code, names = loaded(tmp_path, "check", "-o", "concise", "--isolated")
    assert code == wanted
    assert needed <= tops(names)
    assert not tops(names) & spared
    assert not names & {"libcst.matchers", "libcst.metadata", "libcst.codemod"}
    assert not tops(names) & {"requests", "urllib3", "httpx", "azureml", "azure"}
    assert not {n for n in names if n.startswith("amllint.bot")}


@pytest.mark.parametrize("parallel", [True, False])
def test_a_script_that_was_seen_before_needs_no_parser(
    parallel: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AMLLINT_NO_CACHE")
    monkeypatch.setenv("AMLLINT_CACHE_DIR", str(tmp_path / "kept"))
    write(tmp_path / "tree", {"score.py": LEAKY})
    given = "." if parallel else "score.py"
    first, _ = loaded(tmp_path / "tree", "check", "--isolated", given)
    again, names = loaded(tmp_path / "tree", "check", "--isolated", given)
    assert first == again == 1
    assert "amllint.rules.score.error_leak" in names
    assert not tops(names) & HEAVY
    assert not {n for n in names if n.startswith("amllint.source.python.parse")}


def test_a_rule_is_imported_only_where_something_is_there_to_read(tmp_path: Path) -> None:
    write(tmp_path, {"deploymentconfig.yml": "computeType: aks\nnumReplicas: 2\n"})
    _, names = loaded(tmp_path, "check", "--isolated")
    assert "amllint.rules.deployment.autoscale_conflict" in names
    assert not {n for n in names if n.startswith("amllint.rules.score.")}


def test_nothing_of_the_linted_tree_is_imported(tmp_path: Path) -> None:
    trap = "raise BaseException('imported')\n"
    names = ("yaml", "json", "libcst", "argparse", "score_helper", "amllint_plugin", "ast")
    write(tmp_path, {f"{name}.py": trap for name in names})
    write(tmp_path, {"score.py": "import score_helper\n" + SCRIPT, "conftest.py": trap})
    done = subprocess.run(
        [sys.executable, "-m", "amllint", "check", "-o", "concise", "--isolated"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
