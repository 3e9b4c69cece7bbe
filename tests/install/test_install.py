"""Wheel, source distribution, editable and isolated installs each do what the checkout does."""

from __future__ import annotations

import email
import os
import re
import shutil
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.install.installs import ROOT, Distributions, build, environment, findings, install, run

if TYPE_CHECKING:
    from email.message import Message

pytestmark = [pytest.mark.xdist_group("install"), pytest.mark.install]
SCHEMAS = sorted(
    path.relative_to(ROOT / "schemas").as_posix() for path in (ROOT / "schemas").rglob("*.json")
)
BASE_DEPENDENCIES = 8


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Distributions:
    return build(tmp_path_factory.mktemp("distributions"))


def metadata(distributions: Distributions) -> Message:
    with zipfile.ZipFile(distributions.wheel) as wheel:
        (name,) = (n for n in wheel.namelist() if n.endswith(".dist-info/METADATA"))
        return email.message_from_bytes(wheel.read(name))


def assert_works(program: Path, folder: Path) -> None:
    """It does what the checkout does, from a folder that is not the checkout."""
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    here = {"PYTHONPATH": str(ROOT / "lint")}
    wanted = findings(sys.executable, "-m", "amllint", cwd=elsewhere, extra=here)
    assert wanted
    assert findings(program, cwd=elsewhere) == wanted
    version = re.search('"(.*)"', (ROOT / "lint/amllint/__init__.py").read_text().split("=")[1])
    assert version is not None
    assert run(program, "--version", cwd=elsewhere).stdout == f"amllint {version[1]}\n"
    schema = run(program, "schema", "conda", cwd=elsewhere).stdout
    assert schema == (ROOT / "schemas/conda.schema.json").read_text("utf-8")


def test_the_wheel_holds_the_package_and_its_schemas_and_nothing_else(
    distributions: Distributions,
) -> None:
    with zipfile.ZipFile(distributions.wheel) as wheel:
        names = wheel.namelist()
    assert {name.partition("/")[0] for name in names} == {
        "amllint",
        next(n for n in names if ".dist-info" in n).partition("/")[0],
    }
    folder = "amllint/schemas/"
    assert sorted(n.removeprefix(folder) for n in names if n.startswith(folder)) == SCHEMAS
    assert "amllint/py.typed" in names
    modules = {
        str(path.relative_to(ROOT / "lint")) for path in (ROOT / "lint/amllint").rglob("*.py")
    }
    assert {n for n in names if n.endswith(".py")} == modules


def test_the_wheel_says_what_it_needs(distributions: Distributions) -> None:
    said = metadata(distributions)
    needed = [r for r in said.get_all("Requires-Dist", []) if "extra ==" not in r]
    assert 0 < len(needed) <= BASE_DEPENDENCIES
    assert said["Requires-Python"] == ">=3.10"
    assert said["License-Expression"] == "MIT"
    assert "examples/broken" in str(said.get_payload())


def test_the_source_distribution_holds_what_its_tests_need(distributions: Distributions) -> None:
    with tarfile.open(distributions.sdist) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    tops = {name.partition("/")[0] for name in names}
    assert {"lint", "schemas", "tests", "tools", "examples", "docs", "pyproject.toml"} <= tops
    assert not tops & {".oracle", ".venv", ".venv-test", ".mypy_cache", "dist"}
    assert {f"schemas/{name}" for name in SCHEMAS} <= names


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_an_installed_distribution_works(
    kind: str, distributions: Distributions, tmp_path: Path
) -> None:
    program = install(distributions, tmp_path / "venv", getattr(distributions, kind))
    assert_works(program, tmp_path)


def test_an_editable_install_works(distributions: Distributions, tmp_path: Path) -> None:
    assert_works(install(distributions, tmp_path / "venv", "--editable", ROOT), tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="programs are linked the POSIX way")
def test_a_linked_program_of_an_isolated_install_works(
    distributions: Distributions, tmp_path: Path
) -> None:
    program = install(distributions, tmp_path / "apps" / "amllint", distributions.wheel)
    link = tmp_path / "bin" / "amllint"
    link.parent.mkdir()
    link.symlink_to(program)
    assert_works(link, tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="the README's command is for a POSIX shell")
def test_the_command_of_the_readme_installs_and_prints_findings(
    distributions: Distributions, tmp_path: Path
) -> None:
    clone = tmp_path / "clone"
    skipped = shutil.ignore_patterns(".*", "__pycache__", "tests", "build", "dist")
    shutil.copytree(ROOT, clone, ignore=skipped)
    section = (ROOT / "README.md").read_text("utf-8").partition("\n## Install and run\n")[2]
    command = section.split("```")[1].removeprefix("sh\n").strip()
    assert "\n" not in command
    # `python3` is this one, whatever the machine has.
    programs = environment(tmp_path / "path")
    extra = {**distributions.offline, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    done = run("sh", "-c", command, cwd=clone, extra=extra, code=1)
    assert done.stdout.count("amllint explain ") == len(
        findings(sys.executable, "-m", "amllint", cwd=ROOT, extra={"PYTHONPATH": "lint"})
    )
