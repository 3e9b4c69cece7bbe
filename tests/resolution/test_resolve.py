"""`amllint check --resolve`, asking an index on this machine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import pytest

from amllint.resolution import pip_process
from tests.cli.commands import Commands
from tests.resolution.index import Index, serving

ROOT = Path(__file__).resolve().parents[2]
DEAD = "http://someone:hunter2secret@127.0.0.1:9/simple/"


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    for name in [n for n in os.environ if n.startswith("PIP_")]:
        monkeypatch.delenv(name)
    with serving() as served:
        monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
        monkeypatch.setenv("PIP_INDEX_URL", served.url)
        monkeypatch.setenv("PIP_CACHE_DIR", str(tmp_path / "pip"))
        monkeypatch.setenv("PIP_RETRIES", "0")
        yield served


@pytest.fixture
def amllint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Commands:
    (tmp_path / "tree").mkdir()
    return Commands(tmp_path / "tree", monkeypatch, capsys)


def conda(*lines: str, python: str = "python=3.11") -> str:
    items = "".join(f"      - {line}\n" for line in lines)
    return f"dependencies:\n  - {python}\n  - pip\n  - pip:\n{items}"


def asked(amllint: Commands, *lines: str, python: str = "python=3.11") -> Any:
    amllint.write({"conda.yml": conda(*lines, python=python)})
    return amllint.check("--resolve", "conda.yml")


def test_pins_that_go_together_are_no_finding(index: Index, amllint: Commands) -> None:
    index.add("server", "1.0", "web>=2")
    index.add("web", "2.1")
    done = asked(amllint, "server==1.0", "web")
    assert (done.code, done.out) == (0, "")
    assert "/simple/web/" in index.asked


def test_pins_that_exclude_each_other_are_told_at_both_lines(
    index: Index, amllint: Commands
) -> None:
    index.add("server", "1.0", "web>=2")
    index.add("web", "1.5")
    index.add("web", "2.1")
    amllint.write({"conda.yml": conda("server==1.0", "web==1.5")})
    done = amllint("check", "--resolve", "-o", "json", "conda.yml")
    (found,) = done.data["findings"]
    assert done.code == 1
    assert found["name"] == "unresolvable-pins"
    assert found["message"] == (
        "pip cannot install `web==1.5` and `server==1.0` together on Python 3.11: server 1.0 asks "
        "for web>=2; the image build fails"
    )
    assert found["start"]["line"] == 6
    assert [r["start"]["line"] for r in found["related"]] == [5]


def test_what_a_dependency_excludes_is_told_at_the_line_that_brings_it(
    index: Index, amllint: Commands
) -> None:
    index.add("all", "1.0", "server==1.0")
    index.add("server", "1.0", "web>=2")
    index.add("web", "1.5")
    index.add("web", "2.1")
    done = asked(amllint, "all==1.0", "web==1.5")
    assert "`web==1.5` and `all==1.0` together" in done.out


def test_a_version_that_is_not_there_is_told_with_its_neighbours(
    index: Index, amllint: Commands
) -> None:
    for version in ("1.0", "1.1", "1.4", "2.0"):
        index.add("web", version)
    amllint.write({"conda.yml": conda("web==1.2")})
    done = amllint("check", "--resolve", "--color", "never", "-o", "text", "conda.yml")
    assert "the index has no release for `web==1.2` on Python 3.11" in done.out
    assert "help: there are web 1.1 and 1.4" in done.out


def test_a_release_for_other_pythons_is_told_with_what_it_needs(
    index: Index, amllint: Commands
) -> None:
    index.add("web", "1.0")
    index.add("web", "2.0", python=">=3.10")
    done = asked(amllint, "web==2.0", python="python=3.8")
    assert "`web==2.0` on Python 3.8: it needs Python >=3.10" in done.out


def test_a_package_for_windows_alone_is_told(index: Index, amllint: Commands) -> None:
    index.add("winonly", "306", tag="cp311-cp311-win_amd64")
    assert "it has no build for this Python on Linux" in asked(amllint, "winonly==306").out


def test_a_package_that_nobody_has_is_told(index: Index, amllint: Commands) -> None:
    done = asked(amllint, "nosuch==1.0")
    assert done.code == 1
    assert "the index has no release for `nosuch==1.0` on Python 3.11" in done.out


@pytest.mark.parametrize(("python", "code"), [("3.8", 1), ("3.9", 0), ("3.12", 0)])
def test_markers_are_judged_by_the_python_of_the_file(
    index: Index, amllint: Commands, python: str, code: int
) -> None:
    index.add("server", "1.0", 'backport; python_version < "3.9"', 'win; os_name == "nt"')
    assert asked(amllint, "server==1.0", python=f"python={python}").code == code


@pytest.mark.parametrize("python", ["3.6", "3.9", "3.13", "3.14"])
def test_what_a_release_asks_of_python_is_judged_by_the_python_of_the_file(
    index: Index, amllint: Commands, python: str
) -> None:
    index.add("web", "1.0", python=f"=={python}.*")
    assert asked(amllint, "web==1.0", python=f"python={python}").code == 0


@pytest.mark.parametrize(("python", "code"), [("python=3.8", 0), ("python==3.8.1", 1)])
def test_a_python_without_a_patch_is_its_newest(
    index: Index, amllint: Commands, python: str, code: int
) -> None:
    index.add("web", "1.0", python=">=3.8.5")
    assert asked(amllint, "web==1.0", python=python).code == code


def test_what_is_there_as_source_alone_is_not_called_missing(
    index: Index, amllint: Commands
) -> None:
    index.add("server", "1.0", "fuse<4,>=3")
    index.add_source("fuse", "3.0.1")
    done = asked(amllint, "server==1.0")
    assert (done.code, done.out) == (0, "")


def test_a_release_that_is_there_as_source_alone_may_end_a_conflict(
    index: Index, amllint: Commands
) -> None:
    index.add("server", "1.0", "web>=2")
    index.add("server", "2.0", "web>=2")
    index.add_source("server", "0.9")
    index.add("web", "1.0")
    index.add("web", "2.0")
    assert asked(amllint, "server", "web==1.0").code == 0
    assert asked(amllint, "server==1.0", "web==1.0").code == 1


@pytest.mark.parametrize(("is_there", "code"), [(True, 0), (False, 1)])
def test_a_release_that_pip_passed_over_on_its_way_to_a_conflict_may_end_it(
    index: Index, amllint: Commands, is_there: bool, code: int
) -> None:
    index.add("sdk", "3.0", "middle==2.0", "core~=2.0")
    index.add("middle", "2.0", "tool==5.0")
    index.add("sdk", "2.0", "core~=1.0")
    index.add("sdk", "1.0", "core~=1.0")
    index.add("other", "1.0", "core~=2.0")
    index.add("core", "1.0")
    index.add("core", "2.0")
    index.add("tool", "4.0")
    if is_there:
        index.add_source("tool", "5.0")
    assert asked(amllint, "sdk", "other==1.0").code == code


@pytest.mark.parametrize(("python", "code"), [("3.7", 4), ("3.11", 1)])
def test_metadata_that_an_older_pip_takes_is_not_known_for_old_pythons(
    index: Index, amllint: Commands, python: str, code: int
) -> None:
    index.add("web", "1.0", "core>=1.*")
    done = asked(amllint, "web==1.0", python=f"python={python}")
    assert done.code == code
    assert ("does not take the metadata of web 1.0" in done.err) == (code == 4)


def test_a_source_for_other_pythons_helps_nobody(index: Index, amllint: Commands) -> None:
    index.add_source("fuse", "3.0.1", python=">=3.12")
    assert "it needs Python >=3.12" in asked(amllint, "fuse==3.0.1").out


def test_a_line_that_another_rule_tells_of_is_not_told_of_twice(
    index: Index, amllint: Commands
) -> None:
    index.add("web", "1.0")
    index.add("web", "2.0")
    amllint.write({"conda.yml": conda("web==1.0", "web==2.0", "other>2,<1")})
    done = amllint.check("--resolve", "conda.yml")
    assert "unresolvable-pins" not in done.names


# -- where it is asked, and about what ---------------------------------------------------------


def test_the_index_of_the_file_is_asked(
    index: Index, amllint: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", DEAD)
    index.add("web", "1.0")
    done = asked(amllint, f"--index-url {index.url}", "web==1.0")
    assert (done.code, done.out) == (0, "")


@pytest.mark.parametrize("address", ["https://${TOKEN}@index.test/", "{{ index }}", "./wheels"])
def test_an_index_that_is_filled_in_or_a_folder_is_not_asked(
    index: Index, amllint: Commands, address: str
) -> None:
    done = asked(amllint, f'"--index-url {address}"', "web==1.0")
    assert (done.code, done.out, index.asked) == (0, "", [])
    assert "--resolve: not known of conda.yml" in done.err


def test_folders_and_addresses_are_left_out_and_nothing_is_built(
    index: Index, amllint: Commands
) -> None:
    index.add("web", "1.0")
    trap = "open('executed', 'w')\n"
    amllint.write({"own/setup.py": trap, "setup.py": trap, "web/setup.py": trap})
    done = asked(amllint, "./own", "-e .", "git+https://x.test/y", "web==1.0")
    assert done.code == 0
    assert not list(amllint.folder.rglob("executed"))
    assert {path for path in index.asked if path.startswith("/simple")} == {"/simple/web/"}


def test_a_requirements_file_is_asked_about_where_it_is_named(
    index: Index, amllint: Commands
) -> None:
    index.add("web", "1.0")
    amllint.write({"requirements.txt": "# all\nweb \\\n  == 3.0  # new\n"})
    done = asked(amllint, "-r requirements.txt")
    assert "requirements.txt:2:1: AML321" in done.out


def test_a_requirements_file_given_by_name_takes_its_python_from_the_option(
    index: Index, amllint: Commands
) -> None:
    index.add("web", "1.0", python="<3.9")
    amllint.write({"requirements.txt": "web==1.0\n"})
    without = amllint.check("--resolve", "requirements.txt")
    assert (without.code, index.asked) == (0, [])
    assert "--resolve-python" in without.err
    fine = amllint("check", "--resolve", "--resolve-python", "3.8", "requirements.txt")
    assert (fine.code, fine.err) == (0, "no findings in 1 file\n")
    done = amllint.check("--resolve", "--resolve-python", "3.11", "requirements.txt")
    assert "it needs Python <3.9" in done.out
    assert amllint.check("--resolve", "--resolve-python", "new", "requirements.txt").code == 2


def test_an_environment_in_code_is_asked_about(index: Index, amllint: Commands) -> None:
    index.add("azureml-defaults", "1.0")
    code = """\
