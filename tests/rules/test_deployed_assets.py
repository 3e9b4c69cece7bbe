"""Code and models of v2 deployments that are not where they are said to be."""

from __future__ import annotations

import subprocess
from collections import Counter
from pathlib import Path

import pytest

from amllint.engine.check import Report
from amllint.source.overlay import Overlay
from tests.checking import Files, look, only, places, shown

SCRIPT = 'def init():\n    pass\n\n\ndef run(data):\n    return {"received": len(data)}\n'
SCHEMA = "https://azuremlschemas.azureedge.net/latest"
CODE = "{code: src, scoring_script: score.py}"
REGISTERED = "azureml:regression:1"
CREATE = "az ml online-deployment create -f a/deployment.yml\n"
WORKFLOW = ".github/workflows/deploy.yml"
STEPS = f"jobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n      - run: {CREATE}"


def deployment(code: str = CODE, model: str = REGISTERED, kind: str = "managedOnline") -> str:
    return (
        f"$schema: {SCHEMA}/{kind}Deployment.schema.json\n"
        f"name: blue\nendpoint_name: scoring\nmodel: {model}\n"
        f"code_configuration: {code}\nenvironment: azureml:serving:1\n"
    )


def seen(folder: Path, text: str, more: Files | None = None) -> Report:
    files: Files = {"a/deployment.yml": text, "a/src/score.py": SCRIPT, **(more or {})}
    return look(folder, files, select=("AML203", "AML210"), persona="pedantic")


LOST_CODE = [
    ("{code: srcs, scoring_script: score.py}", "AML210", "srcs", "did you mean `src`?"),
    ("{code: a/src, scoring_script: score.py}", "AML210", "a/src", "did you mean `src`?"),
    ("{code: lib, scoring_script: score.py}", "AML210", "lib", "did you mean `../lib`?"),
    (
        "{code: src/score.py, scoring_script: score.py}",
        "AML210",
        "src/score.py",
        "give the folder of",
    ),
    ("{code: 'git+https://x/y', scoring_script: score.py}", "AML210", "'git+https://x/y'", "give"),
    ("{code: src, scoring_script: scor.py}", "AML203", "scor.py", "did you mean `score.py`?"),
    ("{code: src, scoring_script: src/score.py}", "AML203", "src/score.py", "write `score.py`"),
    ("{code: ., scoring_script: score.py}", "AML203", "score.py", "write `src/score.py`"),
    ("{code: '', scoring_script: score.py}", "AML203", "score.py", "write `src/score.py`"),
    ("{code: ., scoring_script: src}", "AML203", "src", "the path is relative to `code`"),
    ("{code: src}", "AML203", "code", "add `scoring_script`"),
    ("{scoring_script: score.py}", "AML203", "scoring_script", "add `code`"),
]


@pytest.mark.parametrize("kind", ["managedOnline", "kubernetesOnline", "modelBatch"])
@pytest.mark.parametrize(("code", "rule", "said", "help"), LOST_CODE)
def test_code_that_is_not_there_is_refused(
    code: str, rule: str, said: str, help: str, kind: str, tmp_path: Path
) -> None:
    report = seen(tmp_path, deployment(code, kind=kind), {"lib/score.py": SCRIPT})
    told = only(report)
    assert (told.code, told.severity, told.stage) == (rule, "error", "submit")
    assert shown(report, told) == said
    assert (told.observation.help or "").startswith(help)


@pytest.mark.parametrize(
    "code",
    [
        CODE,
        "{code: ./src/, scoring_script: ./score.py}",
        r"{code: '.\src', scoring_script: score.py}",
        "{code: 'azureml:scoring:1', scoring_script: gone.py}",
        "{code: /subscriptions/s/codes/c/versions/1, scoring_script: gone.py}",
        "{code: 'azureml://registries/r/codes/c/versions/1', scoring_script: gone.py}",
        "{code: /home/me/src, scoring_script: gone.py}",
        "{code: src, scoring_script: /home/me/gone.py}",
        "{code: '{{CODE}}', scoring_script: gone.py}",
        "{code: src, scoring_script: '{{SCRIPT}}'}",
        "{code: <CODE_DIR>, scoring_script: score.py}",
    ],
)
def test_code_that_is_there_or_elsewhere_is_left_alone(code: str, tmp_path: Path) -> None:
    assert places(seen(tmp_path, deployment(code))) == []


