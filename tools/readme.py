"""Keeps README.md and the hand-written pages of docs/ in step with what amllint does.

python -m tools.readme            write what is generated
python -m tools.readme --check    exit 1 where a page is out of step

- A fence of the language `console` is a session: each line `$ amllint …` is run in the
  checkout, and what it prints follows.
- With `copy of FOLDER` behind it the session is run in a repository that holds a copy of the
  folder as its one commit, and the page's later sessions go on from there; they may use git
  and sed, whose output is shown as well.
- What stands between `<!-- generated: NAME -->` and `<!-- end -->` is the section NAME below.
- A fence of the language `toml` is read as a configuration, and names rules that exist.
- Links lead to files that exist.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from amllint.config_keys import Key

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "lint"))

CONSOLE = re.compile(r"(?ms)^```console(?: copy of (\S+))?\n(.*?)^```$")
GENERATED = re.compile(r"(?ms)(^<!-- generated: ([\w -]+) -->\n)(.*?)(^<!-- end -->$)")
TOML = re.compile(r"(?ms)^```toml\n(.*?)^```$")
LINK = re.compile(r"\[[^\]]*\]\(([^)#:\s]+)(?:#[^)]*)?\)")


def pages() -> list[Path]:
    """The README, CONTRIBUTING.md and the pages of docs/ that no rule generates."""
    top = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "benchmarks/README.md"]
    return [*top, *sorted((ROOT / "docs").glob("*.md"))]


# -- sessions -------------------------------------------------------------------------------


def session(text: str, folder: Path = ROOT) -> str:
    """A session with the output that its commands have now."""
    commands = [line for line in text.splitlines() if line.startswith("$ ")]
    parts = []
    for command in commands:
        output = run(shlex.split(command[2:], comments=True), folder).rstrip()
        parts.append(f"{command}\n{output}\n" if output else f"{command}\n")
    return "\n".join(parts)


def run(command: list[str], folder: Path = ROOT) -> str:
    """What a command prints in a folder, findings first: amllint, in a copy also git and sed."""
    if command[:1] == ["amllint"]:
        command = [sys.executable, "-m", *command]
    elif folder == ROOT or command[:1] not in (["git"], ["sed"]):
        raise SystemExit(f"a session runs amllint only, not `{shlex.join(command)}`")
    dropped = {"FORCE_COLOR", "PYTHONPATH", "GITHUB_ACTIONS", "TF_BUILD", "GITLAB_CI"}
    dropped |= {"GITHUB_WORKSPACE", "GITHUB_STEP_SUMMARY", "AGENT_TEMPDIRECTORY"}
    kept = {n: v for n, v in os.environ.items() if n not in dropped and not n.startswith("GIT_")}
    done = subprocess.run(
        command,
        cwd=folder,
        env={
            **kept,
            **NOBODY,
            "PYTHONPATH": str(ROOT / "lint"),
            "NO_COLOR": "1",
            "PYTHONUTF8": "1",
        },
        capture_output=True,
        encoding="utf-8",
    )
    return done.stdout + done.stderr


NOBODY = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{who}_NAME": "A" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_EMAIL": "a@example.org" for who in ("AUTHOR", "COMMITTER")},
}
"""git as if nobody had set it up."""


def sessions(text: str, scratch: Path) -> str:
    """A page with its sessions run, those in copies below an empty folder."""

    def one(match: re.Match[str]) -> str:
        name, body = match.groups()
        if name is None:
            return f"```console\n{session(body)}```"
        return f"```console copy of {name}\n{session(body, copy_of(name, scratch))}```"

    return CONSOLE.sub(one, text)


def copy_of(name: str, scratch: Path) -> Path:
    """The repository that holds a copy of a folder of the checkout, made on first use."""
    folder = scratch / name.replace("/", "-")
    if not folder.exists():
        shutil.copytree(ROOT / name, folder)
        for command in ("init -q -b main", "add .", "commit -q -m first"):
            run(["git", *command.split()], folder)
    return folder


# -- generated sections ---------------------------------------------------------------------


def configuration_keys() -> str:
    """The table of the keys of `amllint.toml`."""
    from amllint.config import Settings
    from amllint.config_keys import KEYS

    defaults = Settings()
    lines = ["| key | takes | default | |", "|---|---|---|---|"]
    for name, key in KEYS.items():
        default = getattr(defaults, name.replace("-", "_"), None)
        lines.append(f"| `{name}` | {takes(key)} | {shown(default)} | {key.description} |")
    return "\n".join(lines) + "\n"


def deployment_keys() -> str:
    """The table of the keys of one `[[deployment]]`."""
    from amllint.config_keys import DEPLOYMENT_KEYS

    return keys_of(DEPLOYMENT_KEYS)


def traffic_keys() -> str:
    """The table of the keys of `traffic`."""
    from amllint.config_keys import TRAFFIC_KEYS

    return keys_of(TRAFFIC_KEYS)


def target_keys() -> str:
    """The table of the keys of `target`."""
    from amllint.config_keys import TARGET_KEYS

    return keys_of(TARGET_KEYS)


def cluster_keys() -> str:
    """The table of the keys of `cluster`."""
    from amllint.config_keys import CLUSTER_KEYS

    return keys_of(CLUSTER_KEYS)


def quota_keys() -> str:
    """The table of the keys of `quota` and of `aci`."""
    from amllint.config_keys import ACI_KEYS, QUOTA_KEYS

    quota = {f"quota.{name}": key for name, key in QUOTA_KEYS.items()}
    return keys_of({**quota, **{f"aci.{name}": key for name, key in ACI_KEYS.items()}})


def keys_of(keys: dict[str, Key]) -> str:
    """A table of keys without defaults."""
    lines = ["| key | takes | |", "|---|---|---|"]
    for name, key in keys.items():
        lines.append(f"| `{name}` | {takes(key)} | {key.description} |")
    return "\n".join(lines) + "\n"


def takes(key: object) -> str:
    """What a key of the configuration takes."""
    from amllint.config_keys import Key

    assert isinstance(key, Key)
    if key.choices:
        return ", ".join(f"`{choice}`" for choice in key.choices)
    return {
        "string": "text",
        "strings": "list of texts",
        "boolean": "`true`, `false`",
        "lists": "table of pattern = [rules]",
        "severities": "table of rule = severity",
        "deployments": "tables",
        "target": "table",
        "traffic": "table",
        "day": "day, `YYYY-MM-DD`",
        "number": "number above 0",
        "amount": "number",
        "count": "whole number",
        "cores": "whole number",
        "families": "table of family = cores",
        "version": "text",
        "object-id": "object id",
        "cluster": "table",
        "quota": "table",
        "aci": "table",
    }[key.type]


def shown(default: object) -> str:
    """A default as it would be written in TOML."""
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, (int, float)):
        return f"`{default:g}`"
    if isinstance(default, str):
        return f'`"{default}"`'
    if isinstance(default, tuple) and default and all(isinstance(item, str) for item in default):
        return "`[" + ", ".join(f'"{item}"' for item in default) + "]`"
    return "none"


def rules_by_stage() -> str:
    """The rules, by the stage at which the deployment would have failed."""
    from amllint.findings.finding import STAGES
    from amllint.rules.registry import RULES

    lines = ["| fails at | rules |", "|---|---|"]
    for stage in (*STAGES, None):
        names = sorted(rule.name for rule in RULES if rule.stage == stage)
        links = ", ".join(f"[{name}](docs/rules/{name}.md)" for name in names)
        title = (
            f"**{stage}**: {STAGES[stage]}"
            if stage
            else "no stage: amllint itself, and what only misleads its reader"
        )
        if names:
            lines.append(f"| {title} | {links} |")
    return "\n".join(lines) + "\n"


def schemas() -> str:
    """The table of the schemas that `amllint schema` prints."""
    from amllint.schemas import NAMES

    lines = ["| name | describes |", "|---|---|"]
    lines += [f"| `{name}` | {what} |" for name, what in NAMES.items()]
    return "\n".join(lines) + "\n"


def failures_of_a_trial() -> str:
    """A section for each kind of failure that `amllint try` sees."""
    from amllint.trial.kinds import KINDS

    parts = []
    for name, kind in KINDS.items():
        rules = ", ".join(f"[{t.rule}](rules/{t.rule}.md)" for t in kind.rules) or "no rule"
        parts.append(f"### {name}\n\n{kind.title}. Told by: {rules}.\n\n{kind.why}\n")
    return "\n".join(parts)


def output_formats() -> str:
    """The table of the output formats, each with a link to more about it."""
    from amllint.output.formats import FORMATS

    lines = ["| format | for |", "|---|---|"]
    for name, purpose in FORMATS.items():
        shown = f"[`{name}`](docs/output-formats.md#{name})"
        lines.append(f"| {shown} | {purpose} |")
    return "\n".join(lines) + "\n"


SECTIONS: dict[str, Callable[[], str]] = {
    "configuration keys": configuration_keys,
    "deployment keys": deployment_keys,
    "traffic keys": traffic_keys,
    "target keys": target_keys,
    "cluster keys": cluster_keys,
    "quota keys": quota_keys,
    "failures of a trial": failures_of_a_trial,
    "output formats": output_formats,
    "rules by stage": rules_by_stage,
    "schemas": schemas,
}


# -- pages ----------------------------------------------------------------------------------


def current(text: str) -> str:
    """A page with everything in it that is generated as it would be generated now."""
    with tempfile.TemporaryDirectory(prefix="amllint-pages-") as scratch:
        text = sessions(text, Path(scratch))
    return GENERATED.sub(lambda m: f"{m.group(1)}\n{SECTIONS[m.group(2)]()}\n{m.group(4)}", text)


def mistakes(page: Path, text: str) -> Iterator[str]:
    """What is wrong in a page and cannot be generated: its configurations and links."""
    for match in TOML.finditer(text):
        yield from bad_configuration(match.group(1))
    for match in LINK.finditer(text):
        if not (page.parent / match.group(1)).exists():
            yield f"there is no {match.group(1)}"


def bad_configuration(text: str) -> Iterator[str]:
    """What amllint has against a configuration."""
    from amllint import config
    from amllint.rules.registry import matching
    from amllint.source.overlay import Overlay

    with tempfile.TemporaryDirectory() as folder:
        name = "pyproject.toml" if "[tool.amllint" in text else "amllint.toml"
        file = Path(folder, name)
        file.write_text(text, encoding="utf-8")
        try:
            settings = config.load(str(file), Overlay())
        except config.ConfigError as error:
            yield f"a configuration in it is wrong: {error}"
            return
    for rule in (rule for _, rule in settings.places):
        if not matching(rule):
            yield f"a configuration in it names `{rule}`, which is no rule"


def main() -> int:
    """Write or check the pages."""
    checking = "--check" in sys.argv[1:]
    wrong = 0
    for page in pages():
        text = page.read_text(encoding="utf-8")
        for mistake in mistakes(page, text):
            wrong += 1
            print(f"{page.relative_to(ROOT)}: {mistake}")
        new = current(text)
        if new == text:
            continue
        print(f"{'out of step' if checking else 'written'}: {page.relative_to(ROOT)}")
        if checking:
            wrong += 1
        else:
            page.write_text(new, encoding="utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
