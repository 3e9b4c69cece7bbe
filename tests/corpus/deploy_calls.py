"""Counts the deploy calls of a tree, and says of each what amllint makes of it.

    python -m tests.corpus.deploy_calls DIR…

Every call that looks like one by its last names is counted with Python's own parser, in scripts
and in plain cells of notebooks. A call is `resolved` where amllint takes it for azureml-core's
and knows every argument; `partly` where it knows some; `unknown` where it does not take it for
one. Reasons are counted by argument, workspaces, models and compute targets left out: those are
objects of the service.
"""

from __future__ import annotations

import ast
import os
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from amllint.analysis.sdk_calls import SdkCall
from amllint.artifacts.deploy_code import DeployCode
from amllint.artifacts.fields import Unknown
from amllint.config import Settings
from amllint.engine.loading import Loader
from amllint.source.magics import python_of
from amllint.source.overlay import Overlay
from amllint.source.problem import Malformed, Unreadable
from amllint.source.repository import Repository

COUNTED = (
    *("InferenceConfig", "Model.deploy", "Model.package", "Model.profile", "Model.register"),
    *("AksWebservice.deploy_configuration", "AciWebservice.deploy_configuration"),
    *("LocalWebservice.deploy_configuration", "AksEndpoint.deploy_configuration"),
    *("AksCompute.provisioning_configuration", "AksCompute.attach_configuration"),
)
OBJECTS = frozenset(
    {"workspace", "models", "deployment_target", "input_dataset", "tags", "properties"}
    | {"datasets", "sample_input_dataset", "sample_output_dataset", "resource_configuration"}
)
CONFIGURATIONS = frozenset({"inference_config", "deployment_config", "environment"})


@dataclass
class Count:
    """Calls by name and class, and the reasons why an argument is not known."""

    calls: Counter[tuple[str, str]] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    unseen: Counter[str] = field(default_factory=Counter)


def last_names(node: ast.Call) -> str:
    """`Class.method` or `Class` as it is written at the end of what is called."""
    text = ast.unparse(node.func)
    return ".".join(text.split(".")[-2:]) if not text[:1].isupper() else text


def written(text: str) -> Iterator[str]:
    """The counted calls in a text of Python; none where it cannot be parsed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = last_names(node)
            found = next((c for c in COUNTED if name == c or name.endswith(f".{c}")), None)
            if found is not None:
                yield found


def calls_in(path: str, overlay: Overlay) -> Counter[str]:
    """The counted calls of a file, by Python's own parser."""
    found: Counter[str] = Counter()
    try:
        if path.endswith(".py"):
            found.update(written(overlay.text(path).text))
        else:
            for cell in overlay.notebook(path).cells.values():
                magic = cell.magic
                if magic is None or magic.written is None:
                    found.update(written(python_of(cell.text) or ""))
    except (Malformed, Unreadable):
        return found
    return found


def reasons(code: DeployCode, call: SdkCall) -> Iterator[str]:
    """Why arguments of a call are not known."""
    for parameter, given in call.given.items():
        if parameter in OBJECTS:
            continue
        if parameter in CONFIGURATIONS:
            if code.objects.made(given.value) is None:
                yield f"{parameter}: made elsewhere"
            continue
        value = code.argument(call, parameter)
        if isinstance(value, Unknown):
            yield f"{parameter}: {value.reason}"
    if call.rest is not None:
        yield "arguments passed on"


def count(folder: str) -> Count:
    """The deploy calls of a tree."""
    overlay = Overlay(cwd=folder)
    loader = Loader(overlay, Repository.around(folder), Settings())
    loader.request(["."])
    loader.load()
    codes = {code.path: code for code in loader.linker.codes.values()}
    result = Count()
    for path in loader.requested:
        if not path.endswith((".py", ".ipynb")):
            continue
        there = calls_in(path, overlay)
        code = codes.get(overlay.display(path))
        for call in code.calls if code else ():
            if there[call.name] > 0:
                there[call.name] -= 1
                why = list(reasons(code, call)) if code else []
                result.calls[call.name, "partly" if why else "resolved"] += 1
                result.reasons.update(why)
        for name, number in there.items():
            result.calls[name, "unknown"] += number
            if number:
                result.unseen["no import of azureml-core" if code is None else "not bound"] += (
                    number
                )
    return result


def show(folder: str, counted: Count) -> None:
    """A table of one tree."""
    kinds = ("resolved", "partly", "unknown")
    print(f"{os.path.basename(folder.rstrip('/'))}")
    for name in COUNTED:
        row = [counted.calls[name, kind] for kind in kinds]
        if any(row):
            print(
                f"  {name:<42}" + "".join(f"{k} {n:>4}  " for k, n in zip(kinds, row, strict=True))
            )
    totals = [sum(n for (_, k), n in counted.calls.items() if k == kind) for kind in kinds]
    print(f"  {'all':<42}" + "".join(f"{k} {n:>4}  " for k, n in zip(kinds, totals, strict=True)))
    for reason, number in (*counted.reasons.most_common(), *counted.unseen.most_common()):
        print(f"    {number:>4}  {reason}")


def main(folders: list[str]) -> int:
    """Count each tree; 2 without one."""
    if not folders:
        print(__doc__, file=sys.stderr)
        return 2
    for folder in folders:
        whole = str(Path(folder).resolve())
        show(whole, count(whole))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
