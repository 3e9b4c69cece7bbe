"""Starts a rule: a module whose page and test say what is left to fill in.

python -m tools.new_rule AML123 double-encoded-json --family score --severity info \\
    --stage score --reads ScoringScript

Writes lint/amllint/rules/FAMILY/NAME.py and nothing else. The module is valid and its page
test fails until the example reports the rule. `python -m tools.generate` adds it to the index.
"""

from __future__ import annotations

import argparse
import ast
import keyword
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "lint"))

TEMPLATE: Final = '''\
"""TODO: the defect in one sentence of at most 80 characters.

## What it does
TODO: what is reported, and what is deliberately not.

## Why it matters
TODO: what the user would have seen, and at which stage.

## Example
TODO: the smallest files that have the defect; lines to be reported go into the braces.
{example}

## Use instead
TODO: the same files without it; nothing at all may be reported.
{instead}
{fix_safety}
## Sources
- TODO: what was executed, with its version, or where it is documented.
"""

from __future__ import annotations

from collections.abc import Iterator

{imports}


{decorator}
{signature}
    """TODO: report each …"""
    # TODO: yield finding(location, "fact, quoted value, consequence", help="what to write").
    yield from ()
'''
FIX_SAFETY: Final = """
## Fix safety
{Applicability}: TODO: what the edit does, and why it is {applicability}.
"""
SCRIPT: Final = """\
```python score.py{marks}
def init():
    pass


def run(raw_data):
    return {{"received": len(raw_data)}}
```"""
WIDTH: Final = 100
INFERENCE: Final = """\
```json inferenceconfig.json{marks}
{{"entryScript": "score.py", "runtime": "python", "condaFile": "conda.yml"}}
```"""
CONDA: Final = """\
```yaml conda.yml{marks}
name: serving
channels:
  - conda-forge
dependencies:
  - python=3.10
  - pip
  - pip:
      - azureml-defaults==1.60.0
```"""
DEPLOYMENT: Final = """\
```json deploymentconfig.json{marks}
{{"computeType": "aks", "numReplicas": 2}}
```"""
FILES: Final = {"score": SCRIPT, "inference": INFERENCE, "environment": CONDA}
"""What the example of a family is about; all others start from a deployment config."""


class Refused(Exception):
    """The rule cannot be started as asked; `str()` says why."""


def source(
    code: str, name: str, severity: str, stage: str, reads: list[str], fix: str | None, family: str
) -> str:
    """The module of a rule that is still to be written."""
    given = [f'"{code}"', f'"{name}"', f'severity="{severity}"', f'stage="{stage}"']
    given += [f'fix="{fix}"'] if fix else []
    parameters = [f"{parameter(kind)}: {kind}" for kind in reads]
    safety = FIX_SAFETY.format(Applicability=fix.capitalize(), applicability=fix) if fix else ""
    return TEMPLATE.format(
        example=files(family, " {1}"),
        instead=files(family, ""),
        fix_safety=safety,
        imports="\n".join(imports(reads)),
        decorator=wrapped("@rule(", given, ")"),
        signature=wrapped(
            f"def {name.replace('-', '_')}(", parameters, ") -> Iterator[Observation]:"
        ),
    )


def wrapped(head: str, parts: list[str], tail: str) -> str:
    """A call or signature as ruff formats it: on one line, or a line for each part."""
    line = head + ", ".join(parts) + tail
    if len(line) <= WIDTH:
        return line
    inner = "    " + ", ".join(parts)
    if head.startswith("def") and len(inner) <= WIDTH:
        return f"{head}\n{inner}\n{tail}"
    return "\n".join([head, *(f"    {part}," for part in parts), tail])


def files(family: str, marks: str) -> str:
    """The fences of an example, the first of them marked."""
    first = FILES.get(family, DEPLOYMENT)
    rest = [f for f in (INFERENCE, SCRIPT, CONDA) if f is not first and family in _LINKED]
    return "\n".join(f.format(marks=marks if f is first else "") for f in (first, *rest))


