"""What there is to say of a path that leads nowhere: what is near it, and what may write it."""

from __future__ import annotations

import difflib
import os
import re
from contextlib import suppress
from typing import Final

from amllint.artifacts.deployment_reference import DeploymentReference
from amllint.artifacts.fields import is_text
from amllint.artifacts.running_texts import RunningTexts
from amllint.source.names import whole_name
from amllint.source.problem import Unreadable
from amllint.units import Linker

_PIPELINE: Final = re.compile(r"(?i)pipeline|workflow|[/\\]\.github[/\\]")


def lies_elsewhere(reference: DeploymentReference, links: Linker) -> bool:
    """Whether a deployment's code is not there either: a copy of a file that is used elsewhere."""
    return is_text(reference.code) and links.shipped_folder(reference) is None


def may_be_made(path: str, links: Linker) -> bool:
    """Whether code, a script or a pipeline of the repository mentions a file, and may write it."""
    name = os.fsencode(os.path.basename(path.rstrip("/")))
    mentioned = re.compile(rb"(?<![\w.-])%b(?![\w-])" % re.escape(name))
    for file in (*links.repository.files, *links.repository.run):
        if file.endswith((".yml", ".yaml", ".json")) and not _PIPELINE.search(file):
            continue
        with suppress(Unreadable):
            data = links.overlay.data(file)
            if name in data and mentioned.search(data):
                return True
    return False


def may_be_set(key: str, links: Linker, owner: str = "") -> bool:
    """Whether a command of the repository gives a key, or what it stands in, by `--set`.

    `key` is a path in a deployment's YAML, such as `environment.conda_file`. Where its `owner` is
    given, only what mentions that file by its name counts.
    """
    mentioned = whole_name(os.fsencode(os.path.basename(owner)))
    parts = key.split(".")
    keys = [re.escape(".".join(parts[: n + 1]).encode()) for n in range(len(parts))]
    given = re.compile(rb"--set[ \t=]+[\"']?(?:%b)=" % b"|".join(keys))
    texts = (text for text in links.running.once(_setting) if given.search(text))
    return any(not owner or mentioned.search(text) for text in texts)


def _setting(running: RunningTexts) -> tuple[bytes, ...]:
    return tuple(data for data in running.all.values() if b"--set" in data)


def is_folder(links: Linker, path: str) -> bool:
    """Whether there is a folder at a path, or cells of notebooks write files into it."""
    inside = os.path.join(path, "")
    return links.overlay.is_folder(path) or any(w.startswith(inside) for w in links.written)


def near(links: Linker, tried: tuple[str, ...]) -> str | None:
    """A file of a similar name beside one of the places that were tried."""
    for path in tried:
        try:
            names = os.listdir(os.path.dirname(path))
        except (OSError, ValueError):
            continue
        close = difflib.get_close_matches(os.path.basename(path), names, 1, 0.8)
        if close:
            return f"did you mean `{close[0]}`?"
    return None
