"""The real pre-commit installs amllint's hooks and runs them on commits of a repository."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.install.installs import ROOT, run

pytestmark = [pytest.mark.xdist_group("install"), pytest.mark.install]

CONFIG = """\
repos:
  - repo: {hooks}
    rev: v1.0.0
    hooks:
      - id: {hook}
"""
IDENTITY = ("-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false")
SHIPPED = (".pre-commit-hooks.yaml", "pyproject.toml", "README.md", "LICENSE", "lint", "schemas")


@dataclass(frozen=True)
class Commits:
    """A repository with the hook installed."""

    folder: Path
    environment: dict[str, str]

    def git(self, *arguments: str, code: int = 0) -> str:
        done = run("git", *IDENTITY, *arguments, cwd=self.folder, extra=self.environment, code=code)
        return done.stdout + done.stderr

    def commit(self, *files: str, code: int = 0) -> str:
        """Add files and commit; what pre-commit said."""
        self.git("add", "--", *files)
        return self.git("commit", "-m", "a change", code=code)

    def uses(self, hooks: Path, hook: str) -> None:
        config = self.folder / ".pre-commit-config.yaml"
        config.write_text(CONFIG.format(hooks=hooks, hook=hook))
        self.git("add", config.name)
        self.git("commit", "--no-verify", "-m", "the hook")


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of amllint as it stands in the working tree, with a release to name."""
    folder = tmp_path_factory.mktemp("hooks")
    for name in SHIPPED:
        source = ROOT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
            shutil.copytree(source, folder / name, ignore=ignored)
        else:
            shutil.copy(source, folder / name)
    for command in (("init", "-q"), ("add", "."), ("commit", "-qm", "v1"), ("tag", "v1.0.0")):
        run("git", *IDENTITY, *command, cwd=folder)
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps the environment that it installs amllint into."""
    return tmp_path_factory.mktemp("pre-commit-home")


@pytest.fixture
def commits(tmp_path: Path, hooks: Path, home: Path) -> Commits:
    folder = tmp_path / "repository"
    shutil.copytree(ROOT / "examples/mended", folder / "deploy")
    shutil.copytree(ROOT / "examples/mended", folder / "other")
    programs = str(Path(sys.executable).parent)
    made = Commits(
        folder,
        {"PRE_COMMIT_HOME": str(home), "PATH": f"{programs}:/usr/bin:/bin", "NO_COLOR": "1"},
    )
    made.git("init", "-q")
    made.git("add", ".")
    made.git("commit", "-qm", "what is deployed")
    made.uses(hooks, "amllint")
    run("pre-commit", "install", cwd=folder, extra=made.environment)
    return made


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_bad_commit_is_stopped_and_a_mended_one_passes(commits: Commits) -> None:
    script = commits.folder / "deploy/score.py"
    good = script.read_text()
    replace(script, "    global model\n", "")
    said = commits.commit("deploy/score.py", code=1)
    assert "deploy/score.py:" in said
    assert "error[missing-global]" in said
    assert commits.git("rev-list", "--count", "HEAD").strip() == "2"
    script.write_text(good + "# mended\n")
    said = commits.commit("deploy/score.py")
    assert "Passed" in said
    assert commits.git("rev-list", "--count", "HEAD").strip() == "3"


def test_a_changed_script_brings_what_it_has_to_do_with_its_config_and_no_more(
    commits: Commits,
) -> None:
    for place in ("deploy", "other"):
        config = commits.folder / place / "deploymentconfig.json"
        replace(config, '"autoscaleEnabled": true,', '"autoscaleEnabled": true, "numReplicas": 3,')
        conda = commits.folder / place / "conda.yml"
        replace(conda, "azureml-defaults==1.60.0", "numpy")
    commits.git("add", ".")
    commits.git("commit", "--no-verify", "-qm", "other people's defects")
    script = commits.folder / "deploy/score.py"
    lookup = "from azureml.core.model import Model\n"
    script.write_text(
        lookup + script.read_text().replace("def init", "Model.get_model_path('x')\n\n\ndef init")
    )
    said = commits.commit("deploy/score.py", code=1)
    assert "error[get-model-path]" in said
    assert "deploy/conda.yml" in said, "the environment that decides it is shown"
    assert said.count("error[") + said.count("warning[") == 1, said


def test_yaml_that_is_none_of_ours_passes_silently(commits: Commits) -> None:
    workflow = commits.folder / ".github/workflows/build.yml"
    workflow.parent.mkdir(parents=True)
    workflow.write_text("on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: []\n")
    template = commits.folder / "chart.yaml"
    template.write_text("{{- if .Values.x }}\na: b\n{{- end }}\n")
    said = commits.commit(".github", "chart.yaml")
    assert "Passed" in said
    assert "chart.yaml:" not in said


def test_files_of_other_kinds_do_not_start_it(commits: Commits) -> None:
    (commits.folder / "README.md").write_text("# Deployments\n")
    assert "Skipped" in commits.commit("README.md")


def test_a_safe_mend_is_made_and_the_commit_waits_for_it(commits: Commits, hooks: Path) -> None:
    commits.uses(hooks, "amllint-fix")
    script = commits.folder / "deploy/score.py"
    good = script.read_text()
    replace(script, "    global model\n", "")
    said = commits.commit("deploy/score.py", code=1)
    assert "files were modified by this hook" in said
    assert "fixed deploy/score.py: missing-global" in said
    assert script.read_text() == good
    (commits.folder / "deploy/score.py").write_text(good + "# mended\n")
    assert "Passed" in commits.commit("deploy/score.py")


def test_every_file_at_once_is_one_process(commits: Commits) -> None:
    done = run(
        *("pre-commit", "run", "--all-files", "--verbose"),
        cwd=commits.folder,
        extra=commits.environment,
    )
    assert done.stdout.count("no findings in 9 files") == 1