from azureml.core import Environment
from azureml.core.conda_dependencies import CondaDependencies
from azureml.core.model import InferenceConfig, Model

env = Environment("e")
packages = CondaDependencies.create(pip_packages=["web==3.0"])
packages.set_python_version("3.11")
env.python.conda_dependencies = packages
config = InferenceConfig(entry_script="score.py", environment=env)
Model.deploy(ws, "s", [], config)
"""
    amllint.write({"deploy.py": code})
    done = amllint.check("--resolve", "deploy.py")
    assert "no release for `web==3.0` on Python 3.11" in done.out


# -- when it does not answer -------------------------------------------------------------------


def test_an_index_that_is_down_is_no_finding_and_no_success(
    index: Index, amllint: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", DEAD)
    done = asked(amllint, "web==1.0")
    assert (done.code, done.out) == (4, "")
    assert "--resolve: not known of conda.yml: 127.0.0.1:9: " in done.err
    assert "hunter2secret" not in done.err


@pytest.mark.parametrize("status", [401, 403, 500, 503])
def test_an_index_that_refuses_is_no_finding(index: Index, amllint: Commands, status: int) -> None:
    index.add("web", "1.0")
    index.status = status
    done = asked(amllint, "web==1.0")
    assert (done.code, done.out) == (4, "")


def test_an_index_that_hangs_is_given_up(index: Index, amllint: Commands) -> None:
    index.add("web", "1.0")
    index.delay = 30
    amllint.write({"conda.yml": conda("web==1.0")})
    began = time.monotonic()
    done = amllint.check("--resolve", "--resolve-seconds", "2", "conda.yml")
    assert time.monotonic() - began < 15
    assert (done.code, done.out) == (4, "")
    assert "pip came to no end within 2 s" in done.err


def test_without_pip_nothing_is_looked_at(
    index: Index, amllint: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(pip_process, "version", missing)
    done = asked(amllint, "web==1.0")
    assert (done.code, done.out) == (2, "")
    assert "amllint[resolve]" in done.err


def test_a_file_without_a_python_is_said_to_be_unasked(index: Index, amllint: Commands) -> None:
    done = asked(amllint, "web==1.0", python="python>=3.8")
    assert (done.code, done.out, index.asked) == (0, "", [])
    assert "nothing says for which Python" in done.err
    assert "not checked, for lack of facts: unresolvable-pins" in done.err


def test_a_python_that_is_filled_in_later_is_said_to_be_the_reason(
    index: Index, amllint: Commands
) -> None:
    done = asked(amllint, "web==1.0", python="python=$(PYTHON)")
    assert (done.code, done.out, index.asked) == (0, "", [])
    assert "conda.yml: its Python is filled in later; give it with --resolve-python" in done.err


@pytest.mark.parametrize("image", ["${BASE}", "python:3.10"])
def test_an_image_of_which_not_all_is_known_is_said_to_be_unasked(
    index: Index, amllint: Commands, image: str
) -> None:
    again = "" if "$" in image else "RUN pip install web==2.0\n"
    deployment = {
        "$schema": "https://azuremlschemas.azureedge.net/latest/"
        "managedOnlineDeployment.schema.json",
        "name": "blue",
        "endpoint_name": "scores",
        "environment": {"build": {"path": "."}},
        "instance_type": "Standard_DS3_v2",
        "instance_count": 1,
    }
    amllint.write(
        {
            "deployment.yml": json.dumps(deployment),
            "Dockerfile": f"ARG BASE\nFROM {image}\nCOPY requirements.txt .\n"
            f"RUN pip install -r requirements.txt\n{again}",
            "requirements.txt": "web==1.0\n",
        }
    )
    done = amllint.check("--resolve", "--select", "AML321", ".")
    assert (done.code, index.asked) == (0, [])
    assert "Dockerfile: its image is built by several installations, or from what is" in done.err
    assert "no file here" not in done.err


def test_without_the_option_nothing_is_asked(index: Index, amllint: Commands) -> None:
    amllint.write({"conda.yml": conda("web==1.0")})
    done = amllint.check("conda.yml")
    assert (done.code, done.out, index.asked) == (0, "", [])
    assert "unresolvable-pins" not in done.err


def asking(index: Index, folder: Path) -> subprocess.Popen[str]:
    """A run that waits for the index, which does not answer for a minute."""
    index.add("web", "1.0")
    index.delay = 60
    (folder / "conda.yml").write_text(conda("web==1.0"), "utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "amllint", "check", "--resolve", "conda.yml"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT / "lint"), "TMPDIR": str(folder)},
        stderr=subprocess.PIPE,
        text=True,
        # Where the tests run in the background of a shell, SIGINT is ignored, and inherited so.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    end = time.monotonic() + 30
    while not index.asked and time.monotonic() < end:
        time.sleep(0.05)
    assert index.asked
    return process


def test_an_interruption_ends_pip(index: Index, tmp_path: Path) -> None:
    process = asking(index, tmp_path)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "interrupted" in said
    assert "Traceback" not in said
    assert {path.name for path in tmp_path.iterdir()} <= {"conda.yml", "pip"}, "folders are left"


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="it looks into /proc")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_pip_does_not_outlive_who_asked_it(number: int, index: Index, tmp_path: Path) -> None:
    def left() -> list[Path]:
        lines = Path("/proc").glob("[0-9]*/cmdline")
        return [line for line in lines if _holds(line, os.fsencode(tmp_path))]

    process = asking(index, tmp_path)
    assert left()
    process.send_signal(number)
    process.communicate(timeout=20)
    end = time.monotonic() + 20
    while left() and time.monotonic() < end:
        time.sleep(0.05)
    assert not left()


def _holds(path: Path, text: bytes) -> bool:
    with suppress(OSError):
        return text in path.read_bytes()
    return False


# -- what is kept ------------------------------------------------------------------------------


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("AMLLINT_NO_CACHE")
    monkeypatch.setenv("AMLLINT_CACHE_DIR", str(tmp_path / "kept"))
    return tmp_path / "kept"


def test_an_answer_is_kept_for_a_day(index: Index, amllint: Commands, kept: Path) -> None:
    first = asked(amllint, "web==1.0")
    index.asked.clear()
    assert asked(amllint, "web==1.0").out == first.out
    assert index.asked == []
    for entry in kept.glob("resolve-*/*.json"):
        os.utime(entry, (time.time() - 90_000,) * 2)
    index.add("web", "1.0")
    assert asked(amllint, "web==1.0").code == 0
    assert index.asked


@pytest.mark.parametrize("change", ["pins", "python", "index", "option", "damage"])
def test_another_question_is_asked_anew(
    index: Index, amllint: Commands, kept: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    asked(amllint, "web==1.0")
    index.asked.clear()
    if change == "index":
        monkeypatch.setenv("PIP_INDEX_URL", index.url.replace("127.0.0.1", "localhost"))
    for entry in kept.glob("resolve-*/*.json") if change == "damage" else ():
        entry.write_text('{"causes": 3}', "utf-8")
    pin = "web==1.1" if change == "pins" else "web==1.0"
    amllint.write({"conda.yml": conda(pin, python=f"python=3.{9 if change == 'python' else 11}")})
    amllint.check("--resolve", *(["--no-cache"] if change == "option" else []), "conda.yml")
    assert index.asked


def test_no_answer_is_not_kept(
    index: Index, amllint: Commands, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.status = 500
    assert asked(amllint, "web==1.0").code == 4
    index.status = 200
    index.add("web", "1.0")
    assert asked(amllint, "web==1.0").code == 0


def test_what_is_kept_has_no_password(
    index: Index, amllint: Commands, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = index.url.replace("http://", "http://someone:hunter2secret@")
    monkeypatch.setenv("PIP_INDEX_URL", url)
    asked(amllint, "web==1.0")
    (entry,) = kept.glob("resolve-*/*.json")
    assert "hunter2secret" not in entry.read_text("utf-8") + entry.name


def test_nothing_is_asked_about_a_deployment_that_was_not_named(
    index: Index, amllint: Commands
) -> None:
    index.add("web", "1.0")
    index.add("other", "1.0")
    amllint.write({"a/conda.yml": conda("web"), "b/conda.yml": conda("other")})
    assert amllint.check("--resolve", "a/conda.yml").code == 0
    assert "/simple/web/" in index.asked
    assert "/simple/other/" not in index.asked


def test_a_script_alone_leads_to_no_question(index: Index, amllint: Commands) -> None:
    config = '{"entryScript": "score.py", "runtime": "python", "condaFile": "conda.yml"}'
    script = "def init():\n    pass\n\n\ndef run(data):\n    return len(data)\n"
    amllint.write({"score.py": script, "conda.yml": conda("web"), "inferenceconfig.json": config})
    amllint.check("--resolve", "score.py")
    assert index.asked == []
    amllint.check("--resolve", "conda.yml")
    assert index.asked
