"""Seeded calls of `InferenceConfig` in Python, with the files and environments that they name."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING, Any

from tests.oracle.cases import FLAGS, ODD, Case
from tests.oracle.code_layouts import Call, Code, Expression, code, literal
from tests.oracle.inference_trees import (
    LEGACY,
    ODD_SCRIPTS,
    SCRIPTS,
    TEXTS,
    TREE,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MODULE = "azureml.core.model"
ORDER = ("entry_script", "runtime", "conda_file", "extra_docker_file_steps", "source_directory")
OLD_KEYS: dict[str, tuple[Any, ...]] = {
    "runtime": LEGACY["runtime",],
    "conda_file": LEGACY["condaFile",],
    "extra_docker_file_steps": LEGACY["extraDockerfileSteps",],
    "enable_gpu": FLAGS,
    "cuda_version": LEGACY["cudaVersion",],
    "base_image": LEGACY["baseImage",],
}
GOOD = {
    "entry_script": ("score.py",),
    "source_directory": ("src", "./src/", "."),
    "description": ("scores",),
    **OLD_KEYS,
}
FOLDERS = ("src", "missing", ".", "./src/", "score.py", "src/deep")
FILES = ("environment.yml", "nowhere.yml", "src", "steps", "./environment.yml")
REGISTRIES: tuple[Any, ...] = (
    *(Expression("ContainerRegistry()"), {"address": "a"}, "a", None, {}, ""),
)
ODD_VALUES = tuple(value for value in (*ODD, *TEXTS) if literal(value) is not None)
ENVIRONMENTS = (
    'Environment("scoring")',
    'Environment(name="scoring")',
    'Environment.from_conda_specification("scoring", "environment.yml")',
    'Environment.from_conda_specification(name="scoring", file_path="environment.yml")',
    'Environment.from_docker_image("scoring", "example.azurecr.io/base:1")',
    'Environment.from_pip_requirements("scoring", "requirements.txt")',
)
ODD_ENVIRONMENTS = (
    'Environment.from_conda_specification("scoring", "absent.yml")',
    'Environment.from_pip_requirements("scoring", "absent.txt")',
    "Environment()",
    'Environment("scoring", 1)',
    'Environment(nam="scoring")',
)
PACKAGES = 'CondaDependencies.create(pip_packages=["azureml-defaults"])'
ATTRIBUTES = {
    "docker.base_image": ('"example.azurecr.io/other:1"', "None"),
    "docker.base_dockerfile": ('"FROM example.azurecr.io/other:1"', "None"),
    "docker.enabled": ("True", "False"),
    "python.user_managed_dependencies": ("True", "False", '"false"'),
    "python.interpreter_path": ('"python3"',),
    "python.conda_dependencies": (PACKAGES, "CondaDependencies()"),
    "environment_variables": ('{"LEVEL": "info"}', "{}"),
    "inferencing_stack_version": ('"latest"',),
}
IMPORTS = (
    "from azureml.core import ContainerRegistry, Environment",
    "from azureml.core.conda_dependencies import CondaDependencies",
)


def good_arguments(rng: random.Random) -> dict[str, Any]:
    """Arguments that azureml-core takes; `environment` stands for the script's own."""
    arguments: dict[str, Any] = {"entry_script": "score.py"}
    if rng.random() < 0.4:
        arguments["source_directory"] = rng.choice(GOOD["source_directory"])
    if rng.random() < 0.55:
        arguments["environment"] = Expression("environment")
    else:
        share = rng.choice((0.0, 0.3, 0.7))
        arguments |= {k: rng.choice(v) for k, v in OLD_KEYS.items() if rng.random() < share}
        if "extra_docker_file_steps" in arguments:
            arguments["source_directory"] = "."
    return arguments


