"""Seeded inference configurations, good and bad, with the files that they name."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from tests.oracle.cases import FLAGS, ODD, Case, Keys, Table, beside
from tests.oracle.layouts import nested, written

if TYPE_CHECKING:
    from collections.abc import Iterator

SCRIPT = "def init():\n    pass\n\n\ndef run(data):\n    return data\n"
CONDA = "dependencies:\n  - python=3.10\n  - pip\n  - pip:\n      - azureml-defaults\n"
TREE = {
    "score.py": SCRIPT,
    "src/score.py": SCRIPT,
    "src/deep/score.py": SCRIPT,
    "environment.yml": CONDA,
    "src/environment.yml": CONDA,
    "steps": "RUN true\n",
}
# Written only where the configuration names them: no other case has a bad script lying about.
ODD_SCRIPTS = {
    **dict.fromkeys(("my-score.py", "1score.py", "class.py", "score.PY", "a.b.py", "é.py"), SCRIPT),
    "score.ipynb": "{}",
    "broken.py": "def run(data:\n",
}
SCRIPTS = (
    *("score.py", "./score.py", "deep/score.py", "src/score.py", "missing.py", "src", "src/"),
    *ODD_SCRIPTS,
)
TEXTS = ("text", "", "python", "Python", "spark-py", "R", "9.0", "10.0", "11", "environment.yml")
LEGACY: Table = {
    ("runtime",): ("python", "Python", "spark-py", "python-slim"),
    ("condaFile",): ("environment.yml",),
    ("extraDockerfileSteps",): ("steps",),
    ("enableGpu",): FLAGS,
    ("cudaVersion",): ("9.0", "9.1", "10.0"),
    ("baseImage",): ("example.azurecr.io/base:1",),
}
PYTHON: Keys = ("environment", "python")
DOCKER: Keys = ("environment", "docker")
PACKAGES = ["python=3.10", "pip", {"pip": ["azureml-defaults"]}]
ENVIRONMENT: Table = {
    ("environment", "name"): ("scoring",),
    ("environment", "version"): ("1",),
    ("environment", "environmentVariables", "LEVEL"): ("info",),
    ("environment", "inferencingStackVersion"): ("latest",),
    ("environment", "assetId"): ("id",),
    (*PYTHON, "userManagedDependencies"): FLAGS,
    (*PYTHON, "interpreterPath"): ("python",),
    (*PYTHON, "baseCondaEnvironment"): (None,),
    (*PYTHON, "condaDependencies", "name"): ("project_environment",),
    (*PYTHON, "condaDependencies", "channels"): (["conda-forge"],),
    (*PYTHON, "condaDependencies", "dependencies"): (PACKAGES,),
    (*PYTHON, "condaDependencies", "variables"): ({"A": "1"},),
    (*DOCKER, "enabled"): FLAGS,
    (*DOCKER, "baseImage"): ("mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20240101.v1",),
    (*DOCKER, "baseDockerfile"): (None,),
    (*DOCKER, "buildContext", "locationType"): ("git", "storageAccount"),
    (*DOCKER, "buildContext", "location"): ("https://example.com/repository.git",),
    (*DOCKER, "baseImageRegistry", "address"): ("example.azurecr.io",),
    (*DOCKER, "baseImageRegistry", "registryIdentity", "clientId"): ("id",),
    (*DOCKER, "platform", "os"): ("Linux",),
    (*DOCKER, "sharedVolumes"): FLAGS,
    (*DOCKER, "shmSize"): ("2g",),
    (*DOCKER, "arguments"): ([],),
    ("environment", "spark", "packages"): ([], [{"group": "g", "artifact": "a", "version": "1"}]),
    ("environment", "spark", "repositories"): ([],),
    ("environment", "databricks", "mavenLibraries"): ([], [{"coordinates": "a:b:1"}]),
    ("environment", "databricks", "pypiLibraries"): ([],),
    ("environment", "databricks", "rcranLibraries"): ([],),
    ("environment", "databricks", "jarLibraries"): ([],),
    ("environment", "databricks", "eggLibraries"): ([],),
    ("environment", "r", "cranPackages"): ([], [{"name": "dplyr"}]),
    ("environment", "r", "githubPackages"): ([],),
}
CONDA_SECTIONS: tuple[Any, ...] = (
    *(
        "environment.yml",
        {"conda": ["pip"], "pip": ["numpy"]},
        ["a", None],
        ["a", 3],
        [{"pip": None}],
    ),
    *([{"pip": "numpy"}], [{"numpy": 1.2}], [["a"]], [], None, 1, True, "", {"Dependencies": []}),
)


def good_inference(rng: random.Random) -> dict[Keys, Any]:
    """An inference configuration that azureml-core accepts."""
    flat: dict[Keys, Any] = {("entryScript",): "score.py"}
    if rng.random() < 0.4:
        flat[("sourceDirectory",)] = rng.choice(("src", "./src/", "."))
    style = rng.random()
    table = ENVIRONMENT if style < 0.6 else LEGACY
    share = rng.choice((0.2, 0.5, 0.9)) if style < 0.9 else 0.0
    flat |= {path: rng.choice(values) for path, values in table.items() if rng.random() < share}
    if ("extraDockerfileSteps",) in flat:
        flat[("sourceDirectory",)] = "."
    if any(path[0] == "environment" for path in flat):
        flat.setdefault((*PYTHON, "condaDependencies", "dependencies"), PACKAGES)
    return flat


def bent_inference(rng: random.Random, flat: dict[Keys, Any]) -> None:
    """Changes one thing of an inference configuration, usually for the worse."""
    table: Table = {("entryScript",): SCRIPTS, ("sourceDirectory",): ("src", "missing")}
    table |= LEGACY if rng.random() < 0.5 else ENVIRONMENT
    path = rng.choice(list(table))
    change = rng.random()
    if path == ("entryScript",) and change < 0.6:
        flat[path] = rng.choice(SCRIPTS)
    elif change < 0.45:
        pool: tuple[Any, ...] = CONDA_SECTIONS if "condaDependencies" in path else (*ODD, *TEXTS)
        flat[path] = rng.choice(pool)
    elif change < 0.60:
        flat[path] = rng.choice(table[path])
    elif change < 0.70:
        flat.pop(path, None)
    elif change < 0.90:
        depth = rng.randrange(1, len(path) + 1)
        replace(flat, path[:depth], rng.choice((*ODD, *CONDA_SECTIONS)))
    elif change < 0.95:
        flat[beside(path, path[-1].lower())] = 1
    else:
        flat[("baseImageRegistry",)] = rng.choice(({"address": "a"}, "a", None, {}, "", ["a"]))


def single_changes(seed: int) -> list[tuple[Keys, Any]]:
    """Every key and section once with every odd value, in an order of the seed's own."""
    keys = (("entryScript",), ("sourceDirectory",), ("baseImageRegistry",), *LEGACY, *ENVIRONMENT)
    paths = dict.fromkeys(key[: depth + 1] for key in keys for depth in range(len(key)))
    values = (*ODD, *TEXTS, *CONDA_SECTIONS)
    changes = [(path, value) for path in paths for value in values]
    random.Random(f"single {seed}").shuffle(changes)
    return changes


