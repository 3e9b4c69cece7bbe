"""`amllint config show`: the settings that hold, where each is set, the rules that are on."""

from __future__ import annotations

import json
from pathlib import Path

from amllint import config
from amllint.config import KEYS, Settings
from amllint.rules.registry import RULES
from amllint.source.overlay import Overlay
from tests.cli.commands import Commands

FULL = """\
select = ["AML1", "AML4"]
ignore = ["pynacl-pin", "missing-init"]
exclude = ["archive/"]
persona = "pedantic"
fail-on = "error"

[severity]
error-leak = "error"

[per-file-ignores]
"samples/**" = ["error-leak", "unhandled-run-error"]

[[deployment]]
name = "churn \\"new\\""
script = "deploy/score.py"
models = ["churn"]
purpose = "production"
"""


def test_defaults_are_shown_as_such(amllint: Commands) -> None:
    shown = json.loads(amllint("config", "show", "-o", "json").out)
    assert shown["path"] is None
    assert list(shown["settings"]) == list(KEYS)
    assert {s["origin"] for s in shown["settings"].values()} == {"default"}
    assert [r["code"] for r in shown["rules"]] == [r.code for r in RULES]
    assert all(r["enabled"] for r in shown["rules"])


def test_what_is_set_is_shown_with_its_place(amllint: Commands) -> None:
    amllint.write({"amllint.toml": FULL, "deploy/score.py": ""})
    done = amllint("config", "show", "deploy/score.py")
    assert done.code == 0
    assert "# configuration file: amllint.toml\n" in done.out
    assert 'fail-on = "error"  # amllint.toml:5:1\n' in done.out
    assert "extend-select = []  # default\n" in done.out
    assert "[[deployment]]  # amllint.toml:13:3\n" in done.out
    rules = json.loads(amllint("config", "show", "-o", "json").out)["rules"]
    by_name = {rule["name"]: rule for rule in rules}
    assert by_name["error-leak"] == {
        "code": "AML109",
        "name": "error-leak",
        "enabled": True,
        "severity": "error",
    }
    assert not by_name["missing-init"]["enabled"]
    assert not by_name["pynacl-pin"]["enabled"]


def test_the_nearest_file_above_the_path_counts(amllint: Commands) -> None:
    amllint.write({"amllint.toml": 'fail-on = "info"\n', "a/pyproject.toml": "[tool.amllint]\n"})
    amllint.write({"b/score.py": ""})
    assert "# configuration file: a/pyproject.toml\n" in amllint("config", "show", "a").out
    assert "# configuration file: amllint.toml\n" in amllint("config", "show", "b").out
    assert "# configuration file: none\n" in amllint("config", "show", "b", "--isolated").out
    other = amllint("config", "show", "a", "--config", "amllint.toml")
    assert 'fail-on = "info"  # amllint.toml:1:1' in other.out


def test_what_is_printed_is_a_configuration_that_says_the_same(
    amllint: Commands, tmp_path: Path
) -> None:
    amllint.write({"amllint.toml": FULL})
    printed = tmp_path / "amllint.toml"
    again = amllint("config", "show").out
    before = config.load(str(printed), Overlay())
    printed.write_text(again, "utf-8")
    after = config.load(str(printed), Overlay())
    for name in Settings.__dataclass_fields__:
        if name not in ("places", "given", "deployments"):
            assert getattr(after, name) == getattr(before, name), name
    told = [d._replace(location=None, places=()) for d in after.deployments]  # type: ignore[arg-type]
    said = [d._replace(location=None, places=()) for d in before.deployments]  # type: ignore[arg-type]
    assert told == said


def test_mistakes_end_with_a_place(amllint: Commands) -> None:
    amllint.write({"amllint.toml": "fail-no = 1\n"})
    done = amllint("config", "show")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("amllint: amllint.toml:1:1: unknown key `fail-no`")
    assert amllint("config", "show", "nowhere").err == "amllint: there is no nowhere\n"
    both = amllint("config", "show", "--isolated", "--config", "amllint.toml")
    assert both.code == 2
    assert amllint("config").code == 2


TARGET = """\
[target]
region = "westeurope"

[target.cluster]
node-size = "Standard_D4s_v3"
nodes = 3
kubernetes-version = "1.29"
side-container-cores = 0

[target.quota]
regional-cores = 40
family-cores = { "Standard DSv2 Family" = 24 }

[target.aci]
memory-gb = 16

[target.traffic]
requests-per-second = 20

[[deployment]]
model-gib = 1.5
cluster = { nodes = 5 }
"""


def test_what_is_declared_of_the_target_is_shown_as_it_can_be_written(amllint: Commands) -> None:
    amllint.write({"amllint.toml": TARGET})
    shown = amllint("config", "show").out
    amllint.write({"b/amllint.toml": shown})
    first, second = (amllint("config", "show", p, "-o", "json").out for p in (".", "b"))
    values = [
        {key: s["value"] for key, s in json.loads(text)["settings"].items()}
        for text in (first, second)
    ]
    assert values[0]["target"] == values[1]["target"]
    assert values[0]["target"]["cluster"] == {
        "node-size": "Standard_D4s_v3",
        "nodes": 3,
        "kubernetes-version": "1.29",
        "side-container-cores": 0.0,
    }
    assert values[0]["target"]["quota"]["family-cores"] == {"Standard DSv2 Family": 24}
    (deployment,) = values[1]["deployment"]
    assert deployment["cluster"] == {"nodes": 5}
    assert deployment["model-gib"] == 1.5
