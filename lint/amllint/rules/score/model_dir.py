"""The mend of `get-model-path`: the same path, from the folder that the platform sets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Edit, Fix
from amllint.rules.score.script_edits import Wanted, drop_import, own_reads
from amllint.source.python import syntax as s

LOOKUPS: Final = frozenset(
    {
        "azureml.core.model.Model.get_model_path",
        "azureml.core.Model.get_model_path",
        "Model.get_model_path",
    }
)
"""What `Model.get_model_path` is called, the last one where a star import brings it."""
_FILE: Final = re.compile(r"\w\.[A-Za-z]\w{0,7}$")


def from_model_dir(
    script: ScoringScript, calls: Sequence[s.Call], models: Sequence[str], entry: str | None
) -> Fix | None:
    """Write every call of a script as a path below AZUREML_MODEL_DIR; `None` if one cannot be.

    `calls` are all calls of `get_model_path`, `models` the names that are declared to be
    deployed, `entry` the file or folder that the only one is, if that lies in the repository.
    With one model the folder holds its file; with several, `<name>/<version>/<file>` for each.
    Like `get_model_path`, the path is that of the only entry there.
    """
    named = [lookup_arguments(call) for call in calls]
    if any(a is None for a in named):
        return None
    names = [_text(a.name) for a in named if a is not None]
    if len(calls) > 1 and None in names:
        return None
    several = len(models) > 1 or len(set(names)) > 1
    wanted = Wanted(script)
    edits: list[Edit] = []
    for call, arguments in zip(calls, named, strict=True):
        text = _path(script, wanted, arguments, several, entry) if arguments else None
        if text is None:
            return None
        edits.append(Edit(script.path, call.span, text))
    assumed = "several models" if several else "one model"
    message = f"look below AZUREML_MODEL_DIR, as laid out for {assumed}"
    return Fix("unsafe", message, (*wanted.edits(), *edits, *_unused(script, calls)))


class LookupArguments(NamedTuple):
    """What `get_model_path` is called with."""

    name: s.Expr
    version: s.Expr | None


def lookup_arguments(call: s.Call) -> LookupArguments | None:
    """The name and the version; `None` where there are other arguments, or cannot be told."""
    order = ("model_name", "version")
    found: dict[str, s.Expr] = {}
    for position, argument in enumerate(call.arguments):
        name = argument.keyword or (order[position] if position < len(order) else "")
        if name not in order or argument.star:
            return None
        found[name] = argument.value
    return (
        LookupArguments(found["model_name"], found.get("version"))
        if "model_name" in found
        else None
    )


def _text(node: s.Expr) -> str | None:
    return node.value if isinstance(node, s.Constant) and isinstance(node.value, str) else None


def _path(
    script: ScoringScript,
    wanted: Wanted,
    arguments: LookupArguments,
    several: bool,
    entry: str | None,
) -> str | None:
    os = wanted.module("os")
    folder = f'{os}.environ["AZUREML_MODEL_DIR"]'
    name = _text(arguments.name)
    if name is not None and re.search(r"[\\\"*?\[\n]", name):
        return None
    only = entry or (name if name and _FILE.search(name) else None)
    if not several and only and not re.search(r'[\\"\n]', only):
        return f'{os}.path.join({folder}, "{only}")' if os else None
    glob = wanted.module("glob")
    version = arguments.version.value if isinstance(arguments.version, s.Constant) else None
    below = f"{version}/*" if isinstance(version, int) else "*/*"
    if not several:
        pattern = f'{folder} + "/*"'
    elif name is not None:
        pattern = f'{folder} + "/{name}/{below}"'
    else:
        said = script.source.slice(arguments.name.span)
        pattern = f'{os}.path.join({folder}, {said}, "{below}")'
    return f"{glob}.glob({pattern})[0]" if glob and os else None


def _unused(script: ScoringScript, calls: Sequence[s.Call]) -> list[Edit]:
    """Take out the import that only these calls need: it fails where azureml-core is missing."""
    roots = {(s.dotted(c.function) or "").partition(".")[0] for c in calls}
    edits: list[Edit] = []
    for root in roots - {""}:
        others = [
            n
            for n in own_reads(script.module.body, root)
            if not any(c.function.span.contains(n.span) for c in calls)
        ]
        dropped = None if others else drop_import(script, root)
        edits.extend([dropped] if dropped else [])
    return edits
