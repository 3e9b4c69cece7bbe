"""Settings: the nearest `amllint.toml` or `[tool.amllint]`, and what the command line adds."""

from __future__ import annotations

import difflib
import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from amllint.capacity.facts import GroupLimit, Quota
from amllint.config_keys import (
    ACI_KEYS,
    CLUSTER_KEYS,
    DEPLOYMENT_KEYS,
    KEYS,
    QUOTA_KEYS,
    RULE_KEYS,
    TARGET_KEYS,
    TRAFFIC_KEYS,
    Key,
    tables_with,
)
from amllint.config_values import VALUES
from amllint.findings.finding import SEVERITIES, Location, Severity
from amllint.findings.intent import Use
from amllint.source.overlay import Overlay
from amllint.source.problem import Unreadable
from amllint.source.repository import below, find_root
from amllint.source.text import SourceText, Span
from amllint.traffic import Traffic, Unmeasured

if TYPE_CHECKING:
    from amllint.capacity.declared import DeclaredCluster


class ConfigError(Exception):
    """The configuration cannot be used; `str()` gives file, line, column and what to do."""


class Declaration(NamedTuple):
    """One `[[tool.amllint.deployment]]`: what is deployed together. Paths are absolute.

    `places` are those of its keys, and of what they list, by the key and the text.
    """

    name: str
    script: str | None
    inference_config: str | None
    deployment_config: str | None
    environment: str | None
    models: tuple[str, ...]
    compute_target: str | None
    purpose: Use | None
    location: Location
    traffic: Traffic | None = None
    cluster: DeclaredCluster | None = None
    quota: Quota | None = None
    model_gib: float | None = None
    places: tuple[tuple[str, Location], ...] = ()

    def place(self, key: str, value: str | None = None) -> Location:
        """Where a key stands, or one of its texts; where it all begins if that cannot be told."""
        found = dict(self.places)
        return found.get(f"{key} {value}") or found.get(key, self.location)


class Target(NamedTuple):
    """The table `[tool.amllint.target]`: what deployments meet where they run."""

    traffic: Traffic | None = None
    cluster: DeclaredCluster | None = None
    region: str | None = None
    quota: Quota | None = None
    aci: GroupLimit | None = None
    deployer: str | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """What to check and how; lists are rule names, codes or prefixes as written.

    `baseline` is an absolute path. `chosen` says that the command line selects the rules,
    `left_out` which it leaves out: that is stronger than `enforce`, which is the tree's.
    `places` says where each rule is named, by key and name; `given` where each key stands
    that the configuration sets.
    """

    path: str | None = None
    select: tuple[str, ...] = ("ALL",)
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    severity: tuple[tuple[str, Severity], ...] = ()
    exclude: tuple[str, ...] = ()
    persona: str = "regular"
    fail_on: str = "warning"
    baseline: str | None = None
    require_reason: bool = False
    enforce: tuple[str, ...] = ()
    chosen: bool = False
    left_out: tuple[str, ...] = ()
    deployments: tuple[Declaration, ...] = ()
    purpose: Use | None = None
    today: str | None = None
    target: Target = field(default_factory=Target)
    snapshot_max_days: float = 7.0
    places: dict[tuple[str, str], Location] = field(default_factory=dict)
    given: dict[str, Location] = field(default_factory=dict)

    @property
    def folder(self) -> str:
        """The folder that patterns and paths in the configuration are relative to."""
        return os.path.dirname(self.path) if self.path else os.getcwd()


NAMES: Final = ("amllint.toml", "pyproject.toml")
_DEPLOYMENT: Final = re.compile(
    r"(?m)^[ \t]*\[\[[ \t]*(?:tool[ \t]*\.[ \t]*amllint[ \t]*\.[ \t]*)?deployment[ \t]*\]\]"
)
"""The line above one declared deployment."""


def find_config(start: str) -> str | None:
    """The nearest configuration file at or above a folder, up to the repository's root."""
    root = find_root(start)
    here = os.path.abspath(start)
    while True:
        path = config_in(here)
        if path is not None:
            return path
        if here == root or os.path.dirname(here) == here:
            return None
        here = os.path.dirname(here)


