"""Reads signatures, defaults and deprecations of azureml-core into `schemas/azureml-core.json`.

python -m tools.azureml_core            write the table
python -m tools.azureml_core --check    exit 1 where it is out of step
python tools/azureml_core.py --read     print it; for a Python that has azureml-core

azureml-core is imported in the environment that the oracle tests make for it, never in ours.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "schemas/azureml-core.json"
CLASSES = {
    "azureml.core": ("Environment", "Model", "Webservice", "ComputeTarget", "ContainerRegistry"),
    "azureml.core.model": ("InferenceConfig",),
    "azureml.core.environment": ("DockerSection", "PythonSection"),
    "azureml.core.conda_dependencies": ("CondaDependencies",),
    "azureml.core.webservice": ("AksWebservice", "AciWebservice", "LocalWebservice", "AksEndpoint"),
    "azureml.core.compute": ("AksCompute",),
    "azureml.core.compute.aks": ("AksAttachConfiguration", "AksProvisioningConfiguration"),
    "azureml.core.image": ("ContainerImage", "Image"),
    "azureml.core.resource_configuration": ("ResourceConfiguration",),
}
"""What deploys models, and where it is imported from."""
TOLD = ("populate_model_not_found_details",)
"""Functions of azureml-core that put keywords into a text for the user, and nothing else."""


# -- reading, where azureml-core is ---------------------------------------------------------


def read() -> dict[str, Any]:
    """Every class with its public callables, properties and deprecations."""
    from importlib.metadata import version

    classes = {}
    for module, names in CLASSES.items():
        for name in names:
            classes[name] = described(getattr(importlib.import_module(module), name))
    head = {"package": "azureml-core", "version": version("azureml-core")}
    return {**head, "classes": classes, "values": values()}


def values() -> dict[str, Any]:
    """What azureml-core fills in by itself, by the expression that makes it do so."""
    from azureml.core import Environment  # type: ignore[import-not-found,unused-ignore]
    from azureml.core.conda_dependencies import (  # type: ignore[import-not-found,unused-ignore]
        CondaDependencies,
    )

    return {
        "CondaDependencies()": CondaDependencies().as_dict(),
        "CondaDependencies.create()": CondaDependencies.create().as_dict(),
        "CondaDependencies.create(pip_packages=['numpy'])": CondaDependencies.create(
            pip_packages=["numpy"]
        ).as_dict(),
        "Environment('a').docker.base_image": Environment("a").docker.base_image,
        "Environment('a').environment_variables": Environment("a").environment_variables,
    }


def described(kind: type) -> dict[str, Any]:
    """A class: how it is made, what can be called on it, what can be read or set on it."""
    bases = [b.__name__ for b in kind.__mro__[1:] if b.__module__.startswith("azureml.core")]
    found: dict[str, Any] = {"bases": bases} if bases else {}
    constructor = inspect.getattr_static(kind, "__init__")
    warning = deprecation(inspect.getdoc(kind)) or own_warning(constructor)
    if warning:
        found["deprecated"] = warning
    found["constructor"] = callable_of(constructor, bound=True)
    names = [row[0] for row in found["constructor"]["parameters"]]
    validate = getattr(kind, "validate_configuration", None)
    warned = dict(parameter_warnings(validate, names)) if validate else {}
    if warned:
        found["constructor"]["deprecated_parameters"] = warned
    methods = {}
    properties = {}
    for name in sorted(n for n in dir(kind) if not n.startswith("_")):
        member = inspect.getattr_static(kind, name)
        if isinstance(member, property):
            set_warning = own_warning(member.fset) if member.fset else None
            properties[name] = set_warning or deprecation(inspect.getdoc(member))
        elif callable(getattr(kind, name)) and not inspect.isclass(getattr(kind, name)):
            bound = not isinstance(member, staticmethod)
            function = (
                member.__func__ if isinstance(member, (staticmethod, classmethod)) else member
            )
            methods[name] = callable_of(function, bound)
    return {**found, "methods": methods, "properties": properties}


def callable_of(function: Any, bound: bool) -> dict[str, Any]:
    """A signature: `[name]` for what must be given, `[name, default]` for the rest."""
    parameters = list(inspect.signature(function).parameters.values())[1 if bound else 0 :]
    plain = [p for p in parameters if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    found: dict[str, Any] = {"parameters": [parameter(p) for p in plain]}
    if any(p.kind is p.VAR_KEYWORD for p in parameters):
        found["keywords"] = True
        read = keywords_read(function)
        if read is not None:
            found["keywords_read"] = read
    if any(p.kind is p.VAR_POSITIONAL for p in parameters):
        found["positionals"] = True
    text = inspect.getdoc(function) or ""
    returned = re.search(r":rtype:\s*(?::class:`)?([\w.]+)", text)
    if returned and returned[1].startswith("azureml."):
        found["returns"] = returned[1].rpartition(".")[2]
    warning = own_warning(function) if function.__name__ != "__init__" else None
    warning = warning or deprecation(text)
    if warning:
        found["deprecated"] = warning
    warned = dict(parameter_warnings(function, [p.name for p in plain]))
    return {**found, "deprecated_parameters": warned} if warned else found


def keywords_read(function: Any) -> list[str] | None:
    """The names that a function looks for among its `**` keywords, and drops what else there is.

    `None` where it hands the keywords on, or cannot be read.
    """
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    except (OSError, TypeError, SyntaxError):
        return None
    if not isinstance(tree, ast.FunctionDef) or tree.args.kwarg is None:
        return None
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    names = {tree.args.kwarg.arg}
    for node in ast.walk(tree):  # options.update(kwargs)
        updates = isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".update")
        if isinstance(node, ast.Call) and updates and {*map(ast.unparse, node.args)} & names:
            names.add(ast.unparse(node.func).removesuffix(".update"))
    read: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in names and isinstance(node.ctx, ast.Load):
            found = key_read(node, parents)
            if found is None:
                return None
            read.update(found)
    return sorted(read)


def key_read(name: ast.Name, parents: dict[ast.AST, ast.AST]) -> tuple[str, ...] | None:
    """The key that is taken out of a dictionary, none where that is told or copied only.

    `None` where the dictionary goes elsewhere.
    """
    above = parents[name]
    if isinstance(above, ast.Subscript) and isinstance(above.slice, ast.Constant):
        return (str(above.slice.value),)
    call = parents.get(above)
    if isinstance(above, ast.Attribute) and isinstance(call, ast.Call):
        if above.attr in ("get", "pop") and isinstance(call.args[0], ast.Constant):
            return (str(call.args[0].value),)
        return () if above.attr == "update" else None
    if isinstance(above, ast.keyword) and isinstance(call, ast.Call):
        return () if ast.unparse(call.func) in TOLD else None
    copied = isinstance(above, ast.Call) and ast.unparse(above.func).endswith(".update")
    return () if copied else None


def parameter(given: inspect.Parameter) -> list[Any]:
    """A parameter's name, and its default if it has one."""
    if given.default is inspect.Parameter.empty:
        return [given.name]
    default = given.default
    plain = default is None or isinstance(default, (bool, int, float, str))
    return [given.name, default if plain else repr(type(default).__name__)]


