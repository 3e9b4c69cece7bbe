"""Scoring scripts out of real repositories, changed in one place each.

What a script imports and the oracle has not got is stood in for by the oracle (``stubs``); nothing
else about the script is made easier, so most of them start as they are.
"""

from __future__ import annotations

import ast
import random
import re
import sys
import textwrap
import warnings
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

Entry = ast.FunctionDef | ast.AsyncFunctionDef
SIBLINGS_AT_MOST = 30


class RealScript(NamedTuple):
    """A script of the corpus, the modules beside it that it imports, the distributions it wants."""

    origin: Path
    files: dict[str, str]
    stubs: tuple[str, ...]

    @property
    def text(self) -> str:
        return self.files["score.py"]

    @property
    def encoded(self) -> dict[str, bytes]:
        return {path: body.encode() for path, body in self.files.items()}


def parsed(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def entry_functions(text: str) -> dict[str, Entry]:
    functions = (node for node in parsed(text).body if isinstance(node, Entry))
    return {node.name: node for node in functions if node.name in ("init", "run")}


def real_scripts(folders: Iterable[Path]) -> list[RealScript]:
    """The online scripts under the folders: ``init`` and ``run``, and no ``mini_batch``."""
    found = []
    for path in sorted(path for folder in folders for path in folder.rglob("*.py")):
        try:
            entries = entry_functions(path.read_text("utf-8-sig"))
        except (SyntaxError, ValueError, OSError):
            continue
        if {"init", "run"} <= set(entries) and "mini_batch" not in ast.unparse(entries["run"].args):
            found.append(real_script(path))
    return found


def real_script(path: Path) -> RealScript:
    files = {"score.py": path.read_text("utf-8-sig")}
    wanted = top_level_imports(files["score.py"])
    for name in sorted(wanted):
        members = [path.parent / f"{name}.py", *sorted((path.parent / name).rglob("*.py"))]
        for member in [member for member in members if member.is_file()][:SIBLINGS_AT_MOST]:
            key = member.relative_to(path.parent).as_posix()
            files[key] = member.read_text("utf-8-sig")
            wanted |= top_level_imports(files[key])
    local = {name.partition("/")[0].removesuffix(".py") for name in files}
    return RealScript(path, files, tuple(sorted(wanted - local - sys.stdlib_module_names)))


def top_level_imports(text: str) -> set[str]:
    names: set[str] = set()
    try:
        nodes = list(ast.walk(parsed(text)))
    except SyntaxError:
        return names
    for node in nodes:
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


def with_idle_init(script: RealScript) -> RealScript:
    """The script with nothing done in ``init``: for what needs its model to start."""
    init = entry_functions(script.text)["init"]
    lines = script.text.split("\n")
    lines[init.body[0].lineno - 1 : init.end_lineno] = ["    pass"]
    return script._replace(files={**script.files, "score.py": "\n".join(lines)})


def lines_of(node: Entry, *, with_decorators: bool = True) -> slice:
    first = (
        min([node.lineno, *(one.lineno for one in node.decorator_list)])
        if with_decorators
        else node.lineno
    )
    return slice(first - 1, node.end_lineno)


def replace_function(text: str, node: Entry, new: str) -> str:
    lines = text.split("\n")
    lines[lines_of(node)] = new.split("\n")
    return "\n".join(lines)


def source_of(text: str, node: Entry) -> str:
    return "\n".join(text.split("\n")[lines_of(node)])


def header_changed(text: str, node: Entry, change: Callable[[str], str]) -> str:
    """The text with ``change`` applied to the ``def`` line(s) of the function."""
    lines = text.split("\n")
    last = max(node.lineno, node.body[0].lineno - 1)
    header = "\n".join(lines[node.lineno - 1 : last])
    lines[node.lineno - 1 : last] = change(header).split("\n")
    return "\n".join(lines)


def parameters_changed(text: str, node: Entry, parameters: str) -> str:
    return header_changed(
        text,
        node,
        lambda header: re.sub(r"\(.*\)", f"({parameters})", header, count=1, flags=re.DOTALL),
    )


def indented(text: str, node: Entry, head: str, tail: str = "") -> str:
    return replace_function(
        text, node, head + textwrap.indent(source_of(text, node), "    ") + tail
    )


WRAPPER = (
    "def deco(fn):\n    import functools\n{}    def wrapper(*args, **kwargs):\n"
    "        return fn(*args, **kwargs)\n    return wrapper\n"
)
PARAMETERS = (
    "",
    "data",
    "*args",
    "data, **kwargs",
    "data, /",
    "request_headers",
    "data, request_headers",
    "data, extra",
    "self, data",
)

Change = Callable[[random.Random, str, Entry], str]


def _undecorate(_source: random.Random, text: str, node: Entry) -> str:
    return "\n".join(text.split("\n")[: lines_of(node).start] + text.split("\n")[node.lineno - 1 :])


def _without_global(_source: random.Random, text: str, _node: Entry) -> str:
    return re.sub(r"^(\s+)global .*$", r"\1pass", text, flags=re.MULTILINE)


def _broken(source: random.Random, text: str, _node: Entry) -> str:
    lines = text.split("\n")
    number = source.randrange(len(lines))
    lines[number] = source.choice(
        [
            "\t" + lines[number],
            lines[number] + " (",
            lines[number].replace(":", "", 1),
            "  " + lines[number],
        ]
    )
    return "\n".join(lines)


def _decorated(source: random.Random, text: str, node: Entry) -> str:
    helper = WRAPPER.format(source.choice(["", "    @functools.wraps(fn)\n"]))
    return replace_function(text, node, helper + "@deco\n" + source_of(text, node))


def inserted(text: str, node: Entry, line: str) -> str:
    """The text with a line in front of the first statement of the function."""
    lines = text.split("\n")
    first = node.body[0]
    indent = lines[first.lineno - 1][: first.col_offset]
    lines.insert(first.lineno - 1, indent + line)
    return "\n".join(lines)


def _import_dropped(source: random.Random, text: str, _node: Entry) -> str:
    imports = [
        one
        for one in parsed(text).body
        if isinstance(one, ast.Import | ast.ImportFrom)
        and one.lineno == one.end_lineno
        and ast.unparse(one) == text.split("\n")[one.lineno - 1].strip()
    ]
    if not imports:
        return text
    lines = text.split("\n")
    del lines[source.choice(imports).lineno - 1]
    return "\n".join(lines)


def _misspelt(source: random.Random, text: str, node: Entry) -> str:
    names = [
        one
        for statement in node.body
        for one in ast.walk(statement)
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load) and len(one.id) > 2
    ]
    if not names:
        return text
    chosen, lines = source.choice(names), text.split("\n")
    line = lines[chosen.lineno - 1].encode()
    end = chosen.col_offset + len(chosen.id.encode())
    changed = chosen.id[:-2] + chosen.id[-1] + chosen.id[-2] + "_"
    lines[chosen.lineno - 1] = (line[: chosen.col_offset] + changed.encode() + line[end:]).decode()
    return "\n".join(lines)


