"""Images held against the tags that a snapshot knows of the workspace's registry."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from amllint.artifacts import image_pushes
from amllint.engine.check import Report
from amllint.rules.workspace import pushing
from amllint.snapshot import facts
from amllint.snapshot.asset_rows import Asset, EnvironmentVersion
from amllint.snapshot.document import Snapshot
from amllint.snapshot.place_rows import ImageTag, Registry
from tests.checking import only, places

from .test_workspace_rules import ACI, REGISTRY, SCRIPT, V2, held, known

CHURN = replace(REGISTRY, name="churnacr", login_server="churnacr.azurecr.io")
DIGEST = f"sha256:{'a1' * 32}"
TAGS = (ImageTag("1.1", DIGEST), ImageTag("1.2"), ImageTag("latest"), ImageTag("dev"))
READ = (facts.IMAGE_TAGS, TAGS, "churn")
OURS = "churnacr.azurecr.io/churn"


def deployment(image: str, more: str = "") -> str:
    return (
        f"$schema: {V2}\nname: blue\nendpoint_name: churn-ep\n"
        f"environment:\n  image: {image}\n{more}"
        "instance_type: Standard_DS3_v2\ninstance_count: 2\n"
    )


def snapshot(*given: Any, registry: Any = CHURN) -> Snapshot:
    listed = (facts.ONLINE_ENDPOINTS, ())
    return known((facts.REGISTRY, registry), listed, (facts.ENVIRONMENTS, ()), *given)


def told(folder: Path, files: dict[str, str], tags: Snapshot | None = None) -> Report:
    """What AML707 says of files, its advice included."""
    report = held(folder, files, tags or snapshot(READ), persona="pedantic")
    report.findings[:] = [f for f in report.findings if f.code == "AML707"]
    return report


def reasons(report: Report) -> list[tuple[str, str]]:
    return [(u.fact, u.reason) for u in report.unchecked if u.rule == "registry-pull-denied"]


# -- which image ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("image", "message", "help"),
    [
        (
            f"{OURS}:1.3",
            "the registry `churnacr` has no tag `1.3` of `churn`; it has `1.2`, `1.1`, `latest` and"
            " 1 more: the image cannot be pulled",
            f"write `{OURS}:1.2`, or push it first: `docker push {OURS}:1.3`",
        ),
        (
            "ChurnACR.azurecr.io/churn:1.3",
            "the registry `churnacr` has no tag `1.3` of `churn`; it has `1.2`, `1.1`, `latest` and"
            " 1 more: the image cannot be pulled",
            f"write `{OURS}:1.2`, or push it first: `docker push {OURS}:1.3`",
        ),
        (
            "churnacr.azurecr.io/chrun:1",
            "the registry `churnacr` has no repository `chrun`, or no tag in it: the image cannot"
            " be pulled",
            "if `churn` is meant, write that, or push it first: `docker push"
            " churnacr.azurecr.io/chrun:1`",
        ),
        (
            "churnacr.azurecr.io/team/prices",
            "the registry `churnacr` has no tag `latest` of `team/prices`, which is meant where"
            " none is written; it has `7`: the image cannot be pulled",
            "write `churnacr.azurecr.io/team/prices:7`, or push it first: `docker push"
            " churnacr.azurecr.io/team/prices:latest`",
        ),
    ],
)
def test_an_image_that_is_not_there_is_reported(
    tmp_path: Path, image: str, message: str, help: str
) -> None:
    none: Any = (facts.IMAGE_TAGS, (), "chrun")
    prices = (facts.IMAGE_TAGS, (ImageTag("7"),), "team/prices")
    files = {"deployment.yml": deployment(image)}
    report = told(tmp_path, files, snapshot(READ, none, prices))
    found = only(report)
    assert (found.message, found.observation.help) == (message, help)
    assert (found.severity, found.stage) == ("error", "pull")
    assert places(report) == [("deployment.yml", 5, "registry-pull-denied")]


@pytest.mark.parametrize(
    "image",
    [
        f"{OURS}:1.2",
        f"{OURS}:latest",
        OURS,
        f"{OURS}@{DIGEST}",
        f"{OURS}:gone@{DIGEST}",
        "mcr.microsoft.com/azureml/minimal:1",
        "other.azurecr.io/churn:9",
        "churn:9",
        "churnacr.azurecr.io",
        "ubuntu:22.04",
        f'"{OURS}:{{{{TAG}}}}"',
        f'"{OURS}:$(tag)"',
        '"{{ACR}}.azurecr.io/churn:9"',
        '"#{registry}#/churn:9"',
    ],
)
def test_an_image_that_is_there_or_elsewhere_is_none_of_it(tmp_path: Path, image: str) -> None:
    report = told(tmp_path, {"deployment.yml": deployment(image)})
    assert report.findings == []
    assert reasons(report) == []


@pytest.mark.parametrize(
    ("image", "fact", "reason"),
    [
        (
            f"{OURS}@{DIGEST.replace('a1', 'b2')}",
            "image_tags of churn",
            "not known: images without a tag are not listed",
        ),
        (
            "churnacr.azurecr.io/x:1",
            "image_tags of x",
            "not in the snapshot: make it with `--image-tags x`",
        ),
        ("churnacr.azurecr.io/bad:1", "image_tags of bad", "not known: HTTP 403: no"),
        (
            "churnacr.azurecr.io:443/churn:9",
            "image_tags",
            "not known: whether `churnacr.azurecr.io:443/churn:9` is an image of"
            " `churnacr.azurecr.io`",
        ),
        (
            "churnacr.azurecr.io/Churn:9",
            "image_tags",
            "not known: whether `churnacr.azurecr.io/Churn:9` is an image of `churnacr.azurecr.io`",
        ),
        (
            "churnacr.azurecr.io/azureml/azureml_0a1b:9",
            "image_tags of azureml/azureml_0a1b",
            "not known: Azure ML itself builds what is in it",
        ),
    ],
)
def test_what_is_not_known_is_unchecked(tmp_path: Path, image: str, fact: str, reason: str) -> None:
    built = (facts.IMAGE_TAGS, (), "azureml/azureml_0a1b")
    bad = (facts.IMAGE_TAGS, "HTTP 403: no", "bad")
    report = told(tmp_path, {"deployment.yml": deployment(image)}, snapshot(READ, built, bad))
    assert report.findings == []
    assert (fact, reason) in reasons(report)


@pytest.mark.parametrize(
    ("registry", "image", "reason"),
    [
        ("HTTP 403: no", f"{OURS}:9", "not known: HTTP 403: no"),
        (Registry("/acr", "churnacr"), f"{OURS}:9", "its host is not known"),
        ("HTTP 403: no", "mcr.microsoft.com/x:9", None),
        (Registry("/acr", "churnacr"), "ubuntu", None),
    ],
)
def test_without_its_registry_an_image_is_unchecked(
    tmp_path: Path, registry: Any, image: str, reason: str | None
) -> None:
    files = {"deployment.yml": deployment(image)}
    report = told(tmp_path, files, snapshot(READ, registry=registry))
    assert report.findings == []
    assert [r for _, r in reasons(report) if r == reason] == ([reason] if reason else [])


# -- where it is written ----------------------------------------------------------------------


def test_the_image_of_an_environment_in_a_file_is_looked_at(tmp_path: Path) -> None:
    text = deployment("x").replace("environment:\n  image: x\n", "environment: file:env.yml\n")
    report = told(tmp_path, {"deployment.yml": text, "env.yml": f"name: s\nimage: {OURS}:9\n"})
    assert places(report) == [("env.yml", 2, "registry-pull-denied")]


@pytest.mark.parametrize(
    ("named", "is_built", "found"),
    [
        ("azureml:serving:2", False, "error"),
        ("azureml:serving@latest", False, "error"),
        ("azureml:serving:2", True, "info"),
        ("azureml:serving:2", None, None),
        ("azureml:serving:1", False, None),
    ],
)
def test_the_image_of_a_registered_environment_is_looked_at(
    tmp_path: Path, named: str, is_built: bool | None, found: str | None
) -> None:
    text = deployment("x").replace("environment:\n  image: x\n", f"environment: {named}\n")
    versions = (
        EnvironmentVersion("serving", "1", "UserCreated", f"{OURS}:1.2", is_built=is_built),
        EnvironmentVersion("serving", "2", "UserCreated", f"{OURS}:9", is_built=is_built),
    )
    given = snapshot(READ, (facts.ENVIRONMENT_VERSIONS, versions, "serving"))
    given.facts[facts.ENVIRONMENTS.name, ""] = replace(
        given.facts[facts.ENVIRONMENTS.name, ""],  # type: ignore[arg-type]
        value=(Asset("serving", "2"),),
    )
    report = told(tmp_path, {"deployment.yml": text}, given)
    assert [f.severity for f in report.findings] == ([found] if found else [])
    for finding in report.findings:
        assert finding.message.startswith(f"`serving:2` runs `{OURS}:9`, and the registry")
        assert places(report) == [("deployment.yml", 4, "registry-pull-denied")]
    reason = "not known: whether it is run as it is, or an image is built upon it"
    assert (("image_tags of churn", reason) in reasons(report)) is (is_built is None)


def test_what_is_built_upon_is_advice(tmp_path: Path) -> None:
    conda = "  conda_file: {dependencies: [python=3.10]}\n"
    found = only(told(tmp_path, {"deployment.yml": deployment(f"{OURS}:9", conda)}))
    assert (found.severity, found.stage) == ("info", "build")
    assert found.message.endswith(": it cannot be built upon, unless that was done before")


def test_what_a_dockerfile_builds_upon_is_looked_at(tmp_path: Path) -> None:
    text = deployment("x").replace("  image: x\n", "  build: {path: context}\n")
    files = {"deployment.yml": text, "context/Dockerfile": f"FROM {OURS}:9\nRUN pip install x\n"}
    report = told(tmp_path, files)
    assert places(report) == [("context/Dockerfile", 1, "registry-pull-denied")]
    assert only(report).severity == "info"
    there = {**files, "context/Dockerfile": f"FROM {OURS}:1.2\n"}
    assert told(tmp_path, there).findings == []


@pytest.mark.parametrize(("tag", "found"), [("9", True), ("1.2", False)])
def test_the_base_image_of_v1_is_looked_at(tmp_path: Path, tag: str, found: bool) -> None:
    config = (
        '{"entryScript": "score.py", "environment": {"name": "serving",\n'
        f' "docker": {{"baseImage": "{OURS}:{tag}"}},\n'
        ' "python": {"userManagedDependencies": true}}}\n'
    )
    files = {"inferenceconfig.json": config, "deploymentconfig.json": ACI, "score.py": SCRIPT}
    report = told(tmp_path, files, snapshot(READ, registry=replace(CHURN, has_admin_user=True)))
    expected = [("inferenceconfig.json", 2, "registry-pull-denied")] if found else []
    assert places(report) == expected
    assert [f.severity for f in report.findings] == (["info"] if found else [])


def test_jobs_and_local_deployments_pull_nothing_here(tmp_path: Path) -> None:
    line = "az ml online-deployment create --local -f deployment.yml\n"
    report = told(tmp_path, {"deployment.yml": deployment(f"{OURS}:9"), "deploy.sh": line})
    assert report.findings == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("--set environment.image=$IMAGE", False),
        ("--set environment.image=other.azurecr.io/churn:1", False),
        ("--set environment=azureml:serving:1", False),
        ("--set $MORE", False),
        ("--set instance_count=3", True),
        ("", True),
    ],
)
def test_an_image_that_a_command_sets_is_another(tmp_path: Path, line: str, found: bool) -> None:
    line = f"az ml online-deployment create -f deployment.yml {line}\n"
    report = told(tmp_path, {"deployment.yml": deployment(f"{OURS}:9"), "deploy.sh": line})
    assert [f.name for f in report.findings] == (["registry-pull-denied"] if found else [])
    reason = ("image_tags", "not known: a command may set another image")
    assert (reason in reasons(report)) is not found


# -- what may push it -------------------------------------------------------------------------

STEP = "jobs:\n  deploy:\n    steps:\n      - "
MAY = {
    "a push of it": ("a.sh", f"docker build -t {OURS}:9 .\ndocker push {OURS}:9\n"),
    "a push of all its tags": ("a.sh", f"docker push --all-tags {OURS}\n"),
    "a push of a variable": ("a.sh", 'docker push "$IMAGE"\n'),
    "a push of a variable tag": ("a.sh", "docker push ${ACR}.azurecr.io/churn:${TAG}\n"),
    "a push in two lines": ("a.sh", f"docker push \\\n  {OURS}:9\n"),
    "a push in lines that are folded": ("a.yml", f"run: >\n  docker push\n  {OURS}:9\n"),
    "a push of cmd": ("a.cmd", "docker push %ACR%/churn:%TAG%\r\n"),
    "a push of PowerShell": ("a.ps1", "docker push `\n  $env:ACR/churn:9\n"),
    "a push of podman": ("a.sh", f"podman push {OURS}:9\n"),
    "a push of a makefile": ("Makefile", "push:\n\tdocker push $(IMAGE)\n"),
    "a build with a push": ("a.sh", f"docker buildx build --push -t {OURS}:9 .\n"),
    "compose": ("a.sh", "docker compose push\n"),
    "az acr build": ("a.sh", "az acr build -r $ACR -t churn:9 .\n"),
    "az acr build of a variable": ("a.sh", "az acr build --registry x --image=$NAME:$TAG .\n"),
    "az acr import": ("a.sh", "az acr import -n churnacr --source x.io/churn:9 --image churn:9\n"),
    "az acr run": ("a.sh", "az acr run -f task.yaml -r churnacr .\n"),
    "a workflow": ("ci.yml", f"{STEP}run: az acr build -t churn:${{{{ github.sha }}}} .\n"),
    "an action": ("ci.yml", f"{STEP}uses: docker/build-push-action@v6\n"),
    "another workflow": ("ci.yml", "jobs:\n  image:\n    uses: ./x/build-image.yml\n"),
    "a task": ("azure-pipelines.yml", "steps:\n- task: Docker@2\n  inputs: {command: x}\n"),
    "a template": ("azure-pipelines.yml", "steps:\n- template: docker.yml@templates\n"),
    "code": ("a.py", "subprocess.run(['docker', 'push', image])\n"),
    "code with an SDK": ("a.py", "docker.from_env().images.push(image)\n"),
    "a Jenkinsfile": ("Jenkinsfile", "docker.build(name).push()\n"),
    "a task of the registry": ("a.tf", 'resource "azurerm_container_registry_task" "a" {}\n'),
    "a list of commands": ("Taskfile.yml", f'script: ["docker push {OURS}:9"]\n'),
    "a mapping of commands": ("ci.yml", f"- {{run: docker push {OURS}:9}}\n"),
    "a command of Terraform": ("a.tf", f'p {{ command = "docker push {OURS}:9" }}\n'),
    "a command in words": ("a.json", f'{{"command": ["docker","push","{OURS}:9"]}}\n'),
    "lines in a text": ("a.json", f'{{"script": "set -e\\ndocker push {OURS}:9\\necho"}}\n'),
    "a push whose output goes elsewhere": ("a.sh", f"docker push {OURS}:9>/dev/null 2>&1\n"),
    "a push whose output is taken": ("a.sh", f"OUT=$(docker push {OURS}:9)\n"),
    "a tag of a command": ("a.sh", f"docker push {OURS}:`git describe`\n"),
    "a tag of commands": (
        "a.sh",
        'docker push "$REG/$IMAGE:$(git describe --tags $(git rev-list -1 HEAD))"\n',
    ),
    "an argument of cmd": ("a.bat", "docker push churnacr.azurecr.io/churn:%1\r\n"),
    "a late variable of cmd": ("a.cmd", "docker push !ACR!/churn:!TAG!\r\n"),
    "a part of a variable of cmd": ("a.cmd", "docker push %ACR%/churn:%SHA:~0,7%\r\n"),
    "a property of PowerShell": ("a.ps1", "docker push $image.Name\n"),
    "a program that is a variable": ("Makefile", f"push:\n\t$(DOCKER) push {OURS}:9\n"),
    "az acr import by its source": (
        "a.sh",
        "az acr import -n churnacr --source churnstaging.azurecr.io/churn:9\n",
    ),
    "a transport of skopeo": (
        "a.sh",
        f"skopeo copy docker://staging.io/churn:8 docker://{OURS}:9\n",
    ),
    "a transport of podman": ("a.sh", f"podman push churn docker://{OURS}:9\n"),
    "quotes in a word": ("a.sh", f'docker push {OURS}:"9"\n'),
    "a host in capitals": ("a.sh", "docker push CHURNACR.azurecr.io/churn:9\n"),
    "crane tag": ("a.sh", f"crane tag {OURS}:1.2 9\n"),
    "crane copy": ("a.sh", f"crane copy staging.io/churn:1 {OURS}:9\n"),
    "crane push": ("a.sh", f"crane push churn.tar {OURS}:9\n"),
    "oras push": ("a.sh", f"oras push {OURS}:9 churn.tar\n"),
    "oras tag": ("a.sh", f"oras tag {OURS}:1.2 9\n"),
    "oras cp": ("a.sh", f"oras cp staging.io/churn:9 {OURS}:9\n"),
    "buildctl": ("a.sh", f"buildctl build --output type=image,name={OURS}:9,push=true\n"),
    "earthly": ("a.sh", "earthly --push +churn\n"),
    "nerdctl": ("a.sh", f"nerdctl push {OURS}:9\n"),
    "buildah": ("a.sh", f"buildah push churn docker://{OURS}:9\n"),
    "ko": ("a.sh", "ko build ./cmd/churn\n"),
    "a build into a registry": ("a.sh", f"docker buildx build -o type=registry -t{OURS}:9 .\n"),
    "services that are built": (
        "compose.yml",
        f"services:\n  churn:\n    build: .\n    image: {OURS}:${{TAG:-9}}\n",
    ),
    "services of another name": (
        "serving/docker-compose.prod.yaml",
        f"services:\n  churn:\n    image: {OURS}:9\n    build: {{context: .}}\n",
    ),
    "a script of npm": ("package.json", f'{{"scripts": {{"x": "docker push {OURS}:9"}}}}\n'),
    "a justfile": ("justfile", f"push:\n  docker push {OURS}:9\n"),
    "a script without an ending": ("bin/release", f"docker push {OURS}:9\n"),
    "an action of the repository": ("ci.yml", f"{STEP}uses: ./.github/actions/release\n"),
    "a Containerfile": ("serving/Containerfile", "FROM ubuntu:22.04\n"),
    "a Dockerfile elsewhere": ("web/Dockerfile.prod", "FROM ubuntu:22.04\n"),
    "a Dockerfile beside it": ("Dockerfile", "FROM ubuntu:22.04\n"),
    "a Dockerfile of another name": ("serving.dockerfile", "FROM ubuntu:22.04\n"),
    "a Dockerfile below it": ("docker/Dockerfile", "FROM ubuntu:22.04\n"),
}
NOT = {
    "a push of another image": ("a.sh", "docker push churnacr.azurecr.io/web:9\n"),
    "a push of another image's tags": ("a.sh", "docker push ${ACR}.azurecr.io/web:${TAG}\n"),
    "a push of another tag": ("a.sh", f"docker push {OURS}:8\n"),
    "a push that is none": ("a.sh", f"# docker push {OURS}:9\ngit push; docker pull {OURS}:9\n"),
    "a build without a push": ("a.sh", f"docker build -t {OURS}:9 .\ngit push origin main\n"),
    "az acr build of another": ("a.sh", "az acr build -r $ACR -f $FILE -t web:$TAG .\n"),
    "a guide": ("README.md", f"Run `docker push {OURS}:9`.\n"),
    "a list of another": ("Taskfile.yml", 'script: ["docker push churnacr.azurecr.io/web:9"]\n'),
    "an import of another": ("a.sh", "az acr import -n churnacr --source staging.io/web:9\n"),
    "another tag of crane": ("a.sh", "crane tag churnacr.azurecr.io/web:1.2 9\n"),
    "services that are pulled": ("compose.yml", f"services:\n  churn:\n    image: {OURS}:9\n"),
    "services of another image": (
        "compose.yml",
        "services:\n  web:\n    build: .\n    image: churnacr.azurecr.io/web:9\n",
    ),
    "a push of git": ("bin/release", 'if $CI; then echo $X; git push origin "$BRANCH"; fi\n'),
    "a pull": ("ci.yml", f"{STEP}run: docker pull {OURS}:9\n"),
}


@pytest.mark.parametrize(("file", "text"), MAY.values(), ids=MAY)
def test_an_image_that_something_may_push_is_unchecked(
    tmp_path: Path, file: str, text: str
) -> None:
    report = told(tmp_path, {"deployment.yml": deployment(f"{OURS}:9"), file: text})
    assert report.findings == []
    is_built = "ockerfile" in file or "Containerfile" in file
    how = "be what it is built from, before it is deployed" if is_built else "push it first"
    assert ("image_tags of churn", f"not known: `{file}` may {how}") in reasons(report)


@pytest.mark.parametrize(("file", "text"), NOT.values(), ids=NOT)
def test_an_image_that_nothing_pushes_is_reported(tmp_path: Path, file: str, text: str) -> None:
    report = told(tmp_path, {"deployment.yml": deployment(f"{OURS}:9"), file: text})
    assert [f.name for f in report.findings] == ["registry-pull-denied"]


@pytest.mark.parametrize("is_git", [True, False])
@pytest.mark.parametrize("file", ["Dockerfile", "web/x.dockerfile", "web/Containerfile.prod"])
def test_a_dockerfile_anywhere_may_be_what_it_is_built_from(
    tmp_path: Path, file: str, is_git: bool
) -> None:
    if is_git:
        subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    else:
        (tmp_path / ".git").mkdir()
    files = {"deploy/deployment.yml": deployment(f"{OURS}:9"), file: "FROM ubuntu:22.04\n"}
    report = told(tmp_path, files)
    assert report.findings == []
    reason = f"not known: `{file}` may be what it is built from, before it is deployed"
    assert ("image_tags of churn", reason) in reasons(report)


def test_a_script_of_wide_characters_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / "push.ps1").write_bytes(f"docker push {OURS}:9\r\n".encode("utf-16"))
    assert told(tmp_path, {"deployment.yml": deployment(f"{OURS}:9")}).findings == []


def test_each_file_is_looked_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def counted(path: str, data: bytes) -> image_pushes.Pushes | None:
        seen.append(path)
        return image_pushes.pushes_of(path, data)

    monkeypatch.setattr(pushing, "pushes_of", counted)
    files = {f"d{n}/deployment.yml": deployment(f"{OURS}:{n}") for n in range(5, 10)}
    files["push.sh"] = f"docker push {OURS}:8\n"
    report = told(tmp_path, files)
    assert [p for p, *_ in places(report)] == [f"d{n}/deployment.yml" for n in (5, 6, 7, 9)]
    assert len(seen) == len(set(seen))
    assert {Path(p).name for p in seen} >= {"push.sh", "deployment.yml"}