_LINKED: Final = ("inference", "environment")


def imports(reads: list[str]) -> Iterator[str]:
    """The imports of a rule, sorted as ruff sorts them."""
    names = {"amllint.findings.finding": {"Observation"}, "amllint.rules.registry": {"rule"}}
    for kind in reads:
        names.setdefault(module(kind), set()).add(kind)
    for place in sorted(names):
        yield f"from {place} import {', '.join(sorted(names[place]))}"


def module(kind: str) -> str:
    """The module that defines a type which rules read."""
    for path in sorted((ROOT / "lint/amllint").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if re.search(rf"(?m)^class {kind}\b", text) or re.search(rf"(?m)^{kind}\b.*=", text):
            return ".".join(path.relative_to(ROOT / "lint").with_suffix("").parts)
    raise Refused(f"nothing in amllint is called {kind}")


def parameter(kind: str) -> str:
    """What a parameter of a type is called in rules."""
    named = {"ScoringScript": "script", "DeploymentUnit": "unit", "CondaEnvironment": "environment"}
    if kind in named:
        return named[kind]
    return "config" if kind.endswith("Config") else re.sub(r"(?<!^)(?=[A-Z])", "_", kind).lower()


def refuse(code: str, name: str, reads: list[str]) -> None:
    """Raises `Refused` where code, name or parameters cannot be used."""
    from amllint.rules.registry import RULES

    if not re.fullmatch(r"AML\d{3}", code):
        raise Refused(f"{code} is no code; codes look like AML123")
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        raise Refused(f"{name} is no name; names look like double-encoded-json")
    if keyword.iskeyword(name):
        raise Refused(f"{name} is a keyword of Python")
    for info in RULES:
        if code == info.code or name == info.name:
            raise Refused(f"{info.code} {info.name} exists; codes never change their meaning")
    names = [parameter(kind) for kind in reads]
    if len(set(names)) < len(names):
        raise Refused(f"two parameters would be called the same: {', '.join(names)}")


def start(options: argparse.Namespace) -> Path:
    """Write the module; where it stands."""
    from amllint.findings.finding import STAGES

    refuse(options.code, options.name, options.reads)
    if options.stage not in STAGES:
        raise Refused(f"{options.stage} is no stage; stages are {', '.join(STAGES)}")
    folder = ROOT / "lint/amllint/rules" / str(options.family)
    path = folder / f"{options.name.replace('-', '_')}.py"
    if path.exists():
        raise Refused(f"{path.relative_to(ROOT)} exists")
    text = source(
        options.code,
        options.name,
        options.severity,
        options.stage,
        options.reads,
        options.fix,
        options.family,
    )
    ast.parse(text)
    if not folder.exists():
        folder.mkdir()
        init = f'"""Rules of the family `{options.family}`."""\n'
        (folder / "__init__.py").write_text(init, encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    return path


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.new_rule", description="Start a rule.")
    parser.add_argument("code", help="such as AML123; the first digit is the family's")
    parser.add_argument("name", help="the defect, such as double-encoded-json")
    parser.add_argument("--family", required=True, help="folder below rules/, such as score")
    parser.add_argument("--severity", required=True, choices=("error", "warning", "info"))
    parser.add_argument("--stage", required=True, help="where the deployment fails")
    parser.add_argument("--reads", required=True, nargs="+", metavar="TYPE")
    parser.add_argument("--fix", choices=("safe", "unsafe"))
    return parser


def main() -> int:
    """Start a rule and say what comes next."""
    try:
        path = start(arguments().parse_args())
    except Refused as reason:
        print(f"new_rule: {reason}", file=sys.stderr)
        return 2
    print(f"written: {path.relative_to(ROOT)}")
    print("next: write its page and its function, then `python -m tools.generate`")
    return 0


if __name__ == "__main__":
    sys.exit(main())