def config_in(folder: str) -> str | None:
    """The configuration file of a folder itself: a `pyproject.toml` is one if it has our table."""
    for name in NAMES:
        path = os.path.join(folder, name)
        if os.path.lexists(path) and (name != "pyproject.toml" or _has_table(path)):
            return path
    return None


def _has_table(path: str) -> bool:
    try:
        data = Overlay().data(path)
        if b"amllint" not in data:
            return False
        if re.search(rb"(?m)^[ \t]*\[+[ \t]*tool[ \t]*\.[ \t]*amllint\b", data):
            return True
        tool = _toml(Overlay().text(path)).get("tool")
    except (Unreadable, ConfigError):
        return False
    return isinstance(tool, dict) and "amllint" in tool


def load(path: str, overlay: Overlay) -> Settings:
    """Read a configuration file. Raises `ConfigError` with the place of what is wrong."""
    try:
        source = overlay.text(path)
    except Unreadable as problem:
        raise ConfigError(f"{problem.path}: {problem.message}; {problem.help}") from None
    table: Any = _toml(source)
    prefix = ""
    if os.path.basename(path) == "pyproject.toml":
        prefix = "tool.amllint"
        tool = table.get("tool", {})
        table = tool.get("amllint", {}) if isinstance(tool, dict) else {}
    return _Reader(source, path, prefix, overlay).settings(table)


def _toml(source: SourceText) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        table: dict[str, Any] = tomllib.loads(source.text)
        return table
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        match = re.search(r"line (\d+), column (\d+)", str(error))
        end = source.position(len(source.text)) if "end of document" in str(error) else (1, 1)
        line, column = (match.group(1), match.group(2)) if match else map(str, end)
        said = re.sub(r" \(at .*\)$", "", str(error)) or "nested too deep"
        raise ConfigError(f"{source.path}:{line}:{column}: not valid TOML: {said}") from None