def test_a_script_that_a_notebook_writes_is_there(tmp_path: Path) -> None:
    cell = '{"cell_type": "code", "metadata": {}, "outputs": [], "source": %s}'
    source = '["%%writefile made/score.py\\n", "def init(): pass\\n", "def run(data): return 1"]'
    notebook = '{"cells": [%s], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
    files: Files = {"a/deploy.ipynb": notebook % (cell % source)}
    code = deployment("{code: made, scoring_script: score.py}")
    assert places(seen(tmp_path, code, files)) == []
    assert places(seen(tmp_path / "other", code)) != []


@pytest.mark.parametrize(
    ("name", "text", "severity"),
    [
        ("make.sh", "cp -r shared/lib a/lib\n", "info"),
        ("make.sh", f"git clone https://x/y a\n{CREATE}", "info"),
        ("make.sh", "git clone https://x/y a\n", "error"),
        ("make.sh", CREATE, "error"),
        ("make.sh", CREATE.replace("\n", " --set code_configuration.code=src\n"), "info"),
        ("make.sh", CREATE.replace("a/d", "b/d").replace("\n", " --set code=src\n"), "error"),
        ("make.sh", "sed s/x/y/ a/deployment.yml > b/deployment.yml\n", "info"),
        ("make.py", 'os.makedirs("a/lib")\n', "info"),
        ("deploy.py", 'CodeConfiguration(code="lib", scoring_script="score.py")\n', "error"),
        ("deploy.py", "from lib import score\n", "error"),
        (WORKFLOW, STEPS, "error"),
        (WORKFLOW, STEPS.replace("checkout@", "download-artifact@"), "info"),
        (".gitmodules", '[submodule "lib"]\n\tpath = a/lib\n\turl = https://x/y\n', "info"),
        (".gitmodules", '[submodule "x"]\n\tpath = a/x\n\turl = https://x/y\n', "error"),
    ],
)
def test_code_that_may_be_laid_out_first_is_advice(
    name: str, text: str, severity: str, tmp_path: Path
) -> None:
    report = seen(tmp_path, deployment("{code: lib, scoring_script: score.py}"), {name: text})
    assert only(report).severity == severity


ROOT = "deployment.yml"
BARE = STEPS.replace("checkout@", "download-artifact@").replace("-f a/", "-f ")
IN_FOLDER = (
    "steps:\n  - task: DownloadPipelineArtifact@2\n  - script: az ml online-deployment create"
    " -f deployment.yml\n    workingDirectory: deploy\n"
)
BY_MAKE = "curl -o x.zip https://x/y && az ml online-deployment create -f deployment.yml\n"
DROP = IN_FOLDER.replace("-f ", "-f $(Pipeline.Workspace)/drop/")

CALLERS: list[tuple[str, Files, str]] = [
    (ROOT, {WORKFLOW: BARE}, "info"),
    (ROOT, {WORKFLOW: BARE.replace("-f ", "-f ./")}, "info"),
    (ROOT, {WORKFLOW: BARE.replace("-f ", "-f $FOLDER/")}, "info"),
    (ROOT, {WORKFLOW: BARE.replace("download-artifact@", "checkout@")}, "error"),
    (ROOT, {WORKFLOW: BARE.replace("deployment.yml", "other.yml")}, "error"),
    ("deploy/deployment.yml", {WORKFLOW: f"{BARE}        working-directory: deploy\n"}, "info"),
    ("deploy/deployment.yml", {"ci/pipeline.yml": IN_FOLDER}, "info"),
    ("deploy/deployment.yml", {"ci/pipeline.yml": IN_FOLDER, "ci/deployment.yml": ""}, "info"),
    ("deploy/deployment.yml", {"ci/pipeline.yml": DROP}, "info"),
    ("deploy/deployment.yml", {"ci/pipeline.yml": DROP, "drop/deployment.yml": ""}, "error"),
    ("deploy/deployment.yml", {"ci/run.sh": BY_MAKE}, "info"),
    ("deploy/deployment.yml", {"ci/run.sh": BY_MAKE, "ci/deployment.yml": ""}, "error"),
]