def bend(rng: random.Random, arguments: dict[str, Any]) -> None:
    """Changes one argument, usually for the worse."""
    name = rng.choice((*GOOD, "entry_script", "environment", "base_image_registry"))
    change = rng.random()
    if name == "entry_script" and change < 0.7:
        arguments[name] = rng.choice(SCRIPTS)
    elif name == "source_directory" and change < 0.7:
        arguments[name] = rng.choice(FOLDERS)
    elif name in ("conda_file", "extra_docker_file_steps") and change < 0.7:
        arguments[name] = rng.choice(FILES)
    elif name == "base_image_registry":
        arguments[name] = rng.choice(REGISTRIES)
    elif change < 0.6:
        arguments[name] = rng.choice(ODD_VALUES)
    elif change < 0.75:
        arguments.pop(name, None)
    elif change < 0.9:
        arguments[name] = rng.choice(GOOD.get(name, (Expression("environment"),)))
    else:
        arguments[rng.choice(("schema_file", "entryScript", "env", "model_name"))] = "x"


def environment(rng: random.Random) -> list[str]:
    """The lines that make the script's environment."""
    odd = rng.random() < 0.08
    lines = [f"environment = {rng.choice(ODD_ENVIRONMENTS if odd else ENVIRONMENTS)}"]
    for path, values in ATTRIBUTES.items():
        if rng.random() < 0.15:
            lines.append(f"environment.{path} = {rng.choice(values)}")
    return lines


def called_inferences(count: int, seed: int) -> Iterator[Case]:
    """``count`` scripts that make an inference configuration; the same ones for the same seed.

    Every other one is a good call with one argument set to one odd value, until all pairs of
    the two are used up.
    """
    names = (*GOOD, "environment", "base_image_registry")
    singles = [(name, value) for name in names for value in ODD_VALUES]
    random.Random(f"single inference call {seed}").shuffle(singles)
    for number in range(count):
        rng = random.Random(f"inference call {seed} {number}")
        arguments = good_arguments(rng)
        if number % 2 and number // 2 < len(singles):
            arguments.update([singles[number // 2]])
        else:
            for _ in range(rng.choice((0, 1, 1, 1, 2, 2, 3))):
                bend(rng, arguments)
        yield inference_call(rng, number, arguments)


def inference_call(rng: random.Random, number: int, arguments: dict[str, Any]) -> Case:
    """The call with the files around it; paths that stand twice in it are taken out."""
    before = tuple(environment(rng)) if "environment" in arguments else ()
    call = Call("InferenceConfig", MODULE, once(arguments, before), ORDER)
    files = {"deploy.py": code(rng, Code((call,), IMPORTS, before)), **TREE}
    files["requirements.txt"] = "azureml-defaults\n"
    script = arguments.get("entry_script")
    if isinstance(script, str) and script in ODD_SCRIPTS:
        files |= {folder + script: ODD_SCRIPTS[script] for folder in ("", "src/")}
    return Case(f"inference-code-{number:05}", "inference, code", "deploy.py", files)


PATHS = ("entry_script", "source_directory", "conda_file", "extra_docker_file_steps")


def once(arguments: dict[str, Any], before: Iterable[str]) -> dict[str, Any]:
    """The arguments without paths whose name stands elsewhere in the code: it may make them."""
    paths = {k: v for k, v in arguments.items() if k in PATHS and isinstance(v, str)}
    text = "\n".join((*map(str, arguments.values()), *before, *arguments, *ANYWHERE))
    twice = {
        name for name, path in paths.items() if not is_in(TREE, path) and stands(path, text) > 1
    }
    return {name: value for name, value in arguments.items() if name not in twice}


ANYWHERE = (*IMPORTS, MODULE, "config = configuration()", "return", "settings", "Service")


def is_in(tree: Iterable[str], path: str) -> bool:
    """Whether a path of one of the usual spellings leads to a file or folder of a tree."""
    plain = path.removeprefix("./").rstrip("/")
    return path == "." or any(name == plain or name.startswith(f"{plain}/") for name in tree)


def stands(path: str, text: str) -> int:
    """How often the last part of a path stands in a text as a word."""
    name = path.rstrip("/").rpartition("/")[2]
    return len(re.findall(rf"(?<!\w){re.escape(name)}(?!\w)", text))