class _Reader:
    """Turns a TOML table into settings; knows where each key stands."""

    def __init__(self, source: SourceText, path: str, prefix: str, overlay: Overlay) -> None:
        self.source = source
        self.overlay = overlay
        self.path = path
        self.prefix = prefix

    def settings(self, table: Any) -> Settings:
        if not isinstance(table, dict):
            raise self.error("", f"[{self.prefix}] must be a table")
        values: dict[str, Any] = {}
        for name, value in table.items():
            key = self.known(name, KEYS)
            values[name.replace("-", "_")] = self.value(name, key, value)
        deployments = values.pop("deployment", ())
        self.reconcile(table, values)
        places = {
            (name, rule): self.locate(rule, name)
            for name in RULE_KEYS
            for rule in _strings_in(table.get(name))
        }
        given = {name: self.locate(name, "") for name in table}
        settings = Settings(path=self.path, places=places, given=given)
        return replace(settings, **values, deployments=deployments)

    def reconcile(self, table: Any, values: dict[str, Any]) -> None:
        """What keys must be to each other and to the tree."""
        for rule in values.get("ignore", ()):
            if rule in values.get("enforce", ()):
                raise self.error(rule, f"`{rule}` stands in both `ignore` and `enforce`")
        if "baseline" in values:
            folder = os.path.dirname(self.path)
            file = os.path.normpath(os.path.join(folder, values["baseline"]))
            if "\0" in file or not below(file, find_root(folder) or folder):
                raise self.error("baseline", "`baseline` must name a file of the repository")
            values["baseline"] = file

    def known(self, name: str, keys: dict[str, Key]) -> Key:
        if name in keys:
            return keys[name]
        if name == "tool" and not self.prefix:
            raise self.error(
                name, "in this file the keys stand at the top level, without `tool.amllint`"
            )
        spelt = name.lower().replace("_", "-")
        others = tables_with(spelt, keys) if spelt not in keys else []
        if others:
            within = " or ".join(map(self.header, others))
            raise self.error(name, f"unknown key `{name}`; `{spelt}` is a key of {within}")
        close = difflib.get_close_matches(spelt, keys, 1, 0.6)
        hint = f"did you mean `{close[0]}`?" if close else f"known: {', '.join(keys)}"
        raise self.error(name, f"unknown key `{name}`; {hint}")

    def header(self, table: str) -> str:
        """What a table is headed by in this file."""
        whole = f"{self.prefix}.{table}".strip(".")
        if not whole:
            return "the file itself, above all tables"
        return f"`[[{whole}]]`" if table == "deployment" else f"`[{whole}]`"

    def value(self, name: str, key: Key, value: Any) -> Any:
        readers: dict[str, Callable[[str, Key, Any], Any]] = {
            "string": self.string,
            "strings": self.strings,
            "boolean": self.boolean,
            "lists": self.lists,
            "severities": self.severities,
            "deployments": self.deployments,
            "target": self.target,
            "traffic": self.traffic,
            "cluster": self.cluster,
            "quota": self.quota,
            "aci": self.aci,
            "families": self.families,
        }
        if key.type in readers:
            return readers[key.type](name, key, value)
        try:
            return VALUES[key.type](name, value)
        except ValueError as error:
            raise self.error(name, str(error)) from None

    def string(self, name: str, key: Key, value: Any) -> str:
        if not isinstance(value, str):
            raise self.error(name, f"`{name}` must be a string")
        if key.choices and value not in key.choices:
            close = difflib.get_close_matches(value.lower(), key.choices, 1)
            hint = f"did you mean `{close[0]}`?" if close else "one of " + ", ".join(key.choices)
            raise self.error(name, f"`{name}` cannot be `{value}`; {hint}")
        return value

    def strings(self, name: str, key: Key, value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise self.error(name, f"`{name}` must be a list of strings")
        return tuple(value)

    def boolean(self, name: str, key: Key, value: Any) -> bool:
        if not isinstance(value, bool):
            raise self.error(name, f"`{name}` must be true or false")
        return value

    def lists(self, name: str, key: Key, value: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
        if not isinstance(value, dict):
            raise self.error(name, f"`{name}` must be a table of pattern = [rules]")
        return tuple((pattern, self.strings(name, key, rules)) for pattern, rules in value.items())

    def severities(self, name: str, key: Key, value: Any) -> tuple[tuple[str, str], ...]:
        if not isinstance(value, dict):
            raise self.error(name, f"`{name}` must be a table of rule = severity")
        level = Key("string", "", SEVERITIES)
        return tuple((rule, self.string(rule, level, given)) for rule, given in value.items())

    def deployments(self, name: str, key: Key, value: Any) -> tuple[Declaration, ...]:
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            raise self.error(name, "write deployments as [[tool.amllint.deployment]] tables")
        return tuple(self.declaration(number, table) for number, table in enumerate(value))

    def declaration(self, number: int, table: dict[str, Any]) -> Declaration:
        given: dict[str, Any] = {}
        for name, value in table.items():
            given[name] = self.value(name, self.known(name, DEPLOYMENT_KEYS), value)
        folder = os.path.dirname(self.path)

        def path(name: str) -> str | None:
            value = given.get(name)
            return os.path.normpath(os.path.join(folder, value)) if value else None

        return Declaration(
            given.get("name") or f"deployment {number + 1}",
            path("script"),
            path("inference-config"),
            path("deployment-config"),
            path("environment"),
            given.get("models", ()),
            given.get("compute-target"),
            given.get("purpose"),
            self.locate("deployment", ""),
            given.get("traffic"),
            given.get("cluster"),
            given.get("quota"),
            given.get("model-gib"),
            tuple(self.placed(number, table)),
        )

    def placed(self, number: int, table: dict[str, Any]) -> Iterator[tuple[str, Location]]:
        """Where the keys of a deployment stand, and the texts that they list."""
        text = self.source.text
        heads = list(_DEPLOYMENT.finditer(text))
        if number >= len(heads):
            return  # it is written in another form
        start = heads[number].end()
        end = heads[number + 1].start() if number + 1 < len(heads) else len(text)
        for name, value in table.items():
            key = re.compile(rf"(?m)^[ \t]*(\"?){re.escape(name)}\1[ \t]*=").search(
                text, start, end
            )
            if key is None:
                continue
            at = text.index(name, key.start())
            yield name, Location(self.source.path, Span(at, at + len(name)))
            for item in value if isinstance(value, list) else ():
                quoted = re.compile(rf"([\"']){re.escape(str(item))}\1").search(
                    text, key.end(), end
                )
                if quoted is not None:
                    yield f"{name} {item}", Location(self.source.path, Span(*quoted.span()))

    def target(self, name: str, key: Key, value: Any) -> Target:
        return Target(**self.table(name, TARGET_KEYS, value))

    def traffic(self, name: str, key: Key, value: Any) -> Traffic:
        given = self.table(name, TRAFFIC_KEYS, value)
        file = given.pop("measurements", None)
        load = Traffic(location=self.locate(name, ""), **given)
        if file is None:
            return load
        path = os.path.normpath(os.path.join(os.path.dirname(self.path), file))
        try:
            return load.measured(path, self.overlay)
        except Unmeasured as problem:
            raise self.error("measurements", str(problem)) from None

    def cluster(self, name: str, key: Key, value: Any) -> DeclaredCluster:
        given = self.table(name, CLUSTER_KEYS, value)
        fewest, most = given.get("nodes"), given.get("max_nodes")
        if fewest and most and most < fewest:
            raise self.error("max-nodes", f"`max-nodes` is {most}, below `nodes`, {fewest}")
        from amllint.capacity.declared import DeclaredCluster

        return DeclaredCluster(self.locate(name, ""), **given)

    def quota(self, name: str, key: Key, value: Any) -> Quota:
        given = self.table(name, QUOTA_KEYS, value)
        cores = given.get("regional_cores"), given.get("family_cores", {})
        return Quota(self.locate(name, ""), "declared", *cores)

    def aci(self, name: str, key: Key, value: Any) -> GroupLimit:
        given = self.table(name, ACI_KEYS, value)
        return GroupLimit(
            self.locate(name, ""), "declared", given.get("cpu"), given.get("memory_gb")
        )

    def families(self, name: str, key: Key, value: Any) -> dict[str, int]:
        if not isinstance(value, dict):
            raise self.error(name, f"`{name}` must be a table of family = cores")
        cores = Key("cores", key.description)
        return {family: self.value(family, cores, given) for family, given in value.items()}

    def table(self, name: str, keys: dict[str, Key], value: Any) -> dict[str, Any]:
        """The values of a table's keys, by what attributes are called."""
        if not isinstance(value, dict):
            raise self.error(name, f"`{name}` must be a table; its keys: {', '.join(keys)}")
        return {
            key.replace("-", "_"): self.value(key, self.known(key, keys), given)
            for key, given in value.items()
        }

    def locate(self, name: str, table: str) -> Location:
        """Where a key or value stands: its first mention after that of the table's name."""
        text = self.source.text
        start = max(text.find(self.prefix), 0)
        if table:
            start = max(text.find(table, start), start)
        match = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])").search(text, start)
        return Location(self.source.path, Span(*match.span()) if match else Span(start, start))

    def error(self, name: str, message: str) -> ConfigError:
        line, column = self.source.position(self.locate(name, "").span.start)
        return ConfigError(f"{self.source.path}:{line}:{column}: {message}")


def _strings_in(value: Any) -> list[str]:
    if isinstance(value, list):
        return [v for v in value if isinstance(v, str)]
    if isinstance(value, dict):
        nested = [v for item in value.values() for v in _strings_in(item)]
        return nested if nested else [k for k in value if isinstance(k, str)]
    return []


def pattern(glob: str) -> re.Pattern[str]:
    """A file pattern as in .gitignore: `*` within a folder, `**` across, `name` anywhere."""
    anchored = "/" in glob.rstrip("/")
    text = glob.strip("/")
    out = "" if anchored else "(?:.*/)?"
    at = 0
    while at < len(text):
        if text.startswith("**/", at):
            out, at = out + "(?:.*/)?", at + 3
        elif text.startswith("**", at):
            out, at = out + ".*", at + 2
        elif text[at] in "*?":
            out, at = out + ("[^/]*" if text[at] == "*" else "[^/]"), at + 1
        else:
            out, at = out + re.escape(text[at]), at + 1
    return re.compile(out + "(?:/.*)?$", re.DOTALL)