@pytest.mark.parametrize(("path", "more", "severity"), CALLERS)
def test_a_pipeline_names_a_file_from_whichever_folder_it_runs_in(
    path: str, more: Files, severity: str, tmp_path: Path
) -> None:
    files: Files = {path: deployment("{code: ./bundle, scoring_script: score.py}"), **more}
    report = look(tmp_path, files, select=("AML203", "AML210"), persona="pedantic")
    assert [f.severity for f in report.findings] == [severity]


@pytest.mark.parametrize(("more", "severity"), [({}, "error"), ({"b/deployment.yml": ""}, "info")])
def test_a_bare_name_surely_deploys_the_only_file_that_has_it(
    more: Files, severity: str, tmp_path: Path
) -> None:
    workflow: Files = {WORKFLOW: STEPS.replace("-f a/", "-f ")}
    report = seen(tmp_path, deployment(model="{path: weights}"), {**workflow, **more})
    assert only(report).severity == severity


@pytest.mark.parametrize("name", ["deployment.yml", "deployment{}.yml"])
def test_what_may_run_is_read_once_however_much_is_missing(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: Counter[str] = Counter()
    data = Overlay.data

    def counted(overlay: Overlay, path: str) -> bytes:
        if path.endswith("train.py"):
            read[path] += 1
        return data(overlay, path)

    monkeypatch.setattr(Overlay, "data", counted)
    counts = []
    for many in (1, 20):
        lost = deployment("{code: bundle, scoring_script: score.py}")
        files: Files = {f"{n}/{name.format(n)}": lost for n in range(many)}
        read.clear()
        report = look(tmp_path / str(many), {**files, "train.py": "x = 1\n"}, select=("AML210",))
        assert len(report.findings) == many
        counts.append(read.total())
    assert counts[0] == counts[1]


MODELS: list[tuple[str, Files, str | None]] = [
    ("{path: model}", {"a/models/x.pkl": ""}, "error"),
    ("{path: models/y.pkl}", {"a/models/x.pkl": ""}, "error"),
    ("{name: m, path: models}", {"models/x.pkl": ""}, "error"),
    ("{path: weights}", {WORKFLOW: STEPS}, "error"),
    ("{path: weights}", {"deploy.sh": CREATE}, "info"),
    ("{path: weights}", {}, "info"),
    ("{path: weights}", {WORKFLOW: STEPS.replace("az ml", "dvc pull; az ml")}, None),
    ("{path: weights}", {"train.py": 'joblib.dump(model, "a/weights")\n'}, None),
    ("{path: models}", {"a/models/x.pkl": ""}, None),
    ("{path: models/x.pkl}", {"a/models/x.pkl": ""}, None),
    ("{name: m, path: 'azureml://jobs/j/outputs/artifacts/paths/model'}", {}, None),
    ("{name: m, path: 'runs:/j/model'}", {}, None),
    ("{path: '{{MODEL}}'}", {}, None),
    ("{path: /mnt/model}", {}, None),
]


@pytest.mark.parametrize(("model", "more", "severity"), MODELS)
def test_a_model_is_missed_where_nothing_can_bring_it(
    model: str, more: Files, severity: str | None, tmp_path: Path
) -> None:
    report = seen(tmp_path, deployment(model=model), more)
    assert [f.severity for f in report.findings] == ([severity] if severity else [])


@pytest.mark.parametrize(("ignored", "told"), [("weights/\n", []), ("*.md\n", ["info"])])
def test_what_git_ignores_is_kept_elsewhere(ignored: str, told: list[str], tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    files: Files = {".gitignore": ignored}
    report = seen(tmp_path, deployment(model="{path: weights}"), files)
    assert [f.severity for f in report.findings] == told