ANSWERS = ("{1, 2}", "b'ok'", "object()", "(n for n in [1])", "{'at': {1}}", "{(1, 2): 3}", "'ok'")


def _answering(source: random.Random, text: str, _node: Entry) -> str:
    run = entry_functions(text)["run"]
    return inserted(text, run, f"return {source.choice(ANSWERS)}")


ENDS = ("import sys; sys.exit(1)", "raise SystemExit", "quit()", "breakpoint()")
ENDS += ("import pdb; pdb.set_trace()", "if not __name__: breakpoint()", "if not __name__: exit()")


def _ending(source: random.Random, text: str, node: Entry) -> str:
    return inserted(text, node, source.choice(ENDS))


SCHEMAS = ("'{0}', Sample([1])", "'other', Sample([1])", "'{0}', [1]", "param_name='{0}'")


def _with_schema(source: random.Random, text: str, node: Entry) -> str:
    first = ([*node.args.args, ast.arg("data")])[0].arg
    head = (
        "from inference_schema.schema_decorators import input_schema as schema\n"
        "from inference_schema.parameter_types.standard_py_parameter_type import (\n"
        "    StandardPythonParameterType as Sample,\n)\n"
    )
    decorator = f"@schema({source.choice(SCHEMAS).format(first)})\n"
    return replace_function(text, node, head + decorator + source_of(text, node))


MUTATIONS: dict[str, Change] = {
    "import-dropped": _import_dropped,
    "misspelt": _misspelt,
    "answering": _answering,
    "ending": _ending,
    "with-schema": _with_schema,
    "unchanged": lambda _source, text, _node: text,
    "renamed": lambda source, text, node: header_changed(
        text,
        node,
        lambda header: header.replace(
            node.name, source.choice([node.name.title(), f"{node.name}_model", f"_{node.name}"]), 1
        ),
    ),
    "dropped": lambda _source, text, node: replace_function(text, node, ""),
    "main-guard": lambda _source, text, node: indented(text, node, 'if __name__ == "__main__":\n'),
    "in-try": lambda _source, text, node: indented(
        text, node, "try:\n", "\nexcept Exception:\n    raise\n"
    ),
    "in-failing-try": lambda _source, text, node: indented(
        text, node, "try:\n    import nowhere_at_all\n", "\nexcept ImportError:\n    pass\n"
    ),
    "in-class": lambda _source, text, node: indented(text, node, "class Scorer:\n"),
    "in-function": lambda _source, text, node: indented(text, node, "def setup():\n"),
    "parameters": lambda source, text, node: parameters_changed(
        text, node, source.choice(PARAMETERS)
    ),
    "async": lambda _source, text, node: header_changed(
        text, node, lambda header: header.replace("def ", "async def ", 1)
    ),
    "decorated": _decorated,
    "undecorated": _undecorate,
    "deleted-at-end": lambda _source, text, node: f"{text}\ndel {node.name}\n",
    "rebound-at-end": lambda _source, text, node: f"{text}\n{node.name} = None\n",
    "aliased": lambda _source, text, node: (
        header_changed(text, node, lambda header: header.replace(node.name, "start", 1))
        + f"\n{node.name} = start\n"
    ),
    "without-global": _without_global,
    "broken": _broken,
    "cut-off": lambda source, text, _node: text[: source.randrange(len(text) + 1)],
    "crlf": lambda _source, text, _node: text.replace("\n", "\r\n"),
    "bom": lambda _source, text, _node: "\ufeff" + text,
    "line-dropped": lambda source, text, _node: "\n".join(
        line
        for number, line in enumerate(text.split("\n"))
        if number != text.count("\n") * source.random() // 1
    ),
    "pip-magic": lambda _source, text, _node: "!pip install joblib\n" + text,
}


def mutation(source: random.Random, script: RealScript) -> tuple[str, RealScript]:
    """A kind, and the script changed in one place."""
    kind, name = source.choice(sorted(MUTATIONS)), source.choice(["init", "run"])
    changed = MUTATIONS[kind](source, script.text, entry_functions(script.text)[name])
    return f"corpus:{name}:{kind}", script._replace(files={**script.files, "score.py": changed})
