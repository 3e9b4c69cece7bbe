"""Commands of the Azure CLI that deploy, and which of their options name files.

Sources: the reference of the extensions (azure-cli-ml: see `command_options`; ml: `az ml
online-deployment`, `online-endpoint`, `batch-deployment`, `batch-endpoint`), and for `create
realtime`, `manifest create` and `image create` the wheel of azure-cli-ml 0.1.0a27.post3,
`_params.py`, read.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from amllint.artifacts.command_options import argument_of

START: Final = r"az[ \t]+ml[ \t]+"


class Command(NamedTuple):
    """A command by what is typed behind `az ml`.

    `files` are arguments whose file must be there when it is run; `below` those whose path is
    joined to the source directory. `options` give the arguments, where they are not those of
    `az ml model deploy`.
    """

    name: str
    files: tuple[str, ...]
    below: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()

    @property
    def is_of_workbench(self) -> bool:
        """Whether it is of the CLI of 2017, whose service is gone."""
        return self.files is _OLDER

    @property
    def paths(self) -> tuple[str, ...]:
        """Every argument that is a path of something that is read."""
        return (*self.files, *(() if self.options else BELOW))

    def argument_of(self, option: str) -> str | None:
        """The argument that an option gives, `None` for one that is not known."""
        return dict(self.options).get(option) if self.options else argument_of(option)


BELOW: Final = ("entry_script", "conda_file", "extra_docker_file_steps")
"""Arguments of `az ml model deploy` and its like that are joined to the source directory."""
_CONFIG: Final = ("inference_config_file", "model_metadata_file")
_FILE: Final = (
    *(("-f", "file"), ("--file", "file"), ("-n", "name"), ("--name", "name")),
    *(("-e", "endpoint"), ("--endpoint-name", "endpoint"), ("--endpoint", "endpoint")),
    ("--set", "set"),
)
_REALTIME: Final = (
    ("-f", "driver_file"),
    ("-s", "schema_file"),
    ("--schema-file", "schema_file"),
    ("-c", "conda_file"),
    ("--conda-file", "conda_file"),
    ("-p", "requirements"),
    ("-d", "dependencies"),
    ("--dependency", "dependencies"),
)
_OLDER: Final = ("driver_file", "schema_file", "conda_file", "requirements", "dependencies")

MODEL_DEPLOY: Final = Command(
    "model deploy", ("inference_config_file", "deploy_config_file", "model_metadata_file")
)
"""The command that is read whole; its script and its conda file are those of a configuration."""
COMMANDS: Final = (
    MODEL_DEPLOY,
    Command("model package", _CONFIG, BELOW),
    Command("model profile", _CONFIG, BELOW),
    *(
        Command(name, _OLDER, options=_REALTIME)
        for name in (
            *("service create realtime", "service update realtime"),
            *("manifest create", "image create"),
        )
    ),
    Command("service update", (*_CONFIG, "deploy_config_file"), BELOW),
    *(
        Command(f"{kind}-{what} {verb}", ("file",), options=_FILE)
        for kind in ("online", "batch")
        for what in ("deployment", "endpoint")
        for verb in ("create", "update")
    ),
)
"""In the order in which they are tried: longer names before those that they begin with."""

_NAMED: Final = "|".join(re.sub(" ", r"[ \\t]+", c.name) for c in COMMANDS)
PATTERN: Final = rf"{START}(?:{_NAMED})\b(?!-)"
_NAME: Final = re.compile(rf"{START}([\w \t-]+)")


def command_at(text: str, start: int) -> Command:
    """The command that begins at a place of a text, where `PATTERN` matches."""
    match = _NAME.match(text, start)
    words = " ".join(match[1].split()) if match else ""
    return next((c for c in COMMANDS if f"{words} ".startswith(f"{c.name} ")), MODEL_DEPLOY)
