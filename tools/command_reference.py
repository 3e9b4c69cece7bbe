"""Reads the options of `az ml` commands from Microsoft's reference into a table.

python -m tools.command_reference CHECKOUT    write `schemas/az-ml-options.json`

CHECKOUT is a clone of MicrosoftDocs/azure-docs-cli. An option that any version of the reference
had counts as known: which version of an extension a script is run with is not written.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import textwrap
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import yaml

TABLE = Path(__file__).resolve().parent.parent / "schemas/az-ml-options.json"
SOURCE = "MicrosoftDocs/azure-docs-cli, docs-ref-autogen: every version of the pages of az ml"
PAGES = re.compile(r"docs-ref-autogen/.*\bml(?:\(v1\)|\[v1\])?/[\w-]+\.yml$")
COMMANDS = {
    "azure-cli-ml": ("model deploy", "model profile", "service update"),
    "ml": tuple(
        f"{kind}-{what} {verb}"
        for kind in ("online", "batch")
        for what in ("deployment", "endpoint")
        for verb in ("create", "update")
    ),
}
"""By extension. What both extensions have, as `model package`, is left out."""
GLOBAL = "--debug", "--help -h", "--only-show-errors", "--output -o", "--query", "--verbose"
OF_ALL = (*GLOBAL, "--subscription", "--acquire-policy-token", "--change-reference")
TAKES = {
    "none": "-v --overwrite --no-wait --web --all-traffic --skip-script-validation --package-model "
    "--force-string --set-default --verbose --debug --only-show-errors --help "
    "--acquire-policy-token",
    "perhaps": "--local --vscode-debug --local-enable-gpu --is-migration",
    "many": "--set --add --remove --traffic --mirror-traffic --defaults",
}
"""Options that do not take one value, which the reference does not say of all of them."""
DEFAULTED = frozenset({"--resource-group", "--workspace-name"})
"""Required ones that `az configure --defaults` can give."""


def main(checkout: str) -> int:
    """Write the table."""
    found: dict[str, Options] = {}
    for text in versions(checkout):
        for name, (given, needed) in read(text):
            known = found.setdefault(name, Options({}, ()))
            found[name] = Options(merged(known.names, given), needed)
    commands = {
        name: {"extension": extension, **found[f"{extension} {name}"].by_values()}
        for extension, names in COMMANDS.items()
        for name in names
    }
    table = {"source": SOURCE, "date": f"{date.today():%Y-%m-%d}"}
    everywhere = Options(merged({}, [n.split() for n in OF_ALL]), ()).by_values()
    write({**table, "every": everywhere, "commands": commands})
    return 0


def write(table: dict[str, Any]) -> None:
    """Write the table, each list in as few lines as it takes."""
    text = json.dumps(table, indent=1)
    text = re.sub(r"\[\s+([^\[\]{}]*?)\s+\]", lambda m: _filled(m[1]), text)
    TABLE.write_text(text + "\n", encoding="utf-8")


def _filled(items: str) -> str:
    rows = [item.strip().replace(" ", "\0") for item in items.split("\n")]
    lines = textwrap.wrap(" ".join(rows), 88, break_on_hyphens=False)
    return "[" + "\n     ".join(lines).replace("\0", " ") + "]"


def versions(checkout: str) -> list[str]:
    """Every version of every page, the oldest first."""
    log = _git(
        checkout,
        "log",
        "--reverse",
        "--format=",
        "--raw",
        "--no-abbrev",
        "--no-renames",
        "--",
        "*ml*.yml",
    )
    rows = (line.split("\t") for line in log.splitlines() if line.startswith(":"))
    blobs = [meta.split()[3] for meta, path in rows if PAGES.search(path)]
    wanted = [b for b in dict.fromkeys(blobs) if b.strip("0")]
    return [_git(checkout, "cat-file", "blob", blob) for blob in wanted]


def read(text: str) -> list[tuple[str, tuple[list[list[str]], tuple[str, ...]]]]:
    """The wanted commands of a page: the names of their options, and the needed ones."""
    wanted = {name: extension for extension, names in COMMANDS.items() for name in names}
    if not any(f"az ml {name}" in text for name in wanted):
        return []
    page = yaml.load(text, Loader=yaml.CSafeLoader)
    extension = "azure-cli-ml" if "azure-cli-ml" in str(page.get("extensionInformation")) else "ml"
    found = []
    for command in page.get("directCommands") or ():
        name = str(command.get("name", "")).removeprefix("az ml ")
        if wanted.get(name) == extension:
            found.append((f"{extension} {name}", options(command)))
    return found


def options(command: dict[str, Any]) -> tuple[list[list[str]], tuple[str, ...]]:
    """The options of a command as a page has it, and the first name of those that it needs."""
    needed = [row["name"].split() for row in command.get("requiredParameters", ())]
    others = [row["name"].split() for row in command.get("optionalParameters", ())]
    asked = tuple(sorted(names)[0] for names in needed if not DEFAULTED & {*names})
    everywhere = {name for names in OF_ALL for name in names.split()}
    return [n for n in (*needed, *others) if not everywhere & {*n}], asked


def merged(known: dict[str, str], given: list[list[str]]) -> dict[str, str]:
    """The options by their first name, with those of a later version."""
    result = dict(known)
    for names in given:
        own = next((k for k, v in result.items() if {*v.split()} & {*names}), None)
        every = {*names, *(result.pop(own).split() if own else ())}
        ordered = sorted(every, key=lambda n: (not n.startswith("--"), -len(n), n))
        result[ordered[0]] = " ".join(ordered)
    return dict(sorted(result.items()))


class Options(NamedTuple):
    """The options of a command by their first name, and those without which it is refused."""

    names: dict[str, str]
    needed: tuple[str, ...]

    def by_values(self) -> dict[str, list[str]]:
        """The options by how many values they take."""
        found: dict[str, list[str]] = {"one": []}
        for names in self.names.values():
            takes = (t for t, held in TAKES.items() if {*held.split()} & {*names.split()})
            found.setdefault(next(takes, "one"), []).append(names)
        return {**found, "needed": list(self.needed)} if self.needed else found


def _git(checkout: str, *arguments: str) -> str:
    command = ["git", "-C", checkout, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