def replace(flat: dict[Keys, Any], path: Keys, value: Any) -> None:
    """Puts a value in the place of a key or of a whole section."""
    for deeper in [other for other in flat if other[: len(path)] == path]:
        del flat[deeper]
    flat[path] = value


def inference_cases(count: int, seed: int) -> Iterator[Case]:
    """``count`` trees around an inference configuration; the same ones for the same seed.

    Every other one is a good configuration with one key or section set to one odd value, until
    all pairs of the two are used up.
    """
    singles = single_changes(seed)
    for number in range(count):
        rng = random.Random(f"inference {seed} {number}")
        flat = good_inference(rng)
        if number % 2 and number // 2 < len(singles):
            replace(flat, *singles[number // 2])
        else:
            for _ in range(rng.choice((0, 1, 1, 1, 2, 2, 3))):
                bent_inference(rng, flat)
        yield inference_case(rng, number, flat)


def inference_case(rng: random.Random, number: int, flat: dict[Keys, Any]) -> Case:
    """The configuration with its files, now and then with a root that is no mapping."""
    roots: tuple[Any, ...] = (None, [], ["environment"], "x", 1)
    config, text = written(
        rng, "inferenceconfig", nested(flat) if rng.random() < 0.98 else rng.choice(roots)
    )
    script = flat.get(("entryScript",))
    files = {config: text, **TREE}
    if isinstance(script, str) and script in ODD_SCRIPTS:
        files |= {folder + script: ODD_SCRIPTS[script] for folder in ("", "src/")}
    return Case(f"inference-{number:05}", "inference, file", config, files)
