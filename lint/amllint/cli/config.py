"""`amllint config show`."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any

from amllint import config
from amllint.capacity.declared import DeclaredCluster
from amllint.capacity.facts import GroupLimit, Quota
from amllint.config import ConfigError, Declaration, Settings, Target
from amllint.config_keys import KEYS
from amllint.engine.check import enabled_rules
from amllint.output.style import printable, printable_path
from amllint.rules.registry import RULES, matching
from amllint.source.overlay import Overlay
from amllint.traffic import Traffic


def run(options: argparse.Namespace) -> int:
    """Print the settings that hold for a path; 2 where the configuration cannot be used."""
    overlay = Overlay()
    try:
        settings = _settings(options, overlay)
    except ConfigError as error:
        print(f"amllint: {printable(str(error))}", file=sys.stderr)
        return 2
    document = _document(settings, overlay)
    if options.output_format == "json":
        import json

        print(json.dumps(document, indent=2))
    else:
        _print(document)
    return 0


def _settings(options: argparse.Namespace, overlay: Overlay) -> Settings:
    if options.isolated and options.config:
        raise ConfigError("--isolated and --config exclude each other")
    path = os.path.abspath(options.path)
    if not os.path.exists(path):
        raise ConfigError(f"there is no {options.path}")
    folder = path if os.path.isdir(path) else os.path.dirname(path)
    found = options.config or (None if options.isolated else config.find_config(folder))
    return config.load(os.path.join(overlay.cwd, found), overlay) if found else Settings()


def _document(settings: Settings, overlay: Overlay) -> dict[str, Any]:
    """The settings and the rules as plain data; `origin` is `default` or a place in the file."""
    named = ((key, "deployments" if key == "deployment" else key.replace("-", "_")) for key in KEYS)
    on = {rule.code for rule in enabled_rules(settings)}
    levels = {r.code: level for name, level in settings.severity for r in matching(name)}
    return {
        "path": overlay.display(settings.path) if settings.path else None,
        "settings": {
            key: {
                "value": _value(key, _as_written(settings, attribute), overlay),
                "origin": _origin(settings, key, overlay),
            }
            for key, attribute in named
        },
        "rules": [
            {
                "code": rule.code,
                "name": rule.name,
                "enabled": rule.code in on,
                "severity": levels.get(rule.code, rule.severity),
            }
            for rule in RULES
        ],
    }


def _as_written(settings: Settings, attribute: str) -> Any:
    """A setting, with paths relative to the folder of the configuration."""
    value = getattr(settings, attribute)
    if attribute == "baseline" and value is not None:
        return os.path.relpath(value, settings.folder).replace(os.sep, "/")
    return value


def _origin(settings: Settings, key: str, overlay: Overlay) -> str:
    place = settings.given.get(key)
    if place is None or settings.path is None:
        return "default"
    line, column = overlay.text(settings.path).position(place.span.start)
    return f"{place.path}:{line}:{column}"


def _value(key: str, value: Any, overlay: Overlay) -> Any:
    if KEYS[key].type in ("lists", "severities"):
        return {name: _plain(item, overlay) for name, item in value}
    return _plain(value, overlay)


def _plain(value: Any, overlay: Overlay) -> Any:
    """A setting as JSON has it; a declaration with what it gives, paths as they are shown."""
    if isinstance(value, Traffic):
        return _numbers(value)
    if isinstance(value, (DeclaredCluster, Quota, GroupLimit)):
        return _written(value)
    if isinstance(value, Target):
        return {k: _plain(v, overlay) for k, v in value._asdict().items() if v is not None}
    if isinstance(value, Declaration):
        written = value._replace(places=())._asdict()
        given = {k.replace("_", "-"): v for k, v in written.items() if k != "location"}
        paths = {
            k: overlay.display(v)
            for k, v in given.items()
            if isinstance(v, str) and v[:1] == os.sep
        }
        return {
            k: paths.get(k, _plain(v, overlay)) for k, v in given.items() if v not in (None, ())
        }
    if isinstance(value, tuple):
        return [_plain(item, overlay) for item in value]
    return value


def _written(declared: DeclaredCluster | Quota | GroupLimit) -> dict[str, Any]:
    """What is declared of where deployments run, by its keys."""
    if isinstance(declared, DeclaredCluster):
        given = declared._asdict()
        version = declared.kubernetes_version
        given["kubernetes_version"] = ".".join(map(str, version)) if version else None
        del given["location"]
    elif isinstance(declared, Quota):
        families = declared.family_cores or None
        given = {"regional-cores": declared.regional_cores, "family-cores": families}
    else:
        given = {"cpu": declared.cores, "memory-gb": declared.memory_gb}
    return {name.replace("_", "-"): v for name, v in given.items() if v is not None}


def _numbers(traffic: Traffic) -> dict[str, Any]:
    """What is declared and measured of a load, and the file that it was measured in."""
    shown = {
        "requests-per-second": traffic.requests_per_second,
        "seconds-per-request": traffic.seconds_per_request,
        "slowest-request-seconds": traffic.slowest_request_seconds,
        "measurements": traffic.measured_in or None,
    }
    return {name: value for name, value in shown.items() if value is not None}


def _print(document: dict[str, Any]) -> None:
    where = printable_path(document["path"]) if document["path"] else "none"
    print(f"# configuration file: {where}")
    later = {k: v for k, v in document["settings"].items() if k == "deployment"}
    for key, setting in document["settings"].items():
        if setting["value"] is None:
            print(f"# {key} is not set")
        elif key not in later:
            print(f"{key} = {_toml(setting['value'])}  # {printable(setting['origin'])}")
    for setting in later.values():
        for table in setting["value"]:
            print(f"\n[[deployment]]  # {printable(setting['origin'])}")
            for key, value in table.items():
                print(f"{key} = {_toml(value)}")
    rules = document["rules"]
    off = [rule["name"] for rule in rules if not rule["enabled"]]
    print(f"\n# {len(rules) - len(off)} of {len(rules)} rules are on")
    if off:
        print(f"# off: {', '.join(off)}")


def _toml(value: Any) -> str:
    """A value as TOML writes it."""
    import json

    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, dict):
        pairs = (f"{_toml(k)} = {_toml(v)}" for k, v in value.items())
        return "{" + (f" {', '.join(pairs)} " if value else "") + "}"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