def deprecation(text: str | None) -> str | None:
    """What a docstring says of being deprecated, `None` if it does not."""
    first = (text or "").partition("\n\n")[0]
    found = re.search(r"\bDEPRECATED\b[.:,]?\s*(.*)", first, re.DOTALL)
    if found is None:
        return None
    said = re.sub(r":\w+:`~?([^`]+)`", r"\1", " ".join(found[1].split())).replace("``", "")
    return said or "deprecated"


def warnings_in(function: Any) -> Iterator[tuple[str, tuple[ast.expr, ...]]]:
    """Texts that a function warns of deprecation with, each with the tests around it."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return
    stack: list[tuple[ast.AST, tuple[ast.expr, ...]]] = [(tree, ())]
    while stack:
        node, tests = stack.pop()
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith((".warn", ".warning")):
            parts = [
                n
                for argument in node.args[:1]
                for n in ast.walk(argument)
                if isinstance(n, ast.Constant) and isinstance(n.value, str)
            ]
            parts.sort(key=lambda n: (n.lineno, n.col_offset))
            text = "".join(str(n.value) for n in parts)
            text = re.sub(r"https?://\S*|\{\}\S*", "", text)
            if "deprecated" in text.lower():
                yield " ".join(text.split()), tests
        inner = (*tests, node.test) if isinstance(node, ast.If) else tests
        stack.extend((child, inner) for child in ast.iter_child_nodes(node))


def own_warning(function: Any) -> str | None:
    """What a function warns of whenever it is called."""
    return next((text for text, tests in warnings_in(function) if not tests), None)


def parameter_warnings(function: Any, names: list[str]) -> Iterator[tuple[str, str]]:
    """Parameters of whose use a function warns, with what it says."""
    for text, tests in warnings_in(function):
        for name in names:
            tested = (n for test in tests for n in ast.walk(test))
            if any(name in (getattr(n, "id", None), getattr(n, "attr", None)) for n in tested):
                yield name, text


# -- keeping the table ------------------------------------------------------------------------


def fresh(python: Path) -> dict[str, Any]:
    """The table as a Python that has azureml-core reads it. Raises `RuntimeError`."""
    command = [str(python), "-W", "ignore", str(Path(__file__).resolve()), "--read"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if done.returncode:
        raise RuntimeError(f"azureml-core cannot be read:\n{done.stderr[-2000:]}")
    table: dict[str, Any] = json.loads(done.stdout)
    return table


def main(arguments: list[str]) -> int:
    """Read, write or compare; 1 where the table is out of step."""
    if arguments == ["--read"]:
        sys.path = [p for p in sys.path if Path(p or ".").resolve() != ROOT / "tools"]
        print(json.dumps(read()))
        return 0
    from tests.oracle.environments import oracle_environment

    table = fresh(oracle_environment("azureml-core"))
    if arguments == ["--check"]:
        known = json.loads(TABLE.read_text("utf-8"))
        known.pop("date")
        if known != table:
            print(f"{TABLE.name} is out of step; run python -m tools.azureml_core")
        return int(known != table)
    dated = {"package": table["package"], "version": table["version"], "date": str(date.today())}
    TABLE.write_text(written({**dated, **table}), "utf-8")
    return 0


def written(table: dict[str, Any]) -> str:
    """The table as text, one callable or property a line."""
    text = json.dumps(table, indent=1, ensure_ascii=False)
    # What is deeper than a callable is put on its line.
    return (
        re.sub(r"\n {5,}| *\n {4}(?=[\]}])", " ", text).replace("[ ", "[").replace(" ]", "]") + "\n"
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
